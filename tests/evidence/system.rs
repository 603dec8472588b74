//! Routes, options, limits, counters and what sockets say of themselves.

use crate::{V4, actor, bound, connected, listener, row, shown};
use netfault::evidence::{self, Absent, Counter};
use netfault::failure::Protocol::{Tcp, Udp};
use netfault::socket::{Choice, Socket};
use netfault::trace::{Fact, Route, Source};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

fn fact(answer: Result<(Source, Fact), Absent>) -> Option<Fact> {
    shown(answer).map(|(_, fact)| fact)
}

#[test]
fn loopback_is_this_host_and_an_example_address_is_not() {
    let route = |ip: [u8; 4]| fact(evidence::route(IpAddr::from(ip)));
    let Some(Fact::Route { route: here, .. }) = route([127, 0, 0, 9]) else { return };
    assert_eq!(here, Route::Local);
    let Some(Fact::Route { route: elsewhere, .. }) = route([203, 0, 113, 9]) else { return };
    assert_ne!(elsewhere, Route::Local);
    let Some(Fact::Addresses(own)) = fact(evidence::addresses()) else { return };
    assert!(own.contains(&Ipv4Addr::LOCALHOST.into()), "{own:?}");
}

#[test]
fn options_are_read_from_the_socket_of_whoever_holds_it() {
    for (choice, wanted) in [
        (None, (false, false, false)),
        (Some(Choice::ReuseAddress), (true, false, false)),
        (Some(Choice::ReusePort), (false, true, false)),
        (Some(Choice::ResetOnClose), (false, false, true)),
    ] {
        let address: SocketAddr = V4.parse().unwrap();
        let mut socket = Socket::new(&actor(), Tcp, address).unwrap();
        if let Some(choice) = choice {
            socket.set(choice).unwrap();
        }
        socket.bind(address).unwrap();
        socket.listen(1).unwrap();
        let Some(row) = row(Tcp, &socket) else { return };
        let Some(Fact::Options(read)) = fact(evidence::options(row.inode)) else { return };
        assert_eq!((read.reuse_address, read.reuse_port, read.resets_on_close), wanted, "{choice:?}");
        assert_eq!(read.inode, row.inode);
    }
    evidence::options(0).unwrap_err();
}

#[test]
fn a_socket_says_what_it_is() {
    let listening = listener(V4, 1);
    let client = connected(Tcp, &listening).with(Choice::NonBlocking).unwrap();
    let said = |socket: &Socket| fact(evidence::own_socket(socket.as_inner()));
    let Some(Fact::OwnSocket(server)) = said(&listening) else { return };
    assert_eq!((server.local, server.peer, server.listening), (listening.local(), None, true));
    let Some(Fact::OwnSocket(client_says)) = said(&client) else { return };
    assert_eq!((client_says.local, client_says.peer), (client.local(), listening.local()));
    assert!(client_says.nonblocking && !client_says.listening && !client_says.is_ipv6);
    let fresh = Socket::new(&actor(), Udp, V4.parse().unwrap()).unwrap();
    let Some(Fact::OwnSocket(fresh)) = said(&fresh) else { return };
    assert_eq!((fresh.local, fresh.peer), (None, None));
}

#[test]
fn what_waits_is_looked_at_and_stays() {
    let reader = bound(Udp, V4);
    let sender = Socket::new(&actor(), Udp, V4.parse().unwrap()).unwrap();
    sender.send_to(b"Caf\xe9", reader.local().unwrap()).unwrap();
    let Some(Fact::Waiting(waiting)) = fact(evidence::waiting(reader.as_inner())) else { return };
    assert_eq!((waiting.bytes, waiting.not_utf8_at), (4, Some(3)));
    assert_eq!(reader.receive_from(64).unwrap().0, b"Caf\xe9");
}

#[test]
fn open_descriptors_are_counted_and_closed_ones_known() {
    let before = fact(evidence::descriptors(std::process::id()));
    let Some(Fact::Descriptors(before)) = before else { return };
    assert!(before.open > 2 && before.open <= before.limit, "{before}");
    let Some(Fact::Descriptor { open, .. }) = fact(evidence::descriptor(0)) else { return };
    let Some(Fact::Descriptor { open: far, .. }) = fact(evidence::descriptor(i32::MAX)) else { return };
    assert!(open && !far);
    let Some(Fact::Lives { pid }) = fact(evidence::process(std::process::id())) else { return };
    assert_eq!(pid, std::process::id());
    assert_eq!(fact(evidence::process(u32::MAX)), Some(Fact::Ended { pid: u32::MAX, signal: None }));
}

#[test]
fn a_counter_rises_with_what_it_counts() {
    let listening = listener(V4, 1);
    let Some(resets) = shown(Counter::start("OutRsts")) else { return };
    let address = listening.local().unwrap();
    listening.close();
    let refused = Socket::new(&actor(), Tcp, address).unwrap().connect(address).unwrap_err();
    assert!(refused.is("ECONNREFUSED"), "{refused}");
    let Some(Fact::Counted { counter, times }) = fact(resets.read()) else { return };
    assert!(counter == "OutRsts" && times >= 1, "{counter} {times}");
    Counter::start("NoSuchCounter").unwrap_err();
}

#[test]
fn ports_of_connections_come_from_the_range_that_is_read() {
    let listening = listener(V4, 1);
    let client = connected(Tcp, &listening);
    let Some(Fact::PortRange(range)) = fact(evidence::port_range()) else { return };
    let port = client.local().unwrap().port();
    assert!((range.first..=range.last).contains(&port) && !range.reserved.contains(&port), "{range} {port}");
    let Some(Fact::UnprivilegedPorts { from }) = fact(evidence::unprivileged_ports()) else { return };
    let Some(Fact::Capability { effective, .. }) = fact(evidence::port_privilege()) else { return };
    let low = std::net::TcpListener::bind(("127.0.0.1", 1));
    assert_eq!(low.is_ok(), from <= 1 || effective, "{low:?}");
}
