//! A client, the socket that stands for it towards the server, and the datagrams that are held.

use crate::impair::{Direction, Packet, PacketRule};
use crate::proxy::stream::{Act, flip};
use mio::net::UdpSocket;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

/// Bytes that may be held for one client; what comes above is lost.
const HELD: usize = 16 * 1024 * 1024;

/// A client.
#[derive(Debug)]
pub(in crate::proxy) struct Session {
    pub(in crate::proxy) proxy: usize,
    /// Counted from 1 in its proxy.
    pub(in crate::proxy) number: u64,
    pub(in crate::proxy) peer: SocketAddr,
    /// Connected to the server.
    pub(in crate::proxy) server: UdpSocket,
    pub(in crate::proxy) server_address: SocketAddr,
    up: Rules,
    down: Rules,
    held: BTreeMap<(Duration, u64), (Direction, Vec<u8>)>,
    held_bytes: usize,
    count: u64,
    /// When it was last heard of.
    pub(in crate::proxy) last: Duration,
    pub(in crate::proxy) planned: Duration,
    /// Nothing of it goes on: this toxic refuses it.
    pub(in crate::proxy) refused: Option<u64>,
    /// That ICMP cannot be passed on was said.
    pub(in crate::proxy) said: bool,
}

type Rules = Vec<((u64, u64), PacketRule)>;

/// What became of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::proxy) enum Sent {
    /// It goes on as it is, now.
    Now,
    /// It was taken, or lost on purpose.
    Taken,
    /// It is lost for want of room.
    Overflow,
    /// The client is to be told that the port is unreachable.
    Refused,
}

impl Session {
    pub(in crate::proxy) fn new(
        proxy: usize,
        number: u64,
        peer: SocketAddr,
        server: UdpSocket,
        server_address: SocketAddr,
        now: Duration,
    ) -> Self {
        Self {
            proxy,
            number,
            peer,
            server,
            server_address,
            up: Rules::new(),
            down: Rules::new(),
            held: BTreeMap::new(),
            held_bytes: 0,
            count: 0,
            last: now,
            planned: Duration::MAX,
            refused: None,
            said: false,
        }
    }

    /// Whether datagrams of this direction go on as they are.
    pub(in crate::proxy) fn is_plain(&self, way: Direction) -> bool {
        self.refused.is_none()
            && self.held.is_empty()
            && if way == Direction::Upstream { self.up.is_empty() } else { self.down.is_empty() }
    }

    /// Decides what becomes of a datagram, of which no more than `room` bytes may be held.
    pub(in crate::proxy) fn take(
        &mut self,
        way: Direction,
        bytes: &[u8],
        now: Duration,
        room: usize,
        acts: &mut Vec<Act>,
    ) -> Sent {
        let rules = if way == Direction::Upstream { &mut self.up } else { &mut self.down };
        if self.refused.is_some() {
            return Sent::Refused;
        }
        let room = room.min(HELD.saturating_sub(self.held_bytes));
        let mut packets = vec![Packet::new(now, bytes.len())];
        let mut next = Vec::new();
        for (id, rule) in rules.iter_mut() {
            for packet in packets.drain(..) {
                if let Some(effect) = rule.decide(packet, &mut next) {
                    acts.push(Act { toxic: id.0, effect, bytes: bytes.len() });
                }
            }
            std::mem::swap(&mut packets, &mut next);
        }
        if self.held.is_empty() && packets.len() == 1 && packets[0].at <= now && packets[0].flipped.is_none()
        {
            return Sent::Now;
        }
        let (mut sent, mut taken) = (Sent::Taken, 0);
        for packet in packets {
            if taken + bytes.len() > room {
                sent = Sent::Overflow;
                continue;
            }
            taken += bytes.len();
            let mut bytes = bytes.to_vec();
            if let Some(bit) = packet.flipped {
                flip(&mut bytes, bit);
            }
            self.held_bytes += bytes.len();
            self.count += 1;
            self.held.insert((packet.at, self.count), (way, bytes));
        }
        sent
    }

    /// The next datagram that goes on by now.
    pub(in crate::proxy) fn next(&mut self, now: Duration) -> Option<(Direction, Vec<u8>)> {
        let first = self.held.first_entry().filter(|first| first.key().0 <= now)?;
        let (way, bytes) = first.remove();
        self.held_bytes -= bytes.len();
        Some((way, bytes))
    }

    /// When the next datagram goes on.
    pub(in crate::proxy) fn due(&self) -> Duration {
        self.held.keys().next().map_or(Duration::MAX, |(at, _)| *at)
    }

    /// The bytes that are held.
    pub(in crate::proxy) fn bytes(&self) -> usize {
        self.held_bytes
    }

    /// Whether datagrams are held.
    pub(in crate::proxy) fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Makes the toxics of one direction those that there are now. When one that was there has changed or gone, what
    /// is held that way goes on at once, in order.
    pub(in crate::proxy) fn sync(
        &mut self,
        way: Direction,
        wanted: &[(u64, u64)],
        now: Duration,
        mut make: impl FnMut((u64, u64)) -> Option<PacketRule>,
    ) {
        let rules = if way == Direction::Upstream { &mut self.up } else { &mut self.down };
        let mut old = std::mem::take(rules);
        for id in wanted {
            match old.iter().position(|(other, _)| other == id) {
                Some(at) => rules.push(old.remove(at)),
                None => rules.extend(make(*id).map(|rule| (*id, rule))),
            }
        }
        if !old.is_empty() {
            let all = std::mem::take(&mut self.held);
            for ((at, count), held) in all {
                let at = if held.0 == way { at.min(now) } else { at };
                self.held.insert((at, count), held);
            }
        }
    }
}
