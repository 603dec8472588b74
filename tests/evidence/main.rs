//! The readers of the live system against real sockets: each test brings one state about and looks for it.
//! On a platform that has no reader they say so and end.

#[cfg(unix)]
mod holder;
mod icmp;
#[cfg(all(target_os = "linux", not(netfault_blind)))]
mod system;
mod table;

use netfault::evidence::{self, Absent};
use netfault::failure::Protocol::{self, Tcp};
use netfault::socket::Socket;
use netfault::trace::{Actor, Fact, Recorder, SocketRow, Source};
use std::time::Duration;

const V4: &str = "127.0.0.1:0";
const V6: &str = "[::1]:0";
const PATIENCE: Duration = Duration::from_secs(5);

fn actor() -> Actor {
    Recorder::new().actor("test")
}

/// The loopback addresses of this host, each with port 0.
fn loopbacks() -> impl Iterator<Item = &'static str> {
    let has_v6 = std::net::TcpListener::bind(V6).is_ok();
    if !has_v6 {
        skip("the IPv6 loopback, for the half of the test that is about it");
    }
    [V4, V6].into_iter().take(if has_v6 { 2 } else { 1 })
}

fn bound(protocol: Protocol, address: &str) -> Socket {
    let address = address.parse().unwrap();
    let socket = Socket::new(&actor(), protocol, address).unwrap();
    socket.bind(address).unwrap();
    socket
}

fn listener(address: &str, backlog: i32) -> Socket {
    let socket = bound(Tcp, address);
    socket.listen(backlog).unwrap();
    socket
}

fn connected(protocol: Protocol, peer: &Socket) -> Socket {
    let address = peer.local().unwrap();
    let socket = Socket::new(&actor(), protocol, address).unwrap();
    socket.connect(address).unwrap();
    socket
}

fn port(socket: &Socket) -> u16 {
    socket.local().unwrap().port()
}

/// The socket table's rows for one port.
fn rows(protocol: Protocol, port: u16) -> Option<Vec<SocketRow>> {
    match shown(evidence::sockets(protocol, port))? {
        (Source::SockDiag, Fact::Sockets { rows, .. }) => Some(rows),
        other => panic!("{other:?}"),
    }
}

/// The one row of a socket.
fn row(protocol: Protocol, socket: &Socket) -> Option<SocketRow> {
    let rows = rows(protocol, port(socket))?;
    let own: Vec<_> = rows.into_iter().filter(|row| Some(row.local) == socket.local()).collect();
    let [row] = own.try_into().unwrap_or_else(|rows| panic!("one row, not {rows:?}"));
    Some(row)
}

/// The first answer that is `wanted`: the kernel finishes a close or a delivery a moment after the call.
fn once<T: std::fmt::Debug>(ask: impl Fn() -> Option<T>, wanted: impl Fn(&T) -> bool) -> Option<T> {
    let deadline = Recorder::new().deadline(PATIENCE);
    loop {
        let answer = ask()?;
        if wanted(&answer) {
            return Some(answer);
        }
        assert!(deadline.left().is_some(), "{answer:#?}");
        std::thread::yield_now();
    }
}

/// The answer; `None`, with a word about it, on a platform that has no reader.
fn shown<T>(answer: Result<T, Absent>) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer),
        Err(absent) if cfg!(all(target_os = "linux", not(netfault_blind))) => panic!("{absent}"),
        Err(absent) => {
            skip(&absent.needs);
            None
        }
    }
}

#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn skip(needs: &str) {
    eprintln!("skipped: needs {needs}");
}
