//! From a name to the addresses to try, in the order in which to try them.

use crate::failure::{Call, Failure, Op, Protocol, Why};
use crate::trace::{Actor, Deadline};
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;

/// The addresses of `host`, a name or a literal address without brackets, in the order in which to try them:
/// families in turns (RFC 8305 §4). At least one.
///
/// getaddrinfo(3) takes no time-out. It runs in a thread of its own, which is left behind when `by` comes first.
pub fn resolve(
    actor: &Actor,
    protocol: Protocol,
    host: &str,
    port: u16,
    by: &Deadline,
) -> Result<Vec<SocketAddr>, Failure> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    let call = actor.start(Call::new(Op::Resolve, protocol));
    let why = match look_up(host.to_owned(), port, by) {
        Some(Ok(found)) if !found.is_empty() => {
            call.finish(None);
            return Ok(in_turns(found));
        }
        Some(Ok(_)) => unresolved(host, "the name has no address"),
        Some(Err(error)) => unresolved(host, &error.to_string()),
        None => Why::Deadline { limit: by.limit() },
    };
    Err(call.fail_because(why))
}

/// The resolver's answer, or `None` when it took too long.
fn look_up(host: String, port: u16, by: &Deadline) -> Option<io::Result<Vec<SocketAddr>>> {
    let (answer, answered) = mpsc::channel();
    thread::spawn(move || answer.send((host, port).to_socket_addrs().map(Iterator::collect)));
    answered.recv_timeout(by.left()?).ok()
}

/// Has getaddrinfo(3) asked for `host` beside others; who does not wait for it leaves it behind.
pub fn beside(host: &str, by: &Deadline) -> mpsc::Receiver<Vec<IpAddr>> {
    let (answer, answered) = mpsc::channel();
    let (host, by) = (host.to_owned(), by.clone());
    thread::spawn(move || answer.send(quietly(host, &by).unwrap_or_default()));
    answered
}

/// What getaddrinfo(3) gives for `host`, without a trace: for who asks it beside others. `None` when it fails, or takes
/// longer than `by`.
pub(super) fn quietly(host: String, by: &Deadline) -> Option<Vec<IpAddr>> {
    let found = look_up(host, 0, by)?.ok()?;
    Some(in_turns(found).iter().map(SocketAddr::ip).collect())
}

fn unresolved(host: &str, text: &str) -> Why {
    let message = text.strip_prefix("failed to lookup address information: ").unwrap_or(text);
    Why::Unresolved { name: host.to_owned(), message: message.to_owned() }
}

/// The addresses with the two families taking turns, beginning with the family that the resolver put first
/// (RFC 8305 §4, First Address Family Count 1), each address once: one family that does not work then costs one
/// attempt and not all.
pub fn in_turns(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let mut once = Vec::with_capacity(addresses.len());
    for address in addresses {
        if !once.contains(&address) {
            once.push(address);
        }
    }
    let first_family = once.first().is_some_and(SocketAddr::is_ipv4);
    let (first, second): (Vec<_>, Vec<_>) =
        once.into_iter().partition(|address| address.is_ipv4() == first_family);
    let turns = first.len().max(second.len());
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    (0..turns).flat_map(|_| first.next().into_iter().chain(second.next()).collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Recorder, What};
    use std::time::Duration;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn families_take_turns() {
        let given = addresses(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "[::1]:1", "2.2.2.2:1"]);
        let order = ["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1", "[::3]:1"];
        assert_eq!(in_turns(given), addresses(&order));
        assert_eq!(in_turns(addresses(&["1.1.1.1:1", "[::1]:1"])), addresses(&["1.1.1.1:1", "[::1]:1"]));
        assert_eq!(in_turns(Vec::new()), []);
    }

    #[test]
    fn a_literal_address_asks_no_resolver() {
        let recorder = Recorder::new();
        let by = recorder.deadline(Duration::from_secs(5));
        let found = resolve(&recorder.actor("client"), Protocol::Tcp, "::1", 80, &by);
        assert_eq!(found, Ok(addresses(&["[::1]:80"])));
        assert_eq!(recorder.events(), []);
    }

    #[test]
    fn a_name_without_address_fails_by_name() {
        let recorder = Recorder::new();
        let by = recorder.deadline(Duration::from_secs(5));
        // RFC 6761 §6.4: `invalid` never has an address.
        let failure =
            resolve(&recorder.actor("client"), Protocol::Tcp, "nowhere.invalid", 80, &by).unwrap_err();
        assert_eq!(failure.call.op, Op::Resolve);
        assert!(
            matches!(&failure.why, Why::Unresolved { name, .. } if name == "nowhere.invalid")
                || matches!(failure.why, Why::Deadline { .. }),
            "{failure}"
        );
        assert_eq!(recorder.events().last().unwrap().what, What::Failed(failure));
    }
}
