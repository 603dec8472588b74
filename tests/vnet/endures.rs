//! A network lives on, whatever its programs send, and is gone when it is dropped.

use crate::Test;
use crate::given::{echo, exchange, pair, run, started};
use netfault::impair::{Delay, Direction, Distribution, Impairment, Rule};
use netfault::vnet::Change;
use std::fs;
use std::net::UdpSocket;
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("endures::two_hundred_networks_in_a_row_leave_nothing", two_hundred_networks_in_a_row_leave_nothing),
    ("endures::garbage_on_the_wire_is_nobodys_end", garbage_on_the_wire_is_nobodys_end),
    ("endures::full_queues_drop_and_go_on", full_queues_drop_and_go_on),
];

/// Descriptors, threads and bytes of memory of this process.
fn held() -> (usize, usize, usize) {
    let count = |folder: &str| fs::read_dir(folder).unwrap().count();
    (count("/proc/self/fd"), count("/proc/self/task"), resident())
}

fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

fn two_hundred_networks_in_a_row_leave_nothing() {
    // The first one has what stays: names that were read once, room of the allocator.
    drop(started(&pair()));
    let before = held();
    for _ in 0..200 {
        drop(started(&pair()));
    }
    let after = held();
    assert_eq!((before.0, before.1), (after.0, after.1), "descriptors and threads");
    assert!(after.2 < before.2 + (8 << 20), "{} bytes more", after.2 - before.2);
}

fn garbage_on_the_wire_is_nobodys_end() {
    let network = started(&pair());
    // Rules, so that every frame is looked into.
    let delay = Delay {
        base: Duration::ZERO,
        jitter: Duration::ZERO,
        distribution: Distribution::Uniform,
        correlation: 0.0,
    };
    let rule = Rule::always(Impairment::Delay(delay), Direction::Both);
    network.change(Change::Rules("link".into(), vec![("none".into(), rule)])).unwrap();
    let garbage = "
import os, random, socket
random.seed(1)
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(('eth0', 0))
kinds = [b'\\x08\\x00', b'\\x86\\xdd', b'\\x08\\x06', b'\\x81\\x00', b'\\xff\\xff']
for _ in range(20000):
    body = os.urandom(random.randrange(0, 1400))
    head = b'\\x02\\x00\\x00\\x00\\x00\\x02' + b'\\x02\\x00\\x00\\x00\\x00\\x01' + random.choice(kinds)
    first = random.choice([b'', b'\\x45', b'\\x4f', b'\\x60', b'\\x45\\x00\\xff\\xff'])
    try:
        wire.send(head + first + body)
    except OSError:
        pass
";
    let ended = run(&network, "client", &["python3", "-c", garbage]);
    assert!(ended.status.success(), "{ended:?}");
    assert!(network.counts().unwrap()[0][0].packets > 1000);
    for v6 in [false, true] {
        let address = echo(&network, v6);
        assert_eq!(exchange(&network, address).unwrap(), b"Ipin");
    }
}

fn full_queues_drop_and_go_on() {
    let network = started(&pair());
    let delay = Delay {
        base: Duration::from_secs(1),
        jitter: Duration::ZERO,
        distribution: Distribution::Uniform,
        correlation: 0.0,
    };
    let rule = Rule::always(Impairment::Delay(delay), Direction::Upstream);
    network.change(Change::Rules("link".into(), vec![("slow".into(), rule)])).unwrap();
    let before = resident();
    let to = network.address("server", "client", false).unwrap();
    network
        .within("client", || {
            let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
            let message = [0; 1400];
            while network.counts().unwrap()[0][0].overflowed < 5000 {
                for _ in 0..100 {
                    // A full buffer of the sender's own is no error of the network.
                    let _ = socket.send_to(&message, (to, 9));
                }
            }
        })
        .unwrap();
    let more = resident().saturating_sub(before);
    assert!(more < (96 << 20), "{more} bytes wait");
    network.change(Change::Rules("link".into(), Vec::new())).unwrap();
    let address = echo(&network, false);
    assert_eq!(exchange(&network, address).unwrap(), b"Ipin");
}
