//! `netfault send`: requests from the arguments or line by line from stdin, a line of output for each reply.

use super::cause::no_reply;
use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::Terminal;
use crate::cli::trace;
use crate::client::{self, Attempted, GaveUp, Reply, Session, Stop};
use crate::failure::{Failure, Protocol, Why};
use crate::lang::Lang;
use crate::naive;
use crate::report;
use crate::resolver;
use crate::trace::Actor;
use serde::Serialize;
use std::io::{self, BufRead, ErrorKind, IsTerminal, Write};
use std::net::SocketAddr;
use std::time::Duration;

/// Runs the command. The first line without a reply ends it.
pub(in crate::cli) fn run(args: &args::Send, terminal: &Terminal) -> Result<Exit, Problem> {
    let lang = terminal.look.lang;
    let traced = args.trace.is_some();
    let recorder = trace::recorder(args.trace.as_deref(), args.retrying.seed)?;
    let actor = recorder.actor("client");
    let by = recorder.deadline(if args.naive { Duration::MAX } else { args.timeout });
    let addresses = resolver::resolve(&actor, args.protocol, &args.to.host, args.to.port, &by)
        .map_err(|failure| problem(&after_one_attempt(failure), traced, lang))?;
    let client::Settings { protocol, limits, policy, .. } =
        client::Settings::within(args.timeout, args.protocol, args.retrying.policy());
    let settings = client::Settings { protocol, limits, policy, budget: args.retrying.budget() };
    let mut session = Session::new(&actor, &settings, &addresses);

    let text = args.text.join(" ");
    let lines: Box<dyn Iterator<Item = io::Result<String>>> = if args.text.is_empty() {
        Box::new(io::stdin().lock().lines())
    } else {
        Box::new(text.split('\n').map(|line| Ok(line.to_owned())))
    };
    let raw = !io::stdout().is_terminal();
    for line in lines {
        let line = line.map_err(|error| unreadable(&error))?;
        let exchanged = if args.naive {
            exchange_naively(&actor, args.protocol, &addresses, &line)
        } else if args.text.is_empty() {
            // Whoever types may take their time: the limit begins with the line.
            session.exchange(&line)
        } else {
            session.exchange_by(&line, &by)
        };
        let reply = exchanged.map_err(|gave_up| problem(&gave_up, traced, lang))?;
        let shown = match terminal.format {
            Format::Json => report::json_line(&Line::new(&line, &reply)),
            _ => report::one_line(&reply.text, raw) + "\n",
        };
        let mut stdout = io::stdout().lock();
        match stdout.write_all(shown.as_bytes()).and_then(|()| stdout.flush()) {
            // The reader has left, as `head` does.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
            Err(error) => return Err(Problem::io("write to stdout", &error)),
            Ok(()) => {}
        }
    }
    Ok(Exit::Success)
}

/// One exchange as the course module's clients do it: `AF_INET`, the first address, no second try.
fn exchange_naively(
    actor: &Actor,
    protocol: Protocol,
    addresses: &[SocketAddr],
    line: &str,
) -> Result<Reply, GaveUp> {
    let from = addresses.iter().copied().find(SocketAddr::is_ipv4).unwrap_or(addresses[0]);
    let received = match protocol {
        Protocol::Tcp => naive::client::tcp(actor, from, line, None),
        Protocol::Udp => naive::client::udp(actor, from, line, None),
    };
    let reply = |text: String| {
        let text = text.trim_end_matches(['\r', '\n']).to_owned();
        Reply { text, from, attempt: 1, failures: Vec::new() }
    };
    received.map(reply).map_err(after_one_attempt)
}

fn after_one_attempt(failure: Failure) -> GaveUp {
    GaveUp { failures: vec![Attempted { attempt: 1, failure }], because: Stop::AttemptsSpent }
}

/// A reply for scripts: one JSON object a line, because replies come one by one.
#[derive(Serialize)]
struct Line<'a> {
    request: &'a str,
    #[serde(rename = "reply")]
    text: &'a str,
    from: SocketAddr,
    attempt: u32,
    failures: &'a [Attempted],
}

impl<'a> Line<'a> {
    fn new(request: &'a str, reply: &'a Reply) -> Self {
        let Reply { text, from, attempt, failures } = reply;
        Self { request, text, from: *from, attempt: *attempt, failures }
    }
}

/// What a user is told who gets no reply: everything that failed on whichever address, why, and where to read on.
/// With `--trace` the live system was looked at already, and the server is asked for nothing but what is in the trace.
fn problem(gave_up: &GaveUp, traced: bool, lang: Lang) -> Problem {
    let message = tally(&gave_up.failures);
    if traced {
        Problem::failed(message, gave_up.last(), lang)
    } else {
        no_reply(message, gave_up.last(), lang)
    }
}

/// Each call that failed, once for each way in which it did, with how often.
fn tally(failures: &[Attempted]) -> String {
    let mut tally: Vec<(String, usize)> = Vec::new();
    for Attempted { failure, .. } in failures {
        let failed = match &failure.why {
            _ if failure.is_timeout() => format!("{}: no answer in time", failure.call),
            Why::Errno(errno) => format!("{}: {}", failure.call, errno.message),
            _ => failure.to_string(),
        };
        match tally.iter_mut().find(|(known, _)| *known == failed) {
            Some((_, times)) => *times += 1,
            None => tally.push((failed, 1)),
        }
    }
    let entries = tally.into_iter().map(|(failed, times)| match times {
        1 => failed,
        _ => format!("{failed} ({times} times)"),
    });
    entries.collect::<Vec<_>>().join("; ")
}

fn unreadable(error: &io::Error) -> Problem {
    match error.kind() {
        ErrorKind::InvalidData => {
            Problem::new(Exit::Usage, "stdin is not text: it has bytes that are not UTF-8")
        }
        _ => Problem::io("read from stdin", error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Call, Op};

    #[test]
    fn every_way_to_fail_is_told_once_with_its_count() {
        let failed = |op, why: Why| {
            let peer = Some(SocketAddr::from(([127, 0, 0, 1], 9)));
            let call = Call { peer, ..Call::new(op, Protocol::Tcp) };
            Attempted { attempt: 1, failure: Failure { call, why, elapsed: Duration::ZERO } }
        };
        let late = |millis| Why::Deadline { limit: Duration::from_millis(millis) };
        let failures =
            [failed(Op::Connect, late(3)), failed(Op::Receive, Why::Closed), failed(Op::Connect, late(2))];
        assert_eq!(
            tally(&failures),
            "connect tcp 127.0.0.1:9: no answer in time (2 times); recv tcp 127.0.0.1:9: closed by the other end"
        );
    }
}
