//! What the forwarder does with one packet: decide, tell, and pass on, keep or answer.

use super::{Due, Forwarder, across};
use crate::impair::{Direction, Packet};
use crate::trace::{Did, Fate};
use crate::vnet::filter::Answer;
use crate::vnet::linux::port::{BATCH, Intake, put_all};
use crate::vnet::packet::{ETHERNET, Family, OFFLOAD, Offload, Reset, Seen, Uncut, icmp_error, resets};
use crate::vnet::record::Frame;
use crate::vnet::wire;
use crate::vnet::{Link, Topology, Witness};
use std::cmp::Reverse;
use std::ops::Range;
use std::time::Duration;

/// Words for what filters do; those of rules are `Effect`'s.
const DROPPED: &str = "dropped";
const ANSWERED: &str = "answered";

impl Forwarder {
    /// Takes in what waits at a port.
    pub(super) fn take_in(&mut self, intake: &mut Intake, port: usize) {
        // An interface that is going away has nothing to give.
        let Ok(count) = intake.take(&self.ports[port]) else { return };
        let now = self.clock.elapsed();
        let mut going = std::mem::take(&mut self.going);
        for at in 0..count {
            self.come(port, intake.frame(at), at, now, &mut going);
        }
        let frames = going.iter().map(|going| match going {
            Going::Taken(at) => intake.frame(*at),
            Going::Made(frame) => frame,
        });
        self.wires[port].counts.overflowed += put_all(&self.ports[across(port)], frames) as u64;
        for going in going.drain(..) {
            if let Going::Made(frame) = going {
                self.spare.give_back(frame);
            }
        }
        self.going = going;
    }

    /// A frame came in, the one `at` this place of its batch: what goes on now is added to `going`.
    fn come(&mut self, port: usize, raw: &[u8], at: usize, now: Duration, going: &mut Vec<Going>) {
        let Some((header, frame)) = raw.split_first_chunk::<OFFLOAD>() else { return };
        let is_there = self.there[port] && self.there[across(port)];
        let wire = &mut self.wires[port];
        if is_there && wire.is_plain() && self.witnesses.is_empty() {
            wire.count(frame.len().saturating_sub(ETHERNET));
            going.push(Going::Taken(at));
            return;
        }
        let seen = Seen::in_frame(frame);
        let came = Came { at: now, port, frame, offload: Offload::read(header), seen: seen.as_ref() };
        if !is_there {
            self.witnesses.tell(&came, Fate::Dropped, || vec![by_itself("a host is down")]);
            return;
        }
        let Some(seen) = &seen else {
            self.witnesses.tell(&came, Fate::Passed, Vec::new);
            going.push(Going::Taken(at));
            return;
        };
        if self.wires[port].is_plain() {
            self.wires[port].count(seen.length);
            self.witnesses.tell(&came, Fate::Passed, Vec::new);
            going.push(Going::Taken(at));
            return;
        }
        match Uncut::of(frame, came.offload, seen) {
            Some(uncut) => self.cut(&came, &uncut, going),
            None if self.passes(&came, seen, raw) => going.push(Going::Taken(at)),
            None => {}
        }
    }

    /// Decides about each packet of a frame that is still to be cut. Those that go on together stay together.
    fn cut(&mut self, came: &Came, uncut: &Uncut, going: &mut Vec<Going>) {
        let mut run: Option<(Duration, Range<usize>)> = None;
        for at in 0..uncut.count() {
            let seen = uncut.seen(at);
            self.effects.clear();
            let fate = self.wires[came.port].decide(&seen, came.at, &mut self.effects);
            let due = match &fate {
                wire::Fate::Passes => Some(came.at),
                wire::Fate::Goes(packets) => match packets[..] {
                    [Packet { at, flipped: None, .. }] => Some(at),
                    _ => None,
                },
                wire::Fate::Filtered(_) => None,
            };
            if let (Some(due), Some((time, which))) = (due, &mut run)
                && due == *time
                && self.witnesses.is_empty()
            {
                which.end = at + 1;
                continue;
            }
            self.go(came, uncut, run.take(), going);
            if let Some(due) = due.filter(|_| self.witnesses.is_empty()) {
                run = Some((due, at..at + 1));
                continue;
            }
            let mut raw = self.spare.take();
            uncut.some(at..at + 1, &mut raw);
            if let Some((header, frame)) = raw.split_first_chunk::<OFFLOAD>() {
                let one = Came { frame, offload: Offload::read(header), seen: Some(&seen), ..*came };
                if self.deal(&one, &seen, &raw, fate) {
                    going.push(Going::Made(raw));
                    continue;
                }
            }
            self.spare.give_back(raw);
        }
        self.go(came, uncut, run, going);
    }

    /// Has packets of a frame go on at this time.
    fn go(
        &mut self,
        came: &Came,
        uncut: &Uncut,
        run: Option<(Duration, Range<usize>)>,
        going: &mut Vec<Going>,
    ) {
        let Some((at, which)) = run else { return };
        let mut raw = self.spare.take();
        uncut.some(which, &mut raw);
        if at <= came.at {
            going.push(Going::Made(raw));
        } else if self.wires[came.port].takes_in(raw.len()) {
            self.wait_until(at, came.port, raw);
        } else {
            self.spare.give_back(raw);
        }
    }

    /// Whether a packet goes on as it is, now. Otherwise it is dealt with.
    fn passes(&mut self, came: &Came, seen: &Seen, raw: &[u8]) -> bool {
        self.effects.clear();
        let fate = self.wires[came.port].decide(seen, came.at, &mut self.effects);
        self.deal(came, seen, raw, fate)
    }

    fn deal(&mut self, came: &Came, seen: &Seen, raw: &[u8], fate: wire::Fate) -> bool {
        match fate {
            wire::Fate::Passes => {
                self.witnesses.tell(came, Fate::Passed, Vec::new);
                return true;
            }
            wire::Fate::Filtered(filter) => self.answer(came, seen, filter),
            wire::Fate::Goes(packets) => self.keep(came, raw, &packets),
        }
        false
    }

    /// Keeps the copies of a packet until their time has come.
    fn keep(&mut self, came: &Came, raw: &[u8], packets: &[Packet]) {
        let fitting = packets.iter().filter(|packet| self.keep_one(came, raw, packet)).count();
        let fate = if fitting == 0 { Fate::Dropped } else { Fate::Passed };
        let effects = std::mem::take(&mut self.effects);
        let wire = &self.wires[came.port];
        self.witnesses.tell(came, fate, || {
            let by_rules = effects.iter().map(|(at, effect)| Did {
                rule: wire.rule(*at).to_owned(),
                did: effect.name().to_owned(),
                with: None,
                by: effect.delay().map(|delay| delay.as_secs_f64()),
            });
            let full = (fitting < packets.len()).then(|| by_itself("the queue is full"));
            by_rules.chain(full).collect()
        });
        self.effects = effects;
    }

    fn keep_one(&mut self, came: &Came, raw: &[u8], packet: &Packet) -> bool {
        if !self.wires[came.port].takes_in(raw.len()) {
            return false;
        }
        let mut frame = self.spare.take();
        frame.extend_from_slice(raw);
        // The packet's bits are counted from the IP header on.
        if let Some(bit) = packet.flipped.filter(|_| came.offload.segment.is_none()) {
            came.offload.complete(&mut frame[OFFLOAD..]);
            frame[..OFFLOAD].fill(0);
            if let Some(byte) = frame.get_mut(OFFLOAD + ETHERNET + bit / 8) {
                *byte ^= 0x80 >> (bit % 8);
            }
        }
        self.wait_until(packet.at, came.port, frame);
        true
    }

    fn wait_until(&mut self, at: Duration, from: usize, frame: Vec<u8>) {
        self.count += 1;
        self.waiting.push(Reverse(Due { at, number: self.count, from, frame }));
    }

    /// Puts in at their other ends the frames whose time has come.
    pub(super) fn give_out(&mut self) {
        while self.waiting.peek().is_some() {
            let now = self.clock.elapsed();
            let mut batch: Vec<Due> = Vec::with_capacity(BATCH);
            while batch.len() < BATCH
                && self.waiting.peek().is_some_and(|Reverse(due)| {
                    due.at <= now && batch.first().is_none_or(|first| first.from == due.from)
                })
            {
                batch.extend(self.waiting.pop().map(|Reverse(due)| due));
            }
            let Some(from) = batch.first().map(|due| due.from) else { return };
            for due in &batch {
                self.wires[from].gives_out(due.frame.len());
            }
            if self.there[from] && self.there[across(from)] {
                let frames = batch.iter().map(|due| &due.frame[..]);
                self.wires[from].counts.overflowed += put_all(&self.ports[across(from)], frames) as u64;
            }
            for due in batch {
                self.spare.give_back(due.frame);
            }
        }
    }

    /// Gives the answer of a filter to a packet that does not pass.
    fn answer(&mut self, came: &Came, seen: &Seen, filter: usize) {
        let (name, filter) = self.wires[came.port].filter(filter);
        let (name, answer) = (name.clone(), filter.answer.clone());
        let dropped = || Did { rule: name.clone(), did: DROPPED.to_owned(), with: None, by: None };
        let answered = |with: String| Did { did: ANSWERED.to_owned(), with: Some(with), ..dropped() };
        match answer {
            Answer::Drop => self.witnesses.tell(came, Fate::Dropped, || vec![dropped()]),
            Answer::Reset => {
                let resets = resets(came.frame, seen);
                if resets.is_empty() {
                    self.witnesses.tell(came, Fate::Dropped, || vec![dropped()]);
                } else {
                    self.witnesses.tell(came, Fate::Answered, || vec![answered("RST".to_owned())]);
                }
                for reset in resets {
                    match reset {
                        Reset::ToSender(frame) => self.put_in(came.at, across(came.port), &frame),
                        Reset::ToReceiver(frame) => self.put_in(came.at, came.port, &frame),
                    }
                }
            }
            Answer::Icmp { reason, from } => {
                let far = || {
                    let is_v4 = seen.family() == Family::V4;
                    self.addresses[across(came.port)]
                        .iter()
                        .copied()
                        .find(|address| address.is_ipv4() == is_v4)
                };
                let error = from.or_else(far).and_then(|from| icmp_error(came.frame, seen, reason, from));
                let (kind, code) = reason.numbers(seen.family());
                let Some(error) = error else {
                    self.witnesses.tell(came, Fate::Dropped, || vec![dropped()]);
                    return;
                };
                let with = format!("ICMP type {kind} code {code}");
                self.witnesses.tell(came, Fate::Answered, || vec![answered(with)]);
                self.put_in(came.at, across(came.port), &error);
            }
        }
    }

    /// Puts in a frame that the network makes, as if it had come in at `port`.
    fn put_in(&mut self, at: Duration, port: usize, frame: &[u8]) {
        let seen = Seen::in_frame(frame);
        let made = Came { at, port, frame, offload: Offload::default(), seen: seen.as_ref() };
        self.witnesses.tell(&made, Fate::Made, Vec::new);
        // What cannot be put in is lost, as an answer may be.
        let _ = self.ports[across(port)].put(frame);
    }
}

/// Those who hear of every frame.
pub(in crate::vnet::linux) struct Witnesses {
    all: Vec<Box<dyn Witness>>,
    /// The hosts at the ends of each link.
    ends: Vec<[String; 2]>,
}

impl Witnesses {
    pub(in crate::vnet::linux) fn new(all: Vec<Box<dyn Witness>>, topology: &Topology) -> Self {
        let host = |at: usize| topology.hosts.get(at).map_or_else(String::new, |host| host.name.clone());
        let ends = |link: &Link| [host(link.ends[0].host), host(link.ends[1].host)];
        Self { all, ends: topology.links.iter().map(ends).collect() }
    }

    fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    fn tell(&mut self, came: &Came, fate: Fate, did: impl FnOnce() -> Vec<Did>) {
        let Some([first, second]) = self.ends.get(came.port / 2).filter(|_| !self.all.is_empty()) else {
            return;
        };
        let frame = Frame {
            at: came.at,
            link: came.port / 2,
            ends: [first, second],
            way: if came.port.is_multiple_of(2) { Direction::Upstream } else { Direction::Downstream },
            bytes: came.frame,
            offload: came.offload,
            seen: came.seen,
            fate,
            did: did(),
        };
        for witness in &mut self.all {
            witness.saw(&frame);
        }
    }
}

/// A frame that goes on now.
pub(super) enum Going {
    /// As it came, from this place of its batch.
    Taken(usize),
    /// Another one.
    Made(Vec<u8>),
}

/// Room for frames that was used before.
#[derive(Default)]
pub(super) struct Spare(Vec<Vec<u8>>);

/// As many are kept.
const SPARE: usize = 4 * BATCH;

impl Spare {
    fn take(&mut self) -> Vec<u8> {
        self.0.pop().unwrap_or_default()
    }

    fn give_back(&mut self, mut room: Vec<u8>) {
        if self.0.len() < SPARE {
            room.clear();
            self.0.push(room);
        }
    }
}

/// A frame that came in.
#[derive(Clone, Copy)]
struct Came<'a> {
    at: Duration,
    port: usize,
    frame: &'a [u8],
    offload: Offload,
    seen: Option<&'a Seen>,
}

/// A packet that the link itself dropped.
fn by_itself(why: &str) -> Did {
    Did { rule: String::new(), did: DROPPED.to_owned(), with: Some(why.to_owned()), by: None }
}
