//! Which process holds a socket: the one with a link to `socket:[inode]` under /proc/PID/fd, proc(5).
//! Processes of other users keep that directory closed, unless the asker is root.

use crate::trace::{Descriptors, Process};
use nix::unistd::{SysconfVar, sysconf};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The process that holds the socket with this inode. When several share it, as after a fork, it is the one with
/// the lowest pid, which is nearly always the parent. `None` when no process that this user may see holds it.
pub(super) fn with_inode(inode: u32) -> io::Result<Option<Process>> {
    Ok(holders(inode)?.find_map(|(pid, _)| describe(pid, inode)))
}

/// The same process, and the number of its descriptor.
pub(super) fn descriptor_of(inode: u32) -> io::Result<Option<(u32, i32)>> {
    Ok(holders(inode)?.next())
}

/// How many descriptors a process has open, and may have; `None` when this user may not know.
pub(super) fn descriptors(pid: u32) -> Option<Descriptors> {
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).ok()?;
    let open = fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count();
    // To look, this process opened one more of its own.
    let looking = usize::from(pid == std::process::id());
    Some(Descriptors {
        pid,
        open: u64::try_from(open.saturating_sub(looking)).unwrap_or(u64::MAX),
        limit: soft_limit(&limits)?,
    })
}

fn holders(inode: u32) -> io::Result<impl Iterator<Item = (u32, i32)>> {
    let link = PathBuf::from(format!("socket:[{inode}]"));
    let mut pids: Vec<u32> =
        fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    pids.sort_unstable();
    Ok(pids.into_iter().filter_map(move |pid| Some((pid, descriptor_to(pid, &link)?))))
}

fn descriptor_to(pid: u32, link: &Path) -> Option<i32> {
    let mut open = fs::read_dir(format!("/proc/{pid}/fd")).ok()?.flatten();
    let found = open.find(|fd| fs::read_link(fd.path()).is_ok_and(|target| target == link))?;
    found.file_name().to_str()?.parse().ok()
}

/// `None` when the process ended meanwhile.
fn describe(pid: u32, inode: u32) -> Option<Process> {
    let read = |file: &str| fs::read(format!("/proc/{pid}/{file}")).ok();
    let stat = String::from_utf8_lossy(&read("stat")?).into_owned();
    let status = String::from_utf8_lossy(&read("status")?).into_owned();
    let uptime = fs::read_to_string("/proc/uptime").ok()?;
    let ticks_per_second = u32::try_from(sysconf(SysconfVar::CLK_TCK).ok()??).ok()?;
    Some(Process {
        pid,
        command: command(&read("cmdline")?, name(&stat)?),
        uid: effective_uid(&status)?,
        state: state(&stat)?,
        running: running(&stat, &uptime, ticks_per_second)?,
        inode,
    })
}

/// The arguments as one line, or the bracketed name of a process that has none, as ps(1) writes it.
fn command(cmdline: &[u8], name: &str) -> String {
    const LONGEST: usize = 200;
    let arguments = String::from_utf8_lossy(cmdline);
    let line = arguments.trim_end_matches('\0').replace('\0', " ");
    let line = if line.trim().is_empty() { format!("[{name}]") } else { line };
    let mut shown: String = line
        .chars()
        .map(|letter| if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter })
        .take(LONGEST)
        .collect();
    if line.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// The name in /proc/PID/stat: it stands in parentheses and may itself hold blanks and parentheses.
fn name(stat: &str) -> Option<&str> {
    Some(stat.split_once('(')?.1.rsplit_once(')')?.0)
}

/// The field after the name: one letter.
fn state(stat: &str) -> Option<char> {
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

/// The soft limit in the line `Max open files`; as good as none where it is unlimited.
fn soft_limit(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let soft = line.split_whitespace().next()?;
    if soft == "unlimited" { Some(u64::MAX) } else { soft.parse().ok() }
}

/// Time since the start of the process, which stat gives in clock ticks after boot (field 22) and uptime counts
/// in seconds from the same moment.
fn running(stat: &str, uptime: &str, ticks_per_second: u32) -> Option<Duration> {
    let started_ticks: u64 = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()?;
    let started = Duration::from_secs(started_ticks) / ticks_per_second;
    let uptime = Duration::try_from_secs_f64(uptime.split_whitespace().next()?.parse().ok()?).ok()?;
    Some(uptime.saturating_sub(started))
}

/// The second number of the line `Uid:` (real, effective, saved, file system).
fn effective_uid(status: &str) -> Option<u32> {
    status.lines().find_map(|line| line.strip_prefix("Uid:"))?.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_may_hold_blanks_and_parentheses() {
        let stat = format!("7 (a) (b c) S {}250 0", "0 ".repeat(18));
        assert_eq!((name(&stat), state(&stat)), (Some("a) (b c"), Some('S')));
        assert_eq!(running(&stat, "10.50 3.00\n", 100), Some(Duration::from_secs(8)));
    }

    #[test]
    fn the_command_is_one_line_of_bounded_length() {
        assert_eq!(command(b"python3\0-m\0http.server\0", "python3"), "python3 -m http.server");
        assert_eq!(command(b"sh\0-c\0a\n\x1b[2Jb\xff\0", "sh"), "sh -c a\u{fffd}\u{fffd}[2Jb\u{fffd}");
        assert_eq!(command(b"", "kthreadd"), "[kthreadd]");
        assert_eq!(command("ä".repeat(500).as_bytes(), "x"), format!("{}…", "ä".repeat(200)));
    }

    #[test]
    fn the_effective_uid_is_the_second_of_its_line() {
        assert_eq!(effective_uid("Name:\tx\nUid:\t0\t33\t0\t33\nGid:\t5\t5\t5\t5\n"), Some(33));
    }

    #[test]
    fn the_soft_limit_is_the_first_of_its_line() {
        let limits = |soft| format!("Max processes  9 9 processes\nMax open files   {soft}   4096   files\n");
        assert_eq!(soft_limit(&limits("1024")), Some(1024));
        assert_eq!(soft_limit(&limits("unlimited")), Some(u64::MAX));
    }

    proptest! {
        #[test]
        fn any_text_in_proc_is_survived(text: String, bytes: Vec<u8>, ticks in 1_u32..) {
            let _ = (state(&text), soft_limit(&text), name(&text), running(&text, &text, ticks), effective_uid(&text));
            let shown = command(&bytes, &text);
            prop_assert!(shown.chars().count() <= 201 && !shown.chars().any(char::is_control));
        }
    }
}
