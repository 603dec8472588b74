//! An error that was recognised: by its name, or in a text that someone pasted.

use super::{family_of, page_of};
use crate::failure::{Code, Op};
use crate::fault::{Family, Fault, Named};
use serde::Serialize;
use std::fmt;

/// An error that was recognised, and what is known of how it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The error's names and numbers, where one is meant.
    pub code: Option<&'static Code>,
    /// The family.
    pub family: Family,
    /// The cause, only where the text proves it.
    pub fault: Option<Fault>,
    /// The line of the text on which it stands, from 1.
    pub line: Option<usize>,
    /// The call that failed.
    pub call: Option<Op>,
    /// The address as it was written, such as `127.0.0.1:12345`.
    pub address: Option<String>,
    /// What printed it.
    pub runtime: Option<Runtime>,
}

/// What prints errors: a language's runtime, or a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Runtime {
    /// Python.
    Python,
    /// Java or Kotlin.
    Java,
    /// Go.
    Go,
    /// Node.js.
    Node,
    /// Rust's standard library.
    Rust,
    /// C# and its kin, on .NET.
    Dotnet,
    /// PHP.
    Php,
    /// Ruby.
    Ruby,
    /// Perl.
    Perl,
    /// The program curl.
    Curl,
    /// The program wget.
    Wget,
    /// The program ssh.
    Ssh,
    /// The program git.
    Git,
    /// The server nginx.
    Nginx,
    /// psql and what is built on libpq.
    Psql,
    /// redis-cli.
    Redis,
    /// Docker.
    Docker,
    /// systemd.
    Systemd,
    /// Chrome and its kin.
    Chrome,
    /// The C library: perror(3), strace(1), shell tools.
    C,
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Python => "Python",
            Self::Java => "Java",
            Self::Go => "Go",
            Self::Node => "Node.js",
            Self::Rust => "Rust",
            Self::Dotnet => ".NET",
            Self::Php => "PHP",
            Self::Ruby => "Ruby",
            Self::Perl => "Perl",
            Self::Curl => "curl",
            Self::Wget => "wget",
            Self::Ssh => "ssh",
            Self::Git => "git",
            Self::Nginx => "nginx",
            Self::Psql => "psql",
            Self::Redis => "redis-cli",
            Self::Docker => "Docker",
            Self::Systemd => "systemd",
            Self::Chrome => "Chrome",
            Self::C => "C",
        })
    }
}

impl Sighting {
    /// The error that has this name, and nothing else.
    pub fn of_code(code: &'static Code) -> Self {
        Self { code: Some(code), ..Self::of(Named::Family(family_of(code))) }
    }

    /// This fault or family, and nothing else.
    pub fn of(named: Named) -> Self {
        let fault = match named {
            Named::Fault(fault) => Some(fault),
            Named::Family(_) => None,
        };
        let family = named.family();
        Self { code: None, family, fault, line: None, call: None, address: None, runtime: None }
    }

    /// The page that explains it: the fault's where the fault is known, else that of the error, else the family's.
    pub fn page(&self) -> Named {
        let of_code = self.code.map(page_of).filter(|page| page.family() == self.family);
        self.fault.map(Named::Fault).or(of_code).unwrap_or(Named::Family(self.family))
    }
}
