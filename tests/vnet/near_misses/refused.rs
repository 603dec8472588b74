//! Refusals and lost ways that are another's, and datagrams that are not too large.

use super::Lab;
use crate::Test;
use crate::given::routed;
use netfault::failure::{Failure, Protocol::Udp};
use netfault::fault::Fault;
use netfault::impair::Direction;
use netfault::socket::{Choice, Socket};
use netfault::trace::Confidence;
use netfault::vnet::{Answer, Change, Link, Reason, Topology};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

pub(super) const TESTS: &[Test] = &[
    (
        "near_misses::a_port_of_another_host_that_nobody_listens_on_is_no_firewall",
        a_port_of_another_host_that_nobody_listens_on_is_no_firewall,
    ),
    (
        "near_misses::a_reset_in_anothers_name_is_told_from_the_hosts_own_by_the_record",
        a_reset_in_anothers_name_is_told_from_the_hosts_own_by_the_record,
    ),
    (
        "near_misses::each_icmp_error_is_what_it_says_and_nothing_like_it",
        each_icmp_error_is_what_it_says_and_nothing_like_it,
    ),
    ("near_misses::no_route_of_the_own_kernel_is_no_host_down", no_route_of_the_own_kernel_is_no_host_down),
    (
        "near_misses::a_neighbour_that_does_not_answer_has_a_route",
        a_neighbour_that_does_not_answer_has_a_route,
    ),
    (
        "near_misses::what_icmp_says_later_does_not_explain_a_refusal",
        what_icmp_says_later_does_not_explain_a_refusal,
    ),
    ("near_misses::a_route_that_prohibits_is_not_none", a_route_that_prohibits_is_not_none),
    (
        "near_misses::a_broadcast_that_was_not_asked_for_is_not_prohibited",
        a_broadcast_that_was_not_asked_for_is_not_prohibited,
    ),
    ("near_misses::what_fits_the_path_is_not_too_large", what_fits_the_path_is_not_too_large),
    (
        "near_misses::beyond_the_longest_datagram_no_router_is_asked",
        beyond_the_longest_datagram_no_router_is_asked,
    ),
];

const FAMILIES: [bool; 2] = [false, true];
/// Nothing that is waited for takes so long.
const LONG: Duration = Duration::from_secs(10);

fn a_port_of_another_host_that_nobody_listens_on_is_no_firewall() {
    for v6 in FAMILIES {
        let lab = Lab::pair();
        let failure = lab.refused(lab.unused(v6));
        assert!(failure.is("ECONNREFUSED"), "{failure}");
        assert_eq!(lab.judged(&failure), (Some(Fault::NoListener), false));
    }
}

fn a_reset_in_anothers_name_is_told_from_the_hosts_own_by_the_record() {
    for v6 in FAMILIES {
        let lab = Lab::pair();
        let (_listener, target) = lab.listener(v6);
        lab.filter("link", Direction::Upstream, Answer::Reset);
        let failure = lab.refused(target);
        assert!(failure.is("ECONNREFUSED"), "{failure}");
        assert_eq!(lab.judged(&failure), (Some(Fault::FirewallReject), true));
    }
}

/// IPv4: the error's numbers, and what they say.
const V4: &[(u8, u8, Option<Fault>)] = &[
    (3, 0, Some(Fault::NoRoute)),
    (3, 1, Some(Fault::HostDown)),
    (3, 3, Some(Fault::FirewallReject)),
    (3, 6, Some(Fault::NoRoute)),
    // ENETUNREACH and EHOSTUNREACH too, but forbidden.
    (3, 9, Some(Fault::Prohibited)),
    (3, 10, Some(Fault::Prohibited)),
    (3, 13, Some(Fault::Prohibited)),
    // Not for this type of service: another may pass.
    (3, 11, None),
    (3, 12, None),
    // EHOSTUNREACH too, but packets go in a circle.
    (11, 0, None),
];

/// The same of IPv6, where numbers mean something else.
const V6: &[(u8, u8, Option<Fault>)] = &[
    (1, 0, Some(Fault::NoRoute)),
    (1, 1, Some(Fault::Prohibited)),
    (1, 3, Some(Fault::HostDown)),
    (1, 4, Some(Fault::FirewallReject)),
    (1, 5, Some(Fault::Prohibited)),
    (1, 6, Some(Fault::Prohibited)),
    // Beyond the scope of its source.
    (1, 2, None),
    (3, 0, None),
    (3, 1, None),
];

fn each_icmp_error_is_what_it_says_and_nothing_like_it() {
    let mut wrong = Vec::new();
    for (v6, table) in [(false, V4), (true, V6)] {
        for (kind, code, fault) in table {
            let lab = Lab::routed();
            let (_listener, target) = lab.listener(v6);
            let from = Some(lab.network.address("router", "client", v6).unwrap());
            lab.filter(
                "near",
                Direction::Upstream,
                Answer::Icmp { reason: Reason::Numbers(*kind, *code), from },
            );
            let failure = lab.refused(target);
            let judged = lab.judged(&failure);
            if judged != (*fault, fault.is_some()) {
                wrong.push(format!("v6 {v6}, {kind}/{code}: {failure}: {judged:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Addresses that nobody has (RFC 5737, RFC 3849).
const ELSEWHERE: [&str; 2] = ["203.0.113.7", "2001:db8::7"];

/// Connects where the client's own kernel knows no way, or allows none.
fn lost(lab: &Lab, address: SocketAddr) -> Failure {
    lab.on("client", || {
        let client = Socket::new(&lab.stage.actor("client"), netfault::failure::Protocol::Tcp, address);
        let failure = client.unwrap().connect(address).unwrap_err();
        lab.stage.eyes().route(address.ip()).unwrap();
        failure
    })
}

fn no_route_of_the_own_kernel_is_no_host_down() {
    let lab = Lab::pair();
    for ip in ELSEWHERE {
        let failure = lost(&lab, SocketAddr::new(ip.parse().unwrap(), 80));
        assert!(failure.is("ENETUNREACH"), "{failure}");
        assert_eq!(lab.judged(&failure), (Some(Fault::NoRoute), true));
    }
}

fn a_neighbour_that_does_not_answer_has_a_route() {
    for v6 in FAMILIES {
        let lab = Lab::pair();
        let (_listener, target) = lab.listener(v6);
        lab.network.change(Change::Down("server".into())).unwrap();
        let failure = lost(&lab, target);
        assert!(failure.is("EHOSTUNREACH"), "{failure}");
        // Nobody said so: a firewall of the neighbour's may keep it from answering.
        assert_eq!(lab.judged(&failure), (Some(Fault::HostDown), false));
    }
}

fn what_icmp_says_later_does_not_explain_a_refusal() {
    for v6 in FAMILIES {
        for reason in [Reason::Prohibited, Reason::NetUnreachable, Reason::HostUnreachable] {
            let lab = Lab::pair();
            let target = lab.unused(v6);
            let failure = lost(&lab, target);
            assert!(failure.is("ECONNREFUSED"), "{failure}");
            lab.filter("link", Direction::Upstream, Answer::Icmp { reason, from: None });
            lab.on("client", || lab.stage.probe_connect(target)).unwrap();
            assert_eq!(lab.judged(&failure).0, None, "{reason:?}");
        }
    }
}

fn a_route_that_prohibits_is_not_none() {
    let lab = Lab::pair();
    for ip in ELSEWHERE {
        let ip: IpAddr = ip.parse().unwrap();
        lab.network.prohibit("client", ip.into()).unwrap();
        let failure = lost(&lab, SocketAddr::new(ip, 80));
        assert!(failure.is("EACCES"), "{failure}");
        assert_eq!(lab.judged(&failure), (Some(Fault::Prohibited), true));
    }
}

fn a_broadcast_that_was_not_asked_for_is_not_prohibited() {
    let lab = Lab::pair();
    let everybody: SocketAddr = "10.1.0.255:9".parse().unwrap();
    let (sent, connected) = lab.on("client", || {
        let client = || Socket::new(&lab.stage.actor("client"), Udp, everybody).unwrap();
        let sent = client().send_to(b"Ipin", everybody).unwrap_err();
        let connected = client().connect(everybody).unwrap_err();
        lab.stage.eyes().route(everybody.ip()).unwrap();
        (sent, connected)
    });
    for failure in [sent, connected] {
        assert!(failure.is("EACCES"), "{failure}");
        assert_eq!(lab.judged(&failure).0, None);
    }
}

/// The narrowest link that IPv6 allows, behind the router.
fn narrow() -> Topology {
    let mut topology = routed();
    topology.links[1] = Link { mtu: 1280, ..topology.links[1].clone() };
    topology
}

/// A datagram of so many bytes reaches the server.
fn arrives(lab: &Lab, client: &Socket, server: &Socket, bytes: usize) {
    lab.on("client", || client.send(&vec![b'a'; bytes])).unwrap();
    assert_eq!(server.receive_from(bytes + 1).unwrap().0.len(), bytes);
}

fn what_fits_the_path_is_not_too_large() {
    for v6 in FAMILIES {
        let lab = Lab::of(&narrow());
        let ip = lab.network.address("server", "client", v6).unwrap();
        let (server, target) =
            lab.on("server", || lab.stage.bound(&lab.stage.actor("server"), Udp, ip)).unwrap();
        let client = lab.on("client", || {
            let client = Socket::new(&lab.stage.actor("client"), Udp, target).unwrap();
            let choices = [Choice::KeepIcmpErrors, Choice::ReadLimit(LONG)];
            let client = choices.iter().fold(client, |client, choice| client.with(*choice).unwrap());
            client.connect(target).unwrap();
            client
        });
        let room = 1280 - 8 - if v6 { 40 } else { 20 };
        arrives(&lab, &client, &server, room);
        // One more byte, and the router tells.
        lab.on("client", || client.send(&vec![b'a'; room + 1])).unwrap();
        let failure = client.receive(64).unwrap_err();
        assert!(failure.is("EMSGSIZE"), "{failure}");
        lab.stage.icmp_errors(&client, target).unwrap();
        assert_eq!(lab.judged(&failure), (Some(Fault::TooLarge), true));
        // Now the kernel knows, and cuts it by itself.
        arrives(&lab, &client, &server, room + 1);
    }
}

fn beyond_the_longest_datagram_no_router_is_asked() {
    for (v6, longest) in [(false, 65_507), (true, 65_527)] {
        let lab = Lab::of(&narrow());
        let ip = lab.network.address("server", "client", v6).unwrap();
        let target = SocketAddr::new(ip, 9);
        let failure = lab.on("client", || {
            let client = Socket::new(&lab.stage.actor("client"), Udp, target).unwrap();
            client.send_to(&vec![b'a'; longest + 1], target).unwrap_err()
        });
        assert!(failure.is("EMSGSIZE"), "{failure}");
        let verdict = lab.verdict(&failure);
        assert_eq!((verdict.fault, verdict.confidence), (Some(Fault::TooLarge), Confidence::Proved));
        assert!(lab.stage.eyes().seen().is_empty(), "it needs no evidence");
    }
}
