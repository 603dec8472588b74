//! What the system shows of a process, proc(5).

use std::fs;
use std::path::PathBuf;

/// Open descriptors, by what they are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Descriptors {
    pub(crate) sockets: usize,
    pub(crate) pipes: usize,
    pub(crate) others: usize,
}

pub(crate) fn descriptors(process: u32) -> Descriptors {
    let mut found = Descriptors::default();
    let entries = fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    // One may be closed before it is looked at.
    let links = entries.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    for link in links.map(PathBuf::into_os_string) {
        match link.to_string_lossy() {
            link if link.starts_with("socket:") => found.sockets += 1,
            link if link.starts_with("pipe:") => found.pipes += 1,
            _ => found.others += 1,
        }
    }
    found
}

/// Bytes of memory that are resident.
pub(crate) fn resident(process: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    1024 * line.trim().trim_end_matches(" kB").parse::<usize>().unwrap()
}

/// Ticks of the processor that were used: of a hundredth of a second each, in user and in system mode.
pub(crate) fn ticks(process: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The name, in parentheses, may have blanks.
    let after = stat.rsplit(") ").next().unwrap();
    let fields: Vec<&str> = after.split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}
