//! What can be asked of the relay about proxies: made, changed and taken away, as a whole or not at all.

use super::resolve::{Resolved, ResolvedChange};
use super::{Relay, Who};
use crate::failure::{Call, Failure, Op, Protocol};
use crate::proxy::events::Listener;
use crate::proxy::metrics::Counters;
use crate::proxy::running::{Door, Proxy};
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
        self.totals_of(|_| true)
    }

    /// What went through those of these names.
    pub fn totals_of(&self, is_wanted: impl Fn(&str) -> bool) -> Totals {
        let mut totals = Totals::default();
        for (_, proxy) in self.proxies.iter().filter(|(_, proxy)| is_wanted(&proxy.name)) {
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

    pub(super) fn place(&self, name: &str) -> Result<usize, Problem> {
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

    pub(super) fn enable(&mut self, at: usize) -> Result<(), Problem> {
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

    /// Opens the door again as it was before a change that could not be made.
    pub(super) fn go_back(&mut self, at: usize, problem: Problem) -> Problem {
        if let Err(lost) = self.enable(at) {
            tracing::warn!(?lost, "cannot go back to what was before");
        }
        problem
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

    pub(super) fn connections_of(&self, at: usize) -> Vec<usize> {
        self.connections.iter().filter(|(_, it)| it.proxy == at).map(|(place, _)| place).collect()
    }

    pub(super) fn sessions_of(&self, at: usize) -> Vec<usize> {
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
                return Err(if was_enabled { self.go_back(at, problem) } else { problem });
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
}
