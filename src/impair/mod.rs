//! What can be done to the traffic between two programs: the one vocabulary of the proxy, the virtual link and the
//! scenarios. Data, and deciders that are pure: time and randomness come in as arguments, so that a seed gives the
//! same decisions again, on every platform.
//!
//! | [`Impairment`] | on a stream (TCP) | on datagrams and packets |
//! |-|-|-|
//! | [`Delay`] | each piece, order kept | each one: jitter reorders |
//! | [`Rate`] | bytes wait, the sender is slowed | a bounded queue, the rest is dropped |
//! | [`Loss`] | a piece is missing from the stream | a packet is missing |
//! | [`Chance`] to duplicate | | sent twice |
//! | [`Reorder`] | | some overtake the others |
//! | [`Chance`] to corrupt | one bit of a piece | one bit |
//! | [`Slice`] | pieces are cut | |
//! | limit | so many bytes, then the end | so many bytes, then nothing |
//! | slow close, half-open | the end comes late, or never | |
//! | silence, blackhole | nothing arrives | nothing arrives |
//! | reset peer, reset after | RST | |
//! | refuse | connections are refused | port unreachable |
//!
//! A [`Rule`] says when and to whom an impairment applies.

mod chance;
mod delay;
mod dice;
mod loss;
mod packets;
mod rate;
mod slice;

pub use chance::{Chance, Chances};
pub use delay::{Delay, Delays, Distribution};
pub use dice::Dice;
pub use loss::{Loss, Losses};
pub use packets::{Effect, Packet, PacketRule};
pub use rate::{Pacer, Rate};
pub use slice::Slice;

use std::num::NonZeroU64;
use std::time::Duration;

/// One thing that can be done to traffic.
#[derive(Clone, Debug, PartialEq)]
pub enum Impairment {
    /// Everything arrives later.
    Delay(Delay),
    /// So many bytes a second.
    Rate(Rate),
    /// Some of it never arrives.
    Loss(Loss),
    /// Some packets arrive twice.
    Duplicate(Chance),
    /// Some packets overtake others.
    Reorder(Reorder),
    /// One bit is flipped in some.
    Corrupt(Chance),
    /// A stream arrives in smaller pieces.
    Slice(Slice),
    /// So many bytes pass, then the connection is closed.
    Limit {
        /// The bytes that pass.
        bytes: u64,
    },
    /// The end of a stream (FIN) arrives later.
    SlowClose {
        /// How much later.
        delay: Duration,
    },
    /// Nothing arrives, and the connection is closed when it has been idle for so long. Taking this away closes it too.
    Silence {
        /// How long; `None` for never.
        close_after: Option<Duration>,
    },
    /// The connection is reset some time after its first byte or its end.
    ResetPeer {
        /// How long after it.
        after: Duration,
    },
    /// The connection is reset after so many bytes or so much time, whichever comes first.
    ResetAfter {
        /// The bytes that pass before.
        bytes: Option<u64>,
        /// Since the connection began, or since this was put in.
        time: Option<Duration>,
    },
    /// Connections are refused.
    Refuse {
        /// Only the first so many, counted from when this was put in; `None` for all.
        first: Option<NonZeroU64>,
    },
    /// Connections are accepted, and nothing arrives, not even their end.
    Blackhole,
    /// Data arrives, but never the end of the stream: the other end seems to be there and is not.
    HalfOpen,
}

/// All packets but some are delayed, so that those overtake the others; as `reorder` of tc-netem(8).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reorder {
    /// Which ones overtake.
    pub chance: Chance,
    /// Each so manieth overtakes as well; as `gap` of tc-netem(8).
    pub every: Option<NonZeroU64>,
    /// The delay of the others.
    pub delay: Duration,
}

/// Which way the traffic goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the client to the server.
    Upstream,
    /// From the server to the client.
    Downstream,
    /// Each way, decided on its own.
    Both,
}

impl Direction {
    /// Every direction, in the order in which they are listed.
    pub const ALL: &[Self] = &[Self::Upstream, Self::Downstream, Self::Both];

    /// The name in commands, files and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upstream => "upstream",
            Self::Downstream => "downstream",
            Self::Both => "both",
        }
    }

    /// Whether traffic that goes `way` is meant.
    pub fn covers(self, way: Self) -> bool {
        self == way || self == Self::Both
    }
}

/// An impairment, and when, where and to how many connections it applies.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What is done.
    pub impairment: Impairment,
    /// To traffic of which direction.
    pub direction: Direction,
    /// The share of connections (or of UDP clients) it is done to, 0 to 1; drawn once for each.
    pub probability: f64,
    /// When it is done.
    pub window: Window,
}

impl Rule {
    /// A rule that always applies to everything that goes this way.
    pub const fn always(impairment: Impairment, direction: Direction) -> Self {
        Self { impairment, direction, probability: 1.0, window: Window::ALWAYS }
    }
}

/// A span of time, counted from when the rule was put in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its beginning.
    pub from: Duration,
    /// Its end; `None` for never.
    pub until: Option<Duration>,
}

impl Window {
    /// From the beginning, without end.
    pub const ALWAYS: Self = Self { from: Duration::ZERO, until: None };

    /// Whether no point in time lies in it.
    pub fn is_empty(&self) -> bool {
        self.until.is_some_and(|until| until <= self.from)
    }

    /// When it is over, of a rule that was put in place `since`; [`Duration::MAX`] for never.
    pub fn end(&self, since: Duration) -> Duration {
        self.until.map_or(Duration::MAX, |until| since.saturating_add(until))
    }

    /// Whether a point in time lies in it.
    pub fn contains(&self, at: Duration) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}
