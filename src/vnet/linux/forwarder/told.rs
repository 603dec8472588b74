//! What the witnesses of a network are told of each frame.

use super::Forwarder;
use crate::impair::{Direction, Effect};
use crate::trace::{Did, Fate};
use crate::vnet::packet::{Offload, Seen};
use crate::vnet::record::Frame;
use crate::vnet::{Link, Topology, Witness};
use std::time::Duration;

/// Words for what filters do; those of rules are `Effect`'s.
pub(super) const DROPPED: &str = "dropped";
pub(super) const ANSWERED: &str = "answered";

/// A frame that came in.
#[derive(Clone, Copy)]
pub(super) struct Came<'a> {
    pub(super) at: Duration,
    pub(super) port: usize,
    pub(super) frame: &'a [u8],
    pub(super) offload: Offload,
    pub(super) seen: Option<&'a Seen>,
}

/// A packet that the link itself dropped.
pub(super) fn by_itself(why: &str) -> Did {
    Did { rule: String::new(), did: DROPPED.to_owned(), with: Some(why.to_owned()), by: None }
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

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn tell(&mut self, came: &Came, fate: Fate, did: impl FnOnce() -> Vec<Did>) {
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

impl Forwarder {
    /// Tells what rules did to a packet: whether it goes on, and whether a copy of it found no room.
    pub(super) fn tell_of(&mut self, came: &Came, effects: &[(usize, Effect)], goes: bool, is_full: bool) {
        let fate = if goes { Fate::Passed } else { Fate::Dropped };
        let wire = &self.wires[came.port];
        self.witnesses.tell(came, fate, || {
            let by_rules = effects.iter().map(|(at, effect)| Did {
                rule: wire.rule(*at).to_owned(),
                did: effect.name().to_owned(),
                with: None,
                by: effect.delay().map(|delay| delay.as_secs_f64()),
            });
            let full = is_full.then(|| by_itself("the queue is full"));
            by_rules.chain(full).collect()
        });
    }
}
