//! A network of several hosts on this machine, without root: each host is a set of namespaces, and every packet between
//! two of them passes through this program, which delays, loses, changes or answers it by `impair`'s rules; where nothing
//! happens to packets and nobody watches, the kernel carries them.
//!
//! | part | what it is |
//! |-|-|
//! | [`Topology`] | hosts and links, as data |
//! | [`Filter`] | what a link does not let through, and what it answers |
//! | [`Network`] | the network while it is up |
//! | [`inside`] | the command that gets this program to where it may make one |
//! | [`can_run`] | whether this machine allows it, and what to do if not |
//!
//! Rules and filters concern IP packets. ARP, neighbour discovery and multicast listeners pass always, as long as both
//! hosts are up: a link carries, a host answers. A host that is down answers nobody.

mod capture;
mod filter;
mod packet;
mod record;
mod topology;

#[cfg(all(target_os = "linux", not(netfault_blind)))]
mod linux;
#[cfg(all(target_os = "linux", not(netfault_blind)))]
use linux as platform;
#[cfg(not(all(target_os = "linux", not(netfault_blind))))]
mod absent;
#[cfg(not(all(target_os = "linux", not(netfault_blind))))]
use absent as platform;

pub use capture::Capture;
pub use filter::{Answer, Filter, Matches, Reason};
pub use packet::{Family, Seen, Signals, Transport};
pub use platform::{
    EXISTS, Gate, Network, can_run, enter, exit_code, inside, is_inside, join, networks_up,
    outlive_interrupts, scratch, this_program,
};
pub use record::{Frame, Traced, Witness};
pub use topology::{
    End, Flaw, Host, LEAST_MTU, Link, MOST_HOSTS, MOST_LINKS, MOST_MTU, MTU, Place, Topology,
};

use crate::impair::Rule;
use std::borrow::Cow;
use std::fmt;
use std::io;

/// A name by which others find a network that is up, made of any words: 64 letters, digits, `-`, `_` and `.`, with `-` for
/// whatever else there is.
pub fn fit_name(words: &str) -> String {
    let is_fit = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    words.chars().map(|letter| if is_fit(letter) { letter } else { '-' }).take(64).collect()
}

/// What can be changed while a network is up.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// What is done to the packets on a link; a rule that stays goes on where it was. What was held goes on at once.
    Rules(String, Vec<(String, Rule)>),
    /// What a link does not let through.
    Filters(String, Vec<(String, Filter)>),
    /// A host answers nobody any more.
    Down(String),
    /// A host is there again.
    Up(String),
}

/// What a direction of a link has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Packets that came in.
    pub packets: u64,
    /// Their bytes, from the IP header on.
    pub bytes: u64,
    /// Of the packets those that the kernel carried past this program, because nothing was to happen to them.
    pub past: u64,
    /// Packets that a rule dropped.
    pub dropped: u64,
    /// Packets that a rule doubled.
    pub duplicated: u64,
    /// Packets with a bit flipped.
    pub corrupted: u64,
    /// Packets that overtook others by a rule.
    pub overtook: u64,
    /// Packets that a filter took.
    pub filtered: u64,
    /// Packets for which there was no more room.
    pub overflowed: u64,
}

/// Something of a network that could not be done, and what the system said.
#[derive(Debug)]
pub struct Broken {
    what: Cow<'static, str>,
    error: io::Error,
}

impl Broken {
    fn new(what: impl Into<Cow<'static, str>>, error: io::Error) -> Self {
        Self { what: what.into(), error }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.error)
    }
}

impl std::error::Error for Broken {}

/// Why a process did not get onto a host.
#[derive(Debug)]
pub enum JoinError {
    /// No network of this name is up.
    NoNetwork,
    /// It has no host of this name.
    NoHost {
        /// Those that it has.
        hosts: Vec<String>,
    },
    /// The system did not let it.
    Broken(Broken),
}

impl From<Broken> for JoinError {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

/// Why there can be no network of several hosts here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What was tried.
    pub step: String,
    /// What the system said: `EPERM`, `ENOSPC`, …
    pub errno: String,
    /// What to do about it, and what forbids it.
    pub remedy: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.step, self.errno)
    }
}
