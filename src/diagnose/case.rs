//! One failed call, and what was read about it: the questions that rules ask.

use crate::failure::{Call, Failure, Op, Protocol};
use crate::fault::Fault;
use crate::trace::{
    Because, Confidence, Event, Evidence, Fact, IcmpError, RuledOut, SocketRow, SocketState, Unseen, Verdict,
};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// A failed call with everything that is known about it.
pub(super) struct Case<'a> {
    pub(super) failure: &'a Failure,
    about: Option<SocketAddr>,
    event: usize,
    began: Duration,
    ended: Duration,
    events: &'a [Event],
    evidence: &'a [Evidence],
}

/// The socket table as it was read once.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) at: Duration,
    pub(super) rows: &'a [SocketRow],
    pub(super) cite: Because,
}

impl<'a> Case<'a> {
    /// `None` when `failure` is not among the events.
    pub(super) fn new(failure: &'a Failure, events: &'a [Event], evidence: &'a [Evidence]) -> Option<Self> {
        let failed = events.iter().rfind(|event| event.what.failure() == Some(failure))?;
        let began = failed.at.saturating_sub(failure.elapsed);
        let sent_to = || {
            let send = last_done(&events[..failed.seq], |event, call| {
                event.actor == failed.actor && call.op == Op::Send && call.protocol == failure.call.protocol
            });
            send.and_then(|(_, call)| call.peer)
        };
        let about = match failure.call.op {
            Op::Receive => failure.call.peer.or_else(sent_to),
            _ => failure.call.address(),
        };
        Some(Self { failure, about, event: failed.seq, began, ended: failed.at, events, evidence })
    }

    /// The failed call, as a reason.
    pub(super) fn failed(&self) -> Because {
        Because::Event(self.event)
    }

    /// The address that the call was about, for calls of `protocol`: the one that was asked for in `bind`, else the
    /// other end. A `recvfrom` names nobody: there it is whom the same actor sent to.
    pub(super) fn address(&self, protocol: Protocol) -> Option<SocketAddr> {
        self.about.filter(|_| self.failure.call.protocol == protocol)
    }

    /// Every reading of the table that holds the address of the call, in the order in which they were made.
    pub(super) fn readings(&self) -> impl Iterator<Item = Reading<'a>> {
        let wanted = self.about.map(|address| (self.failure.call.protocol, address.port()));
        self.evidence.iter().enumerate().filter_map(move |(position, one)| match &one.fact {
            Fact::Sockets { protocol, port, rows } if Some((*protocol, *port)) == wanted => {
                Some(Reading { at: one.at, rows, cite: Because::Evidence(position) })
            }
            _ => None,
        })
    }

    /// The last reading before the call began.
    pub(super) fn before(&self) -> Option<Reading<'a>> {
        self.readings().take_while(|reading| reading.at <= self.began).last()
    }

    /// The last reading while the call was waiting.
    pub(super) fn during(&self) -> Option<Reading<'a>> {
        self.readings().filter(|reading| reading.at >= self.began && reading.at <= self.ended).last()
    }

    /// The first reading after the call failed.
    pub(super) fn after(&self) -> Option<Reading<'a>> {
        self.readings().find(|reading| reading.at >= self.ended)
    }

    /// Every reading after the call failed but the first.
    pub(super) fn later(&self) -> impl Iterator<Item = Reading<'a>> {
        self.readings().filter(|reading| reading.at >= self.ended).skip(1)
    }

    /// The readings next to a call that failed at once, and how sure they make: before and after, else only one.
    pub(super) fn around(&self) -> Option<(Vec<Reading<'a>>, Confidence)> {
        match (self.before(), self.after()) {
            (Some(before), Some(after)) => Some((vec![before, after], Confidence::Proved)),
            (before, after) => Some((vec![before.or(after)?], Confidence::Consistent)),
        }
    }

    /// What came into the error queue of a socket that talked to the same peer.
    pub(super) fn icmp(&self) -> Option<(&'a [IcmpError], Because)> {
        self.evidence.iter().enumerate().find_map(|(position, one)| match &one.fact {
            Fact::IcmpErrors { peer, errors } if Some(*peer) == self.about => {
                Some((errors.as_slice(), Because::Evidence(position)))
            }
            _ => None,
        })
    }

    /// The last call before the failure that sent something to the same peer.
    pub(super) fn sent(&self) -> Option<Because> {
        last_done(&self.events[..self.event], |_, call| call.op == Op::Send && call.peer == self.about)
            .map(|(seq, _)| Because::Event(seq))
    }

    /// What was read about the holder of one of `rows`, and what that leaves unseen.
    pub(super) fn holder(&self, rows: &[&SocketRow]) -> (Option<Because>, Vec<Unseen>) {
        let found = self.evidence.iter().enumerate().find_map(|(position, one)| {
            let (inode, unseen) = match &one.fact {
                Fact::Holder(process) => (process.inode, Vec::new()),
                Fact::HiddenHolder { inode, .. } => (*inode, vec![Unseen::OtherUsersProcesses]),
                _ => return None,
            };
            rows.iter().any(|row| row.inode == inode).then_some((Some(Because::Evidence(position)), unseen))
        });
        found.unwrap_or((None, vec![Unseen::OtherUsersProcesses]))
    }

    /// A port that another transport has free.
    pub(super) fn free_elsewhere(&self) -> Option<Because> {
        self.evidence
            .iter()
            .position(|one| {
                matches!(one.fact, Fact::PortFree { protocol, .. } if protocol != self.failure.call.protocol)
            })
            .map(Because::Evidence)
    }
}

/// The last of `events` that is a call which did what was asked, and for which `wanted` holds.
fn last_done(events: &[Event], wanted: impl Fn(&Event, &Call) -> bool) -> Option<(usize, &Call)> {
    events.iter().rev().find_map(|event| {
        event.what.finished().filter(|call| wanted(event, call)).map(|call| (event.seq, call))
    })
}

/// Rows of the first reading that stand in every reading.
pub(super) fn throughout<'a>(
    readings: &[Reading<'a>],
    wanted: impl Fn(&SocketRow) -> bool,
) -> Vec<&'a SocketRow> {
    let Some((first, rest)) = readings.split_first() else { return Vec::new() };
    let stays = |row: &SocketRow| {
        rest.iter().all(|reading| {
            reading.rows.iter().any(|other| {
                (other.local, other.peer, other.state, other.inode)
                    == (row.local, row.peer, row.state, row.inode)
            })
        })
    };
    first.rows.iter().filter(|row| wanted(row) && stays(row)).collect()
}

/// Whether a row for which `wanted` holds stands in any of the readings.
pub(super) fn ever(readings: &[Reading], wanted: impl Fn(&SocketRow) -> bool) -> bool {
    readings.iter().any(|reading| reading.rows.iter().any(&wanted))
}

impl SocketRow {
    /// Whether this is a listener on this port, on whichever address.
    pub(super) fn listens_on(&self, port: u16) -> bool {
        self.state == SocketState::Listen && self.local.port() == port
    }

    /// Whether a packet to `target` finds this socket.
    pub(super) fn receives_for(&self, target: SocketAddr) -> bool {
        self.local.port() == target.port()
            && (canonical(self.local) == canonical(target)
                || covers(self.local.ip(), self.v6only == Some(false), target.ip()))
    }

    /// Whether a socket that asks for `asked` wants what this one has. Whether the asker is dual-stack is not
    /// known from its address; Linux' default is that it is.
    pub(super) fn overlaps(&self, asked: SocketAddr) -> bool {
        self.receives_for(asked)
            || (self.local.port() == asked.port() && covers(asked.ip(), true, self.local.ip()))
    }

    /// Whether this is the end of a connection between these two addresses.
    pub(super) fn connects(&self, local: SocketAddr, peer: SocketAddr) -> bool {
        canonical(self.local) == canonical(local) && canonical(self.peer) == canonical(peer)
    }
}

/// IPv4 addresses look the same on IPv4 and dual-stack sockets.
pub(super) fn canonical(address: SocketAddr) -> (IpAddr, u16) {
    (address.ip().to_canonical(), address.port())
}

/// Whether the wildcard `wild` stands for `other` too.
fn covers(wild: IpAddr, dual_stack: bool, other: IpAddr) -> bool {
    wild.is_unspecified() && (wild.is_ipv4() == other.is_ipv4() || (wild.is_ipv6() && dual_stack))
}

impl Verdict {
    /// Adds reasons.
    pub(super) fn because(mut self, reasons: impl IntoIterator<Item = Because>) -> Self {
        self.because.extend(reasons);
        self
    }

    /// Adds causes that `by` speaks against.
    pub(super) fn rules_out(mut self, faults: &[Fault], by: Because) -> Self {
        self.ruled_out.extend(faults.iter().map(|fault| RuledOut { fault: *fault, by }));
        self
    }

    /// Adds what could not be seen.
    pub(super) fn without_seeing(mut self, unseen: impl IntoIterator<Item = Unseen>) -> Self {
        self.unseen.extend(unseen);
        self
    }
}
