//! What a load found: how many requests there were, what became of each, and how long answers took.

use crate::failure::Protocol;
use serde::Serialize;

/// The result of a load.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loaded {
    /// Whom it was put on.
    pub target: String,
    /// The transport.
    pub protocol: Protocol,
    /// What decides when a request is made.
    pub mode: Mode,
    /// Of the arrivals.
    pub seed: u64,
    /// Connections, or sockets of datagrams, that were used at once.
    pub connections: usize,
    /// Requests that were to be in flight at once.
    pub concurrency: Option<usize>,
    /// The rate that was asked for.
    pub asked_per_s: Option<f64>,
    /// The rate at which requests were made.
    pub driven_per_s: f64,
    /// The generator was too slow by itself: nothing that it measured is the server's.
    pub overloaded: bool,
    /// It was ended before its time.
    pub interrupted: bool,
    /// For how long requests were made.
    pub seconds: f64,
    /// What was done about attempts that failed.
    pub strategy: Option<&'static str>,
    /// Requests that were made.
    pub sent: u64,
    /// Attempts that were made for them: as many, without a strategy.
    pub attempts: u64,
    /// Requests that were answered in time.
    pub answered: u64,
    /// Requests of which nothing was known when it ended.
    pub unanswered: u64,
    /// Connections that were made anew after one broke or could not be had.
    pub reconnections: u64,
    /// Answers a second.
    pub goodput_per_s: Option<f64>,
    /// How long answers took, from when their requests were to be made.
    pub latency_ms: Option<Latency>,
    /// How late requests were made, which is the generator's own doing.
    pub lag_ms: Option<Latency>,
    /// Every way in which requests failed.
    pub errors: Vec<FailedSo>,
    /// Answers by how long they took.
    pub histogram: Vec<Bin>,
}

/// What decides when a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The clock, whatever became of those before.
    Open,
    /// The answer to the one before.
    Closed,
}

/// Milliseconds by rank.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Latency {
    pub min: f64,
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    pub p99_9: f64,
    pub max: f64,
    pub mean: f64,
}

/// So many requests failed in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedSo {
    /// The id of the family of errors, where it is in the catalogue.
    pub family: Option<&'static str>,
    /// The name of the operating system's error; none for a time-out of the client's own and the end of a stream.
    pub errno: Option<String>,
    /// The call that told of it; `circuit-open` or `throttled` where the client's own strategy made none.
    pub call: &'static str,
    /// How many.
    pub count: u64,
}

/// Answers that took from so long to so long.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Bin {
    pub from_ms: f64,
    pub to_ms: f64,
    pub count: u64,
}
