//! Settings and counters of this network namespace and of this thread, from /proc: ip-sysctl of the kernel's
//! documentation, proc(5), capabilities(7).

use crate::trace::PortRange;
use std::fs;
use std::io;

/// Bit 10 of a capability set, linux/capability.h.
const CAP_NET_BIND_SERVICE: u32 = 10;

/// `net.ipv4.ip_local_port_range` without `net.ipv4.ip_local_reserved_ports`; both hold for IPv6 too.
pub(super) fn port_range() -> io::Result<PortRange> {
    let (range, reserved) = (sysctl("ip_local_port_range")?, sysctl("ip_local_reserved_ports")?);
    parsed(bounds(&range).map(|(first, last)| PortRange { first, last, reserved: listed(&reserved) }))
}

/// `net.ipv4.ip_unprivileged_port_start`, which holds for IPv6 too.
pub(super) fn unprivileged_from() -> io::Result<u16> {
    parsed(sysctl("ip_unprivileged_port_start")?.trim().parse().ok())
}

/// Whether this thread has `CAP_NET_BIND_SERVICE` in effect.
pub(super) fn may_bind_low_ports() -> io::Result<bool> {
    let status = fs::read_to_string("/proc/thread-self/status")?;
    parsed(effective(&status)).map(|set| set & (1 << CAP_NET_BIND_SERVICE) != 0)
}

/// Since Linux 6.8 `sock_diag` gives `TCP_BOUND_INACTIVE` to who asks for it.
pub(super) fn shows_bound_sockets() -> io::Result<bool> {
    parsed(version(&release()?)).map(|version| version >= (6, 8))
}

/// The release of the kernel.
pub(super) fn release() -> io::Result<String> {
    Ok(fs::read_to_string("/proc/sys/kernel/osrelease")?.trim_end().to_owned())
}

/// A counter of `/proc/net/netstat` or `/proc/net/snmp` by its name in nstat(8) without the group, such as
/// `ListenOverflows`.
pub(super) fn counter(name: &str) -> io::Result<u64> {
    for file in ["netstat", "snmp"] {
        if let Some(value) = counted(&fs::read_to_string(format!("/proc/thread-self/net/{file}"))?, name) {
            return Ok(value);
        }
    }
    Err(io::Error::other(format!("this kernel does not count {name}")))
}

fn sysctl(name: &str) -> io::Result<String> {
    fs::read_to_string(format!("/proc/sys/net/ipv4/{name}"))
}

fn parsed<T>(value: Option<T>) -> io::Result<T> {
    value.ok_or_else(|| io::Error::other("not in the form that proc(5) describes"))
}

/// `6.8.0-41-generic`
fn version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split(['.', '-', '+']).map(|part| part.trim().parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

fn bounds(text: &str) -> Option<(u16, u16)> {
    let mut numbers = text.split_whitespace().map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// `8080,9000-9003`
fn listed(text: &str) -> Vec<u16> {
    let part = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.trim().parse::<u16>().ok()?..=last.trim().parse().ok()?)
    };
    text.split(',').filter_map(part).flatten().collect()
}

fn effective(status: &str) -> Option<u64> {
    let set = status.lines().find_map(|line| line.strip_prefix("CapEff:"))?;
    u64::from_str_radix(set.trim(), 16).ok()
}

/// Two lines a group: the names, then the values.
fn counted(text: &str, name: &str) -> Option<u64> {
    let lines: Vec<&str> = text.lines().collect();
    lines.chunks_exact(2).find_map(|pair| {
        let position = pair[0].split_whitespace().position(|word| word == name)?;
        pair[1].split_whitespace().nth(position)?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_counter_is_found_by_its_name() {
        let text = "TcpExt: SyncookiesSent ListenDrops\nTcpExt: 4 17\nIpExt: InOctets\nIpExt: 9\n";
        assert_eq!((counted(text, "ListenDrops"), counted(text, "InOctets")), (Some(17), Some(9)));
        assert_eq!(counted(text, "Nothing"), None);
    }

    #[test]
    fn reserved_ports_are_numbers_and_ranges() {
        assert_eq!(listed("8080,9000-9002\n"), [8080, 9000, 9001, 9002]);
        assert_eq!((listed("\n"), bounds("32768\t60999\n")), (Vec::new(), Some((32768, 60999))));
    }

    #[test]
    fn a_release_begins_with_its_version() {
        assert_eq!(version("6.8.0-41-generic\n"), Some((6, 8)));
        assert_eq!((version("5.15.167.4-microsoft"), version("x")), (Some((5, 15)), None));
    }

    #[test]
    fn capabilities_are_a_hexadecimal_set() {
        assert_eq!(effective("CapPrm:\t0\nCapEff:\t0000000000000400\n"), Some(1 << CAP_NET_BIND_SERVICE));
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text: String, name: String) {
            let _ = (counted(&text, &name), bounds(&text), effective(&text));
        }
    }
}
