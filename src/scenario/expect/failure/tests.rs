//! Failed calls are found in traces, and in what programs wrote.

use super::super::stage::{Run, own, program, run};
use super::*;
use crate::failure::Protocol;
use crate::scenario::model::Expectation;
use std::time::Duration;

const SERVER: &str = "127.0.0.1:9000";

fn wanted(errno: &str, call: Option<Op>, peer: Option<&str>) -> Expectation {
    let errno = (!errno.is_empty()).then(|| errno.to_owned());
    Expectation::Failure(WantedFailure { errno, call, peer: peer.map(str::to_owned) })
}

fn traced(actor: &str, op: Op, why: Why) -> Run {
    let mut run = run([own("client")]);
    run.address("server", SERVER);
    run.failed(actor, op, Protocol::Tcp, Some(SERVER), why);
    run
}

fn errno(name: &'static str) -> Why {
    Why::Errno(crate::failure::Errno { name: name.into(), code: 111, message: "refused".into() })
}

fn wrote(lines: &[&str]) -> Run {
    let mut run = run([program("client")]);
    run.address("server", SERVER);
    for line in lines {
        run.wrote_to("client", Stream::Stderr, line);
    }
    run
}

#[test]
fn a_traced_call_is_met_by_errno_call_and_peer() {
    for actor in ["client", "client/3"] {
        let run = traced(actor, Op::Connect, errno("ECONNREFUSED"));
        for (expected, passed) in [
            (wanted("ECONNREFUSED", Some(Op::Connect), Some("server")), true),
            (wanted("", None, None), true),
            (wanted("ECONNRESET", None, None), false),
            (wanted("ECONNREFUSED", Some(Op::Receive), None), false),
            (wanted("ECONNREFUSED", None, Some("other")), false),
            (Expectation::NoFailure, false),
        ] {
            let found = run.found(&expected, "client");
            assert_eq!(found.passed, Some(passed), "{expected:?}");
            assert_eq!(found.because, [1], "{expected:?}");
            assert!(found.got.contains("connect tcp 127.0.0.1:9000: ECONNREFUSED"), "{}", found.got);
        }
    }
    let other = traced("client2", Op::Connect, errno("ECONNREFUSED"));
    assert_eq!(other.found(&Expectation::NoFailure, "client").passed, Some(true));
}

#[test]
fn every_kind_of_time_out_is_one_and_a_closed_stream_is_none() {
    let deadline = || Why::Deadline { limit: Duration::from_secs(1) };
    for (why, timeout, closed) in [
        (deadline(), true, false),
        (errno("EAGAIN"), true, false),
        (errno("ETIMEDOUT"), true, false),
        (Why::Closed, false, true),
    ] {
        let run = traced("client", Op::Receive, why);
        assert_eq!(run.found(&wanted("timeout", None, None), "client").passed, Some(timeout));
        assert_eq!(run.found(&wanted("closed", None, None), "client").passed, Some(closed));
    }
}

#[test]
fn many_failures_are_told_as_their_kinds() {
    let mut run = traced("client", Op::Connect, errno("ECONNREFUSED"));
    run.failed("client", Op::Connect, Protocol::Tcp, Some(SERVER), errno("ECONNREFUSED"));
    let found = run.found(&wanted("ECONNRESET", None, None), "client");
    assert_eq!(found.got, "connect tcp 127.0.0.1:9000: ECONNREFUSED (111) refused (× 2)");
}

const TRACEBACK: &[&str] = &[
    "Traceback (most recent call last):",
    "  File \"client.py\", line 4, in <module>",
    "    s.connect((\"127.0.0.1\", 9000))",
    "ConnectionRefusedError: [Errno 111] Connection refused",
];

#[test]
fn the_output_of_another_program_tells_its_failure() {
    let run = wrote(TRACEBACK);
    for (expected, passed) in [
        (wanted("ECONNREFUSED", Some(Op::Connect), Some("server")), Some(true)),
        (wanted("ECONNREFUSED", Some(Op::Receive), None), Some(false)),
        (wanted("timeout", None, None), Some(false)),
        (Expectation::NoFailure, Some(false)),
    ] {
        assert_eq!(run.found(&expected, "client").passed, passed, "{expected:?}");
    }
    assert_eq!(run.found(&wanted("", None, None), "client").because, [4]);
}

#[test]
fn every_error_of_an_output_counts() {
    let run = wrote(&[
        "attempt 1: [Errno 111] Connection refused",
        "attempt 2: [Errno 111] Connection refused",
        "ConnectionResetError: [Errno 104] Connection reset by peer",
    ]);
    let found = run.found(&wanted("ECONNRESET", None, None), "client");
    assert_eq!((found.passed, found.because.as_slice()), (Some(true), &[3][..]));
}

#[test]
fn what_an_output_leaves_out_is_not_held_against_it() {
    let run = wrote(&["ConnectionRefusedError: [Errno 111] Connection refused"]);
    let expected = wanted("ECONNREFUSED", Some(Op::Connect), Some("server"));
    assert_eq!(run.found(&expected, "client").passed, Some(true));
    let found = run.found(&wanted("", Some(Op::Receive), Some("server")), "client");
    assert_eq!(found.passed.is_some(), found.got.contains("connect"), "{}", found.got);
}

#[test]
fn a_failure_of_which_nothing_that_is_asked_is_told_is_untold() {
    let run = wrote(&["reset by peer: [Errno 104] Connection reset by peer"]);
    let found = run.found(&wanted("", None, Some("server")), "client");
    assert_eq!((found.passed, found.got.ends_with("the output does not tell more")), (None, true));
}

#[test]
fn an_output_without_an_error_shows_none() {
    let run = wrote(&["IPIN"]);
    assert_eq!(run.found(&Expectation::NoFailure, "client").passed, Some(true));
    let found = run.found(&wanted("ECONNREFUSED", None, None), "client");
    assert_eq!((found.passed, found.got.as_str()), (Some(false), "no error in the output: \"IPIN\""));
}
