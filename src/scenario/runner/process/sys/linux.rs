//! Linux: a program dies with the thread that started it, and what it leaves behind is found in /proc by the mark in its
//! environment, or by the folder that it runs in.

use super::super::{MARK, Taken};
use rustix::process::{
    Pid, PidfdFlags, Resource, Signal, getppid, pidfd_open, pidfd_send_signal,
    set_parent_process_death_signal,
};
use std::collections::BTreeSet;
use std::fs;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::Path;

/// Private writable memory: runtimes that only reserve address space (Node, Java) are not hindered, as they would be by
/// `RLIMIT_AS`.
pub(super) const MEMORY: Resource = Resource::Data;

/// Rounds in which processes may come that were just being made.
const ROUNDS: usize = 50;

/// Has the kernel kill this process when `parent` is gone. Gives `false` when it is gone already.
pub(super) fn dies_with(parent: u64) -> bool {
    let set = set_parent_process_death_signal(Some(Signal::KILL)).is_ok();
    let is_there = getppid().and_then(|pid| u64::try_from(pid.as_raw_nonzero().get()).ok()) == Some(parent);
    set && is_there
}

/// Whether a process is one of the program with this group and mark.
pub(in crate::scenario::runner) fn belongs(pid: u32, group: u32, mark: &str) -> bool {
    group_of(pid) == Some(group) || marked(pid, |value| value == mark.as_bytes())
}

/// Ends every process of the run, wherever it has gone. Gives how many there were outside of these process groups.
pub(in crate::scenario::runner) fn sweep(mark: &str, folder: &Path, groups: &[u32]) -> usize {
    let mut left = BTreeSet::new();
    for _ in 0..ROUNDS {
        let found: Vec<u32> = processes().filter(|pid| end_one(*pid, mark, folder)).collect();
        if found.is_empty() {
            break;
        }
        left.extend(
            found.into_iter().filter(|pid| group_of(*pid).is_none_or(|group| !groups.contains(&group))),
        );
    }
    left.len()
}

/// The process group, which follows the state and the parent in /proc/PID/stat; 0 where it is of another namespace. The
/// name before them stands in parentheses and may hold some itself.
fn group_of(pid: u32) -> Option<u32> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) =
        std::str::from_utf8(&stat[stat.iter().rposition(|byte| *byte == b')')?..]).ok()?.split_once(' ')?;
    fields.split(' ').nth(2)?.parse().ok()
}

/// Ends what is left of a process group whose leader is of the run: its number may be another's by now.
pub(super) fn end_group(group: Pid, mark: &str) {
    let number = u32::try_from(group.as_raw_nonzero().get()).ok();
    let is_ours = processes().any(|pid| group_of(pid) == number && is_of(pid, mark));
    if is_ours {
        // Gone meanwhile is as good.
        let _ = rustix::process::kill_process_group(group, Signal::KILL);
    }
}

fn end_one(pid: u32, mark: &str, folder: &Path) -> bool {
    if pid == std::process::id() {
        return false;
    }
    let Some(raw) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return false };
    // The descriptor stays with the process that was looked at, whoever has its number later.
    let Ok(process) = pidfd_open(raw, PidfdFlags::empty()) else { return false };
    let runs_there = fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(folder));
    (runs_there || is_of(pid, mark)) && pidfd_send_signal(process, Signal::KILL).is_ok()
}

fn is_of(pid: u32, mark: &str) -> bool {
    marked(pid, |value| value.strip_prefix(mark.as_bytes()).is_some_and(|rest| rest.starts_with(b"/")))
}

/// Whether the environment with which a process began has a mark of this kind; that of an ended one is empty.
fn marked(pid: u32, is_wanted: impl Fn(&[u8]) -> bool) -> bool {
    let Ok(environment) = fs::read(format!("/proc/{pid}/environ")) else { return false };
    let value = |entry: &[u8]| entry.strip_prefix(MARK.as_bytes())?.strip_prefix(b"=").map(&is_wanted);
    environment.split(|byte| *byte == 0).any(|entry| value(entry) == Some(true))
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// A port that no other run of this program in this network takes meanwhile. It is an abstract name, unix(7), so that it
/// is given back with the process.
#[derive(Debug)]
pub(in crate::scenario::runner) struct Reservation {
    _held: Option<UnixDatagram>,
}

/// Reserves a port among the runs of this program. It does not bind it.
pub(in crate::scenario::runner) fn reserve(port: u16) -> Result<Reservation, Taken> {
    let name = SocketAddr::from_abstract_name(format!("netfault-scenario-port-{port}"));
    match name.and_then(|name| UnixDatagram::bind_addr(&name)) {
        Ok(held) => Ok(Reservation { _held: Some(held) }),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Err(Taken),
        // Where there are no such names, runs in other processes are on their own.
        Err(_) => Ok(Reservation { _held: None }),
    }
}
