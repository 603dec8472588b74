//! One direction of a link: what becomes of each packet. Time comes in as an argument.

use crate::impair::{Dice, Direction, Effect, Packet, PacketRule, Rule};
use crate::vnet::Counts;
use crate::vnet::filter::Filter;
use crate::vnet::packet::{ETHERNET, OFFLOAD, Seen};
use std::time::Duration;

/// Packets that may wait on one direction of a link.
const MOST_PACKETS: usize = 1 << 15;
/// Bytes that may.
const MOST_BYTES: usize = 32 << 20;

/// One direction of a link.
#[derive(Debug)]
pub(in crate::vnet::linux) struct Wire {
    seed: u64,
    link: String,
    way: Direction,
    rules: Vec<(String, Rule, PacketRule)>,
    filters: Vec<(String, Filter)>,
    waiting: Waiting,
    next: Vec<Packet>,
    pub(super) counts: Counts,
}

/// What waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Waiting {
    packets: usize,
    bytes: usize,
}

/// What becomes of a packet.
#[derive(Debug, PartialEq)]
pub(super) enum Fate {
    /// It goes on, now, as it is.
    Passes,
    /// The copies that go on, each at its time; none when it is lost.
    Goes(Vec<Packet>),
    /// The filter at this place takes it.
    Filtered(usize),
    /// There is no room for it: no rule was asked.
    Overflows,
}

impl Wire {
    /// Nothing happens to packets yet. `seed` and the names decide the dice.
    pub(in crate::vnet::linux) fn new(seed: u64, link: &str, way: Direction) -> Self {
        Self {
            seed,
            link: link.to_owned(),
            way,
            rules: Vec::new(),
            filters: Vec::new(),
            waiting: Waiting::default(),
            next: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// Replaces the rules by those of `rules` that are of this direction. One that stays as it is goes on deciding where
    /// it was.
    pub(in crate::vnet::linux) fn set_rules(&mut self, rules: &[(String, Rule)], now: Duration) {
        let mut old = std::mem::take(&mut self.rules);
        for (name, rule) in rules.iter().filter(|(_, rule)| rule.direction.covers(self.way)) {
            let kept = old.iter().position(|(other, before, _)| other == name && before == rule);
            self.rules.push(if let Some(at) = kept {
                old.swap_remove(at)
            } else {
                let dice = Dice::of(self.seed, &[&self.link, self.way.name(), name]);
                (name.clone(), rule.clone(), PacketRule::new(rule.clone(), now, dice))
            });
        }
    }

    /// Replaces the filters by those of `filters` that are of this direction.
    pub(in crate::vnet::linux) fn set_filters(&mut self, filters: &[(String, Filter)]) {
        self.filters =
            filters.iter().filter(|(_, filter)| filter.direction.covers(self.way)).cloned().collect();
    }

    /// Whether every packet goes on as it is.
    pub(in crate::vnet::linux) fn is_plain(&self) -> bool {
        self.rules.is_empty() && self.filters.is_empty()
    }

    /// The filter at a place, with its name.
    pub(super) fn filter(&self, at: usize) -> &(String, Filter) {
        &self.filters[at]
    }

    /// The name of the rule at a place.
    pub(super) fn rule(&self, at: usize) -> &str {
        &self.rules[at].0
    }

    /// Counts a packet that no rule was asked about.
    pub(super) fn count(&mut self, length: usize) {
        self.counts.packets += 1;
        self.counts.bytes += length as u64;
    }

    /// Decides about a packet; `effects` gets what was done to it, with the place of the rule.
    pub(super) fn decide(&mut self, seen: &Seen, now: Duration, effects: &mut Vec<(usize, Effect)>) -> Fate {
        self.count(seen.length);
        if let Some(at) = self.filters.iter().position(|(_, filter)| filter.matches.covers(seen)) {
            self.counts.filtered += 1;
            return Fate::Filtered(at);
        }
        if self.is_full(OFFLOAD + ETHERNET + seen.length) {
            self.counts.overflowed += 1;
            return Fate::Overflows;
        }
        let mut packets = vec![Packet::new(now, seen.length)];
        for (at, (_, _, rule)) in self.rules.iter_mut().enumerate() {
            for packet in packets.drain(..) {
                if let Some(effect) = rule.decide(packet, &mut self.next) {
                    effects.push((at, effect));
                    match effect {
                        Effect::Dropped => self.counts.dropped += 1,
                        Effect::Duplicated => self.counts.duplicated += 1,
                        Effect::Corrupted(_) => self.counts.corrupted += 1,
                        Effect::Overtook => self.counts.overtook += 1,
                        _ => {}
                    }
                }
            }
            std::mem::swap(&mut packets, &mut self.next);
        }
        match packets[..] {
            [Packet { at, flipped: None, .. }] if at <= now => Fate::Passes,
            _ => Fate::Goes(packets),
        }
    }

    /// Whether a frame of so many bytes may wait; it does, then.
    pub(super) fn takes_in(&mut self, bytes: usize) -> bool {
        let fits = !self.is_full(bytes);
        if fits {
            self.waiting.packets += 1;
            self.waiting.bytes += bytes;
        } else {
            self.counts.overflowed += 1;
        }
        fits
    }

    /// Whether there is no room for a frame of so many bytes.
    fn is_full(&self, bytes: usize) -> bool {
        self.waiting.packets >= MOST_PACKETS || self.waiting.bytes + bytes > MOST_BYTES
    }

    /// A frame of so many bytes waits no longer.
    pub(super) fn gives_out(&mut self, bytes: usize) {
        self.waiting.packets -= 1;
        self.waiting.bytes -= bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::impair::{Impairment, Rate};
    use etherparse::PacketBuilder;

    #[test]
    fn what_finds_no_room_takes_none_of_the_rate() {
        let mut frame = Vec::new();
        let builder = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 1, 0, 1], [10, 1, 0, 2], 64);
        builder.udp(4000, 9).write(&mut frame, &[7; 100]).unwrap();
        let seen = Seen::in_frame(&frame).unwrap();
        let rate = Rate { bytes_per_second: 1_000_000, queue: u64::MAX };
        let mut wire = Wire::new(1, "link", Direction::Upstream);
        let rule = Rule::always(Impairment::Rate(rate), Direction::Both);
        wire.set_rules(&[("rate".to_owned(), rule)], Duration::ZERO);
        let mut due = Duration::ZERO;
        for _ in 0..2 * MOST_PACKETS {
            match wire.decide(&seen, Duration::ZERO, &mut Vec::new()) {
                Fate::Goes(packets) => {
                    assert!(wire.takes_in(frame.len()));
                    due = packets[0].at;
                }
                other => assert_eq!(other, Fate::Overflows),
            }
        }
        assert_eq!(wire.counts.overflowed, MOST_PACKETS as u64);
        let packets = u32::try_from(MOST_PACKETS).unwrap();
        assert_eq!(due, packets * rate.takes(seen.length as u64));
        wire.gives_out(frame.len());
        let Fate::Goes(next) = wire.decide(&seen, Duration::ZERO, &mut Vec::new()) else { panic!() };
        assert_eq!(next[0].at, due + rate.takes(seen.length as u64));
    }
}
