//! The naive programs do what a student's do: they answer, they cut, they die.

use netfault::failure::{Failure, Op, Why};
use netfault::naive::{client, server};
use netfault::socket::Socket;
use netfault::trace::{Actor, Recorder};
use std::net::SocketAddr;
use std::thread;

const ANY_PORT: SocketAddr = SocketAddr::V4(std::net::SocketAddrV4::new(std::net::Ipv4Addr::LOCALHOST, 0));

fn actor(name: &str) -> Actor {
    Recorder::new().actor(name)
}

fn address_of(socket: &Socket) -> SocketAddr {
    socket.local().unwrap()
}

fn shout(text: &str) -> String {
    text.to_uppercase()
}

#[test]
fn one_exchange_over_tcp_and_udp() {
    thread::scope(|scope| {
        let (tcp, udp) = both_servers();
        let (tcp_address, udp_address) = (address_of(&tcp), address_of(&udp));
        scope.spawn(move || server::answer_tcp(&tcp, shout));
        scope.spawn(move || server::answer_udp(&udp, shout));
        assert_eq!(client::tcp(&actor("client"), tcp_address, "ipin", None).unwrap(), "IPIN");
        assert_eq!(client::udp(&actor("client"), udp_address, "ipin\n", None).unwrap(), "IPIN");
    });
}

#[cfg(unix)] // Windows reports the cut, as WSAEMSGSIZE, and the server dies of it.
#[test]
fn a_message_is_what_one_recv_gives() {
    thread::scope(|scope| {
        let (_, udp) = both_servers();
        let address = address_of(&udp);
        scope.spawn(move || server::answer_udp(&udp, |text| text.len().to_string()));
        assert_eq!(client::udp(&actor("client"), address, &"x".repeat(3000), None).unwrap(), "1024");
    });
}

#[test]
fn bytes_that_are_not_text_end_the_server() {
    let (tcp, udp) = both_servers();
    let send = |protocol, address: SocketAddr| {
        let socket = Socket::new(&actor("client"), protocol, address).unwrap();
        socket.connect(address).unwrap();
        socket.send(b"\xff").unwrap();
        socket
    };
    let died = |failure: &Failure| (failure.call.op, failure.why.clone());
    let _kept = send(netfault::failure::Protocol::Tcp, address_of(&tcp));
    assert_eq!(died(&server::serve_tcp(&tcp, shout)), (Op::Receive, Why::NotUtf8));
    let _kept = send(netfault::failure::Protocol::Udp, address_of(&udp));
    assert_eq!(died(&server::serve_udp(&udp, shout)), (Op::Receive, Why::NotUtf8));
}

#[test]
fn a_second_server_on_the_same_port_dies_at_bind() {
    let (tcp, udp) = both_servers();
    let again = server::bind_tcp(&actor("second"), address_of(&tcp)).unwrap_err();
    assert!(again.is("EADDRINUSE") && again.call.op == Op::Bind, "{again}");
    assert!(server::bind_udp(&actor("second"), address_of(&udp)).unwrap_err().is("EADDRINUSE"));
}

#[test]
fn a_patient_client_ends_with_the_kernels_own_error() {
    let (tcp, _) = both_servers();
    let patience = Some(std::time::Duration::from_millis(20));
    let failure = client::tcp(&actor("client"), address_of(&tcp), "ipin", patience).unwrap_err();
    assert!(failure.is_timeout() && failure.errno().is_some() && failure.call.op == Op::Receive, "{failure}");
}

fn both_servers() -> (Socket, Socket) {
    let actor = actor("server");
    (server::bind_tcp(&actor, ANY_PORT).unwrap(), server::bind_udp(&actor, ANY_PORT).unwrap())
}
