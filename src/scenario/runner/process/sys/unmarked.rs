//! Unix without /proc and without a signal at the parent's death: process groups are all that there is.

use super::super::Taken;
use rustix::process::{Pid, Resource, Signal, getpgid};
use std::path::Path;

pub(super) const MEMORY: Resource = Resource::As;

/// Nothing is set; the warden ends what is left.
pub(super) fn dies_with(_: u64) -> bool {
    true
}

/// Whether a process is of this group.
pub(in crate::scenario::runner) fn belongs(pid: u32, group: u32, _: &str) -> bool {
    let of = |pid: u32| i32::try_from(pid).ok().and_then(Pid::from_raw);
    of(pid).is_some_and(|pid| getpgid(Some(pid)).ok() == of(group))
}

/// Processes that left their group are not found.
pub(in crate::scenario::runner) fn sweep(_: &str, _: &Path, _: &[u32]) -> usize {
    0
}

pub(super) fn end_group(group: Pid, _: &str) {
    // Gone meanwhile is as good.
    let _ = rustix::process::kill_process_group(group, Signal::KILL);
}

/// Not held: runs in other processes are on their own.
#[derive(Debug)]
pub(in crate::scenario::runner) struct Reservation;

pub(in crate::scenario::runner) fn reserve(_: u16) -> Result<Reservation, Taken> {
    Ok(Reservation)
}
