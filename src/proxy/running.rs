//! A proxy: its door, where it leads, and its toxics.

use super::Spec;
use super::metrics::Counters;
use super::stream::Link;
use super::toxic::Toxic;
use crate::failure::{Call, Failure, Op, Protocol};
use crate::impair::{Dice, Direction, Impairment, PacketRule, Rule, Window};
use crate::readiness::Listener;
use crate::socket::Socket;
use crate::trace::Recorder;
use mio::net::UdpSocket;
use mio::{Interest, Registry, Token};
use serde_json::{Value, json};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// Connections that the kernel may hold ready for `accept`; it clips this to its own limit.
const BACKLOG: i32 = 1024;

/// A proxy of the relay.
#[derive(Debug)]
pub(super) struct Proxy {
    pub(super) name: String,
    pub(super) network: Protocol,
    /// What it listens on, or would; the port is the real one once it was bound.
    pub(super) listen: SocketAddr,
    /// The same as it is shown: as it was asked for, until it was bound.
    pub(super) shown: String,
    pub(super) upstream: String,
    /// The addresses of `upstream`, as far as they are known.
    pub(super) servers: Vec<SocketAddr>,
    /// Whether the name of `upstream` is being looked up.
    pub(super) asks: bool,
    pub(super) enabled: bool,
    pub(super) door: Door,
    pub(super) toxics: Vec<Active>,
    pub(super) counters: Counters,
}

/// A toxic in place.
#[derive(Debug)]
pub(super) struct Active {
    /// Which toxic, and which version of it.
    pub(super) id: (u64, u64),
    pub(super) toxic: Toxic,
    pub(super) rule: Rule,
    pub(super) since: Duration,
    /// Connections that came since.
    pub(super) seen: u64,
}

/// How clients come in.
#[derive(Debug)]
pub(super) enum Door {
    /// The port is free.
    Closed,
    /// Connections are accepted.
    Tcp(Listener),
    /// Datagrams are received.
    Udp(UdpSocket),
    /// The port is ours, and the kernel refuses whoever comes.
    Refusing { _held: Socket },
}

impl Proxy {
    /// Opens the door as it has to be now, after closing what was open before.
    pub(super) fn open(&mut self, registry: &Registry, token: Token) -> Result<(), Failure> {
        self.door = Door::Closed;
        let actor = Recorder::forgetful().actor("proxy");
        let socket = Socket::bound_for_server(&actor, self.network, self.listen)?;
        let local = socket.local().unwrap_or(self.listen);
        let refuses = self.refuses_all();
        let call = Call { local: Some(local), ..Call::new(Op::Listen, self.network) };
        let failed = |error: io::Error| Failure::of(call.clone(), &error, None, Duration::ZERO);
        self.door = match self.network {
            // A TCP port that is bound and not listened on is refused by the kernel.
            Protocol::Tcp if refuses => Door::Refusing { _held: socket },
            Protocol::Udp if refuses => {
                // So is a UDP port for everybody but whom its socket is connected to, which is itself.
                socket.connect(local)?;
                Door::Refusing { _held: socket }
            }
            Protocol::Tcp => {
                socket.listen(BACKLOG)?;
                Door::Tcp(Listener::watch(socket.into_inner().into(), registry, token).map_err(failed)?)
            }
            Protocol::Udp => Door::Udp(watch(socket, registry, token).map_err(failed)?),
        };
        self.listen = local;
        self.shown = local.to_string();
        Ok(())
    }

    /// Whether it would be its own client: each connection would bring the next one.
    pub(super) fn leads_to_itself(&self) -> bool {
        let ours = self.listen.ip();
        self.servers.iter().any(|server| {
            let is_here = server.ip() == ours || (ours.is_unspecified() && server.ip().is_loopback());
            is_here && server.port() == self.listen.port()
        })
    }

    /// Whether there is a toxic that refuses everybody, always.
    pub(super) fn refuses_all(&self) -> bool {
        self.toxics.iter().any(|active| {
            active.rule.impairment == (Impairment::Refuse { first: None })
                && active.rule.probability >= 1.0
                && active.rule.window == Window::ALWAYS
        })
    }

    /// The toxic that refuses this new connection, if one does.
    pub(super) fn refuses(&mut self, number: u64, seed: u64, now: Duration) -> Option<u64> {
        let mut by = None;
        for active in &mut self.toxics {
            active.seen += 1;
            let Impairment::Refuse { first } = active.rule.impairment else { continue };
            let mut dice = dice(seed, &self.name, &active.toxic.name, number, active.rule.direction);
            let applies = dice.chance(active.rule.probability)
                && active.rule.window.contains(now.saturating_sub(active.since))
                && first.is_none_or(|first| active.seen <= first.get());
            if applies && by.is_none() {
                by = Some(active.id.0);
            }
        }
        by
    }

    /// Which toxics work on traffic of this direction, in order.
    pub(super) fn wanted(&self, way: Direction) -> Vec<(u64, u64)> {
        let these = self.toxics.iter().filter(|active| active.rule.direction.covers(way));
        these.map(|active| active.id).collect()
    }

    /// A toxic at work on one direction of a connection.
    pub(super) fn link(
        &self,
        id: (u64, u64),
        number: u64,
        way: Direction,
        seed: u64,
        now: Duration,
    ) -> Option<Link> {
        let active = self.active(id.0)?;
        let dice = dice(seed, &self.name, &active.toxic.name, number, way);
        Link::new(id, &active.rule, active.since, now, dice)
    }

    /// The same for the datagrams of a client.
    pub(super) fn packet_rule(
        &self,
        id: (u64, u64),
        number: u64,
        way: Direction,
        seed: u64,
    ) -> Option<PacketRule> {
        let active = self.active(id.0)?;
        let dice = dice(seed, &self.name, &active.toxic.name, number, way);
        Some(PacketRule::new(active.rule.clone(), active.since, dice))
    }

    /// The toxic of this id.
    pub(super) fn active(&self, id: u64) -> Option<&Active> {
        self.toxics.iter().find(|active| active.id.0 == id)
    }

    /// Whether it already is what is wanted: it leads from and to the same addresses.
    pub(super) fn is_like(&self, wanted: &Spec, listen: SocketAddr) -> bool {
        self.network == wanted.network && self.upstream == wanted.upstream && self.listen == listen
    }

    /// As the control API shows it; toxics of the upstream direction come first.
    pub(super) fn json(&self) -> Value {
        let mut shown = json!({
            "name": self.name,
            "listen": self.shown,
            "upstream": self.upstream,
            "enabled": self.enabled,
            "toxics": self.toxics_json(),
        });
        if self.network == Protocol::Udp {
            shown["network"] = json!("udp");
        }
        shown
    }

    pub(super) fn toxics_json(&self) -> Value {
        let mut sorted: Vec<&Active> = self.toxics.iter().collect();
        sorted.sort_by_key(|active| active.rule.direction == Direction::Downstream);
        Value::Array(sorted.into_iter().map(|active| active.toxic.json()).collect())
    }
}

/// Decisions of their own for each toxic, connection and direction: whatever else happens does not change them.
fn dice(seed: u64, proxy: &str, toxic: &str, number: u64, way: Direction) -> Dice {
    Dice::of(seed, &[proxy, toxic, &number.to_string(), way.name()])
}

fn watch(socket: Socket, registry: &Registry, token: Token) -> io::Result<UdpSocket> {
    let inner = socket.into_inner();
    inner.set_nonblocking(true)?;
    let mut inner = UdpSocket::from_std(inner.into());
    registry.register(&mut inner, token, Interest::READABLE)?;
    Ok(inner)
}
