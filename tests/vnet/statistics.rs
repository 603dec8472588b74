//! What chance does on a link is what its rule says, over a hundred thousand packets, and the same for the same seed.

use crate::Test;
use crate::given::pair;
use netfault::impair::{Chance, Direction, Impairment, Loss, Reorder, Rule};
use netfault::trace::Recorder;
use netfault::vnet::{Change, Counts, Network};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("statistics::loss_is_as_often_as_its_rule_says", loss_is_as_often_as_its_rule_says),
    ("statistics::duplicates_are", duplicates_are),
    ("statistics::flipped_bits_are", flipped_bits_are),
    ("statistics::overtaking_is", overtaking_is),
    ("statistics::a_seed_makes_the_same_decisions", a_seed_makes_the_same_decisions),
    ("statistics::every_packet_is_accounted_for", every_packet_is_accounted_for),
];

const PACKETS: u64 = 100_000;
/// Packets of one burst: fewer than any queue on the way holds.
const BURST: u64 = 100;

/// A network whose hosts have found each other before the rule comes.
fn network(impairment: Impairment, seed: u64) -> Network {
    let network =
        Network::start(&pair(), seed, &Recorder::forgetful(), Vec::new()).expect("the network starts");
    let (_server, to) = sink(&network);
    send(&network, to, 1, 1);
    let rule = Rule::always(impairment, Direction::Upstream);
    network.change(Change::Rules("link".into(), vec![("rule".into(), rule)])).unwrap();
    network
}

/// Sends numbered datagrams from the client, at the pace at which the link takes them.
fn send(network: &Network, to: SocketAddr, packets: u64, burst: u64) -> Counts {
    let before = upstream(network);
    let socket = network.within("client", || UdpSocket::bind("0.0.0.0:0").unwrap()).unwrap();
    let mut sent = 0;
    while sent < packets {
        for number in sent..(sent + burst).min(packets) {
            socket.send_to(&number.to_be_bytes(), to).unwrap();
        }
        sent = (sent + burst).min(packets);
        while upstream(network).packets - before.packets < sent {
            thread::yield_now();
        }
    }
    upstream(network)
}

fn upstream(network: &Network) -> Counts {
    network.counts().unwrap()[0][0]
}

/// A server that takes datagrams, so that none is answered with ICMP.
fn sink(network: &Network) -> (UdpSocket, SocketAddr) {
    let socket = network.within("server", || UdpSocket::bind("0.0.0.0:9").unwrap()).unwrap();
    let ip = network.address("server", "client", false).unwrap();
    (socket, SocketAddr::new(ip, 9))
}

/// Within the interval in which 999 of 1000 such counts lie.
#[expect(clippy::cast_precision_loss, reason = "counts of some 100,000")]
fn is_as_expected(what: &str, count: u64, probability: f64) {
    let packets = PACKETS as f64;
    let (mean, deviation) = (packets * probability, (packets * probability * (1.0 - probability)).sqrt());
    let off = (count as f64 - mean).abs() / deviation;
    assert!(off < 3.29, "{what}: {count} of {PACKETS} at {probability}: {off:.2} deviations off");
}

fn chance(probability: f64) -> Chance {
    Chance { probability, correlation: 0.0 }
}

fn loss_is_as_often_as_its_rule_says() {
    for probability in [0.01, 0.2] {
        let network = network(Impairment::Loss(Loss::Random(chance(probability))), 1);
        let (_server, to) = sink(&network);
        is_as_expected("lost", send(&network, to, PACKETS, BURST).dropped, probability);
    }
}

fn duplicates_are() {
    let network = network(Impairment::Duplicate(chance(0.05)), 1);
    let (_server, to) = sink(&network);
    is_as_expected("doubled", send(&network, to, PACKETS, BURST).duplicated, 0.05);
}

fn flipped_bits_are() {
    let network = network(Impairment::Corrupt(chance(0.05)), 1);
    let (_server, to) = sink(&network);
    is_as_expected("corrupted", send(&network, to, PACKETS, BURST).corrupted, 0.05);
}

fn overtaking_is() {
    let reorder = Reorder { chance: chance(0.25), every: None, delay: Duration::from_millis(1) };
    let network = network(Impairment::Reorder(reorder), 1);
    let (_server, to) = sink(&network);
    is_as_expected("overtook", send(&network, to, PACKETS, BURST).overtook, 0.25);
}

/// The numbers that arrive of a thousand.
fn arrived(network: &Network) -> Vec<u64> {
    let (server, to) = sink(network);
    server.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let reader = thread::spawn(move || {
        let mut room = [0; 8];
        let mut numbers = Vec::new();
        while server.recv(&mut room).is_ok() {
            numbers.push(u64::from_be_bytes(room));
        }
        numbers
    });
    // One after the other: a sender that changes its processor may change their order too.
    send(network, to, 1000, 1);
    reader.join().unwrap()
}

fn with_loss(seed: u64) -> Vec<u64> {
    arrived(&network(Impairment::Loss(Loss::Random(chance(0.3))), seed))
}

fn a_seed_makes_the_same_decisions() {
    let first = with_loss(7);
    assert!((600..800).contains(&first.len()), "{}", first.len());
    assert!(first == with_loss(7), "the same seed decided otherwise");
    assert!(first != with_loss(8), "another seed decided the same");
}

fn every_packet_is_accounted_for() {
    let network = network(Impairment::Duplicate(chance(0.5)), 3);
    let came = arrived(&network).len() as u64;
    let counts = upstream(&network);
    assert_eq!(came, 1000 + counts.duplicated, "{counts:?}");
}
