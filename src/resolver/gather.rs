//! Name servers are asked for both families side by side, and getaddrinfo(3) beside them; here everybody is waited for,
//! and nobody longer than there is need. Who is late is left behind, and gives up when it sees that nobody listens.

use super::find::Search;
use super::rounds::{Settled, settle};
use super::{Answer, system};
use crate::failure::Failure;
use crate::trace::{Deadline, Fact, Resolved, Source, Via};
use hickory_proto::rr::Name;
use std::net::{IpAddr, SocketAddr};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

/// How much longer the other family may take when one has answered: RFC 8305 §3, Resolution Delay.
const OTHER_FAMILY: Duration = Duration::from_millis(50);
/// How much later than the end of its time somebody may tell what it saw until then.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// What somebody who was asked says.
enum Heard {
    Saw((Source, Fact)),
    Settled(Option<Settled>),
    System(Option<Vec<IpAddr>>),
}

/// Everybody who was asked.
pub(super) struct Gathering<'a> {
    search: &'a Search<'a>,
    told: Sender<Heard>,
    hear: Receiver<Heard>,
    /// How many questions to name servers are not settled.
    open: usize,
    settled: Vec<Settled>,
    system: System,
}

/// What getaddrinfo(3) says, where it is asked.
enum System {
    NotAsked,
    Asked,
    Told(Vec<IpAddr>),
}

impl<'a> Gathering<'a> {
    pub(super) fn new(search: &'a Search<'a>) -> Self {
        let (told, hear) = mpsc::channel();
        Self { search, told, hear, open: 0, settled: Vec::new(), system: System::NotAsked }
    }

    /// Has getaddrinfo(3) asked. It knows no time-out, and nobody waits for it longer than for the rest.
    pub(super) fn ask_system(&mut self) {
        let (told, host, by) = (self.told.clone(), self.search.host.to_owned(), self.search.by.clone());
        thread::spawn(move || told.send(Heard::System(system::quietly(host, &by))));
        self.system = System::Asked;
    }

    /// Asks `servers` on the wire for every family that is wanted, and gives what comes of it, or of getaddrinfo(3) when
    /// they have nothing.
    pub(super) fn ask_servers(mut self, servers: &[SocketAddr], name: &Name) -> Result<Resolved, Failure> {
        for kind in self.search.families.kinds() {
            let (told, recorder) = (self.told.clone(), self.search.actor.recorder().clone());
            let (text, by) = (self.search.host.to_owned(), self.search.by.clone());
            let (servers, name) = (servers.to_vec(), name.clone());
            thread::spawn(move || {
                let mut tell = |fact| told.send(Heard::Saw(fact)).is_ok();
                let settled = settle(&recorder, &servers, (&name, &text), *kind, &by, &mut tell);
                told.send(Heard::Settled(settled))
            });
            self.open += 1;
        }
        self.wait_for_servers();
        if let Some(mut found) = self.found() {
            let same = |other: &[IpAddr]| {
                other.iter().all(|ip| found.addresses.contains(ip))
                    && found.addresses.iter().all(|ip| other.contains(ip))
            };
            found.system = self.system.addresses().filter(|addresses| !same(addresses)).map(<[_]>::to_vec);
            return Ok(found);
        }
        while matches!(self.system, System::Asked)
            && let Some(left) = self.search.by.left()
            && let Ok(heard) = self.hear.recv_timeout(left)
        {
            self.take(heard);
        }
        match self.system.addresses() {
            Some(addresses) => Ok(self.search.resolved(addresses.to_vec(), Vec::new(), Via::System)),
            None => Err(self.not_found(servers)),
        }
    }

    /// Waits until every family is settled; when one has addresses, a moment longer for the other.
    fn wait_for_servers(&mut self) {
        let recorder = self.search.actor.recorder();
        let all = recorder.deadline(self.search.by.left().unwrap_or_default() + LAST_WORDS);
        let mut one_family: Option<Deadline> = None;
        while self.open > 0 {
            if one_family.is_none() && self.settled.iter().any(Settled::is_found) {
                one_family = Some(recorder.deadline(OTHER_FAMILY));
            }
            let Some(left) = one_family.as_ref().unwrap_or(&all).left() else { break };
            let Ok(heard) = self.hear.recv_timeout(left) else { break };
            self.take(heard);
        }
        while let Ok(heard) = self.hear.try_recv() {
            self.take(heard);
        }
    }

    fn take(&mut self, heard: Heard) {
        match heard {
            Heard::Saw(fact) => drop(self.search.eyes.keep(fact)),
            Heard::Settled(settled) => {
                self.open -= 1;
                self.settled.extend(settled);
            }
            Heard::System(addresses) => {
                let addresses = self.search.wanted(addresses.unwrap_or_default());
                self.search.keep_lookup(&addresses);
                self.system = System::Told(addresses);
            }
        }
    }

    /// What was found on the wire, if anything was.
    fn found(&self) -> Option<Resolved> {
        let mut found = Vec::new();
        let mut first = None;
        for one in &self.settled {
            if let Answer::Found { addresses, aliases, over } = &one.answer {
                found.extend_from_slice(addresses);
                first.get_or_insert((aliases.clone(), Via::Server { server: one.server, over: *over }));
            }
        }
        let (aliases, via) = first?;
        Some(self.search.resolved(found, aliases, via))
    }

    /// The failure of the whole: the surest of all that was said.
    fn not_found(&self, servers: &[SocketAddr]) -> Failure {
        let surest = self.settled.iter().max_by_key(|one| one.answer.sureness());
        let message = surest.map_or("no reply".to_owned(), |one| one.answer.message());
        let server = surest.map(|one| one.server).or(servers.first().copied());
        self.search.failed(server, message)
    }
}

impl System {
    fn addresses(&self) -> Option<&[IpAddr]> {
        match self {
            Self::Told(addresses) if !addresses.is_empty() => Some(addresses),
            _ => None,
        }
    }
}
