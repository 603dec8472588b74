//! UDP clients of the relay.

use super::{Relay, Who};
use crate::failure::{Call, Failure, Op, Protocol};
use crate::impair::{Direction, Effect};
use crate::proxy::metrics::Counters;
use crate::proxy::running::Door;
use crate::proxy::stream::Act;
use crate::proxy::udp::{Sent, Session};
use crate::readiness::{Batch, Outbox};
use crate::trace::What;
use mio::Interest;
use mio::net::UdpSocket;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// Batches of one socket before the others have their turn.
const BATCHES: usize = 8;

impl Relay {
    /// Takes what has arrived at the door of a UDP proxy.
    pub(super) fn receive(&mut self, at: usize) {
        // Both are put back below: others need the relay meanwhile.
        let mut batch = self.batch.take().unwrap_or_default();
        let mut more = true;
        for _ in 0..BATCHES {
            let Some(Door::Udp(door)) = self.proxies.get(at).map(|proxy| &proxy.door) else { break };
            match batch.receive(door) {
                Ok(true) => self.lead_up(at, &batch),
                Ok(false) => more = false,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // An earlier reply met a closed port: the client has gone, and nobody is to be told.
                Err(error) => tracing::debug!(%error, "recv"),
            }
            if !more {
                break;
            }
        }
        if more {
            self.again.push(Who::Door(at).token());
        }
        self.batch = Some(batch);
    }

    /// Leads a batch of clients' datagrams to the server; those of one client that follow each other go together.
    fn lead_up(&mut self, at: usize, batch: &Batch) {
        let mut open: Option<usize> = None;
        for (bytes, peer) in batch.datagrams() {
            let Some(proxy) = self.proxies.get_mut(at) else { return };
            // Whoever forges a sender can make the proxy talk to itself.
            if peer == proxy.listen || peer.port() == 0 {
                continue;
            }
            proxy.counters.moved(Direction::Upstream).received(bytes.len());
            let Some(place) = self.session(at, peer) else { continue };
            if open.is_some_and(|open| open != place) {
                self.ship_up(open.take());
            }
            let sent = self.take(place, Direction::Upstream, bytes);
            if sent == Sent::Now {
                self.outbox.write(None, |out| {
                    out.extend_from_slice(bytes);
                    true
                });
                open = Some(place);
            }
            self.after(place, Direction::Upstream, sent);
        }
        self.ship_up(open);
    }

    /// Sends what the outbox has for the server of this client.
    fn ship_up(&mut self, place: Option<usize>) {
        let Some(place) = place else { return };
        let Some(session) = self.sessions.get(place) else { return self.outbox.clear() };
        let Some(proxy) = self.proxies.get_mut(session.proxy) else { return self.outbox.clear() };
        let refused = ship(&mut self.outbox, &session.server, Direction::Upstream, &mut proxy.counters);
        if refused {
            self.pass_unreachable(place);
        }
    }

    /// Takes the replies to one client, and sends what was held and is due.
    pub(super) fn turn_session(&mut self, place: usize) {
        self.release(place);
        let mut batch = self.batch.take().unwrap_or_default();
        let mut more = true;
        for _ in 0..BATCHES {
            let Some(session) = self.sessions.get(place) else { break };
            match batch.receive(&session.server) {
                Ok(true) => self.lead_down(place, &batch),
                Ok(false) => more = false,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if is_refusal(&error) => self.pass_unreachable(place),
                Err(error) => tracing::debug!(%error, "recv"),
            }
            if !more {
                break;
            }
        }
        if more && self.sessions.contains(place) {
            self.again.push(Who::Session(place).token());
        }
        self.batch = Some(batch);
    }

    fn lead_down(&mut self, place: usize, batch: &Batch) {
        let Some(session) = self.sessions.get(place) else { return };
        let (at, peer) = (session.proxy, session.peer);
        for (bytes, _) in batch.datagrams() {
            let Some(proxy) = self.proxies.get_mut(at) else { return };
            proxy.counters.moved(Direction::Downstream).received(bytes.len());
            let sent = self.take(place, Direction::Downstream, bytes);
            if sent == Sent::Now {
                self.outbox.write(Some(peer), |out| {
                    out.extend_from_slice(bytes);
                    true
                });
            }
            self.after(place, Direction::Downstream, sent);
        }
        self.ship_down(at);
    }

    fn ship_down(&mut self, at: usize) {
        let Some(proxy) = self.proxies.get_mut(at) else { return self.outbox.clear() };
        let Door::Udp(door) = &proxy.door else { return self.outbox.clear() };
        ship(&mut self.outbox, door, Direction::Downstream, &mut proxy.counters);
    }

    /// Decides what becomes of a datagram.
    fn take(&mut self, place: usize, way: Direction, bytes: &[u8]) -> Sent {
        let Some(session) = self.sessions.get_mut(place) else { return Sent::Taken };
        session.last = self.now;
        if session.is_plain(way) {
            return Sent::Now;
        }
        let (before, room) = (session.bytes(), self.settings.limits.memory.saturating_sub(self.held));
        let sent = session.take(way, bytes, self.now, room, &mut self.acts);
        self.held = self.held + session.bytes() - before;
        sent
    }

    /// What follows from what became of a datagram.
    fn after(&mut self, place: usize, way: Direction, sent: Sent) {
        let Some(session) = self.sessions.get_mut(place) else { return };
        let (at, number, peer) = (session.proxy, session.number, session.peer);
        let due = session.due();
        let plans = due < session.planned;
        if plans {
            session.planned = due;
            self.plan(due, Who::Session(place));
        }
        if !self.acts.is_empty() {
            self.tell_acts(at, number, peer, way);
        }
        match sent {
            Sent::Refused => self.pass_unreachable(place),
            Sent::Overflow => {
                if let Some(proxy) = self.proxies.get_mut(at) {
                    proxy.counters.overflow += 1;
                }
            }
            Sent::Now | Sent::Taken => {}
        }
    }

    /// Sends the held datagrams whose time has come.
    pub(super) fn release(&mut self, place: usize) {
        let now = self.now;
        while let Some((way, bytes)) = self.sessions.get_mut(place).and_then(|session| session.next(now)) {
            let Some(session) = self.sessions.get(place) else { return };
            self.held -= bytes.len();
            let (at, peer) = (session.proxy, session.peer);
            let to = (way == Direction::Downstream).then_some(peer);
            self.outbox.write(to, |out| {
                out.extend_from_slice(&bytes);
                true
            });
            if way == Direction::Upstream { self.ship_up(Some(place)) } else { self.ship_down(at) }
        }
        let Some(session) = self.sessions.get_mut(place) else { return };
        let due = session.due();
        if due < session.planned {
            session.planned = due;
            self.plan(due, Who::Session(place));
        }
    }

    /// The place of this client, which may be new.
    fn session(&mut self, at: usize, peer: SocketAddr) -> Option<usize> {
        if let Some(place) = self.session_of.get(&(at, peer)) {
            return Some(*place);
        }
        let (now, seed) = (self.now, self.settings.seed);
        let proxy = self.proxies.get_mut(at)?;
        let actor = format!("proxy {}", proxy.name);
        let Some(server) = proxy.servers.first().copied() else {
            proxy.counters.unreached += 1;
            self.look_up(at);
            return None;
        };
        if self.sessions.len() >= self.settings.limits.clients {
            proxy.counters.turned_away += 1;
            let most = self.settings.limits.clients;
            self.events.tell(&actor, || What::Note {
                text: format!("datagram of {peer} dropped: there are {most} clients already"),
            });
            return None;
        }
        proxy.counters.connections += 1;
        let number = proxy.counters.connections;
        let by = proxy.refuses(number, seed, now);
        let entry = self.sessions.vacant_entry();
        let place = entry.key();
        let registry = self.poll.registry();
        let made = towards(server).and_then(|mut socket| {
            registry.register(&mut socket, Who::Session(place).token(), Interest::READABLE)?;
            Ok(socket)
        });
        let socket = match made {
            Ok(socket) => socket,
            Err(error) => {
                proxy.counters.unreached += 1;
                let call = Call { peer: Some(server), ..Call::new(Op::Connect, Protocol::Udp) };
                let failure = Failure::of(call, &error, None, Duration::ZERO);
                self.events.tell(&actor, || What::Failed(failure));
                return None;
            }
        };
        let mut session = Session::new(at, number, peer, socket, server, now);
        for way in [Direction::Upstream, Direction::Downstream] {
            session.sync(way, &proxy.wanted(way), now, |id| proxy.packet_rule(id, number, way, seed));
        }
        let local = Some(proxy.listen);
        let call = Call { local, peer: Some(peer), ..Call::new(Op::Receive, Protocol::Udp) };
        self.events.tell(&actor, || What::Finished { call, bytes: None });
        session.refused = by;
        entry.insert(session);
        self.session_of.insert((at, peer), place);
        if let Some(toxic) = by {
            self.acts.push(Act { toxic, effect: Effect::Refused, bytes: 0 });
            self.tell_acts(at, number, peer, Direction::Upstream);
        }
        Some(place)
    }

    /// The server's port is unreachable: the client is told, where this process may tell it.
    fn pass_unreachable(&mut self, place: usize) {
        let Some(session) = self.sessions.get_mut(place) else { return };
        let Some(proxy) = self.proxies.get_mut(session.proxy) else { return };
        let told = self.unreachable.tell(session.peer, proxy.listen);
        if told.is_err() {
            proxy.counters.icmp_kept += 1;
        }
        if std::mem::replace(&mut session.said, true) {
            return;
        }
        let (server, peer) = (session.server_address, session.peer);
        let text = match told {
            Ok(()) => format!("{server}: port unreachable, passed on to {peer} as ICMP"),
            Err(error) => format!("{server}: port unreachable, not passed on to {peer}: {error}"),
        };
        self.events.tell(&format!("proxy {}", proxy.name), || What::Note { text });
    }

    /// Forgets the UDP clients of which nothing was heard for long.
    pub(super) fn forget_idle(&mut self) {
        let (now, idle) = (self.now, self.settings.limits.idle);
        let gone: Vec<usize> = self
            .sessions
            .iter()
            .filter(|(_, session)| !session.holds() && session.last + idle <= now)
            .map(|(place, _)| place)
            .collect();
        for place in gone {
            self.forget_session(place);
        }
    }

    pub(super) fn forget_session(&mut self, place: usize) {
        if let Some(session) = self.sessions.try_remove(place) {
            self.session_of.remove(&(session.proxy, session.peer));
            self.held -= session.bytes();
        }
    }
}

/// A socket for one client, connected to the server: the kernel gives it that server's datagrams alone.
fn towards(server: SocketAddr) -> io::Result<UdpSocket> {
    let any = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0))?;
    socket.connect(server)?;
    Ok(socket)
}

fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
}

/// Sends what there is. A datagram that the socket has no room for is lost, and counted. Tells whether the other end's
/// port was found unreachable.
fn ship(outbox: &mut Outbox, socket: &UdpSocket, way: Direction, counters: &mut Counters) -> bool {
    let mut refused = false;
    let mut tries = 0;
    while outbox.is_unsent() {
        let (left, bytes) = (outbox.unsent(), outbox.unsent_bytes());
        match outbox.send(socket) {
            Ok(()) => counters.moved(way).sent(bytes - outbox.unsent_bytes()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // It is about an earlier datagram; this one was not sent yet.
            Err(error) if is_refusal(&error) && tries < left => {
                refused = true;
                tries += 1;
            }
            Err(error) => {
                tracing::debug!(%error, "send");
                counters.overflow += 1;
                outbox.skip();
            }
        }
    }
    outbox.clear();
    refused
}
