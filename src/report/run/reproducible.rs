//! What of a run differs from machine to machine although nothing else does.

use crate::trace::{Header, Host, Run};

/// The run without the host on which it ran and the time of day.
pub fn reproducible(run: &Run) -> Run {
    let header = Header { started: 0.0, host: Host::default(), ..run.header.clone() };
    Run { header, ..run.clone() }
}
