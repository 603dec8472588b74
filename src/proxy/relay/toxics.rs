//! What can be asked of the relay about toxics: added, changed and removed, on connections that there are too.

use super::{Problem, Relay};
use crate::failure::Protocol;
use crate::impair::Direction;
use crate::proxy::running::{Active, Door};
use crate::proxy::toxic::{Change, Kind, Toxic};
use serde_json::Value;

impl Relay {
    pub(super) fn active(&mut self, toxic: Toxic) -> Active {
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
        if let Err(problem) = self.toxics_changed(at) {
            self.proxies[at].toxics.pop();
            return Err(self.go_back(at, problem));
        }
        Ok(shown)
    }

    /// Puts these toxics in place of those that a proxy has; none of them leaves it as it is.
    pub(super) fn set_toxics(&mut self, at: usize, toxics: Vec<Toxic>) -> Result<(), Problem> {
        if toxics.is_empty() {
            return Ok(());
        }
        let toxics = toxics.into_iter().map(|toxic| self.active(toxic)).collect();
        let old = std::mem::replace(&mut self.proxies[at].toxics, toxics);
        if let Err(problem) = self.toxics_changed(at) {
            self.proxies[at].toxics = old;
            return Err(self.go_back(at, problem));
        }
        Ok(())
    }

    /// Changes a toxic, on connections that there are too.
    pub fn change_toxic(&mut self, name: &str, toxic: &str, change: &Change) -> Result<Value, Problem> {
        let (at, position) = self.toxic_place(name, toxic)?;
        let active = &mut self.proxies[at].toxics[position];
        let changed = active.toxic.with(change).map_err(Problem::Wrong)?;
        let (shown, rule) = (changed.json(), changed.rule());
        let old = std::mem::replace(&mut active.toxic, changed);
        active.rule = rule;
        active.id.1 += 1;
        if let Err(problem) = self.toxics_changed(at) {
            let active = &mut self.proxies[at].toxics[position];
            active.rule = old.rule();
            active.toxic = old;
            return Err(self.go_back(at, problem));
        }
        Ok(shown)
    }

    /// Removes a toxic, on connections that there are too.
    pub fn remove_toxic(&mut self, name: &str, toxic: &str) -> Result<(), Problem> {
        let (at, position) = self.toxic_place(name, toxic)?;
        self.proxies[at].toxics.remove(position);
        self.toxics_changed(at)
    }

    /// Makes door, connections and clients of a proxy what its toxics say.
    pub(super) fn toxics_changed(&mut self, at: usize) -> Result<(), Problem> {
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
            // Whoever was refused by a toxic that is gone is refused no longer.
            session.refused = session.refused.filter(|toxic| proxy.active(*toxic).is_some());
            for way in [Direction::Upstream, Direction::Downstream] {
                session.sync(way, &proxy.wanted(way), now, |id| proxy.packet_rule(id, number, way, seed));
            }
            self.release(place);
        }
        Ok(())
    }
}
