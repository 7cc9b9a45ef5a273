//! The commands of `/bin`: `sh`, `ls`, `cat`, ... Small C programs of ours (`cc/commands`), so that
//! `execlp("ls", ...)`, `system(3)` and a student's own shell find something to run. A program of
//! the scenario of the same name goes first.
//!
//! Missing: whatever their files' heads do not name; most options of most commands.

use crate::libc;
use crate::program::{Program, Target};
use crate::source::Sources;
use std::sync::{Arc, OnceLock};

/// Commands that share a file; any other command is the only one of the file of its name.
const TOGETHER: [(&str, &[&str]); 2] = [
    (
        "tiny",
        &[
            "true", "false", "sleep", "date", "hostname", "whoami", "uname", "pwd", "env", "seq",
            "yes", "clear", "mkdir", "rm", "touch", "kill", "tee",
        ],
    ),
    ("lines", &["head", "tail", "sort", "uniq", "grep", "tr"]),
];
/// The files, by name.
const FILES: [&str; 7] = ["cat", "echo", "lines", "ls", "sh", "tiny", "wc"];
/// Where commands are: in both, as where `/bin` is a link to `/usr/bin`.
const FOLDERS: [&str; 2] = ["/bin/", "/usr/bin/"];

/// The names of all commands.
pub fn names() -> impl Iterator<Item = &'static str> {
    let alone = FILES.into_iter().filter(|file| TOGETHER.iter().all(|(shared, _)| file != shared));
    alone.chain(TOGETHER.into_iter().flat_map(|(_, names)| names.iter().copied()))
}

/// The program of a path like `/bin/ls`; `None` if no command is there.
pub fn command(path: &str) -> Option<Arc<Program>> {
    static PROGRAMS: [OnceLock<Option<Arc<Program>>>; FILES.len()] =
        [const { OnceLock::new() }; FILES.len()];
    let name = FOLDERS.into_iter().find_map(|folder| path.strip_prefix(folder))?;
    let name = names().find(|known| *known == name)?;
    let shared = TOGETHER.into_iter().find(|(_, names)| names.contains(&name));
    let file = shared.map_or(name, |(file, _)| file);
    let slot = &PROGRAMS[FILES.iter().position(|known| *known == file)?];
    slot.get_or_init(|| compiled(file)).clone()
}

fn compiled(name: &str) -> Option<Arc<Program>> {
    let main = format!("/bin/{name}.c");
    let sources = Sources::single(&main, libc::command_source(name));
    crate::compile(&sources, Target::Linux).program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_compiles_without_a_word() {
        for name in names() {
            assert!(command(&format!("/bin/{name}")).is_some(), "{name}");
        }
        for file in FILES {
            let sources = Sources::single("a.c", libc::command_source(file));
            let said = crate::compile(&sources, Target::Linux).diagnostics;
            assert!(said.is_empty(), "{file}: {said:?}");
        }
    }

    #[test]
    fn only_the_folders_of_commands_have_them() {
        for path in ["ls", "/ls", "/usr/local/bin/ls", "/bin/nothing", "/bin/tiny", "/bin/"] {
            assert!(command(path).is_none(), "{path}");
        }
    }
}
