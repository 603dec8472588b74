//! What a server did, counted as it does it.

use crate::failure::Errno;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io;

/// Counts of one run of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// TCP connections that were served.
    pub connections: u64,
    /// Lines that got their transform.
    pub lines: u64,
    /// Datagrams that got their transform.
    pub datagrams: u64,
    /// What was not served, by reason: the code of an `ERR` reply, `not-allowed`, `not-reading`, `idle` or
    /// `own-address`.
    pub refused: BTreeMap<&'static str, u64>,
    /// Errors of socket calls, by errno name.
    pub errors: BTreeMap<Cow<'static, str>, u64>,
}

impl Summary {
    /// Counts one more that was not served.
    pub(super) fn refuse(&mut self, reason: &'static str) {
        *self.refused.entry(reason).or_default() += 1;
    }

    /// Counts one more error.
    pub(super) fn fail(&mut self, error: &io::Error) {
        let name = match error.raw_os_error() {
            Some(code) => Errno::here(code).name,
            None => Cow::Owned(error.kind().to_string()),
        };
        *self.errors.entry(name).or_default() += 1;
    }

    /// Adds what another thread of the server did.
    pub(super) fn add(&mut self, other: &Self) {
        self.connections += other.connections;
        self.lines += other.lines;
        self.datagrams += other.datagrams;
        for (reason, count) in &other.refused {
            *self.refused.entry(reason).or_default() += count;
        }
        for (name, count) in &other.errors {
            *self.errors.entry(name.clone()).or_default() += count;
        }
    }
}

impl fmt::Display for Summary {
    /// One line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connections, lines, datagrams, .. } = self;
        write!(f, "served {lines} lines on {connections} connections and {datagrams} datagrams; refused: ")?;
        list(f, self.refused.iter())?;
        f.write_str("; errors: ")?;
        list(f, self.errors.iter())
    }
}

fn list<'a, N: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    counts: impl Iterator<Item = (N, &'a u64)>,
) -> fmt::Result {
    let mut between = "";
    for (name, count) in counts {
        write!(f, "{between}{count} {name}")?;
        between = ", ";
    }
    if between.is_empty() { f.write_str("none") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_one_line() {
        let mut summary = Summary { connections: 2, lines: 12, datagrams: 3, ..Summary::default() };
        assert_eq!(
            summary.to_string(),
            "served 12 lines on 2 connections and 3 datagrams; refused: none; errors: none"
        );
        summary.refuse("too-long");
        summary.refuse("busy");
        summary.refuse("busy");
        summary.add(&summary.clone());
        assert_eq!(
            summary.to_string(),
            "served 24 lines on 4 connections and 6 datagrams; refused: 4 busy, 2 too-long; errors: none"
        );
    }
}
