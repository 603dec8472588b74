//! What the forwarder does with one packet: decide, tell, and pass on, keep or answer.

use super::told::{ANSWERED, Came, DROPPED, by_itself};
use super::{Due, Forwarder, across, wire};
use crate::impair::Packet;
use crate::trace::{Did, Fate};
use crate::vnet::filter::Answer;
use crate::vnet::linux::port::{BATCH, Intake, put_all};
use crate::vnet::packet::{ETHERNET, Family, OFFLOAD, Offload, Reset, Seen, Uncut, icmp_error, resets};
use std::cmp::Reverse;
use std::time::Duration;

impl Forwarder {
    /// Takes in what waits at a port.
    pub(super) fn take_in(&mut self, intake: &mut Intake, port: usize) {
        // An interface that is going away has nothing to give.
        let Ok(count @ 1..) = intake.take(&self.ports[port]) else { return };
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
        let is_stream =
            |at| intake.frame(at).first_chunk().is_some_and(|header| Offload::read(header).is_tcp());
        self.note(port / 2, now, (0..count).all(is_stream));
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
        if let Some(uncut) = Uncut::of(frame, came.offload, seen) {
            self.cut(&came, &uncut, going);
            return;
        }
        self.effects.clear();
        let fate = self.wires[port].decide(seen, now, &mut self.effects);
        if self.deal(&came, seen, raw, fate, going) {
            going.push(Going::Taken(at));
        }
    }

    /// Whether a packet goes on as it is, now. Otherwise it is dealt with: copies of it that go on now are added to `going`.
    pub(super) fn deal(
        &mut self,
        came: &Came,
        seen: &Seen,
        raw: &[u8],
        fate: wire::Fate,
        going: &mut Vec<Going>,
    ) -> bool {
        match fate {
            wire::Fate::Passes => {
                self.witnesses.tell(came, Fate::Passed, Vec::new);
                return true;
            }
            wire::Fate::Filtered(filter) => self.answer(came, seen, filter),
            wire::Fate::Goes(packets) => self.copy(came, raw, &packets, going),
            wire::Fate::Overflows => self.tell_of(came, &[], false, true),
        }
        false
    }

    /// Has the copies of a packet go on, or keeps them until their time has come.
    fn copy(&mut self, came: &Came, raw: &[u8], packets: &[Packet], going: &mut Vec<Going>) {
        let fitting = packets.iter().filter(|packet| self.copy_one(came, raw, packet, going)).count();
        let effects = std::mem::take(&mut self.effects);
        self.tell_of(came, &effects, fitting > 0, fitting < packets.len());
        self.effects = effects;
    }

    fn copy_one(&mut self, came: &Came, raw: &[u8], packet: &Packet, going: &mut Vec<Going>) -> bool {
        let is_due = packet.at <= came.at;
        if !is_due && !self.wires[came.port].takes_in(raw.len()) {
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
        if is_due {
            going.push(Going::Made(frame));
        } else {
            self.wait_until(packet.at, came.port, frame);
        }
        true
    }

    pub(super) fn wait_until(&mut self, at: Duration, from: usize, frame: Vec<u8>) {
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
                // What it quotes is the packet as it is on a wire.
                let mut quoted = came.frame.to_vec();
                came.offload.complete(&mut quoted);
                let error = from.or_else(far).and_then(|from| icmp_error(&quoted, seen, reason, from));
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
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.0.pop().unwrap_or_default()
    }

    pub(super) fn give_back(&mut self, mut room: Vec<u8>) {
        if self.0.len() < SPARE {
            room.clear();
            self.0.push(room);
        }
    }
}
