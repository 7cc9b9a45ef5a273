//! The programs of `cc/tests/programs`: each runs here and, compiled by gcc, on Linux; standard
//! output and exit status must be what its header comment says, on both.
//!
//! A header is the program's first comment: what it shows, then any of `args: A B`,
//! `stdin: TEXT` (with `\n`), `exit: N` (0 if absent), `gcc: no` (gcc's own answer is not
//! portable: skipped), `compile only`, and last `expect:` with the output, line by line, after
//! ` *` and a blank. `BLESS=1` writes the expected output from gcc's run.

mod kernel;

use soquete_cc::{Sources, Target, compile};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a program's header comment says.
#[derive(Debug, Default)]
struct Header {
    args: Vec<String>,
    stdin: String,
    exit: i32,
    gcc: bool,
    compile_only: bool,
    /// `None` until it was blessed.
    expect: Option<String>,
}

fn header(text: &str) -> Header {
    let mut header = Header { gcc: true, ..Header::default() };
    let comment = text.split("*/").next().unwrap_or("");
    let mut lines = comment.lines().map(|line| line.strip_prefix(" *").unwrap_or(line));
    for line in lines.by_ref() {
        let line = line.trim();
        if let Some(args) = line.strip_prefix("args: ") {
            header.args = args.split_whitespace().map(str::to_owned).collect();
        } else if let Some(stdin) = line.strip_prefix("stdin: ") {
            header.stdin = stdin.replace("\\n", "\n").replace("\\t", "\t");
        } else if let Some(exit) = line.strip_prefix("exit: ") {
            header.exit = exit.parse().expect("a number after `exit:`");
        } else if line == "gcc: no" {
            header.gcc = false;
        } else if line == "compile only" {
            header.compile_only = true;
        } else if line == "expect:" {
            let rest = lines.by_ref().map(|line| line.strip_prefix(' ').unwrap_or(line));
            let mut output = rest.collect::<Vec<_>>().join("\n");
            // The last line is what stands before the comment's end: " ".
            output.truncate(output.trim_end_matches(' ').len());
            header.expect = Some(output);
            break;
        }
    }
    header
}

fn programs() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let mut found: Vec<PathBuf> = std::fs::read_dir(dir)
        .expect("the corpus is in the repository")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "c" || ext == "cpp"))
        .collect();
    found.sort();
    let only = std::env::var("ONLY").ok();
    found.retain(|path| only.as_ref().is_none_or(|only| path.to_string_lossy().contains(only)));
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Runs a program here: its standard output and exit status, or what went wrong.
fn run_here(path: &Path, header: &Header, text: &str) -> Result<(String, i32), String> {
    let file = name(path);
    let windows = file.starts_with("win_");
    let target = if windows { Target::Windows } else { Target::Linux };
    let compilation = compile(&Sources::single(&file, text), target);
    let Some(program) = compilation.program else {
        return Err(compilation
            .diagnostics
            .iter()
            .filter(|found| found.severity == soquete_cc::Severity::Error)
            .map(|found| soquete_cc::diag::render(found, &compilation.sources, abi::Lang::En))
            .collect());
    };
    if header.compile_only {
        return Ok((String::new(), header.exit));
    }
    let mut args = vec![file.rsplit_once('.').map_or(file.clone(), |(stem, _)| stem.to_owned())];
    args.extend(header.args.iter().cloned());
    let ended = kernel::run(program, &compilation.sources, &args, header.stdin.as_bytes())?;
    if !ended.races.is_empty() {
        return Err(ended.races.join("\n")); // none of them races
    }
    Ok((String::from_utf8_lossy(&ended.output).into_owned(), ended.status))
}

/// The same on Linux.
fn run_gcc(path: &Path, header: &Header, scratch: &Path) -> Option<Result<(String, i32), String>> {
    let file = name(path);
    if file.starts_with("win_") {
        return None;
    }
    let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).to_owned();
    let binary = scratch.join(&stem);
    let compiler = if file.ends_with(".cpp") { "g++" } else { "gcc" };
    let built = Command::new(compiler)
        .args(["-w", "-O0", "-pthread", "-o"])
        .arg(&binary)
        .arg(path)
        .arg("-lm")
        .output()
        .ok()?;
    if !built.status.success() {
        return Some(Err(String::from_utf8_lossy(&built.stderr).into_owned()));
    }
    if header.compile_only {
        return Some(Ok((String::new(), header.exit)));
    }
    let mut child = Command::new(format!("./{stem}"))
        .current_dir(scratch)
        .env_clear()
        .env("PATH", "/bin:/usr/bin")
        .env("HOME", "/root")
        .env("USER", "aluno")
        .args(&header.args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    use std::io::Write as _;
    let _ = child.stdin.take().expect("piped").write_all(header.stdin.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    use std::os::unix::process::ExitStatusExt as _;
    let status = output.status.code().unwrap_or_else(|| 128 + output.status.signal().unwrap_or(0));
    Some(Ok((String::from_utf8_lossy(&output.stdout).into_owned(), status)))
}

/// Writes what gcc's build printed into the header comment.
fn bless(path: &Path, text: &str, output: &str) {
    let (comment, rest) = text.split_once("*/").expect("a header comment");
    let comment = comment.split("\n * expect:").next().unwrap_or(comment).trim_end();
    let lines: String = output.split('\n').map(|line| format!(" * {line}\n")).collect();
    let lines = lines.trim_end_matches(" * \n").to_owned();
    let lines = if output.ends_with('\n') || output.is_empty() {
        format!("{lines} */")
    } else {
        format!("{}*/", lines.trim_end_matches('\n').to_owned() + " ")
    };
    std::fs::write(path, format!("{comment}\n * expect:\n{lines}{rest}")).expect("writable");
}

#[test]
fn programs_do_what_they_say_here_and_through_gcc() {
    let scratch = std::env::temp_dir().join(format!("soquete-corpus-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).expect("the temporary directory can be written");
    let blessing = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    let mut skipped = 0;
    for path in programs() {
        let text = std::fs::read_to_string(&path).expect("readable");
        let mut header = header(&text);
        let real = if header.gcc { run_gcc(&path, &header, &scratch) } else { None };
        skipped += usize::from(real.is_none());
        match &real {
            Some(Ok((output, status))) if !header.compile_only => {
                if blessing && header.expect.as_deref().unwrap_or("") != output {
                    bless(&path, &text, output);
                    header.expect = Some(output.clone());
                }
                if header.expect.as_deref().unwrap_or("") != output || header.exit != *status {
                    wrong.push(format!("{}: gcc: exit {status}\n{output}", name(&path)));
                }
            }
            Some(Err(message)) => wrong.push(format!("{}: gcc: {message}", name(&path))),
            _ => {}
        }
        match run_here(&path, &header, &text) {
            Ok((output, status)) => {
                let expect = header.expect.clone().unwrap_or_default();
                if output != expect && !header.compile_only || status != header.exit {
                    wrong.push(format!(
                        "{}: here: exit {status}, expected {}\n{}",
                        name(&path),
                        header.exit,
                        first_difference(&expect, &output)
                    ));
                }
            }
            Err(message) => wrong.push(format!("{}: here: {message}", name(&path))),
        }
    }
    let _ = std::fs::remove_dir_all(&scratch);
    if skipped > 0 {
        eprintln!("{skipped} programs were not compared with gcc (Windows, `gcc: no`, or no gcc)");
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// The first line that differs.
fn first_difference(expect: &str, output: &str) -> String {
    let mut lines = output.split('\n');
    for (number, line) in expect.split('\n').enumerate() {
        match lines.next() {
            Some(found) if found == line => {}
            found => return format!("  line {}: expected {line:?}, found {found:?}", number + 1),
        }
    }
    format!("  and then {:?}", lines.collect::<Vec<_>>().join("\n"))
}
