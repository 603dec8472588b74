//! Time-outs that are no blackhole and no dead peer.

use super::Lab;
use crate::Test;
use netfault::failure::{Failure, Op, Protocol::Tcp};
use netfault::fault::Fault;
use netfault::impair::{Direction, Impairment, Loss, Rate, Rule};
use netfault::socket::Choice;
use netfault::trace::{Confidence, Fate, Packet, SocketRow, SocketState, TcpInfo, Unseen, What};
use netfault::vnet::{Answer, Change, Reason};
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::thread;
use std::time::Duration;

pub(super) const TESTS: &[Test] = &[
    (
        "near_misses::a_full_queue_of_another_host_is_not_proved_to_be_a_blackhole",
        a_full_queue_of_another_host_is_not_proved_to_be_a_blackhole,
    ),
    ("near_misses::a_link_that_loses_two_syns_is_no_blackhole", a_link_that_loses_two_syns_is_no_blackhole),
    (
        "near_misses::a_syn_that_arrived_at_last_proves_no_blackhole",
        a_syn_that_arrived_at_last_proves_no_blackhole,
    ),
    ("near_misses::a_syn_that_was_answered_is_no_blackhole", a_syn_that_was_answered_is_no_blackhole),
    (
        "near_misses::a_window_that_stays_closed_is_no_proof_of_a_dead_peer",
        a_window_that_stays_closed_is_no_proof_of_a_dead_peer,
    ),
    (
        "near_misses::a_segment_that_was_sent_again_on_the_way_is_no_proof_of_a_dead_peer",
        a_segment_that_was_sent_again_on_the_way_is_no_proof_of_a_dead_peer,
    ),
    ("near_misses::a_peer_that_is_silent_and_lives_is_not_dead", a_peer_that_is_silent_and_lives_is_not_dead),
];

const FAMILIES: [bool; 2] = [false, true];
const SHORT: Duration = Duration::from_millis(200);

/// Whether a SYN went out again.
fn repeats(rows: &[SocketRow]) -> bool {
    let again = |row: &SocketRow| row.tcp.is_some_and(|tcp| tcp.total_retransmissions > 0);
    rows.iter().any(|row| row.state == SocketState::SynSent && again(row))
}

/// Connects for as long as the kernel does; the table is read when the SYN has gone out again, and then `act` is done.
fn connects(lab: &Lab, target: SocketAddr, act: impl FnOnce() + Send) -> Result<(), Failure> {
    let client = lab.client(target, &[]);
    lab.on("client", || {
        thread::scope(|scope| {
            let waiting = scope.spawn(|| client.connect(target));
            lab.stage.sockets_when(Tcp, target.port(), "the SYN to be sent again", repeats).unwrap();
            act();
            waiting.join().unwrap()
        })
    })
}

/// The SYNs that went to this address.
fn syns(lab: &Lab, target: SocketAddr) -> Vec<Packet> {
    let packets = lab.stage.recorder().events().into_iter().filter_map(|event| match event.what {
        What::Packet(packet) => Some(*packet),
        _ => None,
    });
    packets.filter(|packet| packet.destination == target && packet.flags.as_deref() == Some("SYN")).collect()
}

fn a_full_queue_of_another_host_is_not_proved_to_be_a_blackhole() {
    for v6 in FAMILIES {
        let lab = Lab::pair();
        let ip = lab.network.address("server", "client", v6).unwrap();
        let (listener, target) =
            lab.on("server", || lab.stage.bound(&lab.stage.actor("server"), Tcp, ip)).unwrap();
        // A backlog of none has room for one.
        listener.listen(0).unwrap();
        let first = lab.client(target, &[]);
        lab.on("client", || first.connect(target)).unwrap();
        let is_full = |rows: &[SocketRow]| rows.iter().any(|row| row.recv_queue > row.send_queue);
        lab.on("server", || lab.stage.sockets_when(Tcp, target.port(), "a full queue", is_full)).unwrap();

        let failure = connects(&lab, target, || {}).unwrap_err();
        assert!(failure.is("ETIMEDOUT"), "{failure}");
        // The first is the one of the connection that waits in the queue.
        let sent = syns(&lab, target);
        assert!(sent.len() > 2 && sent.iter().all(|syn| syn.fate == Fate::Passed), "{sent:?}");
        let verdict = lab.verdict(&failure);
        assert_eq!((verdict.fault, lab.judged(&failure).1), (Some(Fault::ConnectBlackhole), false));
        assert_eq!(verdict.unseen, [Unseen::RemoteHost]);
    }
}

/// The first `count` packets upstream are lost.
fn loss_of_the_first(count: u64) -> Rule {
    let loss = Impairment::Loss(Loss::First(NonZeroU64::new(count).unwrap()));
    Rule::always(loss, Direction::Upstream)
}

fn a_link_that_loses_two_syns_is_no_blackhole() {
    for v6 in FAMILIES {
        let lab = Lab::pair();
        let (_listener, target) = lab.listener(v6);
        let rules = vec![("loss".into(), loss_of_the_first(2))];
        lab.network.change(Change::Rules("link".into(), rules)).unwrap();
        connects(&lab, target, || {}).unwrap();
        let fates: Vec<Fate> = syns(&lab, target).iter().map(|syn| syn.fate).collect();
        assert_eq!(fates, [Fate::Dropped, Fate::Dropped, Fate::Passed]);
    }
}

fn a_syn_that_arrived_at_last_proves_no_blackhole() {
    for v6 in FAMILIES {
        let lab = Lab::pair();
        let (_listener, target) = lab.listener(v6);
        lab.filter("link", Direction::Upstream, Answer::Drop);
        let turn = || lab.filter("link", Direction::Downstream, Answer::Drop);
        let failure = connects(&lab, target, turn).unwrap_err();
        assert!(failure.is("ETIMEDOUT"), "{failure}");
        let sent = syns(&lab, target);
        let passed = sent.iter().filter(|syn| syn.fate == Fate::Passed).count();
        assert!(passed > 0 && passed < sent.len(), "{sent:?}");
        assert_eq!(lab.judged(&failure), (Some(Fault::ConnectBlackhole), false));
    }
}

fn a_syn_that_was_answered_is_no_blackhole() {
    for v6 in FAMILIES {
        let lab = Lab::routed();
        let (_listener, target) = lab.listener(v6);
        lab.filter("far", Direction::Upstream, Answer::Icmp { reason: Reason::HostUnreachable, from: None });
        let failure = lab.refused(target);
        assert!(failure.is("EHOSTUNREACH"), "{failure}");
        assert_eq!(lab.judged(&failure), (Some(Fault::HostDown), true));
    }
}

/// A client sends more than the window of the server takes, which lives and does not read, and waits for the reply until its
/// kernel gives up. The table is read last when `wanted` holds.
fn stalls(lab: &Lab, v6: bool, rules: &[(String, Rule)], wanted: fn(TcpInfo) -> bool) -> Failure {
    let (listener, target) = lab.listener(v6);
    let client = lab.client(target, &[Choice::UserTimeout(Duration::from_secs(2))]);
    lab.on("client", || client.connect(target)).unwrap();
    let _unread = listener.accept().unwrap();
    lab.network.change(Change::Rules("link".into(), rules.to_vec())).unwrap();
    // All of it has room in the client's kernel, and not in the server's window.
    client.as_inner().set_send_buffer_size(1 << 20).unwrap();
    client.send_all(&vec![0; 150_000]).unwrap();
    lab.on("client", || {
        thread::scope(|scope| {
            let waiting = scope.spawn(|| client.receive(64));
            lab.stage.wait_for_call("client", Op::Receive).unwrap();
            let wanted = |rows: &[SocketRow]| rows.iter().any(|row| row.tcp.is_some_and(wanted));
            lab.stage.sockets_when(Tcp, target.port(), "the table as it is wanted", wanted).unwrap();
            waiting.join().unwrap().unwrap_err()
        })
    })
}

/// Its peer lives.
fn is_not_proved_dead(lab: &Lab, failure: &Failure) {
    assert!(failure.is("ETIMEDOUT"), "{failure}");
    let verdict = lab.verdict(failure);
    assert_eq!((verdict.fault, verdict.confidence), (Some(Fault::DeadPeer), Confidence::Consistent));
}

fn a_window_that_stays_closed_is_no_proof_of_a_dead_peer() {
    for v6 in FAMILIES {
        let lab = Lab::pair();
        let failure = stalls(&lab, v6, &[], |tcp| tcp.probes > 0);
        is_not_proved_dead(&lab, &failure);
    }
}

fn a_segment_that_was_sent_again_on_the_way_is_no_proof_of_a_dead_peer() {
    for v6 in FAMILIES {
        let lab = Lab::pair();
        // Slow, so that some of it is always on its way; and the window closes after that.
        let slow = Rule::always(Impairment::Rate(Rate::of(200_000)), Direction::Upstream);
        let rules = [("loss".into(), loss_of_the_first(1)), ("slow".into(), slow)];
        let failure = stalls(&lab, v6, &rules, |tcp| tcp.total_retransmissions > 0 && tcp.unacknowledged > 0);
        is_not_proved_dead(&lab, &failure);
    }
}

fn a_peer_that_is_silent_and_lives_is_not_dead() {
    for v6 in FAMILIES {
        let lab = Lab::pair();
        let (listener, target) = lab.listener(v6);
        let client = lab.client(target, &[Choice::ReadLimit(SHORT)]);
        lab.on("client", || client.connect(target)).unwrap();
        let served = listener.accept().unwrap();
        client.send_all(b"Ipin").unwrap();
        assert_eq!(served.receive(64).unwrap(), b"Ipin");
        let failure = lab.on("client", || {
            let has = |rows: &[SocketRow]| {
                rows.iter().any(|row| row.tcp.is_some_and(|tcp| tcp.bytes_acknowledged >= 4))
            };
            thread::scope(|scope| {
                let waiting = scope.spawn(|| client.receive(64));
                lab.stage.wait_for_call("client", Op::Receive).unwrap();
                lab.stage.sockets_when(Tcp, target.port(), "the request to be acknowledged", has).unwrap();
                waiting.join().unwrap().unwrap_err()
            })
        });
        assert!(failure.is("EAGAIN"), "{failure}");
        assert_eq!(lab.judged(&failure), (Some(Fault::ReadSilence), false));
    }
}
