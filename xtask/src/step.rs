//! One step of a chore: a child process with a name, progress while it runs, its time, and what
//! to do when it fails.
//!
//! On a terminal a line with a spinner, the elapsed time and the child's last line is redrawn; in a
//! log such a line appears now and then. The whole output goes to `target/xtask/NAME.log`.

use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A step failed and the reader has been told.
pub(crate) struct Failed;

/// The result of a chore.
pub(crate) type Done = Result<(), Failed>;

const SPINNER: [char; 8] = ['⣾', '⣽', '⣻', '⢿', '⡿', '⣟', '⣯', '⣷'];
/// Between two redraws on a terminal.
const REDRAW: Duration = Duration::from_millis(120);
/// Between two lines in a log: short enough that nobody thinks it hangs.
const HEARTBEAT: Duration = Duration::from_secs(30);
/// How much of the output a failure repeats; the rest is in the log file.
const TAIL_LINES: usize = 120;

/// A child process to run as one step.
pub(crate) struct Step {
    name: String,
    command: Command,
    advice: String,
    closing: fn(&str) -> bool,
    limit: Duration,
}

impl Step {
    /// A step called `name` that runs `command`.
    pub(crate) fn new(name: &str, command: Command) -> Step {
        Step {
            name: name.to_owned(),
            command,
            advice: String::new(),
            closing: |_| false,
            limit: Duration::from_secs(40 * 60),
        }
    }

    /// What the reader should do when it fails.
    pub(crate) fn advice(mut self, advice: impl Into<String>) -> Step {
        self.advice = advice.into();
        self
    }

    /// Lines of the output that are worth repeating when it succeeds.
    pub(crate) fn closing(mut self, closing: fn(&str) -> bool) -> Step {
        self.closing = closing;
        self
    }

    /// Runs it to its end.
    pub(crate) fn run(mut self) -> Done {
        let start = Instant::now();
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = match self.command.spawn() {
            Ok(child) => child,
            Err(error) => {
                let program = self.command.get_program().to_string_lossy().into_owned();
                eprintln!("✗ {}: cannot start `{program}`: {error}", self.name);
                return self.fail();
            }
        };
        let (sender, lines) = mpsc::channel();
        let readers = [
            read_lines(child.stdout.take().expect("stdout is piped"), sender.clone()),
            read_lines(child.stderr.take().expect("stderr is piped"), sender),
        ];
        let mut output = Vec::new();
        let mut progress = Progress::new(&self.name, start);
        let mut over_time = false;
        loop {
            match lines.recv_timeout(REDRAW) {
                Ok(line) => {
                    progress.draw(&line);
                    output.push(line);
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    progress.draw(output.last().map_or("", String::as_str));
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            if !over_time && start.elapsed() > self.limit {
                over_time = true;
                kill_tree(child.id());
            }
        }
        for reader in readers {
            reader.join().expect("a reader of lines does not panic");
        }
        let status = child.wait();
        progress.clear();
        let log = write_log(&self.name, &output);
        let seconds = start.elapsed().as_secs_f32();
        if matches!(&status, Ok(status) if status.success()) {
            println!("✓ {} ({seconds:.1} s)", self.name);
            for line in output.iter().filter(|line| (self.closing)(line)) {
                println!("    {}", line.trim());
            }
            return Ok(());
        }
        for line in &output[output.len().saturating_sub(TAIL_LINES)..] {
            eprintln!("    {line}");
        }
        let how = match status {
            _ if over_time => format!("stopped after its limit of {} s", self.limit.as_secs()),
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        eprintln!("✗ {} ({seconds:.1} s): {how}; whole output: {log}", self.name);
        self.fail()
    }

    fn fail(&self) -> Done {
        if !self.advice.is_empty() {
            eprintln!("  What to do: {}", self.advice);
        }
        Err(Failed)
    }
}

/// A step that is no child process: says that nothing had to be done.
pub(crate) fn up_to_date(name: &str) -> Done {
    println!("✓ {name}: up to date");
    Ok(())
}

/// A step that could not even begin.
pub(crate) fn failed(name: &str, why: &str, advice: &str) -> Done {
    eprintln!("✗ {name}: {why}\n  What to do: {advice}");
    Err(Failed)
}

fn read_lines(
    pipe: impl Read + Send + 'static,
    to: mpsc::Sender<String>,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(n) if n > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if to.send(text).is_err() {
                return;
            }
        }
    })
}

fn write_log(name: &str, output: &[String]) -> String {
    let directory = crate::system::target_dir().join("xtask");
    let file: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let path = directory.join(format!("{file}.log"));
    let written = std::fs::create_dir_all(&directory)
        .and_then(|()| File::create(&path))
        .and_then(|mut log| output.iter().try_for_each(|line| writeln!(log, "{line}")));
    match written {
        Ok(()) => path.display().to_string(),
        Err(error) => format!("(no log: {error})"),
    }
}

/// Ends a process and everything it started: a limit that only ended cargo would leave the
/// programs under test running.
fn kill_tree(root: u32) {
    let mut parents = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name in brackets may hold spaces; the parent is the second field after it.
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1));
        parents.extend(parent.and_then(|parent| Some((pid, parent.parse::<u32>().ok()?))));
    }
    let mut doomed = vec![root];
    let mut next = 0;
    while let Some(&parent) = doomed.get(next) {
        doomed.extend(parents.iter().filter(|(_, p)| *p == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    let pids: Vec<String> = doomed.iter().map(u32::to_string).collect();
    // A process that has ended in the meantime is no failure.
    let _ = Command::new("kill").arg("-KILL").args(pids).stderr(Stdio::null()).status();
}

struct Progress<'a> {
    name: &'a str,
    start: Instant,
    terminal: bool,
    drawn: Instant,
    frame: usize,
}

impl<'a> Progress<'a> {
    fn new(name: &'a str, start: Instant) -> Progress<'a> {
        let terminal = std::io::stderr().is_terminal();
        if !terminal {
            println!("… {name}");
        }
        Progress { name, start, terminal, drawn: start, frame: 0 }
    }

    fn draw(&mut self, line: &str) {
        let every = if self.terminal { REDRAW } else { HEARTBEAT };
        if self.drawn.elapsed() < every {
            return;
        }
        self.drawn = Instant::now();
        let seconds = self.start.elapsed().as_secs();
        let line: String = line.trim().chars().filter(|c| !c.is_control()).take(70).collect();
        if self.terminal {
            self.frame += 1;
            let spinner = SPINNER[self.frame % SPINNER.len()];
            eprint!("\r\x1b[2K{spinner} {} {seconds} s  {line}", self.name);
            let _ = std::io::stderr().flush();
        } else {
            println!("  {} {seconds} s  {line}", self.name);
        }
    }

    fn clear(&self) {
        if self.terminal {
            eprint!("\r\x1b[2K");
        }
    }
}
