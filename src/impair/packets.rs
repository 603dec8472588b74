//! What becomes of packets and datagrams.

use super::{Chances, Delays, Dice, Impairment, Losses, Pacer, Reorder, Rule};
use std::time::Duration;

/// A packet on its way through the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    /// When it goes on; [`Duration::MAX`] for never, as long as the rules stay as they are.
    pub at: Duration,
    /// Its length in bytes.
    pub length: usize,
    /// The bit that was flipped, counted from the most significant one of the first byte.
    pub flipped: Option<usize>,
}

impl Packet {
    /// A packet as it arrives.
    pub const fn new(at: Duration, length: usize) -> Self {
        Self { at, length, flipped: None }
    }
}

/// What a rule did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It goes on so much later.
    Delayed(Duration),
    /// It is lost.
    Dropped,
    /// It goes on twice.
    Duplicated,
    /// It goes on before others that arrived earlier.
    Overtook,
    /// This bit was flipped.
    Corrupted(usize),
    /// A stream's piece was cut into so many.
    Sliced(usize),
    /// It is held back until the rule changes or goes.
    Held,
    /// The connection was closed.
    Closed,
    /// The connection was reset.
    Reset,
    /// The connection was refused.
    Refused,
}

impl Effect {
    /// The delay, when it was one.
    pub const fn delay(self) -> Option<Duration> {
        match self {
            Self::Delayed(by) => Some(by),
            _ => None,
        }
    }

    /// The words of all of them.
    pub const NAMES: &[&str] = &[
        "delayed",
        "dropped",
        "duplicated",
        "overtook",
        "corrupted",
        "sliced",
        "held",
        "closed",
        "reset",
        "refused",
    ];

    /// The word in events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delayed(_) => "delayed",
            Self::Dropped => "dropped",
            Self::Duplicated => "duplicated",
            Self::Overtook => "overtook",
            Self::Corrupted(_) => "corrupted",
            Self::Sliced(_) => "sliced",
            Self::Held => "held",
            Self::Closed => "closed",
            Self::Reset => "reset",
            Self::Refused => "refused",
        }
    }
}

/// The decisions of one rule about the packets of one sender that go one way.
#[derive(Clone, Debug)]
pub struct PacketRule {
    rule: Rule,
    dice: Dice,
    /// Whether the rule applies to this sender.
    applies: bool,
    /// When the rule was put in place.
    since: Duration,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Plain,
    Delay(Delays),
    Pace(Pacer, u64),
    Lose(Losses),
    Chance(Chances),
    Reorder(Chances, u64),
    Passed(u64),
}

impl PacketRule {
    /// No decision made yet, but for whether the rule applies to this sender at all.
    pub fn new(rule: Rule, since: Duration, mut dice: Dice) -> Self {
        let applies = dice.chance(rule.probability);
        let state = match &rule.impairment {
            Impairment::Delay(delay) => State::Delay(Delays::new(*delay)),
            Impairment::Rate(rate) => State::Pace(Pacer::new(*rate, since), 0),
            Impairment::Loss(loss) => State::Lose(Losses::new(*loss)),
            Impairment::Duplicate(chance) | Impairment::Corrupt(chance) => {
                State::Chance(Chances::new(*chance))
            }
            Impairment::Reorder(Reorder { chance, .. }) => State::Reorder(Chances::new(*chance), 0),
            Impairment::Limit { .. } => State::Passed(0),
            _ => State::Plain,
        };
        Self { rule, dice, applies, since, state }
    }

    /// Gives to `out` what becomes of `packet`, and tells what was done to it.
    pub fn decide(&mut self, packet: Packet, out: &mut Vec<Packet>) -> Option<Effect> {
        if !self.applies || !self.rule.window.contains(packet.at.saturating_sub(self.since)) {
            out.push(packet);
            return None;
        }
        let Packet { at, length, .. } = packet;
        let size = u64::try_from(length).unwrap_or(u64::MAX);
        let later = |by: Duration| Packet { at: at.saturating_add(by), ..packet };
        let (passed, effect) = match (&self.rule.impairment, &mut self.state) {
            (_, State::Delay(delays)) => {
                let by = delays.next(&mut self.dice);
                (Some(later(by)), (!by.is_zero()).then_some(Effect::Delayed(by)))
            }
            (_, State::Pace(pacer, held)) => pace(pacer, held, packet, size),
            (_, State::Lose(losses)) => dropped(losses.next(&mut self.dice), packet),
            (Impairment::Duplicate(_), State::Chance(chances)) => {
                let twice = chances.next(&mut self.dice);
                out.extend(twice.then_some(packet));
                (Some(packet), twice.then_some(Effect::Duplicated))
            }
            (_, State::Chance(chances)) => {
                if chances.next(&mut self.dice) && length > 0 {
                    let bit = usize::try_from(self.dice.below(size.saturating_mul(8))).unwrap_or_default();
                    (Some(Packet { flipped: Some(bit), ..packet }), Some(Effect::Corrupted(bit)))
                } else {
                    (Some(packet), None)
                }
            }
            (Impairment::Reorder(reorder), State::Reorder(chances, seen)) => {
                *seen += 1;
                let chosen = chances.next(&mut self.dice)
                    || reorder.every.is_some_and(|every| seen.is_multiple_of(every.get()));
                if chosen {
                    (Some(packet), Some(Effect::Overtook))
                } else {
                    (Some(later(reorder.delay)), Some(Effect::Delayed(reorder.delay)))
                }
            }
            (Impairment::Limit { bytes }, State::Passed(passed)) => {
                *passed = passed.saturating_add(size);
                dropped(*passed > *bytes, packet)
            }
            (Impairment::Silence { .. } | Impairment::Blackhole, _) => dropped(true, packet),
            _ => (Some(packet), None),
        };
        out.extend(passed);
        effect
    }
}

fn dropped(is_lost: bool, packet: Packet) -> (Option<Packet>, Option<Effect>) {
    if is_lost { (None, Some(Effect::Dropped)) } else { (Some(packet), None) }
}

/// `held` counts what waits at a rate of 0.
fn pace(pacer: &mut Pacer, held: &mut u64, packet: Packet, size: u64) -> (Option<Packet>, Option<Effect>) {
    let waiting = pacer.waiting(packet.at) + *held;
    match pacer.admit(packet.at, size, waiting) {
        None => (None, Some(Effect::Dropped)),
        Some(Duration::MAX) => {
            *held += size;
            (Some(Packet { at: Duration::MAX, ..packet }), Some(Effect::Held))
        }
        Some(at) => {
            let by = at.saturating_sub(packet.at);
            (Some(Packet { at, ..packet }), (!by.is_zero()).then_some(Effect::Delayed(by)))
        }
    }
}
