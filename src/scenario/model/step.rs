//! What is done on the timeline, and when.

use super::Impairing;
use regex::Regex;
use std::time::Duration;

/// Something that is done on the timeline.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// When.
    pub when: When,
    /// What.
    pub action: Action,
}

/// When a step is taken.
#[derive(Clone, Debug)]
pub enum When {
    /// At this time of the timeline.
    At(Duration),
    /// So long after a program wrote a line like this.
    Wrote {
        /// The program.
        program: String,
        /// The line.
        line: Regex,
        /// How long after it.
        delay: Duration,
    },
    /// So long after a program ended.
    Ended {
        /// The program.
        program: String,
        /// How long after it.
        delay: Duration,
    },
}

/// What a step does; the texts are names of programs and links.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "docs/scenarios.md has a row for each")]
pub enum Action {
    Start(String),
    Stop(String),
    Kill(String),
    Pause(String),
    Resume(String),
    Rebind(String),
    Add { link: String, impairing: Impairing },
    Change { link: String, impairing: Impairing },
    Remove { link: String, name: String },
    Partition(String),
    Refuse(String),
    Heal(String),
    Diagnose(String),
    Down(String),
    Up(String),
}
