//! Folders with small scenarios, and the program that is let loose on them.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder of its own.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// A folder with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// `netfault scenario …` in the folder.
    pub(crate) fn netfault(&self, args: &[&str]) -> Said {
        Said(self.command(args).output().unwrap())
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = netfault(self.0.path());
        command.arg("scenario").args(args);
        command
    }

    /// A line as a shell reads it, in which `netfault` is the program under test.
    pub(crate) fn shell(&self, line: &str) -> Said {
        let mut command = Command::new("sh");
        let line = line.replacen("netfault", "\"$NETFAULT\"", 1);
        command.args(["-c", &line]).current_dir(self.0.path());
        Said(command.env("NETFAULT", env!("CARGO_BIN_EXE_netfault")).output().unwrap())
    }
}

fn netfault(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netfault"));
    command.current_dir(folder).env_remove("NETFAULT_LANG").env("LC_ALL", "C.UTF-8");
    command
}

/// What came of it.
pub(crate) struct Said(pub(crate) Output);

impl Said {
    pub(crate) fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    pub(crate) fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    pub(crate) fn err(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.0.stdout).unwrap_or_else(|_| panic!("{}\n{}", self.out(), self.err()))
    }
}

/// The beginning that every scenario has.
pub(crate) const HEAD: &str = "\
format_version = 1
title = { en = \"A test\", id = \"Sebuah tes\" }
text = { en = \"A test.\", id = \"Sebuah tes.\" }
limit = \"10s\"
";

/// A client that gets its reply if `word` is Ipin.
pub(crate) fn reply() -> String {
    format!(
        "{HEAD}
[parameters.word]
type = \"text\"
default = \"Ipin\"

[programs.server]
builtin = \"transform\"
protocol = \"tcp\"

[programs.client]
builtin = \"send\"
to = \"server\"
args = [\"--attempts\", \"2\", \"{{word}}\"]

[[expect]]
of = \"client\"
name = {{ en = \"it is answered\", id = \"ia dijawab\" }}
output = {{ contains = \"iPIN |\" }}
hint = {{ en = \"Say Ipin.\", id = \"Katakan Ipin.\" }}
points = 10
"
    )
}
