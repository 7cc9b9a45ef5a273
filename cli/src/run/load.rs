//! From the command line and files to a scenario.

use super::Args;
use crate::usage::{Failure, Wrong};
use sim::scenario::{Defaults, LinkParams, Scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The scenario that the options describe.
pub(super) fn scenario(args: &Args) -> Result<Scenario, Failure> {
    let mut scenario = match &args.scenario {
        Some(path) => from_file(path, args)?,
        None => from_programs(args)?,
    };
    for name in &args.windows {
        if args.scenario.is_none() && !scenario.hosts.iter().any(|host| host.name == *name) {
            return Err(no_program("--windows", name, &scenario));
        }
    }
    if args.scenario.is_some() {
        for link in &mut scenario.links {
            link.params = params(args, link.params)?;
        }
        for host in &mut scenario.hosts {
            if args.windows.contains(&host.name) {
                host.os = sim::kernel::Os::Windows;
            }
        }
    }
    if let Some(seed) = args.seed {
        scenario.seed = seed;
    }
    if let Some(until) = args.until {
        scenario.until_ns = until.0;
    }
    if let Some(user) = args.user {
        scenario.programs.iter_mut().for_each(|program| program.uid = user.uid());
    }
    for setting in &args.stdin {
        let (name, file) = setting
            .split_once('=')
            .ok_or_else(|| Failure::usage(Wrong::NotNameFile(setting.clone())))?;
        let text = read(Path::new(file))?;
        let known = scenario.programs.iter().position(|program| program.name() == name);
        let at = known.ok_or_else(|| no_program("--stdin", name, &scenario))?;
        scenario.programs[at].stdin = text;
        scenario.programs[at].stdin_ends = true;
    }
    Ok(scenario)
}

fn no_program(option: &'static str, name: &str, scenario: &Scenario) -> Failure {
    let known: Vec<String> =
        scenario.programs.iter().map(|program| program.name().to_owned()).collect();
    let nearest = sim::scenario::nearest(name, known.iter());
    Failure::usage(Wrong::NoProgram { option, name: name.to_owned(), nearest })
}

fn from_programs(args: &Args) -> Result<Scenario, Failure> {
    let mut files = BTreeMap::new();
    let mut programs = Vec::new();
    for text in &args.programs {
        let mut words = split(text);
        if words.is_empty() {
            return Err(Failure::usage(Wrong::EmptyProgram));
        }
        let file = words.remove(0);
        collect(Path::new(&file), &file, &mut files)?;
        programs.push((file, words));
    }
    let params = params(args, LinkParams::default())?;
    let defaults = Defaults {
        same_host: args.same_host,
        stagger_ns: args.stagger.0,
        params,
        windows: args.windows.iter().cloned().collect(),
        uid: args.user.unwrap_or_else(super::same_user).uid(),
        ..Defaults::default()
    };
    Ok(Scenario::of_programs(&programs, files, &defaults))
}

/// What the options say of a link, and of the rest what it is without them.
fn params(args: &Args, default: LinkParams) -> Result<LinkParams, Failure> {
    let params = LinkParams {
        delay_ns: args.delay.map_or(default.delay_ns, |time| time.0),
        jitter_ns: args.jitter.map_or(default.jitter_ns, |time| time.0),
        rate_bps: args.rate.map_or(default.rate_bps, |rate| rate.0),
        loss: args.loss.unwrap_or(default.loss),
        duplicate: args.duplicate.unwrap_or(default.duplicate),
        corrupt: args.corrupt.unwrap_or(default.corrupt),
        mtu: args.mtu.unwrap_or(default.mtu),
        ..default
    };
    for (option, value) in
        [("loss", params.loss), ("duplicate", params.duplicate), ("corrupt", params.corrupt)]
    {
        if !(0.0..=1.0).contains(&value) {
            return Err(Failure::usage(Wrong::NotAProbability { option, value }));
        }
    }
    Ok(params)
}

fn from_file(path: &Path, args: &Args) -> Result<Scenario, Failure> {
    let text = read(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut files = BTreeMap::new();
    let entries =
        std::fs::read_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    for entry in entries.into_iter().flatten().flatten() {
        let source = entry.path();
        let known = ["c", "cpp", "cc", "cxx", "h"];
        if source.extension().is_some_and(|e| known.iter().any(|known| e == *known)) {
            let name = entry.file_name().to_string_lossy().into_owned();
            files.insert(name, read(&source)?);
        }
    }
    Scenario::parse(&text, files).map_err(|problem| {
        let (line, what) = (problem.line(&text), problem.text(args.lang()));
        Failure::usage(Wrong::System(format!("{}:{line}: {what}", path.display())))
    })
}

/// A source and what it includes in quotation marks, by the names that they are called by.
fn collect(path: &Path, name: &str, files: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    if files.contains_key(name) {
        return Ok(());
    }
    let text = read(path)?;
    let included: Vec<String> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix('#')?.trim().strip_prefix("include"))
        .filter_map(|rest| Some(rest.trim().strip_prefix('"')?.split_once('"')?.0.to_owned()))
        .collect();
    files.insert(name.to_owned(), text);
    for header in included {
        let beside: PathBuf = path.parent().unwrap_or(Path::new("")).join(&header);
        // What is not there is the compiler's to report, with its line.
        if beside.is_file() {
            collect(&beside, &header, files)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, Failure> {
    let bytes =
        std::fs::read(path).map_err(|error| Failure::usage(Wrong::file("", path, error)))?;
    Ok(cc::source::decode(&bytes))
}

/// Writes a file that the user asked for.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| Failure::usage(Wrong::file("", path, error)))
}

/// Words as a shell would see them: quotes keep spaces, a backslash keeps the next character.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', Some('"') | None) => word.get_or_insert_default().extend(chars.next()),
            (c, Some(open)) if c == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_split_as_a_shell_does() {
        assert_eq!(split("client.c 10.0.0.1 8080"), ["client.c", "10.0.0.1", "8080"]);
        assert_eq!(
            split(r#"  a.c 'two words' "it's" x\ y '' "#),
            ["a.c", "two words", "it's", "x y", ""]
        );
    }
}
