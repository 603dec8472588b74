//! What each event is in the picture.

use super::actors::Actors;
use super::{Arrow, Drawn, Kind, Moment, Source, Tip, Tone};
use crate::failure::{Call, Failure, Op, Protocol, Why};
use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::run::words::{length, without_its_call};
use crate::trace::{Event, Fate, Injection, Packet, Run, Stream, What};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Longer texts are cut in the picture: no errno and no address is so long. They stand whole in the trace.
const LONGEST: usize = 160;

/// Everything that is drawn, in order of time.
pub(super) fn moments(run: &Run, actors: &Actors, lang: Lang) -> Vec<Moment> {
    let teller = Teller { actors, terms: knowledge::terms(lang), open: unended(&run.events) };
    let mut moments = Vec::new();
    for event in &run.events {
        for (mut what, tone) in teller.drawn(event) {
            match &mut what {
                Drawn::Arrow(Arrow { label: text, .. })
                | Drawn::Mark { text, .. }
                | Drawn::Wait { text, .. }
                | Drawn::Across { text } => cut(text),
                Drawn::Left { .. } => {}
            }
            moments.push(Moment { at: event.at, seq: event.seq, what, tone });
        }
    }
    moments
}

struct Teller<'a> {
    actors: &'a Actors,
    terms: &'static Terms,
    /// Calls that never ended.
    open: BTreeSet<usize>,
}

impl Teller<'_> {
    fn drawn(&self, event: &Event) -> Vec<(Drawn, Tone)> {
        let across = |text: &str| vec![(Drawn::Across { text: text.to_owned() }, Tone::Plain)];
        if let What::Step { text, .. } = &event.what {
            return across(text);
        }
        if let What::Packet(packet) = &event.what {
            return self.packet(packet).into_iter().collect();
        }
        let Some(on) = self.actors.column(&event.actor) else {
            return if let What::Note { text } = &event.what { across(text) } else { Vec::new() };
        };
        let by = if self.actors.columns[on].kind == Kind::Link { Source::Link } else { Source::Call };
        let terms = self.terms;
        match &event.what {
            What::Started(call) if self.open.contains(&event.seq) => {
                vec![(mark(on, format!("{call}: {}", terms.never_ended), by), Tone::Bad)]
            }
            What::Started(_) | What::Step { .. } | What::Packet(_) => Vec::new(),
            What::Finished { call, bytes } => self.finished(on, call, *bytes, event.seq),
            What::Failed(failure) => self.failed(on, failure, by),
            What::Retrying { attempt, delay } => {
                let text = format!("{} {}, {} {attempt}", terms.backoff, length(*delay), terms.then_attempt);
                vec![(Drawn::Wait { on, text }, Tone::Plain)]
            }
            What::Injected(injection) => vec![self.injected(on, injection)],
            What::Launched { pid, .. } => {
                vec![(mark(on, format!("{} (pid {pid})", terms.started), Source::Runner), Tone::Faint)]
            }
            What::Exited { code, signal, limit } => {
                let text = event.to_string();
                let text = text.strip_prefix(&format!("{}: ", event.actor)).unwrap_or(&text).to_owned();
                // Whoever is told to stop ends by a signal.
                let told =
                    limit.is_none() && matches!(signal.as_deref(), Some("SIGTERM" | "SIGINT" | "SIGKILL"));
                let tone = if *code == Some(0) || told { Tone::Faint } else { Tone::Bad };
                vec![(mark(on, text, Source::Runner), tone)]
            }
            What::Wrote { stream, text } => {
                let sign = if *stream == Stream::Stdout { ">" } else { "2>" };
                vec![(mark(on, format!("{sign} {text}"), Source::Runner), Tone::Faint)]
            }
            What::Note { text } => vec![(mark(on, text.clone(), by), Tone::Faint)],
        }
    }

    /// A packet, from the host that put it on a link to the one at the other end.
    fn packet(&self, packet: &Packet) -> Option<(Drawn, Tone)> {
        let (from, to) = (self.actors.column(&packet.from)?, self.actors.column(&packet.to)?);
        let verdict = packet.verdict();
        let label =
            if verdict.is_empty() { packet.words() } else { format!("{}: {verdict}", packet.words()) };
        let is_stopped = matches!(packet.fate, Fate::Dropped | Fate::Answered);
        let tip = if is_stopped { Tip::Stopped } else { Tip::Seen };
        let tone = if is_stopped || packet.fate == Fate::Made {
            Tone::Fault
        } else if packet.payload == 0 && packet.flags.as_deref() == Some("ACK") {
            Tone::Faint
        } else {
            Tone::Plain
        };
        Some((Drawn::Arrow(Arrow { from, to, label, source: Source::Packet, left: true, tip }), tone))
    }

    fn finished(&self, on: usize, call: &Call, bytes: Option<usize>, seq: usize) -> Vec<(Drawn, Tone)> {
        let is_link = self.actors.columns[on].kind == Kind::Link;
        let by = if is_link { Source::Link } else { Source::Call };
        let op = call.op.name();
        let label = bytes.map_or_else(|| op.to_owned(), |bytes| format!("{op} {bytes} B"));
        let told = |what| vec![(what, Tone::Plain)];
        match call.op {
            Op::Socket | Op::SetOption => Vec::new(),
            Op::Bind if call.protocol == Protocol::Tcp => Vec::new(),
            Op::Connect if call.protocol == Protocol::Tcp => match self.target(on, call) {
                Some(to) => {
                    let arrow = Arrow { from: on, to, label, source: by, left: true, tip: Tip::Seen };
                    told(Drawn::Arrow(arrow))
                }
                None => told(mark(on, call.to_string(), by)),
            },
            Op::Send | Op::Shutdown => match self.target(on, call) {
                Some(to) => {
                    let seen = self.actors.read_from(to, call.local, seq);
                    let tip = if seen { Tip::Seen } else { Tip::Inferred };
                    told(Drawn::Arrow(Arrow { from: on, to, label, source: by, left: true, tip }))
                }
                None => told(mark(on, format!("{label} {}", address(call)), by)),
            },
            Op::Receive => {
                let label = if bytes == Some(0) && call.protocol == Protocol::Tcp {
                    self.terms.end_of_stream.to_owned()
                } else {
                    label
                };
                self.arrival(on, call, label, by)
            }
            Op::Accept if !is_link => self.arrival(on, call, op.to_owned(), by),
            Op::Accept => {
                let peer = call.peer.map(|peer| format!(" {peer}")).unwrap_or_default();
                self.arrival(on, call, format!("{op}{peer}"), by)
            }
            Op::Close => vec![(mark(on, op.to_owned(), by), Tone::Faint)],
            _ => told(mark(on, call.to_string(), by)),
        }
    }

    /// Something that came in. Of a sender that writes a trace the arrow is drawn where it was sent.
    fn arrival(&self, on: usize, call: &Call, label: String, by: Source) -> Vec<(Drawn, Tone)> {
        let from = call.peer.and_then(|peer| self.actors.owner(peer)).filter(|from| *from != on);
        let from = from.or_else(|| call.peer.and_then(|_| self.actors.only_candidate(on, false)));
        let what = match from {
            Some(from) if self.actors.columns[from].kind != Kind::Traced => {
                Drawn::Arrow(Arrow { from, to: on, label, source: by, left: false, tip: Tip::Seen })
            }
            _ => mark(on, label, by),
        };
        vec![(what, Tone::Plain)]
    }

    fn failed(&self, on: usize, failure: &Failure, by: Source) -> Vec<(Drawn, Tone)> {
        let call = &failure.call;
        let why = match &failure.why {
            Why::Errno(errno) => format!("{}() = {} ({})", call.op.name(), errno.name, errno.code),
            _ => format!("{}(): {}", call.op.name(), without_its_call(failure)),
        };
        let text = match call.op {
            Op::Bind | Op::Listen | Op::Resolve => format!("{why} {}", address(call)).trim_end().to_owned(),
            _ => why,
        };
        let mut drawn = Vec::new();
        let tries = call.op == Op::Connect || (call.op == Op::Send && call.protocol == Protocol::Udp);
        if let Some(to) = self.target(on, call).filter(|_| tries) {
            let label = call.op.name().to_owned();
            let arrow = Arrow { from: on, to, label, source: by, left: true, tip: Tip::Stopped };
            drawn.push((Drawn::Arrow(arrow), Tone::Bad));
        }
        drawn.push((mark(on, text, by), Tone::Bad));
        drawn
    }

    /// What a toxic did; a reset goes back to the client.
    fn injected(&self, on: usize, injection: &Injection) -> (Drawn, Tone) {
        let Injection { toxic, did, stream, client, .. } = injection;
        let client = self.actors.owner(*client).or_else(|| self.actors.only_candidate(on, false));
        if let ("reset" | "refused", Some(to)) = (did.as_str(), client) {
            let bytes = injection.bytes.map(|bytes| format!(" {bytes} B")).unwrap_or_default();
            let label = format!("{did}{bytes} ({toxic})");
            let arrow = Arrow { from: on, to, label, source: Source::Link, left: true, tip: Tip::Inferred };
            return (Drawn::Arrow(arrow), Tone::Fault);
        }
        let mut text = did.clone();
        if let Some(bytes) = injection.bytes {
            let _ = write!(text, " {bytes} B");
        }
        if let Some(by) = injection.by {
            let _ = write!(text, " {:.1} ms", by * 1e3);
        }
        let sign = if did == "dropped" { "x" } else { "~" };
        (mark(on, format!("{sign} {text} ({toxic}, {stream})"), Source::Link), Tone::Fault)
    }

    fn target(&self, on: usize, call: &Call) -> Option<usize> {
        let peer = call.peer?;
        let calls = call.op == Op::Connect;
        let known = self.actors.owner(peer).or_else(|| self.actors.only_candidate(on, calls));
        known.filter(|to| *to != on)
    }
}

fn mark(on: usize, text: String, source: Source) -> Drawn {
    Drawn::Mark { on, text, source }
}

fn cut(text: &mut String) {
    if let Some((at, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(at);
        text.push('…');
    }
}

fn address(call: &Call) -> String {
    call.address().map(|address| address.to_string()).unwrap_or_default()
}

/// Calls that were begun and of which no end is in the trace.
fn unended(events: &[Event]) -> BTreeSet<usize> {
    let mut open: Vec<(usize, &str, &Call)> = Vec::new();
    for event in events {
        let ended = match &event.what {
            What::Started(call) => {
                open.push((event.seq, &event.actor, call));
                continue;
            }
            What::Finished { call, .. } => call,
            What::Failed(failure) => &failure.call,
            _ => continue,
        };
        let same = |(_, actor, call): &(usize, &str, &Call)| {
            *actor == event.actor && call.op == ended.op && call.protocol == ended.protocol
        };
        let closest =
            |(_, _, call): &(usize, &str, &Call)| call.local == ended.local && call.peer == ended.peer;
        let at = open.iter().position(|one| same(one) && closest(one)).or_else(|| open.iter().position(same));
        if let Some(at) = at {
            open.remove(at);
        }
    }
    open.into_iter().map(|(seq, _, _)| seq).collect()
}
