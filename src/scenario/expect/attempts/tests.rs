//! Attempts are counted, and the pauses between them measured.

use super::super::stage::{Run, link, own, program, run};
use super::*;
use crate::failure::Why;
use crate::scenario::model::{Expectation, Step, When};
use proptest::prelude::*;

const ONE: &str = "127.0.0.1:9000";
const OTHER: &str = "[::1]:9000";

/// A client that is refused, with these pauses between its attempts.
fn refused(pauses: &[u64]) -> Run {
    let mut run = run([own("client")]);
    for pause in [0].iter().chain(pauses) {
        run.after(*pause);
        // A socket is made after the pause, which does not end the attempt before.
        run.called("client", Op::Socket, Protocol::Tcp, None);
        run.started("client", Op::Connect, Protocol::Tcp, Some(ONE));
        run.after(10).failed("client", Op::Connect, Protocol::Tcp, Some(ONE), Why::Closed);
    }
    run
}

fn attempts(run: &Run, bounds: Bounds) -> Found {
    run.found(&Expectation::Attempts(bounds), "client")
}

fn spaced(run: &Run, spacing: Spacing) -> Found {
    run.found(&Expectation::Spacing(spacing), "client")
}

const GROWS: Spacing = Spacing { grows: true, at_least: None, at_most: None };

#[test]
fn each_connect_is_an_attempt() {
    let run = refused(&[100, 200]);
    assert_eq!(attempts(&run, Bounds::exactly(3)).passed, Some(true));
    let missed = attempts(&run, Bounds::exactly(2));
    assert_eq!((missed.passed, missed.got.as_str()), (Some(false), "3 attempts"));
    assert_eq!(missed.because.len(), 3);
}

#[test]
fn each_datagram_is_an_attempt_and_to_name_its_peer_is_none() {
    let mut run = run([own("client")]);
    for _ in 0..2 {
        run.called("client", Op::Connect, Protocol::Udp, Some(ONE));
        run.called("client", Op::Send, Protocol::Udp, Some(ONE));
        run.after(50).failed("client", Op::Receive, Protocol::Udp, Some(ONE), Why::Closed);
    }
    assert_eq!(attempts(&run, Bounds::exactly(2)).passed, Some(true));
}

#[test]
fn the_next_address_is_part_of_an_attempt() {
    let mut run = run([own("client")]);
    for address in [ONE, OTHER] {
        run.started("client", Op::Connect, Protocol::Tcp, Some(address));
        run.failed("client", Op::Connect, Protocol::Tcp, Some(address), Why::Closed);
    }
    assert_eq!(attempts(&run, Bounds::exactly(1)).passed, Some(true));
    run.retrying("client", 2, 100);
    run.started("client", Op::Connect, Protocol::Tcp, Some(OTHER));
    assert_eq!(attempts(&run, Bounds::exactly(2)).passed, Some(true));
    // Without a word about a pause, the same address is a new attempt.
    run.failed("client", Op::Connect, Protocol::Tcp, Some(OTHER), Why::Closed);
    run.started("client", Op::Connect, Protocol::Tcp, Some(OTHER));
    assert_eq!(attempts(&run, Bounds::exactly(3)).passed, Some(true));
}

#[test]
fn pauses_that_grow_are_told_from_those_that_do_not() {
    assert_eq!(spaced(&refused(&[100, 150]), GROWS).passed, Some(true));
    assert_eq!(spaced(&refused(&[100, 149]), GROWS).passed, Some(false));
    let short = spaced(&refused(&[100]), GROWS);
    assert_eq!(
        (short.passed, short.got.as_str()),
        (Some(false), "2 attempts: two pauses show whether they grow")
    );
    assert_eq!(spaced(&refused(&[100, 200]), GROWS).got, "pauses of 100ms, 200ms");
}

#[test]
fn threads_have_pauses_of_their_own() {
    let mut run = run([own("crowd")]);
    for at in [0, 100, 300] {
        run.after(at);
        for actor in ["crowd/1", "crowd/2"] {
            run.started(actor, Op::Connect, Protocol::Tcp, Some(ONE));
            run.failed(actor, Op::Connect, Protocol::Tcp, Some(ONE), Why::Closed);
        }
    }
    let found = run.found(&Expectation::Spacing(GROWS), "crowd");
    assert_eq!((found.passed, found.got.as_str()), (Some(true), "pauses of 100ms, 300ms | 100ms, 300ms"));
}

proptest! {
    #[test]
    fn the_edges_of_a_pause_belong_to_it(pause in 1u64..1000) {
        let run = refused(&[pause]);
        let ms = Duration::from_millis;
        let spacing = |at_least, at_most| Spacing { grows: false, at_least, at_most };
        prop_assert_eq!(spaced(&run, spacing(Some(ms(pause)), Some(ms(pause)))).passed, Some(true));
        prop_assert_eq!(spaced(&run, spacing(Some(ms(pause + 1)), None)).passed, Some(false));
        prop_assert_eq!(spaced(&run, spacing(None, Some(ms(pause - 1)))).passed, Some(false));
    }
}

/// A program that records nothing, whose connections came to a link.
fn at_link(pauses: &[u64]) -> Run {
    let mut run = run([program("client")]);
    run.scenario.links.push(link("path", "client", "server"));
    for pause in pauses {
        run.after(*pause).called("link path", Op::Accept, Protocol::Tcp, Some("127.0.0.1:40000"));
    }
    run
}

#[test]
fn of_another_program_what_came_to_the_link_counts() {
    let run = at_link(&[0, 100, 200]);
    assert_eq!(attempts(&run, Bounds::exactly(3)).passed, Some(true));
    assert_eq!(attempts(&run, Bounds::exactly(1)).passed, Some(false));
    assert_eq!(spaced(&run, GROWS).passed, Some(true));
}

#[test]
fn without_a_link_and_beside_another_client_nobody_can_tell() {
    let alone = run([program("client")]);
    assert_eq!(attempts(&alone, Bounds::exactly(1)).passed, None);
    assert_eq!(spaced(&alone, GROWS).passed, None);
    let mut two = at_link(&[0]);
    let mut other = program("other");
    other.host = "client".into();
    two.scenario.programs.push(other);
    let found = attempts(&two, Bounds::exactly(1));
    assert_eq!((found.passed, found.got.contains("other calls from the same host")), (None, true));
}

#[test]
fn a_door_that_refuses_hides_attempts() {
    let mut run = at_link(&[0, 1]);
    let when = When::At(Duration::ZERO);
    run.scenario.steps.push(Step { name: None, when, action: Action::Refuse("path".into()) });
    let bounds = |at_least, at_most| Bounds { at_least, at_most };
    assert_eq!(attempts(&run, bounds(2, None)).passed, Some(true));
    assert_eq!(attempts(&run, bounds(3, None)).passed, None);
    assert_eq!(attempts(&run, bounds(0, Some(1))).passed, Some(false));
    assert_eq!(attempts(&run, bounds(2, Some(2))).passed, None);
    assert_eq!(spaced(&run, GROWS).passed, None);
}
