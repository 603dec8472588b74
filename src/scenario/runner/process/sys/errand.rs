//! What this program does when a run has started it for itself: becoming a program within limits, and watching over a run.

use super::super::NOT_STARTED;
use super::marks;
use rustix::process::{Pid, Resource, Rlimit, getrlimit, setrlimit};
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Does what the command line after `ERRAND` says.
pub(in crate::scenario::runner) fn errand(words: &[OsString]) -> ExitCode {
    let text = |at: usize| words.get(at).and_then(|word| word.to_str());
    match (text(0), words) {
        (Some("launch"), [_, _, _, told, command @ ..]) => {
            let number = |at| text(at).and_then(|word| word.parse::<u64>().ok());
            let (Some(parent), Some(memory)) = (number(1), number(2)) else { return ExitCode::from(2) };
            launch(parent, memory, Path::new(told), command)
        }
        (Some("watch"), [_, _, folder]) => watch(text(1).unwrap_or_default(), Path::new(folder)),
        _ => ExitCode::from(2),
    }
}

/// Limits itself and becomes the program.
fn launch(parent: u64, memory: u64, told: &Path, command: &[OsString]) -> ExitCode {
    if !marks::dies_with(parent) {
        return ExitCode::FAILURE;
    }
    for (resource, most) in [(marks::MEMORY, memory), (Resource::Core, 0)] {
        let hard = getrlimit(resource).maximum.map_or(most, |hard| hard.min(most));
        // Where it cannot be set, the limits of time and output remain.
        let _ = setrlimit(resource, Rlimit { current: Some(hard), maximum: Some(hard) });
    }
    let [program, arguments @ ..] = command else { return ExitCode::from(2) };
    let error = Command::new(program).args(arguments).exec();
    // Without it the exit code alone tells.
    let _ = fs::write(told, explained(&error));
    ExitCode::from(u8::try_from(NOT_STARTED).unwrap_or(u8::MAX))
}

/// Why a program could not be started, execve(2).
fn explained(error: &io::Error) -> String {
    use rustix::io::Errno as E;
    const NAMES: &[(E, &str)] = &[
        (E::NOENT, "ENOENT"),
        (E::ACCESS, "EACCES"),
        (E::NOEXEC, "ENOEXEC"),
        (E::NOTDIR, "ENOTDIR"),
        (E::ISDIR, "EISDIR"),
        (E::LOOP, "ELOOP"),
        (E::NAMETOOLONG, "ENAMETOOLONG"),
        (E::TOOBIG, "E2BIG"),
        (E::NOMEM, "ENOMEM"),
        (E::PERM, "EPERM"),
        (E::TXTBSY, "ETXTBSY"),
    ];
    let name = NAMES.iter().find(|(errno, _)| Some(errno.raw_os_error()) == error.raw_os_error());
    name.map_or_else(|| error.to_string(), |(_, name)| format!("{name}: {error}"))
}

/// Waits until the run is over; if nobody says that it is, its process was killed, and what it left is ended.
fn watch(mark: &str, folder: &Path) -> ExitCode {
    let mut groups = Vec::new();
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        if line == "done" {
            return ExitCode::SUCCESS;
        }
        groups.extend(line.parse().ok().and_then(Pid::from_raw));
    }
    for group in groups {
        marks::end_group(group, mark);
    }
    marks::sweep(mark, folder, &[]);
    if folder.is_absolute() && folder.ends_with(mark) {
        // What cannot be removed is left to whoever cleans temporary files.
        let _ = fs::remove_dir_all(folder);
    }
    ExitCode::SUCCESS
}
