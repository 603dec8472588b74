//! Exit codes, and the only place that decides one for an error.

use crate::failure::Errno;
use crate::report::{Look, wrap};
use serde::Serialize;
use std::fmt;
use std::process::ExitCode;

/// How the program ended. Scripts rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// As expected.
    Success = 0,
    /// A fault was found, an expectation failed, an exchange failed.
    Fault = 1,
    /// Wrong usage or an invalid file.
    Usage = 2,
    /// It cannot run, or cannot tell, here; never counted as a success.
    Unsupported = 3,
    /// The set-up failed, or the program itself did.
    Internal = 4,
    /// Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command ended early, as its user is told.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Problem {
    /// The exit code.
    #[serde(serialize_with = "as_number")]
    pub exit: Exit,
    /// What failed on which address or file.
    pub message: String,
    /// The operating system's error, where there is one.
    #[serde(flatten)]
    pub errno: Option<Errno>,
    /// Why, in one line.
    pub why: Option<String>,
    /// What to do, in one line.
    pub hint: Option<String>,
    /// Commands to go on with.
    pub commands: Vec<String>,
}

impl Problem {
    /// A problem of which only this is known.
    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), errno: None, why: None, hint: None, commands: Vec::new() }
    }

    /// Says what to do.
    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A file or stream that could not be read or written.
    pub(super) fn io(what: impl fmt::Display, error: &std::io::Error) -> Self {
        let problem = Self::new(Exit::Internal, format!("cannot {what}: {}", plain(error)));
        Self { errno: error.raw_os_error().map(Errno::here), ..problem }
    }
}

impl Problem {
    /// The lines that stderr gets.
    pub(super) fn text(&self, look: &Look) -> String {
        let mut lines = vec![format!("{} {}", look.bad("error:"), self.message)];
        lines.extend(
            self.errno.iter().map(|errno| format!("  {} ({})", look.strong(&errno.name), errno.code)),
        );
        for line in self.why.iter().chain(&self.hint) {
            lines
                .extend(wrap(line, look.width.saturating_sub(2)).into_iter().map(|part| format!("  {part}")));
        }
        for command in &self.commands {
            let kind = command.split(' ').nth(1).unwrap_or_default();
            lines.push(format!("  {kind}: {}", look.command(command)));
        }
        lines.join("\n") + "\n"
    }
}

/// The text of an error without Rust's `(os error 28)`; the number is shown beside its name.
fn plain(error: &std::io::Error) -> String {
    error.raw_os_error().map_or_else(|| error.to_string(), |code| Errno::here(code).message)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn as_number<S: serde::Serializer>(exit: &Exit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(*exit as u8)
}
