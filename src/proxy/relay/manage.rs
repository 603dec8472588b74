//! What can be asked of the relay: proxies and toxics made, changed and taken away. Each either happens as a whole
//! or not at all.

use super::{Relay, Who};
use crate::failure::{Call, Failure, Op, Protocol};
use crate::impair::Direction;
use crate::proxy::events::Listener;
use crate::proxy::host::{self, Unusable};
use crate::proxy::metrics::Counters;
use crate::proxy::running::{Active, Door, Proxy};
use crate::proxy::toxic::{Change, Kind, Toxic};
use crate::proxy::{Spec, SpecChange};
use crate::trace::What;
use serde_json::{Map, Value};
use std::net::SocketAddr;
use std::time::Duration;

/// What went through a relay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Connections and UDP clients.
    pub connections: u64,
    /// Bytes that servers got.
    pub up: u64,
    /// Bytes that clients got.
    pub down: u64,
}

/// Why something was not done.
#[derive(Clone, Debug)]
pub enum Problem {
    /// There is no proxy of this name.
    NoProxy,
    /// The proxy has no toxic of this name.
    NoToxic,
    /// There is a proxy of this name.
    ProxyExists,
    /// The proxy has a toxic of this name.
    ToxicExists,
    /// The address cannot be listened on.
    Listen(Box<Failure>),
    /// The name to listen on has no address.
    Name(String),
    /// What is asked for makes no sense.
    Wrong(String),
}

/// A proxy that is wanted, with the addresses that its names stand for.
#[derive(Clone, Debug)]
pub struct Resolved {
    spec: Spec,
    listen: SocketAddr,
    servers: Vec<SocketAddr>,
}

/// A change of a proxy, likewise.
#[derive(Clone, Debug)]
pub struct ResolvedChange {
    listen: Option<(String, SocketAddr)>,
    upstream: Option<(String, Vec<SocketAddr>)>,
    enabled: Option<bool>,
}

impl Spec {
    /// Looks its names up, which may take long. A server whose name has no address now is looked up again when it is
    /// needed.
    pub fn resolve(self) -> Result<Resolved, Problem> {
        let listen = listen_address(&self.listen)?;
        let servers = host::resolve(&self.upstream).unwrap_or_default();
        Ok(Resolved { spec: self, listen, servers })
    }
}

impl SpecChange {
    /// Looks its names up, which may take long.
    pub fn resolve(self) -> Result<ResolvedChange, Problem> {
        let listen =
            self.listen.map(|shown| listen_address(&shown).map(|listen| (shown, listen))).transpose()?;
        let upstream = self.upstream.map(|name| {
            let servers = host::resolve(&name).unwrap_or_default();
            (name, servers)
        });
        Ok(ResolvedChange { listen, upstream, enabled: self.enabled })
    }
}

fn listen_address(given: &str) -> Result<SocketAddr, Problem> {
    let found = host::resolve(given).map_err(|why| match why {
        Unusable::Shape(wrong) => Problem::Wrong(format!("bad request body: listen: {wrong}")),
        Unusable::Name(error) => Problem::Name(format!("listen {given}: {error}")),
    })?;
    found.first().copied().ok_or_else(|| Problem::Name(format!("listen {given}: the name has no address")))
}

impl Relay {
    /// Tells every event from now on to `listener`.
    pub fn listen(&mut self, listener: Listener) {
        self.events.listen(listener);
    }

    /// Takes no more clients, delivers what is on its way, and ends.
    pub fn drain(&mut self) {
        if self.drained.is_some() {
            return self.end();
        }
        self.accept();
        for (_, proxy) in &mut self.proxies {
            if proxy.network == Protocol::Tcp {
                proxy.door = Door::Closed;
            }
        }
        self.drained = Some(self.now + self.settings.limits.drain);
        for place in 0..self.connections.capacity() {
            self.turn_connection(place);
        }
    }

    /// Ends at once.
    pub fn end(&mut self) {
        self.drained = Some(Duration::ZERO);
    }

    /// Connections and UDP clients that there are.
    pub fn clients(&self) -> usize {
        self.connections.len() + self.sessions.len()
    }

    /// Bytes that connections hold, because of toxics or because somebody does not read.
    pub fn held(&self) -> usize {
        self.held
    }

    /// What went through the proxies that there are.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for (_, proxy) in &self.proxies {
            let [(_, up), (_, down)] = proxy.counters.directions();
            totals.connections += proxy.counters.connections;
            totals.up += up.sent;
            totals.down += down.sent;
        }
        totals
    }

    /// Every proxy, by name.
    pub fn list(&self) -> Value {
        Value::Object(self.by_name().map(|proxy| (proxy.name.clone(), proxy.json())).collect::<Map<_, _>>())
    }

    pub(super) fn by_name(&self) -> impl Iterator<Item = &Proxy> {
        let mut all: Vec<&Proxy> = self.proxies.iter().map(|(_, proxy)| proxy).collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all.into_iter()
    }

    /// The proxy of this name.
    pub fn show(&self, name: &str) -> Result<Value, Problem> {
        self.place(name).map(|at| self.proxies[at].json())
    }

    /// The address that a proxy listens on.
    pub fn address(&self, name: &str) -> Result<(Protocol, SocketAddr), Problem> {
        self.place(name).map(|at| (self.proxies[at].network, self.proxies[at].listen))
    }

    fn place(&self, name: &str) -> Result<usize, Problem> {
        self.proxies.iter().find(|(_, proxy)| proxy.name == name).map(|(at, _)| at).ok_or(Problem::NoProxy)
    }

    /// Makes a proxy with its toxics.
    pub fn create(&mut self, wanted: Resolved) -> Result<Value, Problem> {
        if self.place(&wanted.spec.name).is_ok() {
            return Err(Problem::ProxyExists);
        }
        let Resolved { spec, listen, servers } = wanted;
        let toxics = spec.toxics.into_iter().map(|toxic| self.active(toxic)).collect();
        let at = self.proxies.insert(Proxy {
            name: spec.name,
            network: spec.network,
            listen,
            shown: spec.listen,
            upstream: spec.upstream,
            servers,
            asks: false,
            enabled: false,
            door: Door::Closed,
            toxics,
            counters: Counters::default(),
        });
        if spec.enabled
            && let Err(problem) = self.enable(at)
        {
            self.proxies.remove(at);
            return Err(problem);
        }
        Ok(self.proxies[at].json())
    }

    fn enable(&mut self, at: usize) -> Result<(), Problem> {
        let proxy = &mut self.proxies[at];
        let opened = proxy.open(self.poll.registry(), Who::Door(at).token());
        proxy.enabled = opened.is_ok();
        if opened.is_ok() {
            let op = if matches!(proxy.door, Door::Tcp(_)) { Op::Listen } else { Op::Bind };
            let call = Call { local: Some(proxy.listen), ..Call::new(op, proxy.network) };
            let actor = format!("proxy {}", proxy.name);
            self.events.tell(&actor, || What::Finished { call, bytes: None });
            if matches!(proxy.door, Door::Refusing { .. }) {
                let text =
                    format!("{} is bound and not served: the kernel refuses whoever comes", proxy.listen);
                self.events.tell(&actor, || What::Note { text });
            }
        }
        opened.map_err(|failure| Problem::Listen(Box::new(failure)))
    }

    /// Closes the door and every connection: they get an end, and new ones are refused.
    fn disable(&mut self, at: usize) {
        self.proxies[at].enabled = false;
        self.proxies[at].door = Door::Closed;
        for place in self.connections_of(at) {
            self.forget(place);
        }
        for place in self.sessions_of(at) {
            self.forget_session(place);
        }
    }

    fn connections_of(&self, at: usize) -> Vec<usize> {
        self.connections.iter().filter(|(_, it)| it.proxy == at).map(|(place, _)| place).collect()
    }

    fn sessions_of(&self, at: usize) -> Vec<usize> {
        self.sessions.iter().filter(|(_, it)| it.proxy == at).map(|(place, _)| place).collect()
    }

    /// Changes a proxy. Another address, on either side, closes its connections.
    pub fn update(&mut self, name: &str, change: ResolvedChange) -> Result<Value, Problem> {
        let at = self.place(name)?;
        let proxy = &self.proxies[at];
        let enabled = change.enabled.unwrap_or(proxy.enabled);
        let moves = change.listen.as_ref().is_some_and(|(_, listen)| *listen != proxy.listen);
        let leads = change.upstream.as_ref().is_some_and(|(upstream, _)| *upstream != proxy.upstream);
        if moves || leads || enabled != proxy.enabled {
            let was_enabled = proxy.enabled;
            let old = (proxy.listen, proxy.shown.clone(), proxy.upstream.clone(), proxy.servers.clone());
            self.disable(at);
            let proxy = &mut self.proxies[at];
            if moves && let Some((shown, listen)) = change.listen {
                (proxy.shown, proxy.listen) = (shown, listen);
            }
            if let Some((upstream, servers)) = change.upstream {
                (proxy.upstream, proxy.servers) = (upstream, servers);
            }
            if enabled && let Err(problem) = self.enable(at) {
                let proxy = &mut self.proxies[at];
                (proxy.listen, proxy.shown, proxy.upstream, proxy.servers) = old;
                if was_enabled && let Err(lost) = self.enable(at) {
                    tracing::warn!(?lost, "cannot go back to the old address");
                }
                return Err(problem);
            }
        }
        Ok(self.proxies[at].json())
    }

    /// Takes a proxy away, and closes its connections.
    pub fn delete(&mut self, name: &str) -> Result<(), Problem> {
        let at = self.place(name)?;
        self.disable(at);
        self.proxies.remove(at);
        Ok(())
    }

    /// Makes the proxies of a list, in order, until one cannot be made; those before it stay. A proxy that is there
    /// already and leads from and to the same addresses is left as it is; one that differs is replaced.
    pub fn populate(&mut self, wanted: Vec<Resolved>) -> (Vec<Value>, Option<Problem>) {
        let mut made = Vec::new();
        for one in wanted {
            let name = one.spec.name.clone();
            let result = match self.place(&name) {
                Ok(at) if self.proxies[at].is_like(&one.spec, one.listen) => Ok(self.proxies[at].json()),
                Ok(_) => self.delete(&name).and_then(|()| self.create(one)),
                Err(_) => self.create(one),
            };
            match result {
                Ok(proxy) => made.push(proxy),
                Err(problem) => return (made, Some(problem)),
            }
        }
        (made, None)
    }

    /// Enables every proxy and removes every toxic. Goes on when one cannot be enabled, and tells of the first.
    pub fn reset(&mut self) -> Result<(), Problem> {
        let mut first = Ok(());
        let all: Vec<usize> = self.proxies.iter().map(|(at, _)| at).collect();
        for at in all {
            self.proxies[at].toxics.clear();
            let mut done = self.toxics_changed(at);
            if done.is_ok() && !self.proxies[at].enabled {
                done = self.enable(at);
            }
            first = first.and(done);
        }
        first
    }

    fn active(&mut self, toxic: Toxic) -> Active {
        self.toxics += 1;
        Active { id: (self.toxics, 0), rule: toxic.rule(), toxic, since: self.now, seen: 0 }
    }

    /// The toxics of a proxy.
    pub fn toxics(&self, name: &str) -> Result<Value, Problem> {
        self.place(name).map(|at| self.proxies[at].toxics_json())
    }

    /// The network of a proxy.
    pub fn network(&self, name: &str) -> Result<Protocol, Problem> {
        self.place(name).map(|at| self.proxies[at].network)
    }

    /// A toxic of a proxy.
    pub fn toxic(&self, name: &str, toxic: &str) -> Result<Value, Problem> {
        let (at, position) = self.toxic_place(name, toxic)?;
        Ok(self.proxies[at].toxics[position].toxic.json())
    }

    /// The kind of a toxic of a proxy.
    pub fn kind(&self, name: &str, toxic: &str) -> Result<&'static Kind, Problem> {
        let (at, position) = self.toxic_place(name, toxic)?;
        Ok(self.proxies[at].toxics[position].toxic.kind)
    }

    fn toxic_place(&self, name: &str, toxic: &str) -> Result<(usize, usize), Problem> {
        let at = self.place(name)?;
        let position = self.proxies[at].toxics.iter().position(|active| active.toxic.name == toxic);
        position.map(|position| (at, position)).ok_or(Problem::NoToxic)
    }

    /// Adds a toxic, on connections that there are too.
    pub fn add_toxic(&mut self, name: &str, toxic: Toxic) -> Result<Value, Problem> {
        let at = self.place(name)?;
        if self.toxic_place(name, &toxic.name).is_ok() {
            return Err(Problem::ToxicExists);
        }
        let shown = toxic.json();
        let active = self.active(toxic);
        self.proxies[at].toxics.push(active);
        self.toxics_changed(at).inspect_err(|_| drop(self.proxies[at].toxics.pop()))?;
        Ok(shown)
    }

    /// Changes a toxic, on connections that there are too.
    pub fn change_toxic(&mut self, name: &str, toxic: &str, change: &Change) -> Result<Value, Problem> {
        let (at, position) = self.toxic_place(name, toxic)?;
        let active = &mut self.proxies[at].toxics[position];
        active.toxic = active.toxic.with(change).map_err(Problem::Wrong)?;
        active.rule = active.toxic.rule();
        active.id.1 += 1;
        let shown = active.toxic.json();
        self.toxics_changed(at)?;
        Ok(shown)
    }

    /// Removes a toxic, on connections that there are too.
    pub fn remove_toxic(&mut self, name: &str, toxic: &str) -> Result<(), Problem> {
        let (at, position) = self.toxic_place(name, toxic)?;
        self.proxies[at].toxics.remove(position);
        self.toxics_changed(at)
    }

    /// Makes door, connections and clients of a proxy what its toxics say.
    fn toxics_changed(&mut self, at: usize) -> Result<(), Problem> {
        let proxy = &self.proxies[at];
        let refuses = matches!(proxy.door, Door::Refusing { .. });
        if proxy.enabled && proxy.refuses_all() != refuses {
            self.enable(at)?;
        }
        for place in self.connections_of(at) {
            self.sync_connection(place);
            self.turn_connection(place);
        }
        let (now, seed) = (self.now, self.settings.seed);
        for place in self.sessions_of(at) {
            let (session, proxy) = (&mut self.sessions[place], &self.proxies[at]);
            let number = session.number;
            for way in [Direction::Upstream, Direction::Downstream] {
                session.sync(way, &proxy.wanted(way), now, |id| proxy.packet_rule(id, number, way, seed));
            }
            self.release(place);
        }
        Ok(())
    }
}
