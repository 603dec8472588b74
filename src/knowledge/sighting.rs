//! An error that was recognised: by its name, or in a text that someone pasted.

use super::{Page, family_of};
use crate::failure::{Code, Op};
use crate::fault::{Family, Fault};
use serde::Serialize;
use std::fmt;

/// An error that was recognised, and what is known of how it came.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// A language or program whose errors are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Runtime {
    /// CPython.
    Python,
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Python => "python",
        })
    }
}

impl Sighting {
    /// The error that has this name, and nothing else.
    pub fn of_code(code: &'static Code) -> Self {
        Self { code: Some(code), family: family_of(code), ..Self::of(None, None) }
    }

    /// This fault, and nothing else.
    pub fn of_fault(fault: Fault) -> Self {
        Self::of(Some(fault.family()), Some(fault))
    }

    /// This family, and nothing else.
    pub fn of_family(family: Family) -> Self {
        Self::of(Some(family), None)
    }

    fn of(family: Option<Family>, fault: Option<Fault>) -> Self {
        Self { code: None, family, fault, line: None, call: None, address: None, runtime: None }
    }

    /// The page that explains it, with its id: the fault's where the fault is known, else the family's. Errors of
    /// no family have none.
    pub fn page(&self) -> Option<(&'static str, &'static Page)> {
        let fault = self.fault.map(|fault| (fault.id(), super::fault(fault)));
        fault.or_else(|| self.family.map(|family| (family.id(), super::family(family))))
    }
}
