//! `netfault net`, and what `netfault scenario` does with virtual networks: bad input, and a network that is up.

#[cfg(all(target_os = "linux", not(netfault_blind)))]
mod up;
mod wrong;

use std::path::Path;
use std::process::{Command, Output};

/// The program, in a folder.
fn netfault(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netfault"));
    command.args(args).current_dir(folder).env_remove("NETFAULT_LANG").env("LC_ALL", "C");
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A command is refused with this exit code, and all of `words` are said.
#[track_caller]
fn ends(folder: &Path, args: &[&str], code: i32, words: &[&str]) {
    let output = netfault(folder, args).output().unwrap();
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {told}");
    assert!(output.stdout.is_empty(), "{args:?} printed a result");
    for word in words {
        assert!(told.contains(word), "{args:?} does not say {word:?}: {told}");
    }
}
