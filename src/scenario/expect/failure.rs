//! `failure`: a call that failed, or that none did. Of a program that records its calls that is read in its trace, of
//! another one in what it wrote, as `netfault explain` reads it.

use super::found::{Found, missed, untold};
use super::seen::Seen;
use crate::failure::{Failure, Op, Why};
use crate::fault::{Family, Fault};
use crate::knowledge::{self, Sighting};
use crate::scenario::model::WantedFailure;
use crate::trace::Stream;
use std::fmt::Write as _;
use std::net::SocketAddr;

/// What is wanted where no call may fail.
pub(super) const NONE: &str = "no failed call";

/// A call must have failed so.
pub(super) fn failed(wanted: &WantedFailure, program: &str, seen: Seen<'_>) -> Found {
    let want = want(wanted);
    let met = met(program, seen);
    if met.is_empty() {
        let words = seen.last_words(program, None);
        return missed(
            want,
            if seen.is_traced(program) {
                NONE.to_owned()
            } else {
                format!("no error in the output: {words}")
            },
        );
    }
    let peer =
        wanted.peer.as_ref().map(|peer| seen.played.addresses.get(peer).map_or(&[][..], Vec::as_slice));
    let answers: Vec<Option<bool>> = met.iter().map(|met| met.is(wanted, peer)).collect();
    let those =
        |answer| answers.iter().zip(&met).filter(move |(given, _)| **given == answer).map(|(_, met)| met);
    let hits: Vec<&Met<'_>> = those(Some(true)).collect();
    if !hits.is_empty() {
        return Found::new(want, told(hits.iter().copied()), true).because(hits.iter().map(|met| met.seq));
    }
    let got = told(met.iter());
    let because = met.iter().map(|met| met.seq);
    if those(None).next().is_some() {
        return untold(want, format!("{got}; the output does not tell more")).because(because);
    }
    missed(want, got).because(because)
}

/// None may have failed.
pub(super) fn none_failed(program: &str, seen: Seen<'_>) -> Found {
    let met = met(program, seen);
    if met.is_empty() {
        return Found::new(NONE, NONE, true);
    }
    missed(NONE, told(met.iter())).because(met.iter().map(|met| met.seq))
}

/// A failure that was met, and the event that shows it.
struct Met<'a> {
    seq: usize,
    what: Kind<'a>,
}

enum Kind<'a> {
    /// A call of a trace.
    Call(&'a Failure),
    /// An error in an output.
    Text(Sighting),
}

impl Met<'_> {
    /// Whether it is the wanted one; `None` when nothing that is asked for can be told of it. What an output leaves out
    /// (Python gives no address) speaks neither for nor against it.
    fn is(&self, wanted: &WantedFailure, peer: Option<&[SocketAddr]>) -> Option<bool> {
        let errno = wanted.errno.as_deref().map(|errno| Some(self.has_errno(errno)));
        let call = wanted.call.map(|call| self.call().map(|own| own == call));
        let peer = peer.map(|addresses| self.has_peer(addresses));
        let asked: Vec<Option<bool>> = [errno, call, peer].into_iter().flatten().collect();
        if asked.contains(&Some(false)) {
            return Some(false);
        }
        (asked.is_empty() || asked.contains(&Some(true))).then_some(true)
    }

    fn has_errno(&self, wanted: &str) -> bool {
        match (&self.what, wanted) {
            (Kind::Call(failure), "timeout") => failure.is_timeout(),
            (Kind::Call(failure), "closed") => failure.why == Why::Closed,
            (Kind::Call(failure), name) => failure.is(name),
            (Kind::Text(sighting), "timeout") => sighting.family == Family::Timeout,
            (Kind::Text(sighting), "closed") => sighting.fault == Some(Fault::NoReply),
            (Kind::Text(sighting), name) => sighting.code.is_some_and(|code| code.name == name),
        }
    }

    fn call(&self) -> Option<Op> {
        match &self.what {
            Kind::Call(failure) => Some(failure.call.op),
            Kind::Text(sighting) => sighting.call,
        }
    }

    fn has_peer(&self, addresses: &[SocketAddr]) -> Option<bool> {
        match &self.what {
            Kind::Call(failure) => Some(failure.call.address().is_some_and(|own| addresses.contains(&own))),
            Kind::Text(sighting) => {
                let own = sighting.address.as_deref()?;
                let is_here = |own: &str, address: &SocketAddr| {
                    own == address.to_string() || own == format!("localhost:{}", address.port())
                };
                Some(addresses.iter().any(|address| is_here(own, address)))
            }
        }
    }

    fn text(&self) -> String {
        match &self.what {
            Kind::Call(failure) => failure.to_string(),
            Kind::Text(sighting) => {
                let mut text = sighting.call.map(|call| format!("{} ", call.name())).unwrap_or_default();
                if let Some(address) = &sighting.address {
                    let _ = write!(text, "{address} ");
                }
                let name = sighting.code.map_or(sighting.page().id(), |code| code.name);
                text + name + " in the output"
            }
        }
    }
}

fn met<'a>(program: &'a str, seen: Seen<'a>) -> Vec<Met<'a>> {
    if !seen.is_traced(program) {
        return [Stream::Stderr, Stream::Stdout]
            .into_iter()
            .flat_map(|on| sighted(program, on, seen))
            .collect();
    }
    seen.of(program)
        .filter_map(|event| Some(Met { seq: event.seq, what: Kind::Call(event.what.failure()?) }))
        .collect()
}

/// The errors in what a program wrote on a stream, one after the other.
fn sighted<'a>(program: &'a str, on: Stream, seen: Seen<'a>) -> Vec<Met<'a>> {
    let lines: Vec<(usize, &str)> =
        seen.written(program, Some(on)).map(|line| (line.event.seq, line.text)).collect();
    let (mut rest, mut met) = (lines.as_slice(), Vec::new());
    while met.len() < MOST {
        let Some(sighting) = knowledge::read(rest.iter().map(|(_, text)| (*text).to_owned())) else { break };
        let line = sighting.line.unwrap_or(rest.len()).clamp(1, rest.len());
        met.push(Met { seq: rest[line - 1].0, what: Kind::Text(sighting) });
        rest = &rest[line..];
    }
    met
}

/// So many errors are read in an output.
const MOST: usize = 100;

/// Failures in words, each kind once and the first ones.
fn told<'m, 'a: 'm>(met: impl Iterator<Item = &'m Met<'a>>) -> String {
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for text in met.map(Met::text) {
        match kinds.iter_mut().find(|(kind, _)| *kind == text) {
            Some((_, times)) => *times += 1,
            None => kinds.push((text, 1)),
        }
    }
    let more = kinds.len().saturating_sub(KINDS);
    let first = kinds.iter().take(KINDS);
    let mut text = first
        .map(|(kind, times)| if *times == 1 { kind.clone() } else { format!("{kind} (× {times})") })
        .collect::<Vec<_>>()
        .join("; ");
    if more > 0 {
        let _ = write!(text, "; and {more} more");
    }
    text
}

/// So many kinds of failures are told.
const KINDS: usize = 3;

/// A wanted failure in words.
pub(super) fn want(wanted: &WantedFailure) -> String {
    let call = wanted.call.map_or("a call", Op::name);
    let peer = wanted.peer.as_ref().map(|peer| format!(" to {peer}")).unwrap_or_default();
    let errno = wanted.errno.as_ref().map(|errno| format!(" with {errno}")).unwrap_or_default();
    format!("{call}{peer} fails{errno}")
}

#[cfg(test)]
mod tests {
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
}
