//! What came of one way to deal with a failure: measured, and compared with what was said of it before.

use super::Verdict;
use crate::failure::{Failure, seconds};
use serde::Serialize;
use std::time::Duration;

/// What came of one choice of a lesson.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// The choice.
    pub choice: &'static str,
    /// Whether it went as the lesson says.
    pub came: Came,
    /// Whether whoever chose it has now what was wanted.
    pub succeeded: bool,
    /// From the first call to the end.
    #[serde(rename = "seconds", with = "seconds")]
    pub took: Duration,
    /// How often it was tried.
    pub attempts: u32,
    /// What was got.
    pub result: Option<String>,
    /// The failure that ended it, or the last one on the way to success.
    pub failure: Option<Failure>,
    /// What evidence says, where somebody looked at it. It points into a trace that scripts do not get.
    #[serde(skip)]
    pub verdict: Option<Verdict>,
    /// How often the server did the work that was asked of it once, where that was counted.
    pub carried_out: Option<u32>,
    /// Why it could not be tried.
    pub reason: Option<String>,
}

/// Whether something went as was said before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Came {
    /// It did.
    AsSaid,
    /// It did not.
    Otherwise,
    /// It cannot be tried here.
    Unsupported,
}

impl Effect {
    /// It got `result`, in attempt number `attempts`.
    pub fn success(result: impl Into<String>, attempts: u32) -> Self {
        Self { succeeded: true, result: Some(result.into()), ..Self::none(attempts) }
    }

    /// It ended in `failure`, in attempt number `attempts`.
    pub fn failed(failure: Failure, attempts: u32) -> Self {
        Self { failure: Some(failure), ..Self::none(attempts) }
    }

    /// It could not be tried.
    pub fn not_tried(choice: &'static str, came: Came, reason: String) -> Self {
        Self { choice, came, reason: Some(reason), ..Self::none(0) }
    }

    fn none(attempts: u32) -> Self {
        Self {
            choice: "",
            came: Came::Otherwise,
            succeeded: false,
            took: Duration::ZERO,
            attempts,
            result: None,
            failure: None,
            verdict: None,
            carried_out: None,
            reason: None,
        }
    }
}
