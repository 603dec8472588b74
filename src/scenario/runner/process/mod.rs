//! Programs as the operating system has them: started, signalled, waited for, and gone at the end. One face for every
//! platform, which differ in `sys`; it knows nothing of scenarios.

mod sys;

pub(super) use sys::{Process, Reservation, Warden, belongs, errand, reserve, sweep};

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{ChildStderr, ChildStdin, ChildStdout};

/// The first word of a command line with which a run starts this program to do something for it.
pub(super) const ERRAND: &str = "scenario-errand";

/// The environment variable by which processes of a run are known: `MARK/PROGRAM`.
pub(super) const MARK: &str = "NETFAULT_RUN";

/// The exit code of a program that could not be started, as a shell gives it.
pub(super) const NOT_STARTED: i32 = 127;

/// What is to be started, and how.
#[derive(Debug)]
pub(super) struct Order {
    /// This very program, which limits itself and becomes the one that is wanted.
    pub(super) netfault: PathBuf,
    /// The command, word by word.
    pub(super) words: Vec<String>,
    /// Where it runs.
    pub(super) folder: PathBuf,
    /// Its whole environment.
    pub(super) env: BTreeMap<String, String>,
    /// Whether it has something to read.
    pub(super) reads: bool,
    /// Bytes of memory of its own.
    pub(super) memory: u64,
    /// The file that says why it could not be started, when it could not.
    pub(super) told: PathBuf,
}

/// The ends of a program's pipes.
#[derive(Debug)]
pub(super) struct Pipes {
    pub(super) stdin: Option<ChildStdin>,
    pub(super) stdout: Option<ChildStdout>,
    pub(super) stderr: Option<ChildStderr>,
}

/// How a program ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ending {
    /// Its exit code, if it ended by itself.
    pub(super) code: Option<i32>,
    /// The signal that ended it.
    pub(super) signal: Option<String>,
}

/// What can be sent to a program and all that it has started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// SIGTERM: it may end in its own way.
    Ask,
    /// SIGKILL.
    Kill,
    /// SIGSTOP.
    Pause,
    /// SIGCONT.
    Resume,
}

/// Somebody else has the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken;
