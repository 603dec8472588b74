//! Rows of the socket table. Remains of connections that other programs made may have the same port number at their
//! other end, so a test looks for its own rows and counts no others.

use crate::{V4, bound, connected, listener, loopbacks, once, port, row, rows, skip};
use netfault::failure::Protocol::{Tcp, Udp};
use netfault::socket::{Choice, Socket};
use netfault::trace::{SocketRow, SocketState};
use std::net::SocketAddr;
use std::time::Duration;

#[test]
fn a_listener_shows_its_backlog_and_how_many_wait_in_its_queue() {
    let listener = listener(V4, 3);
    let _clients = [connected(Tcp, &listener), connected(Tcp, &listener)];
    let listening = || Some(only(&rows(Tcp, port(&listener))?, SocketState::Listen));
    let Some(row) = once(listening, |row| row.recv_queue == 2) else { return };
    assert_eq!((row.local, row.send_queue), (listener.local().unwrap(), 3));
    assert_eq!((row.tcp, row.v6only, row.expires), (None, None, None));
}

#[test]
fn both_ends_of_a_connection_are_rows_of_the_server_port() {
    let listener = listener(V4, 3);
    let client = connected(Tcp, &listener);
    let server = listener.accept().unwrap();
    let Some(rows) = rows(Tcp, port(&listener)) else { return };
    for end in [&client, &server] {
        let own = |row: &&SocketRow| Some(row.local) == end.local() && Some(row.peer) == end.peer();
        assert_eq!(rows.iter().find(own).unwrap().state, SocketState::Established);
    }
}

#[test]
fn a_connection_has_no_owner_until_it_is_accepted() {
    let listener = listener(V4, 3);
    let client = connected(Tcp, &listener);
    let server = || connection(client.peer().unwrap(), client.local().unwrap());
    let Some(queued) = server() else { return };
    assert!(!queued.is_held() && queued.state == SocketState::Established, "{queued:?}");
    let _accepted = listener.accept().unwrap();
    assert!(server().unwrap().is_held());
}

#[test]
fn both_ends_count_the_payload_that_crossed_and_nothing_else() {
    for address in loopbacks() {
        let listener = listener(address, 3);
        let client = connected(Tcp, &listener);
        let server = listener.accept().unwrap();
        let counted = |socket: &Socket| {
            let info = end_of(socket)?.tcp.unwrap();
            Some((info.bytes_acknowledged, info.bytes_received, info.total_retransmissions))
        };
        let Some(idle) = counted(&client) else { return };
        assert_eq!(idle, (0, 0, 0), "a handshake carries no payload");
        client.send_all(b"hello").unwrap();
        once(|| counted(&client), |counted| *counted == (5, 0, 0));
        once(|| counted(&server), |counted| *counted == (0, 5, 0));
        assert_eq!(end_of(&server).unwrap().recv_queue, 5);

        client.finish_sending().unwrap();
        once(|| end_of(&client), |row| row.state == SocketState::FinWait2);
        assert_eq!(counted(&client), Some((5, 0, 0)), "nor does the end of the stream");
        assert_eq!(counted(&server), Some((0, 5, 0)));
    }
}

#[test]
fn payload_that_nobody_acknowledged_is_not_counted() {
    let listener = listener(V4, 3);
    let client = connected(Tcp, &listener);
    let _server = listener.accept().unwrap();
    let client = client.with(Choice::WriteLimit(Duration::from_millis(20))).unwrap();
    let chunk = [0; 16384];
    let mut written: u64 = 0;
    while let Ok(taken) = client.send(&chunk) {
        written += u64::try_from(taken).unwrap();
    }
    let Some(row) = end_of(&client) else { return };
    assert!(row.send_queue > 0, "{row:?}");
    assert_eq!(row.tcp.unwrap().bytes_acknowledged + u64::from(row.send_queue), written);
}

#[test]
fn whoever_closes_first_leaves_a_time_wait_that_nobody_holds_and_that_will_expire() {
    let listener = listener(V4, 3);
    let client = connected(Tcp, &listener);
    let (here, there) = (client.local().unwrap(), client.peer().unwrap());
    drop(listener.accept().unwrap());
    assert_eq!(client.receive(1).unwrap(), b"", "the end of the stream");
    drop(client);
    let remains = || connection(there, here);
    let Some(row) = once(remains, |row| row.state == SocketState::TimeWait) else { return };
    let expires = row.expires.unwrap();
    assert!(expires > Duration::from_secs(50) && expires <= Duration::from_secs(61), "{row:?}");
    assert_eq!((row.tcp, row.is_held()), (None, false));
}

#[test]
fn a_half_closed_connection_whose_owner_is_gone_will_expire_too() {
    let listener = listener(V4, 3);
    let client = connected(Tcp, &listener);
    drop(listener.accept().unwrap());
    assert_eq!(client.receive(1).unwrap(), b"", "the end of the stream");
    let remains = || connection(client.peer().unwrap(), client.local().unwrap());
    let forgotten = |row: &SocketRow| row.state == SocketState::FinWait2 && row.expires.is_some();
    let Some(row) = once(remains, forgotten) else { return };
    assert!(!row.is_held(), "{row:?}");
    let row = end_of(&client).unwrap();
    assert_eq!((row.state, row.expires), (SocketState::CloseWait, None));
}

#[test]
fn a_socket_that_is_bound_and_never_listened_is_in_the_table() {
    for address in loopbacks() {
        let socket = bound(Tcp, address);
        let Some(rows) = rows(Tcp, port(&socket)) else { return };
        let Some(row) = rows.iter().find(|row| Some(row.local) == socket.local()) else {
            assert!(kernel() < (6, 8), "the kernel shows sockets that are only bound");
            return skip("Linux 6.8");
        };
        assert_eq!(row.state, SocketState::BoundInactive);
        assert_eq!((row.v6only, row.tcp), (row.local.is_ipv6().then_some(true), None));
        assert!(row.is_held());
    }
}

#[test]
fn a_connect_that_waits_for_an_answer_shows_how_often_it_asked() {
    let listener = listener(V4, 0);
    let _queued = connected(Tcp, &listener);
    let address = listener.local().unwrap();
    let client = Socket::new(&crate::actor(), Tcp, address).unwrap();
    std::thread::scope(|scope| {
        let connecting = scope.spawn(|| client.connect_within(address, Duration::from_millis(1500)));
        let asking = |rows: &Vec<SocketRow>| rows.iter().any(|row| row.state == SocketState::SynSent);
        let Some(all) = once(|| rows(Tcp, address.port()), asking) else { return };
        assert_eq!(only(&all, SocketState::SynSent).tcp.unwrap().bytes_acknowledged, 0);
        let again = |row: &SocketRow| row.tcp.is_some_and(|tcp| tcp.total_retransmissions > 0);
        once(|| Some(only(&rows(Tcp, address.port())?, SocketState::SynSent)), again);
        let row = only(&rows(Tcp, address.port()).unwrap(), SocketState::Listen);
        assert_eq!((row.recv_queue, row.send_queue), (1, 0), "one more than the backlog");
        assert!(connecting.join().unwrap().unwrap_err().is_timeout());
    });
}

#[test]
fn a_datagram_that_nobody_reads_stands_in_the_queue() {
    let socket = bound(Udp, V4);
    let peer = connected(Udp, &socket);
    peer.send(b"anyone?").unwrap();
    let Some(own) = once(|| row(Udp, &socket), |row| row.recv_queue > 0) else { return };
    assert_eq!((own.state, own.peer.port()), (SocketState::Unconnected, 0));
    let sender = row(Udp, &peer).unwrap();
    assert_eq!((sender.state, sender.peer), (SocketState::Established, socket.local().unwrap()));
}

#[test]
fn an_ipv6_wildcard_says_whether_it_takes_ipv4_as_well() {
    for protocol in [Tcp, Udp] {
        for only in [true, false] {
            let address = "[::]:0".parse().unwrap();
            let socket = Socket::new(&crate::actor(), protocol, address).unwrap();
            let socket = socket.with(Choice::V6Only(only)).unwrap();
            socket.bind(address).unwrap();
            if protocol == Tcp {
                socket.listen(1).unwrap();
            }
            let Some(row) = row(protocol, &socket) else { return };
            assert_eq!(row.v6only, Some(only));
        }
    }
}

#[test]
fn a_port_that_nobody_has_gives_an_empty_table() {
    // Another test may be given the port that this one lets go; then this one takes another.
    for protocol in [Tcp, Udp] {
        let free = || {
            let port = port(&bound(protocol, V4));
            rows(protocol, port)
        };
        once(free, Vec::is_empty);
    }
}

#[test]
fn the_transports_have_tables_of_their_own() {
    let socket = bound(Udp, V4);
    let Some(own) = row(Udp, &socket) else { return };
    let rows = rows(Tcp, port(&socket)).unwrap();
    assert!(rows.iter().all(|row| row.inode != own.inode), "{rows:?}");
}

/// Major and minor version of the running kernel.
fn kernel() -> (u32, u32) {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    let mut numbers =
        release.split(|letter: char| !letter.is_ascii_digit()).map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

/// The one row in this state.
fn only(rows: &[SocketRow], state: SocketState) -> SocketRow {
    let found: Vec<_> = rows.iter().filter(|row| row.state == state).collect();
    assert_eq!(found.len(), 1, "{rows:#?}");
    found[0].clone()
}

/// The row of one end of a connection.
fn end_of(socket: &Socket) -> Option<SocketRow> {
    connection(socket.local().unwrap(), socket.peer().unwrap())
}

/// Asked again while it is not there: a connection that the kernel makes smaller as it closes is in neither of its
/// tables for a moment.
fn connection(local: SocketAddr, peer: SocketAddr) -> Option<SocketRow> {
    let found =
        || Some(rows(Tcp, local.port())?.into_iter().find(|row| (row.local, row.peer) == (local, peer)));
    once(found, Option::is_some)?
}
