//! One failed call, and what was read about it: the questions that rules ask.

use crate::failure::{Call, Failure, Op, Protocol};
use crate::fault::Fault;
use crate::trace::{
    Because, Confidence, Event, Evidence, Fact, Fate, IcmpError, Options, OwnSocket, Packet, Route, RuledOut,
    SocketRow, Unseen, Verdict, What,
};
use std::net::SocketAddr;
use std::time::Duration;

/// A failed call with everything that is known about it.
pub(super) struct Case<'a> {
    pub(super) failure: &'a Failure,
    about: Option<SocketAddr>,
    event: usize,
    began: Duration,
    pub(super) ended: Duration,
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
    /// `None` when `failure` is not among the events. Of several that are equal, to the nanosecond, the first is meant:
    /// what was read about it follows it, and so do the other attempts of the same call.
    pub(super) fn new(failure: &'a Failure, events: &'a [Event], evidence: &'a [Evidence]) -> Option<Self> {
        let failed = events.iter().find(|event| event.what.failure() == Some(failure))?;
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

    /// What the same actor did since it made the socket of the call.
    pub(super) fn life(&self) -> impl Iterator<Item = &'a Event> {
        let before = &self.events[..self.event];
        let actor = &self.events[self.event].actor;
        let made = last_done(before, |event, call| event.actor == *actor && call.op == Op::Socket);
        before[made.map_or(0, |(seq, _)| seq)..].iter().filter(move |event| event.actor == *actor)
    }

    /// The last call of that life which did `op`.
    pub(super) fn did(&self, op: Op) -> Option<(&'a Call, Because)> {
        let done = self.life().filter_map(|event| Some((event.what.finished()?, event.seq)));
        done.filter(|(call, _)| call.op == op).last().map(|(call, seq)| (call, Because::Event(seq)))
    }

    /// Bytes that calls of `op` moved, of any actor for whom `wanted` holds, before the failure; and the last of them.
    pub(super) fn moved(&self, op: Op, wanted: impl Fn(&Call) -> bool) -> Option<(usize, Because)> {
        let done = self.events[..self.event].iter().filter_map(|event| match &event.what {
            What::Finished { call, bytes } if call.op == op && wanted(call) => Some(((*bytes)?, event.seq)),
            _ => None,
        });
        done.fold(None, |sum: Option<(usize, Because)>, (bytes, seq)| {
            Some((sum.map_or(0, |(sum, _)| sum) + bytes, Because::Event(seq)))
        })
    }

    /// Every fact, in the order in which they were seen.
    pub(super) fn facts(&self) -> impl DoubleEndedIterator<Item = (&'a Fact, Because)> {
        self.evidence.iter().enumerate().map(|(position, one)| (&one.fact, Because::Evidence(position)))
    }

    /// The last fact of which `wanted` makes something.
    pub(super) fn fact<T>(&self, wanted: impl Fn(&'a Fact) -> Option<T>) -> Option<(T, Because)> {
        self.facts().rev().find_map(|(fact, cite)| Some((wanted(fact)?, cite)))
    }

    /// The first one since the socket of the call was made: of its connection, and of none before or after.
    pub(super) fn fact_since_made<T>(&self, wanted: impl Fn(&'a Fact) -> Option<T>) -> Option<(T, Because)> {
        let made = self.life().next().map_or(Duration::ZERO, |event| event.at);
        let mut seen = self.evidence.iter().enumerate().filter(|(_, one)| one.at >= made);
        seen.find_map(|(position, one)| Some((wanted(&one.fact)?, Because::Evidence(position))))
    }

    /// What the socket of the call said of itself right after it failed.
    pub(super) fn own_socket(&self) -> Option<(&'a OwnSocket, Because)> {
        self.evidence.iter().enumerate().find_map(|(position, one)| match &one.fact {
            Fact::OwnSocket(socket) if one.at >= self.ended => Some((socket, Because::Evidence(position))),
            _ => None,
        })
    }

    /// Whether the socket was told not to wait.
    pub(super) fn is_nonblocking(&self) -> bool {
        self.own_socket().is_some_and(|(socket, _)| socket.nonblocking)
    }

    /// Where packets to the address of the call go.
    pub(super) fn route(&self) -> Option<(&'a Route, Because)> {
        let address = self.about?.ip();
        self.fact(|fact| match fact {
            Fact::Route { to, route } if *to == address => Some(route),
            _ => None,
        })
    }

    /// Whether the address of the call is one of this host.
    pub(super) fn is_here(&self) -> bool {
        self.about.is_some_and(|address| address.ip().is_loopback())
            || matches!(self.route(), Some((Route::Local, _)))
    }

    /// What would have told the cause, and was not there.
    pub(super) fn not_seen(&self) -> Vec<Unseen> {
        match self.about {
            None => Vec::new(),
            Some(_) if self.failure.call.op != Op::Bind && !self.is_here() => vec![Unseen::RemoteHost],
            Some(_) if self.readings().next().is_none() => vec![Unseen::SocketTable],
            Some(_) => vec![Unseen::PacketFilter],
        }
    }

    /// Which options the holder of a socket set on it.
    pub(super) fn options(&self, row: &SocketRow) -> Option<(&'a Options, Because)> {
        self.fact(|fact| match fact {
            Fact::Options(options) if options.inode == row.inode && row.is_held() => Some(options),
            _ => None,
        })
    }

    fn pid_of_holder(&self, row: &SocketRow) -> Option<u32> {
        let held = self.fact(|fact| match fact {
            Fact::Holder(process) if process.inode == row.inode => Some(process.pid),
            _ => None,
        });
        held.map(|(pid, _)| pid)
    }

    /// How a process that held the socket of `row` ended, if it did.
    pub(super) fn end_of_holder(&self, row: &SocketRow) -> Option<(Option<i32>, Because)> {
        let pid = self.pid_of_holder(row)?;
        self.fact(|fact| match fact {
            Fact::Ended { pid: gone, signal } if *gone == pid => Some(*signal),
            _ => None,
        })
    }

    /// Whether the process that held the socket of `row` was there still after the call had failed.
    pub(super) fn holder_lives(&self, row: &SocketRow) -> Option<Because> {
        let pid = self.pid_of_holder(row)?;
        self.evidence
            .iter()
            .position(|one| one.at >= self.ended && one.fact == Fact::Lives { pid })
            .map(Because::Evidence)
    }

    /// How far a counter rose while the fault stood.
    pub(super) fn counted(&self, name: &str) -> Option<(u64, Because)> {
        self.fact(|fact| match fact {
            Fact::Counted { counter, times } if counter == name => Some(*times),
            _ => None,
        })
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

    /// Every reading of the table that holds an address of the call, in the order in which they were made.
    pub(super) fn readings(&self) -> impl Iterator<Item = Reading<'a>> {
        let wanted = self.failure.call.protocol;
        let ports = [self.about, self.failure.call.local].map(|end| end.map(|address| address.port()));
        self.evidence.iter().enumerate().filter_map(move |(position, one)| match &one.fact {
            Fact::Sockets { protocol, port, rows } if *protocol == wanted && ports.contains(&Some(*port)) => {
                Some(Reading { at: one.at, rows, cite: Because::Evidence(position) })
            }
            _ => None,
        })
    }

    /// The last reading before the call failed.
    pub(super) fn latest(&self) -> Option<Reading<'a>> {
        self.readings().take_while(|reading| reading.at <= self.ended).last()
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

    /// Whether the call, or anybody in its trace, had to do with this other end.
    pub(super) fn talked_to(&self, peer: SocketAddr) -> bool {
        let calls = self.events.iter().filter_map(|event| match &event.what {
            What::Started(call) => Some(call),
            _ => None,
        });
        [&self.failure.call].into_iter().chain(calls).any(|call| call.peer == Some(peer))
    }

    /// What came into the error queue of a socket that talked to the same peer: as it was read first after the failure,
    /// else as it was read last before, because earlier attempts may have met something else.
    pub(super) fn icmp(&self) -> Option<(&'a [IcmpError], Because)> {
        let read = || {
            self.evidence.iter().enumerate().filter_map(|(position, one)| match &one.fact {
                Fact::IcmpErrors { peer, errors } if Some(*peer) == self.about => {
                    Some((one.at, (errors.as_slice(), Because::Evidence(position))))
                }
                _ => None,
            })
        };
        let after = read().find(|(at, _)| *at >= self.ended);
        after.or_else(|| read().next_back()).map(|(_, found)| found)
    }

    /// The last call before the failure that sent something to the same peer.
    pub(super) fn sent(&self) -> Option<Because> {
        last_done(&self.events[..self.event], |_, call| call.op == Op::Send && call.peer == self.about)
            .map(|(seq, _)| Because::Event(seq))
    }

    /// The last packet to the other end, when a virtual network dropped each one that was sent to it while the call
    /// waited.
    pub(super) fn every_packet_lost(&self) -> Option<Because> {
        let during = |event: &&Event| event.at >= self.began && event.at <= self.ended;
        let packets = self.events.iter().filter(during).filter_map(|event| match &event.what {
            What::Packet(packet) if Some(packet.destination) == self.about => Some((event, packet)),
            _ => None,
        });
        let lost = |packet: &Packet| packet.fate == Fate::Dropped;
        packets.clone().all(|(_, packet)| lost(packet)).then_some(())?;
        packets.clone().next_back().map(|(event, _)| Because::Event(event.seq))
    }

    /// Whether a packet of the other end passed a link of a virtual network after this time, and before the failure.
    pub(super) fn was_heard_of(&self, peer: SocketAddr, since: Duration) -> bool {
        let meanwhile = |event: &&Event| event.at >= since && event.at <= self.ended;
        self.events.iter().filter(meanwhile).any(|event| {
            matches!(&event.what, What::Packet(packet)
                if packet.source == peer
                    && Some(packet.destination) == self.failure.call.local
                    && packet.fate == Fate::Passed)
        })
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

    /// Says which of the causes on the fault's page it is.
    pub(super) fn with_cause(mut self, number: Option<usize>) -> Self {
        self.cause = number;
        self
    }

    /// Adds what could not be seen.
    pub(super) fn without_seeing(mut self, unseen: impl IntoIterator<Item = Unseen>) -> Self {
        self.unseen.extend(unseen);
        self
    }
}
