//! Unix: resolv.conf(5) and hosts(5).

use super::PORT;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// `MAXNS` of resolv.h: the resolver takes no more.
const MOST: usize = 3;

pub(super) fn servers() -> Vec<SocketAddr> {
    fs::read_to_string("/etc/resolv.conf").map(|text| listed(&text)).unwrap_or_default()
}

pub(super) fn hosts_file() -> PathBuf {
    PathBuf::from("/etc/hosts")
}

fn listed(text: &str) -> Vec<SocketAddr> {
    let named = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some("nameserver")).then(|| words.next()).flatten()
    });
    named.filter_map(|word| Some(SocketAddr::new(word.parse::<IpAddr>().ok()?, PORT))).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_three_servers_are_read_in_their_order() {
        let text = "# of the lab\nsearch a.test\nnameserver 192.0.2.1\nnameserver ::1\nnameserver x\n\
                    nameserver 192.0.2.2\nnameserver 192.0.2.3\n";
        let servers: Vec<String> = listed(text).iter().map(ToString::to_string).collect();
        assert_eq!(servers, ["192.0.2.1:53", "[::1]:53", "192.0.2.2:53"]);
        assert_eq!(listed(""), []);
    }
}
