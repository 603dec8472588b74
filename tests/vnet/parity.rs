//! A link of a virtual network and the proxy, for what both can do: the same words, the same decisions of `impair`.

use crate::Test;
use crate::given::{pair, started};
use crate::running::Running;
use netfault::failure::Protocol::Udp;
use netfault::impair::{Dice, Packet, PacketRule};
use netfault::proxy::toxic::{Toxic, short};
use netfault::trace::Recorder;
use netfault::vnet::{Change, Network};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    (
        "parity::what_is_lost_or_doubled_is_what_impair_decides",
        what_is_lost_or_doubled_is_what_impair_decides,
    ),
    ("parity::nothing_comes_too_early", nothing_comes_too_early),
    ("parity::a_rate_is_kept", a_rate_is_kept),
    ("parity::what_blocks_everything_does", what_blocks_everything_does),
];

const DATAGRAMS: u32 = 150;
/// Nothing more comes after so long.
const SILENCE: Duration = Duration::from_millis(150);

/// Two ways from a client to a server that do the same to datagrams.
struct Ways {
    network: Network,
    words: &'static str,
    toxic: Toxic,
    server: UdpSocket,
    client: UdpSocket,
}

/// A datagram that arrived, and how long after the first one was sent.
type Arrived = (u32, Duration);

impl Ways {
    fn of(words: &'static str) -> Self {
        let network = started(&pair());
        let ip = network.address("server", "client", false).unwrap();
        let server = network.within("server", || UdpSocket::bind((ip, 0)).unwrap()).unwrap();
        server.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let client = network.within("client", || UdpSocket::bind("0.0.0.0:0").unwrap()).unwrap();
        let ways = Self { network, words, toxic: short(words, Udp).unwrap(), server, client };
        // The hosts find each other first.
        ways.client.send_to(b"Ipin", ways.address()).unwrap();
        assert_eq!(ways.server.recv(&mut [0; 8]).unwrap(), 4);
        ways
    }

    fn address(&self) -> SocketAddr {
        self.server.local_addr().unwrap()
    }

    /// Over a link that has the rule, and over a proxy that has the toxic, each with the labels of its dice.
    fn both(&self, count: u32, bytes: usize) -> [(&'static str, Dice, Vec<Arrived>); 2] {
        let name = self.toxic.name.clone();
        let change = |rules| self.network.change(Change::Rules("link".into(), rules)).unwrap();
        change(vec![(name.clone(), self.toxic.rule())]);
        let link = self.arrivals(self.address(), count, bytes);
        change(Vec::new());
        // What the link held goes on now.
        while self.server.recv(&mut [0; 2048]).is_ok() {}
        let running = self.network.within("client", || Running::udp(self.address(), &[self.words])).unwrap();
        let proxy = self.arrivals(running.address, count, bytes);
        [
            ("link", Dice::of(1, &["link", "upstream", &name]), link),
            ("proxy", Dice::of(7, &["p", &name, "1", "upstream"]), proxy),
        ]
    }

    /// What arrives of what is sent there.
    fn arrivals(&self, to: SocketAddr, count: u32, bytes: usize) -> Vec<Arrived> {
        let clock = Recorder::forgetful();
        let mut arrived = Vec::new();
        self.server.set_read_timeout(Some(SILENCE)).unwrap();
        thread::scope(|scope| {
            scope.spawn(|| send(&self.client, to, count, bytes));
            let mut room = [0; 2048];
            let deadline = clock.deadline(Duration::from_secs(1));
            while !arrived.is_empty() || deadline.left().is_some() {
                match self.server.recv(&mut room) {
                    Ok(length) if length >= 4 => {
                        let number = u32::from_be_bytes(room[..4].try_into().unwrap());
                        arrived.push((number, clock.elapsed()));
                    }
                    _ if !arrived.is_empty() => break,
                    _ => {}
                }
            }
        });
        arrived
    }
}

/// Sends numbered datagrams of so many bytes, all at once.
fn send(client: &UdpSocket, to: SocketAddr, count: u32, bytes: usize) {
    for number in 0..count {
        let mut datagram = vec![7; bytes];
        datagram[..4].copy_from_slice(&number.to_be_bytes());
        client.send_to(&datagram, to).unwrap();
    }
}

fn what_is_lost_or_doubled_is_what_impair_decides() {
    for words in [
        "loss:probability=0.3,stream=upstream",
        "loss:first=2,stream=upstream",
        "loss:every=3,stream=upstream",
        "duplicate:probability=0.3,stream=upstream",
    ] {
        let ways = Ways::of(words);
        for (way, dice, arrived) in ways.both(DATAGRAMS, 16) {
            let mut decider = PacketRule::new(ways.toxic.rule(), Duration::ZERO, dice);
            let mut expected = Vec::new();
            for number in 0..DATAGRAMS {
                let mut copies = Vec::new();
                decider.decide(Packet::new(Duration::ZERO, 1), &mut copies);
                expected.extend(copies.iter().map(|_| number));
            }
            let arrived: Vec<u32> = arrived.into_iter().map(|(number, _)| number).collect();
            assert_eq!(arrived, expected, "{words}: {way}");
            assert_ne!(expected, (0..DATAGRAMS).collect::<Vec<_>>(), "{words}: nothing happens");
        }
    }
}

fn nothing_comes_too_early() {
    let ways = Ways::of("latency:latency=40,stream=upstream");
    for (way, _, arrived) in ways.both(DATAGRAMS, 16) {
        assert_eq!(arrived.len(), usize::try_from(DATAGRAMS).unwrap(), "{way}");
        assert!(arrived.is_sorted(), "{way}: not in order");
        let first = arrived[0].1;
        assert!(first >= Duration::from_millis(40), "{way}: {first:?}");
    }
}

fn a_rate_is_kept() {
    // 80 datagrams of 1,000 bytes at 1,000,000 bytes a second: 80 ms; the link counts headers too.
    let ways = Ways::of("bandwidth:rate=1000,stream=upstream");
    for (way, _, arrived) in ways.both(80, 1000) {
        assert_eq!(arrived.len(), 80, "{way}");
        let last = arrived[arrived.len() - 1].1;
        assert!(last >= Duration::from_millis(79), "{way}: {last:?}");
        assert!(last < Duration::from_millis(450), "{way}: {last:?}");
    }
}

fn what_blocks_everything_does() {
    for words in ["timeout:timeout=0,stream=upstream", "bandwidth:rate=0,stream=upstream"] {
        for (way, _, arrived) in Ways::of(words).both(DATAGRAMS, 16) {
            assert!(arrived.is_empty(), "{words}: {way}: {arrived:?}");
        }
    }
}
