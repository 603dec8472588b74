//! UDP through the proxy.

use crate::running::{LONG, Running};
use netfault::failure::Protocol;
use netfault::impair::{Chance, Dice, Direction, Impairment, Loss, Packet, PacketRule, Rule};
use netfault::proxy::Limits;
use netfault::trace::What;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

/// A server that sends back what it gets; it ends with the process.
pub(crate) fn echo() -> SocketAddr {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = socket.local_addr().unwrap();
    thread::spawn(move || {
        let mut room = vec![0; 65_536];
        while let Ok((length, from)) = socket.recv_from(&mut room) {
            // A client that has gone is no reason to stop.
            let _ = socket.send_to(&room[..length], from);
        }
    });
    address
}

fn client(of: &Running) -> UdpSocket {
    client_at(of.address)
}

/// A socket connected to this address.
pub(crate) fn client_at(address: SocketAddr) -> UdpSocket {
    let any: std::net::IpAddr =
        if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
    let socket = UdpSocket::bind((any, 0)).unwrap();
    socket.connect(address).unwrap();
    socket.set_read_timeout(Some(LONG)).unwrap();
    socket
}

fn receive(socket: &UdpSocket) -> Vec<u8> {
    let mut room = vec![0; 65_536];
    let length = socket.recv(&mut room).unwrap();
    room.truncate(length);
    room
}

#[test]
fn each_client_gets_its_own_replies() {
    let running = Running::udp(echo(), &[]);
    let clients: Vec<UdpSocket> = (0..20).map(|_| client(&running)).collect();
    for (number, client) in clients.iter().enumerate() {
        client.send(format!("client {number}").as_bytes()).unwrap();
    }
    for (number, client) in clients.iter().enumerate() {
        assert_eq!(receive(client), format!("client {number}").as_bytes());
    }
    assert_eq!(running.clients(), 20);
}

#[test]
fn boundaries_are_kept_up_to_the_largest_datagram() {
    let running = Running::udp(echo(), &[]);
    let client = client(&running);
    for length in [0, 1, 1472, 9000, 65_507] {
        let datagram: Vec<u8> = (0..length).map(|at: u32| u8::try_from(at % 251).unwrap()).collect();
        client.send(&datagram).unwrap();
        assert!(receive(&client) == datagram, "{length} bytes");
    }
}

#[test]
fn an_unreachable_port_is_passed_on_where_the_system_lets_us_and_said_where_not() {
    let gone = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let running = Running::udp(gone, &[]);
    let client = client(&running);
    client.send(b"anybody?").unwrap();
    loop {
        let What::Note { text } = running.events.recv_timeout(LONG).unwrap().what else { continue };
        if text.contains("not passed on") {
            assert!(text.contains("CAP_NET_RAW"), "{text}");
            return;
        }
        if text.contains("passed on") {
            break;
        }
    }
    assert_eq!(client.recv(&mut [0; 8]).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn refuse_is_port_unreachable_of_the_kernel() {
    let running = Running::udp(echo(), &["refuse:name=no"]);
    let client = client(&running);
    client.send(b"no").unwrap();
    assert_eq!(client.recv(&mut [0; 8]).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    running.remove("no");
    client.send(b"yes").unwrap();
    assert_eq!(receive(&client), b"yes");
}

#[test]
fn clients_too_many_are_dropped_and_idle_ones_forgotten() {
    let limits = Limits { clients: 2, idle: Duration::from_millis(10), ..Limits::default() };
    let running = Running::with(limits, Protocol::Udp, echo(), &[]);
    let clients: Vec<UdpSocket> = (0..3).map(|_| client(&running)).collect();
    for client in &clients {
        client.send(b"here").unwrap();
    }
    assert_eq!((receive(&clients[0]), receive(&clients[1])), (b"here".to_vec(), b"here".to_vec()));
    running.wait_for_note("dropped: there are 2 clients already");
    running.wait_until("clients are left", |running| running.clients() == 0);
    clients[2].send(b"now").unwrap();
    assert_eq!(receive(&clients[2]), b"now");
}

#[test]
fn latency_delays_and_jitter_reorders() {
    let running = Running::udp(echo(), &["latency:latency=30,jitter=30"]);
    let client = client(&running);
    for number in 0..50_u8 {
        client.send(&[number]).unwrap();
    }
    let mut received: Vec<u8> = (0..50).map(|_| receive(&client)[0]).collect();
    assert!(!received.is_sorted(), "{received:?}");
    received.sort_unstable();
    assert!(received.into_iter().eq(0..50));
}

#[test]
fn what_is_lost_is_what_the_seed_says() {
    let running = Running::udp(echo(), &["loss:probability=0.3,stream=upstream,name=l"]);
    let client = client(&running);
    let chance = Chance::of(0.3);
    let rule = Rule::always(Impairment::Loss(Loss::Random(chance)), Direction::Upstream);
    let dice = Dice::of(7, &["p", "l", "1", "upstream"]);
    let mut decider = PacketRule::new(rule, Duration::ZERO, dice);
    let mut passes = |_: &u8| {
        let mut out = Vec::new();
        decider.decide(Packet::new(Duration::ZERO, 1), &mut out);
        !out.is_empty()
    };
    let expected: Vec<u8> = (0..100).filter(&mut passes).collect();
    assert!((40..95).contains(&expected.len()));
    for number in 0..100_u8 {
        client.send(&[number]).unwrap();
        if expected.contains(&number) {
            assert_eq!(receive(&client), [number]);
        }
    }
    client.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert!(client.recv(&mut [0; 8]).is_err(), "more came than the seed says");
}

#[test]
fn the_first_so_many_and_each_so_manieth_are_lost() {
    let running = Running::udp(echo(), &["loss:first=2,stream=upstream"]);
    let client = client(&running);
    (0..4_u8).for_each(|number| assert_eq!(client.send(&[number]).unwrap(), 1));
    assert_eq!((receive(&client), receive(&client)), (vec![2], vec![3]));
    let running = Running::udp(echo(), &["loss:every=2"]);
    let client = self::client(&running);
    (0..4_u8).for_each(|number| assert_eq!(client.send(&[number]).unwrap(), 1));
    assert_eq!((receive(&client), receive(&client)), (vec![0], vec![2]));
}

#[test]
fn datagrams_are_duplicated_corrupted_and_overtake_each_other() {
    let running = Running::udp(echo(), &["duplicate:probability=1"]);
    let client = client(&running);
    client.send(b"twice").unwrap();
    assert_eq!((receive(&client), receive(&client)), (b"twice".to_vec(), b"twice".to_vec()));

    let running = Running::udp(echo(), &["corrupt:probability=1"]);
    let client = self::client(&running);
    client.send(&[0; 16]).unwrap();
    assert_eq!(receive(&client).iter().map(|byte| byte.count_ones()).sum::<u32>(), 1);

    let running = Running::udp(echo(), &["reorder:every=3,delay=100"]);
    let client = self::client(&running);
    (0..3_u8).for_each(|number| assert_eq!(client.send(&[number]).unwrap(), 1));
    let received: Vec<u8> = (0..3).map(|_| receive(&client)[0]).collect();
    assert_eq!(received, [2, 0, 1]);
}

#[test]
fn a_queue_that_is_full_drops() {
    let running = Running::udp(echo(), &["bandwidth:rate=0,queue=10,stream=upstream,name=b"]);
    let client = client(&running);
    (0..3_u8).for_each(|number| assert_eq!(client.send(&[number; 5]).unwrap(), 5));
    let act = running.wait_for_act(|act| act.did == "dropped");
    assert_eq!((act.bytes, act.connection), (Some(5), 1));
    running.remove("b");
    assert_eq!((receive(&client), receive(&client)), (vec![0; 5], vec![1; 5]));
}

#[test]
fn a_toxic_that_goes_lets_go_what_it_held_in_order() {
    let running = Running::udp(echo(), &["latency:latency=600000,stream=upstream,name=slow"]);
    let client = client(&running);
    (0..10_u8).for_each(|number| assert_eq!(client.send(&[number]).unwrap(), 1));
    for _ in 0..10 {
        running.wait_for_act(|act| act.did == "delayed");
    }
    running.remove("slow");
    let received: Vec<u8> = (0..10).map(|_| receive(&client)[0]).collect();
    assert!(received.is_sorted(), "{received:?}");
}

#[test]
fn both_families_are_relayed() {
    let server = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    let running = Running::udp(server.local_addr().unwrap(), &[]);
    let client = client(&running);
    client.send(b"six").unwrap();
    let mut room = [0; 8];
    let (length, from) = server.recv_from(&mut room).unwrap();
    server.send_to(&room[..length], from).unwrap();
    assert_eq!(receive(&client), b"six");
}

#[test]
fn a_client_that_was_refused_is_served_when_the_toxic_goes() {
    let running = Running::udp(echo(), &["first_n:connections=1,name=first"]);
    let client = client(&running);
    client.send(b"no").unwrap();
    let act = running.wait_for_act(|act| act.did == "refused");
    assert_eq!((act.kind.as_str(), act.connection), ("first_n", 1));
    running.remove("first");
    loop {
        client.send(b"yes").or_else(|_| client.send(b"yes")).unwrap();
        let mut room = [0; 8];
        match client.recv(&mut room) {
            Ok(length) => break assert_eq!(&room[..length], b"yes"),
            // Where the first one was refused by ICMP.
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionRefused),
        }
    }
}

#[test]
fn a_toxic_whose_time_is_over_lets_go_what_it_held() {
    let running = Running::udp(echo(), &["bandwidth:rate=0,stream=upstream,until=100"]);
    let client = client(&running);
    client.send(b"held").unwrap();
    assert_eq!(receive(&client), b"held");
}

#[test]
fn what_toxics_hold_of_datagrams_is_bounded() {
    let limits = Limits { memory: 10, ..Limits::default() };
    let running =
        Running::with(limits, Protocol::Udp, echo(), &["latency:latency=600000,stream=upstream,name=l"]);
    let client = client(&running);
    (0..3_u8).for_each(|number| assert_eq!(client.send(&[number; 5]).unwrap(), 5));
    let counted = "netfault_proxy_overflow_total{proxy=\"p\"} 1\n";
    running.wait_until("nothing is dropped", |running| {
        running.control.ask(|relay| relay.metrics()).unwrap().contains(counted)
    });
    assert_eq!(running.control.ask(|relay| relay.held()).unwrap(), 10);
    running.remove("l");
    assert_eq!((receive(&client), receive(&client)), (vec![0; 5], vec![1; 5]));
    assert_eq!(running.control.ask(|relay| relay.held()).unwrap(), 0);
}

#[test]
fn an_unreachable_port_that_cannot_be_passed_on_is_counted() {
    let gone = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    // Whoever listens on every address does not know which of them the client sent to.
    let running = Running::listening("0.0.0.0:0", Protocol::Udp, gone);
    let client = client_at((Ipv4Addr::LOCALHOST, running.address.port()).into());
    client.send(b"anybody?").unwrap();
    running.wait_for_note("not passed on");
    let metrics = running.control.ask(|relay| relay.metrics()).unwrap();
    assert!(metrics.contains("netfault_proxy_icmp_kept_total{proxy=\"p\"} 1\n"), "{metrics}");
}
