//! For each fault that needs a network the situation most like it that has another cause: it must not get this fault's
//! verdict, or not as proved.

use crate::Test;
use crate::given::{pair, routed};
use netfault::failure::Protocol::{Tcp, Udp};
use netfault::failure::{Failure, Op};
use netfault::fault::Fault;
use netfault::impair::Direction;
use netfault::reproduce::Stage;
use netfault::socket::{Choice, Socket};
use netfault::trace::{Confidence, SocketRow, SocketState, Verdict};
use netfault::vnet::{Answer, Change, Filter, Matches, Network, Reason, Topology, Traced, Transport};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("near_misses::a_full_backlog_is_no_blackhole", a_full_backlog_is_no_blackhole),
    ("near_misses::lost_answers_are_no_proved_blackhole", lost_answers_are_no_proved_blackhole),
    ("near_misses::a_closed_window_is_no_dead_peer", a_closed_window_is_no_dead_peer),
    ("near_misses::a_peer_that_is_slow_is_no_dead_peer", a_peer_that_is_slow_is_no_dead_peer),
    (
        "near_misses::a_refusal_of_the_server_itself_is_no_firewall",
        a_refusal_of_the_server_itself_is_no_firewall,
    ),
    ("near_misses::each_unreachable_is_told_from_the_others", each_unreachable_is_told_from_the_others),
    ("near_misses::a_broadcast_is_not_prohibited_on_the_way", a_broadcast_is_not_prohibited_on_the_way),
    (
        "near_misses::a_datagram_that_fits_the_path_is_not_too_large",
        a_datagram_that_fits_the_path_is_not_too_large,
    ),
];

const SHORT: Duration = Duration::from_millis(300);

/// A stage, and a network whose packets are in its trace.
struct Lab {
    stage: Stage,
    network: Network,
}

impl Lab {
    fn of(topology: &Topology) -> Self {
        let stage = Stage::new(1, true);
        let traced = Box::new(Traced::new(stage.recorder(), topology));
        let network = Network::start(topology, 1, stage.recorder(), vec![traced]).unwrap();
        Self { stage, network }
    }

    fn on<T: Send>(&self, host: &str, act: impl FnOnce() -> T + Send) -> T {
        self.network.within(host, act).unwrap()
    }

    /// A listener on the server with this backlog.
    fn listener(&self, v6: bool, backlog: i32) -> (Socket, SocketAddr) {
        let ip = self.network.address("server", "client", v6).unwrap();
        self.on("server", || {
            let (socket, address) = self.stage.bound(&self.stage.actor("server"), Tcp, ip).unwrap();
            socket.listen(backlog).unwrap();
            (socket, address)
        })
    }

    /// A port of the server that nobody uses.
    fn unused(&self, v6: bool) -> SocketAddr {
        let ip = self.network.address("server", "client", v6).unwrap();
        self.on("server", || self.stage.unused(Tcp, ip).unwrap())
    }

    fn filter(&self, link: &str, direction: Direction, answer: Answer) {
        let matches = Matches { protocol: Some(Transport::Tcp), ..Matches::default() };
        let filter = ("test".to_owned(), Filter { matches, direction, answer });
        self.network.change(Change::Filters(link.into(), vec![filter])).unwrap();
    }

    /// The client connects in vain; the table is read when its SYN has gone out again, and ICMP errors are looked for.
    fn connects_in_vain(&self, to: SocketAddr) -> Failure {
        self.on("client", || {
            let client = Socket::new(&self.stage.actor("client"), Tcp, to).unwrap();
            let failure = thread::scope(|scope| {
                let waiting = scope.spawn(|| client.connect(to));
                let repeats = |row: &SocketRow| {
                    row.state == SocketState::SynSent
                        && row.tcp.is_some_and(|tcp| tcp.total_retransmissions > 0)
                };
                let seen = |rows: &[SocketRow]| rows.iter().any(repeats);
                self.stage.sockets_when(Tcp, to.port(), "the SYN to be sent again", seen).unwrap();
                waiting.join().unwrap().unwrap_err()
            });
            self.stage.eyes().route(to.ip()).unwrap();
            failure
        })
    }

    /// The client is refused at once.
    fn is_refused(&self, to: SocketAddr) -> Failure {
        self.on("client", || {
            let client = Socket::new(&self.stage.actor("client"), Tcp, to).unwrap();
            let failure = client.connect(to).unwrap_err();
            self.stage.eyes().route(to.ip()).unwrap();
            self.stage.probe_connect(to).unwrap();
            failure
        })
    }

    fn connected(&self, to: SocketAddr, choice: Choice) -> Socket {
        self.on("client", || {
            let client = Socket::new(&self.stage.actor("client"), Tcp, to).unwrap().with(choice).unwrap();
            client.connect(to).unwrap();
            client
        })
    }

    fn verdict(&self, failure: &Failure) -> Verdict {
        self.stage.judge(failure)
    }
}

fn is_proved(verdict: &Verdict, fault: Fault) -> bool {
    verdict.fault == Some(fault) && verdict.confidence == Confidence::Proved
}

fn a_full_backlog_is_no_blackhole() {
    for v6 in [false, true] {
        let lab = Lab::of(&pair());
        let (_listener, address) = lab.listener(v6, 0);
        // Linux takes one more than the backlog; whoever comes then is not answered.
        let _in_the_queue = lab.connected(address, Choice::NoDelay);
        let failure = lab.connects_in_vain(address);
        assert!(failure.is_timeout(), "{failure}");
        let verdict = lab.verdict(&failure);
        assert!(!is_proved(&verdict, Fault::ConnectBlackhole), "{verdict:#?}");
    }
}

fn lost_answers_are_no_proved_blackhole() {
    for v6 in [false, true] {
        let lab = Lab::of(&pair());
        let (_listener, address) = lab.listener(v6, 16);
        lab.filter("link", Direction::Downstream, Answer::Drop);
        let failure = lab.connects_in_vain(address);
        let verdict = lab.verdict(&failure);
        assert!(!is_proved(&verdict, Fault::ConnectBlackhole), "every SYN arrived: {verdict:#?}");
    }
}

fn a_closed_window_is_no_dead_peer() {
    for v6 in [false, true] {
        let lab = Lab::of(&pair());
        let (listener, address) = lab.listener(v6, 16);
        let client = lab.connected(address, Choice::UserTimeout(Duration::from_secs(1)));
        let _never_read = listener.accept().unwrap();
        let port = client.local().unwrap().port();
        let failure = lab.on("client", || {
            thread::scope(|scope| {
                let sending = scope.spawn(|| {
                    let bytes = vec![7; 1 << 20];
                    loop {
                        if let Err(failure) = client.send_all(&bytes) {
                            return failure;
                        }
                    }
                });
                let stalled = |rows: &[SocketRow]| {
                    rows.iter()
                        .any(|row| row.send_queue > 0 && row.tcp.is_some_and(|tcp| tcp.unacknowledged == 0))
                };
                lab.stage.sockets_when(Tcp, port, "the window to be closed", stalled).unwrap();
                sending.join().unwrap()
            })
        });
        assert!(failure.is("ETIMEDOUT"), "{failure}");
        let verdict = lab.verdict(&failure);
        assert!(!is_proved(&verdict, Fault::DeadPeer), "its probes are answered: {verdict:#?}");
    }
}

fn a_peer_that_is_slow_is_no_dead_peer() {
    for v6 in [false, true] {
        let lab = Lab::of(&pair());
        let (listener, address) = lab.listener(v6, 16);
        let client = lab.connected(address, Choice::ReadLimit(SHORT));
        let _accepted = listener.accept().unwrap();
        let failure = lab.on("client", || {
            client.send_all(b"Ipin").unwrap();
            thread::scope(|scope| {
                let waiting = scope.spawn(|| client.receive(64));
                lab.stage.wait_for_call("client", Op::Receive).unwrap();
                lab.stage.sockets(Tcp, address.port()).unwrap();
                waiting.join().unwrap().unwrap_err()
            })
        });
        let verdict = lab.verdict(&failure);
        assert_eq!(verdict.fault, Some(Fault::ReadSilence), "{verdict:#?}");
    }
}

fn a_refusal_of_the_server_itself_is_no_firewall() {
    for v6 in [false, true] {
        let lab = Lab::of(&pair());
        let failure = lab.is_refused(lab.unused(v6));
        assert!(failure.is("ECONNREFUSED"), "{failure}");
        let verdict = lab.verdict(&failure);
        assert_ne!(verdict.fault, Some(Fault::FirewallReject), "{verdict:#?}");
        // One that answers with RST looks the same to the client; the record of the packets tells it.
        lab.filter("link", Direction::Upstream, Answer::Reset);
        let verdict = lab.verdict(&lab.is_refused(lab.unused(v6)));
        assert!(is_proved(&verdict, Fault::FirewallReject), "{verdict:#?}");
    }
}

fn each_unreachable_is_told_from_the_others() {
    let reasons = [
        (Reason::NetUnreachable, Fault::NoRoute),
        (Reason::HostUnreachable, Fault::HostDown),
        (Reason::Prohibited, Fault::Prohibited),
        (Reason::PortUnreachable, Fault::FirewallReject),
    ];
    for v6 in [false, true] {
        for (reason, fault) in &reasons {
            let lab = Lab::of(&routed());
            lab.filter("far", Direction::Upstream, Answer::Icmp { reason: *reason, from: None });
            let verdict = lab.verdict(&lab.is_refused(lab.unused(v6)));
            assert!(is_proved(&verdict, *fault), "{reason:?}: {verdict:#?}");
        }
    }
    // Time exceeded is EHOSTUNREACH too, and no host that is down.
    let lab = Lab::of(&routed());
    lab.filter("far", Direction::Upstream, Answer::Icmp { reason: Reason::TimeExceeded, from: None });
    let failure = lab.is_refused(lab.unused(false));
    assert!(failure.is("EHOSTUNREACH"), "{failure}");
    assert!(!is_proved(&lab.verdict(&failure), Fault::HostDown), "{failure}");
}

fn a_broadcast_is_not_prohibited_on_the_way() {
    let lab = Lab::of(&pair());
    let everybody: SocketAddr = "10.1.0.255:9".parse().unwrap();
    let failure = lab.on("client", || {
        let client = Socket::new(&lab.stage.actor("client"), Udp, everybody).unwrap();
        let failure = client.send_to(b"Ipin", everybody).unwrap_err();
        lab.stage.eyes().route(everybody.ip()).unwrap();
        failure
    });
    assert!(failure.is("EACCES"), "{failure}");
    let verdict = lab.verdict(&failure);
    assert_ne!(verdict.fault, Some(Fault::Prohibited), "SO_BROADCAST is not set: {verdict:#?}");
}

fn a_datagram_that_fits_the_path_is_not_too_large() {
    let mut topology = routed();
    topology.links[1].mtu = 1280;
    for v6 in [false, true] {
        let lab = Lab::of(&topology);
        let ip = lab.network.address("server", "client", v6).unwrap();
        let (server, address) =
            lab.on("server", || lab.stage.bound(&lab.stage.actor("server"), Udp, ip).unwrap());
        let client = lab.on("client", || {
            let client = Socket::new(&lab.stage.actor("client"), Udp, address).unwrap();
            client.with(Choice::ReadLimit(SHORT)).unwrap()
        });
        let fits = 1280 - if v6 { 48 } else { 28 };
        client.send_to(&vec![7; fits], address).unwrap();
        assert_eq!(server.receive_from(2048).unwrap().0.len(), fits);
        // The other server answers with silence: that is all that there is to it.
        let failure = client.receive(64).unwrap_err();
        let verdict = lab.verdict(&failure);
        assert_ne!(verdict.fault, Some(Fault::TooLarge), "{verdict:#?}");
    }
}
