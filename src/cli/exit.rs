//! Exit codes, and the only place that decides one for an error.

use crate::failure::{Code, Errno, Failure};
use crate::fault::{Family, Named};
use crate::knowledge;
use crate::lang::Lang;
use crate::report::{Look, wrap};
use serde::{Serialize, Serializer};
use std::fmt;
use std::process::ExitCode;

/// How the program ended. Scripts rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// As expected.
    Success,
    /// A fault was found, an expectation failed, an exchange failed.
    Fault,
    /// Wrong usage or an invalid file.
    Usage,
    /// It cannot run, or cannot tell, here; never counted as a success.
    Unsupported,
    /// The set-up failed, or the program itself did.
    Internal,
    /// Ctrl-C.
    Interrupted,
    /// As another program did, for whom this one was run.
    Other(u8),
}

impl Exit {
    /// Ends the process without returning to `main`.
    #[expect(clippy::disallowed_methods, reason = "a signal comes in a thread of its own")]
    pub(super) fn now(self) -> ! {
        std::process::exit(self.code().into())
    }
}

impl Exit {
    /// Its number.
    const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Fault => 1,
            Self::Usage => 2,
            Self::Unsupported => 3,
            Self::Internal => 4,
            Self::Interrupted => 130,
            Self::Other(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl Serialize for Exit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.code())
    }
}

/// Why a command ended early, as its user is told.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Problem {
    /// The exit code.
    pub(super) exit: Exit,
    /// What failed on which address or file.
    pub(super) message: String,
    /// The name of the operating system's error, where there is one.
    pub(super) errno: Option<String>,
    /// Its number here.
    pub(super) code: Option<i32>,
    /// Why, in one line.
    pub(super) why: Option<String>,
    /// What to do, in one line.
    pub(super) hint: Option<String>,
    /// Commands to go on with.
    pub(super) commands: Vec<String>,
}

impl Problem {
    /// A problem of which only this is known.
    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { exit, message, errno: None, code: None, why: None, hint: None, commands: Vec::new() }
    }

    /// Says what to do.
    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A file or stream that could not be read or written.
    pub(super) fn io(what: impl fmt::Display, error: &std::io::Error) -> Self {
        let errno = error.raw_os_error().map(Errno::here);
        let said = errno.as_ref().map_or_else(|| error.to_string(), |errno| errno.message.clone());
        Self::new(Exit::Internal, format!("cannot {what}: {said}")).numbered(errno.as_ref())
    }

    /// A call that failed, with what the catalogue says about its family.
    pub(super) fn failed(message: impl Into<String>, failure: &Failure, lang: Lang) -> Self {
        let problem = Self::new(Exit::Fault, message).numbered(failure.errno());
        let errno = failure.errno().map(|errno| errno.name.as_ref());
        let of_errno = errno.and_then(Code::named).map(knowledge::page_of);
        // What ended a wait is a time-out, whichever errno the system gives for it.
        let timeout = failure.is_timeout().then_some(Named::Family(Family::Timeout));
        let Some(named) = timeout.or(of_errno) else { return problem };
        let page = knowledge::page(named).text(lang);
        Self {
            why: Some(page.meaning.to_owned()),
            hint: page.causes.first().map(|cause| cause.fix.to_owned()),
            commands: vec![format!("netfault explain {}", errno.unwrap_or(named.id()))],
            ..problem
        }
    }

    /// The lines that stderr gets.
    pub(super) fn text(&self, look: &Look) -> String {
        let mut lines = vec![format!("{} {}", look.bad("error:"), self.message)];
        if let (Some(name), Some(number)) = (&self.errno, self.code) {
            lines.push(format!("  {} ({number})", look.strong(name)));
        }
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

    fn numbered(self, errno: Option<&Errno>) -> Self {
        // One that has no name is called by its number.
        let name = errno.map(|errno| errno.name.to_string()).filter(|name| name.parse::<i32>().is_err());
        Self { errno: name, code: errno.map(|errno| errno.code), ..self }
    }
}
