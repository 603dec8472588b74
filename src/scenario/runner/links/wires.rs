//! Links of a virtual network: impairments and filters of packets, changed while it runs.

use super::super::inbox::{Message, Sender};
use super::super::places::Places;
use super::super::site::Site;
use super::super::trouble::Trouble;
use crate::impair::Direction;
use crate::scenario::model::{Impairing, Scenario};
use crate::scenario::network::{filters, rules};
use crate::scenario::played::link_actor;
use crate::trace::{Event, Fact, Fate, Recorder, Source, What};
use crate::vnet::{self, Broken, Capture, Filter, Frame, Network, Transport, Witness};
use std::collections::BTreeSet;
use std::fs::File;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The port of the first program of a host that listens; the others have the next ones.
const FIRST_PORT: u16 = 12345;
/// What `partition` and `refuse` put in.
const PARTITION: (&str, &str) = ("partition", "drop:name=partition");
const REFUSE: [(&str, &str); 2] = [
    ("refuse", "reject:with=rst,protocol=tcp,stream=upstream,name=refuse"),
    ("refuse-udp", "reject:with=port-unreachable,protocol=udp,stream=upstream,name=refuse-udp"),
];

/// The links of a run on a virtual network.
pub(in super::super) struct Wires {
    network: Arc<Network>,
    /// What is done on each, as it is now.
    links: Vec<(String, Vec<Impairing>)>,
    counted: Arc<Mutex<Vec<Counted>>>,
}

/// What a link has let through.
#[derive(Clone, Debug, Default)]
struct Counted {
    /// Connections, and pairs of UDP ports, by who began them.
    began: BTreeSet<(SocketAddr, SocketAddr)>,
    upstream: u64,
    downstream: u64,
}

impl Wires {
    /// Sets the network up, and gives every program that listens its places.
    pub(super) fn lay(
        scenario: &Scenario,
        pcap: Option<&Path>,
        places: &mut Places,
        clock: &Recorder,
        tells: Sender,
    ) -> Result<Self, Trouble> {
        let topology = scenario.topology();
        let counted = Arc::new(Mutex::new(vec![Counted::default(); topology.links.len()]));
        let told = Told {
            actors: scenario.links.iter().map(|link| link_actor(&link.name)).collect(),
            tells,
            heard: 0,
            counted: Arc::clone(&counted),
        };
        let mut witnesses: Vec<Box<dyn Witness>> = vec![Box::new(told)];
        if let Some(path) = pcap {
            let capture = File::create(path).and_then(|file| Capture::begin(file, &topology, clock));
            let shown = path.display();
            witnesses.push(Box::new(capture.map_err(|error| {
                Trouble::lost(
                    &format!("cannot write {shown}"),
                    &format!("{shown} tidak dapat ditulis"),
                    &error,
                )
            })?));
        }
        let network = Network::start(&topology, scenario.seed, clock, witnesses).map_err(|broken| {
            Trouble::lost("cannot set up the network", "jaringan tidak dapat disiapkan", &broken)
        })?;
        let wires = Self {
            network: Arc::new(network),
            links: scenario.links.iter().map(|link| (link.name.clone(), link.impairments.clone())).collect(),
            counted,
        };
        wires.assign(scenario, places);
        Ok(wires)
    }

    /// Where programs are.
    pub(super) fn site(&self) -> Site {
        Site::There(Arc::clone(&self.network))
    }

    /// Gives every program that listens its port, and says by which address each host reaches it.
    fn assign(&self, scenario: &Scenario, places: &mut Places) {
        for (at, program) in scenario.programs.iter().enumerate().filter(|(_, one)| !one.listens.is_empty()) {
            let is_before = |other: &&crate::scenario::model::Program| {
                other.host == program.host && !other.listens.is_empty() && other.port.is_none()
            };
            let before = scenario.programs[..at].iter().filter(is_before).count();
            let usual = FIRST_PORT.saturating_add(u16::try_from(before).unwrap_or(u16::MAX));
            let port = program.port.unwrap_or(usual);
            places.put(&program.name, SocketAddr::new(program.address, port));
            for host in scenario.hosts.iter().filter(|host| host.name != program.host) {
                let found =
                    || self.network.address(&program.host, &host.name, program.address.is_ipv6()).ok();
                let ip: Option<IpAddr> =
                    if program.address.is_unspecified() { found() } else { Some(program.address) };
                if let Some(ip) = ip {
                    places.open(&host.name, &program.name, SocketAddr::new(ip, port));
                }
            }
        }
    }

    pub(super) fn add(&mut self, link: &str, impairing: &Impairing) -> Result<(), String> {
        self.with(link, |all| {
            if all.iter().any(|one| one.name == impairing.name) {
                return Err(format!("there is an impairment {} already", impairing.name));
            }
            all.push(impairing.clone());
            Ok(())
        })
    }

    pub(super) fn change(&mut self, link: &str, impairing: &Impairing) -> Result<(), String> {
        self.with(link, |all| {
            let one = all.iter_mut().find(|one| one.name == impairing.name);
            *one.ok_or("there is no such impairment")? = impairing.clone();
            Ok(())
        })
    }

    pub(super) fn remove(&mut self, link: &str, name: &str) -> Result<(), String> {
        self.with(link, |all| {
            let at = all.iter().position(|one| one.name == name);
            all.remove(at.ok_or("there is no such impairment")?);
            Ok(())
        })
    }

    pub(super) fn partition(&mut self, link: &str) -> Result<(), String> {
        self.put(link, &[PARTITION])
    }

    pub(super) fn refuse(&mut self, link: &str) -> Result<(), String> {
        self.put(link, &REFUSE)
    }

    pub(super) fn heal(&mut self, link: &str) -> Result<(), String> {
        let own = REFUSE.map(|(name, _)| name);
        self.with(link, |all| {
            all.retain(|one| one.name != PARTITION.0 && !own.contains(&one.name.as_str()));
            Ok(())
        })
    }

    pub(super) fn host(&mut self, host: &str, is_there: bool) -> Result<(), String> {
        let host = host.to_owned();
        let change = if is_there { vnet::Change::Up(host) } else { vnet::Change::Down(host) };
        self.network.change(change).map_err(|broken| broken.to_string())
    }

    pub(super) fn totals(&self, scenario: &Scenario) -> Vec<(Source, Fact)> {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let fact = |(link, counted): (&crate::scenario::model::Link, &Counted)| {
            let fact = Fact::Relayed {
                link: link.name.clone(),
                connections: counted.began.len() as u64,
                upstream: counted.upstream,
                downstream: counted.downstream,
            };
            (Source::Network, fact)
        };
        scenario.links.iter().zip(counted.iter()).map(fact).collect()
    }

    /// Puts filters of its own before all others.
    fn put(&mut self, link: &str, texts: &[(&str, &str)]) -> Result<(), String> {
        self.with(link, |all| {
            for (name, text) in texts {
                if all.iter().all(|one| one.name != *name) {
                    let (name, filter) = Filter::short(text)?;
                    let text = (*text).to_owned();
                    all.insert(0, Impairing { text, name, tcp: None, udp: None, filter: Some(filter) });
                }
            }
            Ok(())
        })
    }

    /// Changes what is done on a link.
    fn with(
        &mut self,
        link: &str,
        change: impl FnOnce(&mut Vec<Impairing>) -> Result<(), String>,
    ) -> Result<(), String> {
        let found = self.links.iter_mut().find(|(name, _)| name == link);
        let (_, all) = found.ok_or_else(|| format!("there is no link {link}"))?;
        change(all)?;
        let told = |broken: Broken| broken.to_string();
        self.network.change(vnet::Change::Rules(link.to_owned(), rules(all))).map_err(told)?;
        self.network.change(vnet::Change::Filters(link.to_owned(), filters(all))).map_err(told)
    }
}

/// Tells the run of every packet, and counts.
struct Told {
    actors: Vec<String>,
    tells: Sender,
    heard: usize,
    counted: Arc<Mutex<Vec<Counted>>>,
}

impl Witness for Told {
    fn saw(&mut self, frame: &Frame) {
        let (Some(packet), Some(seen)) = (frame.packet(), frame.seen) else { return };
        if packet.fate == Fate::Passed {
            let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(counted) = counted.get_mut(frame.link) {
                let bytes = packet.payload as u64;
                match frame.way {
                    Direction::Downstream => counted.downstream += bytes,
                    _ => counted.upstream += bytes,
                }
                let ends = (packet.source, packet.destination);
                let begins = match seen.transport {
                    Transport::Tcp => seen.signals.is_some_and(|signals| signals.syn && !signals.ack),
                    Transport::Udp => !counted.began.contains(&(ends.1, ends.0)),
                    _ => false,
                };
                if begins {
                    counted.began.insert(ends);
                }
            }
        }
        self.heard += 1;
        if self.heard <= super::MOST_EVENTS
            && let Some(actor) = self.actors.get(frame.link)
        {
            let event =
                Event { seq: 0, at: frame.at, actor: actor.clone(), what: What::Packet(Box::new(packet)) };
            // The run may be over.
            let _ = self.tells.send(Message::Link { at: frame.at, event });
        }
    }
}
