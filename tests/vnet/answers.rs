//! What a program sees of an answer on the way: every ICMP code that matters, over both families, to a connect and to a
//! datagram on a connected socket. The table of docs/network.md is what this measures.

use crate::Test;
use crate::given::{echo, exchange, pair, started};
use netfault::impair::Direction;
use netfault::vnet::{Answer, Change, Filter, Matches, Network, Reason};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("answers::each_code_is_the_errno_that_linux_makes_of_it", each_code_is_the_errno_that_linux_makes_of_it),
    (
        "answers::a_connection_that_stands_takes_icmp_for_a_hint",
        a_connection_that_stands_takes_icmp_for_a_hint,
    ),
    ("answers::a_reset_ends_both_ends", a_reset_ends_both_ends),
    (
        "answers::a_host_that_is_down_answers_nobody_and_comes_back",
        a_host_that_is_down_answers_nobody_and_comes_back,
    ),
];

/// Longer than any answer takes here.
const PATIENCE: Duration = Duration::from_millis(120);

/// IPv4: type, code, errno of connect, errno of a datagram; 0 for none.
const V4: &[(u8, u8, i32, i32)] = &[
    (3, 0, 101, 0),
    (3, 1, 113, 0),
    (3, 2, 92, 92),
    (3, 3, 111, 111),
    (3, 5, 95, 0),
    (3, 6, 101, 101),
    (3, 7, 112, 112),
    (3, 8, 64, 64),
    (3, 9, 101, 101),
    (3, 10, 113, 113),
    (3, 11, 101, 0),
    (3, 12, 113, 0),
    (3, 13, 113, 113),
    (3, 14, 113, 113),
    (3, 15, 113, 113),
    (4, 0, 0, 0),
    (11, 0, 113, 0),
    (11, 1, 0, 0),
    (12, 0, 71, 71),
];

/// The same of IPv6.
const V6: &[(u8, u8, i32, i32)] = &[
    (1, 0, 101, 0),
    (1, 1, 13, 13),
    (1, 2, 113, 0),
    (1, 3, 113, 0),
    (1, 4, 111, 111),
    (1, 5, 13, 13),
    (1, 6, 13, 13),
    (1, 7, 71, 71),
    (3, 0, 113, 0),
    (3, 1, 113, 0),
    (4, 0, 71, 71),
    (4, 1, 71, 71),
];

fn each_code_is_the_errno_that_linux_makes_of_it() {
    let network = started(&pair());
    let mut wrong = Vec::new();
    for (v6, table) in [(false, V4), (true, V6)] {
        let ip = network.address("server", "client", v6).unwrap();
        let address = SocketAddr::new(ip, 80);
        for (kind, code, connect, datagram) in table {
            answer(&network, Answer::Icmp { reason: Reason::Numbers(*kind, *code), from: None });
            let seen = network.within("client", || (of_connect(address), of_datagram(address))).unwrap();
            if seen != (*connect, *datagram) {
                wrong.push(format!("v6 {v6}, {kind}/{code}: {seen:?}, not {:?}", (connect, datagram)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Everything upstream is answered so.
fn answer(network: &Network, answer: Answer) {
    let filter = Filter { matches: Matches::default(), direction: Direction::Upstream, answer };
    network.change(Change::Filters("link".into(), vec![("test".into(), filter)])).unwrap();
}

fn of_connect(address: SocketAddr) -> i32 {
    match TcpStream::connect_timeout(&address, PATIENCE) {
        Err(error) if error.kind() != ErrorKind::TimedOut => error.raw_os_error().unwrap(),
        _ => 0,
    }
}

fn of_datagram(address: SocketAddr) -> i32 {
    let any = if address.is_ipv6() { "[::]:0" } else { "0.0.0.0:0" };
    let socket = UdpSocket::bind(any).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.connect(address).unwrap();
    socket.send(b"?").unwrap();
    match socket.recv(&mut [0; 1]) {
        Err(error) if error.kind() != ErrorKind::WouldBlock => error.raw_os_error().unwrap(),
        _ => 0,
    }
}

fn a_connection_that_stands_takes_icmp_for_a_hint() {
    let network = started(&pair());
    for (v6, table) in [(false, V4), (true, V6)] {
        let address = echo(&network, v6);
        let mut stream = network.within("client", || TcpStream::connect(address).unwrap()).unwrap();
        for (kind, code, ..) in table {
            answer(&network, Answer::Icmp { reason: Reason::Numbers(*kind, *code), from: None });
            stream.write_all(b"Ipin").unwrap();
            stream.set_read_timeout(Some(PATIENCE / 3)).unwrap();
            let seen = stream.read(&mut [0; 4]).unwrap_err().kind();
            assert_eq!(seen, ErrorKind::WouldBlock, "v6 {v6}, {kind}/{code}");
            network.change(Change::Filters("link".into(), Vec::new())).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let mut back = [0; 4];
            stream.read_exact(&mut back).unwrap();
            assert_eq!(&back, b"Ipin");
        }
    }
}

fn a_reset_ends_both_ends() {
    let network = started(&pair());
    for v6 in [false, true] {
        let ip = network.address("server", "client", v6).unwrap();
        let listener = network.within("server", || std::net::TcpListener::bind((ip, 0)).unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let mut client = network.within("client", || TcpStream::connect(address).unwrap()).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        answer(&network, Answer::Reset);
        client.write_all(b"Ipin").unwrap();
        for (name, end) in [("client", &mut client), ("server", &mut server)] {
            end.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
            let seen = end.read(&mut [0; 4]).map_err(|error| error.raw_os_error());
            assert_eq!(seen, Err(Some(104)), "{name}: ECONNRESET");
        }
        assert_eq!(network.within("client", || of_connect(address)).unwrap(), 111, "ECONNREFUSED");
        network.change(Change::Filters("link".into(), Vec::new())).unwrap();
    }
}

fn a_host_that_is_down_answers_nobody_and_comes_back() {
    let network = started(&pair());
    let address = echo(&network, false);
    network.change(Change::Down("server".into())).unwrap();
    let refused = network.within("client", || TcpStream::connect(address)).unwrap().unwrap_err();
    assert_eq!(refused.raw_os_error(), Some(113), "EHOSTUNREACH: no answer to ARP");
    network.change(Change::Up("server".into())).unwrap();
    assert_eq!(exchange(&network, address).unwrap(), b"Ipin");
}
