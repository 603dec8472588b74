//! An error that was recognised: by its name, or in a text that someone pasted.

use super::{Page, family_of};
use crate::failure::{Code, Op};
use crate::fault::{Family, Fault};
use serde::Serialize;
use std::fmt;

/// An error that was recognised, and what is known of how it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// The error's names and numbers, where one is meant.
    pub code: Option<&'static Code>,
    /// The family; errors that no page explains have none.
    pub family: Option<Family>,
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
    /// Java.
    Java,
    /// Go.
    Go,
    /// Node.js.
    Node,
    /// Rust's standard library.
    Rust,
    /// C# and its kin, on .NET.
    Dotnet,
    /// The program curl.
    Curl,
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
            Self::Curl => "curl",
            Self::C => "C",
        })
    }
}

impl Sighting {
    /// The error that has this name, and nothing else.
    pub fn of_code(code: &'static Code) -> Self {
        Self { code: Some(code), family: family_of(code), ..Self::default() }
    }

    /// This fault, and nothing else.
    pub fn of_fault(fault: Fault) -> Self {
        Self { family: Some(fault.family()), fault: Some(fault), ..Self::default() }
    }

    /// This family, and nothing else.
    pub fn of_family(family: Family) -> Self {
        Self { family: Some(family), ..Self::default() }
    }

    /// The page that explains it, with its id: the fault's where the fault is known, else the family's. Errors of
    /// no family have none.
    pub fn page(&self) -> Option<(&'static str, &'static Page)> {
        let fault = self.fault.map(|fault| (fault.id(), super::fault(fault)));
        fault.or_else(|| self.family.map(|family| (family.id(), super::family(family))))
    }
}
