//! Why a scenario was not played to its end: never its programs' fault, but for one that never gets ready.

use crate::lang::Words;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::io;

/// Why a scenario was not played to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// It cannot be played here.
    Unsupported {
        /// What it needs.
        needs: Words,
    },
    /// The set-up broke.
    Broke {
        /// What went wrong.
        why: Words,
    },
    /// A program neither got ready nor ended, and the timeline waited for it.
    NotReady {
        /// The program. Where it is somebody's work that is judged, this is their fault, and else the set-up's.
        program: String,
        /// What was waited for, and what the program wrote last.
        why: Words,
    },
    /// Somebody wanted it to end.
    Interrupted,
}

impl Trouble {
    pub(super) fn broke(en: impl Into<String>, id: impl Into<String>) -> Self {
        Self::Broke { why: Words { en: en.into(), id: id.into() } }
    }

    /// Something of the system that could not be had.
    pub(super) fn lost(en: &str, id: &str, error: &dyn Display) -> Self {
        Self::broke(format!("{en}: {error}"), format!("{id}: {error}"))
    }

    pub(super) fn file(path: &std::path::Path, error: &io::Error) -> Self {
        let shown = path.display();
        Self::lost(&format!("cannot copy {shown}"), &format!("{shown} tidak dapat disalin"), error)
    }
}
