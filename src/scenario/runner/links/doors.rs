//! Links: one relay a run, with a door for each program that listens behind a link and each of its protocols.

use super::super::inbox::{Message, Sender};
use super::super::places::{Places, links_to, within_reach};
use super::super::ports::Ports;
use super::super::trouble::Trouble;
use crate::failure::Protocol;
use crate::proxy::toxic::{self, Change, Toxic};
use crate::proxy::{Control, Heard, Limits, Problem, Relay, Settings, Spec, SpecChange, Totals};
use crate::scenario::model::{Impairing, Scenario};
use crate::scenario::played::{RUNNER, link_actor};
use crate::trace::{Event, Fact, Recorder, Source};
use std::io;
use std::net::SocketAddr;
use std::thread::JoinHandle;

/// The toxic of a link that is partitioned.
const PARTITION: &str = "partition";
/// Nothing of a stream is lost: it waits until the link heals.
const HOLDS: &str = "bandwidth:rate=0,stream=both,name=partition";
/// Datagrams are lost.
const LOSES: &str = "blackhole:stream=both,name=partition";

/// The doors of a run. The relay ends when this is dropped.
pub(in super::super) struct Doors {
    control: Control,
    relay: Option<JoinHandle<io::Result<Totals>>>,
    all: Vec<Door>,
}

/// A way through a link to a program.
#[derive(Clone)]
struct Door {
    link: String,
    proxy: String,
    protocol: Protocol,
}

impl Doors {
    /// Opens every door of a scenario whose programs have their places.
    pub(super) fn open(
        scenario: &Scenario,
        places: &mut Places,
        ports: &mut Ports,
        clock: &Recorder,
        tells: Sender,
    ) -> Result<Self, Trouble> {
        let settings = Settings { seed: scenario.seed, limits: Limits::default() };
        let (control, relay) = Relay::start(settings).map_err(|error| {
            Trouble::lost("cannot wait for sockets", "tidak dapat menunggu socket", &error)
        })?;
        let mut doors = Self { control, relay: Some(relay), all: Vec::new() };
        doors.listen(clock.clone(), tells)?;
        for program in scenario.programs.iter().filter(|program| !program.listens.is_empty()) {
            let Some(server) = places.reached(&program.name) else { continue };
            for link in links_to(scenario, program) {
                let ip = within_reach(program.address);
                let door = SocketAddr::new(ip, ports.free(ip)?);
                for protocol in &program.listens {
                    let proxy = format!("{}/{}/{protocol}", link.name, program.name);
                    let toxics = link.impairments.iter().filter_map(|one| of(one, *protocol)).collect();
                    doors.make(Spec {
                        name: proxy.clone(),
                        network: *protocol,
                        listen: door.to_string(),
                        upstream: server.to_string(),
                        enabled: true,
                        toxics,
                    })?;
                    doors.all.push(Door { link: link.name.clone(), proxy, protocol: *protocol });
                }
                places.open(&link.from, &program.name, door);
            }
        }
        Ok(doors)
    }

    /// Has every event told with the time of the run.
    fn listen(&self, clock: Recorder, tells: Sender) -> Result<(), Trouble> {
        let mut heard = 0;
        let hear = move |event: &Event| {
            heard += 1;
            if heard > super::MOST_EVENTS {
                return Heard::Full;
            }
            let link = event.actor.strip_prefix("proxy ").and_then(|proxy| proxy.split('/').next());
            let actor = link.map_or_else(|| RUNNER.to_owned(), link_actor);
            let event = Event { actor, ..event.clone() };
            match tells.send(Message::Link { at: clock.elapsed(), event }) {
                Ok(()) => Heard::Yes,
                Err(_) => Heard::Gone,
            }
        };
        self.control.tell(move |relay| relay.listen(Box::new(hear))).map_err(|_| ended())
    }

    fn make(&self, spec: Spec) -> Result<(), Trouble> {
        let name = spec.name.clone();
        let made = spec.resolve().and_then(|spec| {
            self.control.ask(move |relay| relay.create(spec).map(drop)).unwrap_or(Err(Problem::NoProxy))
        });
        made.map_err(|problem| {
            Trouble::broke(
                format!("cannot open the door {name}: {}", told(&problem)),
                format!("pintu {name} tidak dapat dibuka: {}", told(&problem)),
            )
        })
    }

    /// Adds an impairment; what cannot be done is told.
    pub(super) fn add(&self, link: &str, impairing: &Impairing) -> Result<(), String> {
        let impairing = impairing.clone();
        self.each(link, move |relay, door| match of(&impairing, door.protocol) {
            Some(toxic) => relay.add_toxic(&door.proxy, toxic).map(drop),
            None => Ok(()),
        })
    }

    /// Changes the impairment of this name.
    pub(super) fn change(&self, link: &str, impairing: &Impairing) -> Result<(), String> {
        let impairing = impairing.clone();
        self.each(link, move |relay, door| {
            let Some(toxic) = of(&impairing, door.protocol) else { return Ok(()) };
            if relay.kind(&door.proxy, &toxic.name)?.name == toxic.kind.name {
                return relay.change_toxic(&door.proxy, &toxic.name, &Change::to(&toxic)).map(drop);
            }
            relay.remove_toxic(&door.proxy, &toxic.name)?;
            relay.add_toxic(&door.proxy, toxic).map(drop)
        })
    }

    /// Takes the impairment of this name away. One that works on streams alone is not at the doors of datagrams.
    pub(super) fn remove(&self, link: &str, name: &str) -> Result<(), String> {
        let name = name.to_owned();
        let remove = move |relay: &mut Relay, door: &Door| relay.remove_toxic(&door.proxy, &name);
        let removed: Vec<_> = self.doors_of(link).map(|door| self.at(door, remove.clone())).collect();
        if removed.iter().any(Result::is_ok) { Ok(()) } else { removed.into_iter().collect() }
    }

    /// Nothing goes through any more.
    pub(super) fn partition(&self, link: &str) -> Result<(), String> {
        self.each(link, |relay, door| {
            let short = if door.protocol == Protocol::Tcp { HOLDS } else { LOSES };
            let toxic = toxic::short(short, door.protocol).map_err(Problem::Wrong)?;
            match relay.add_toxic(&door.proxy, toxic) {
                // It is partitioned already.
                Err(Problem::ToxicExists) => Ok(()),
                added => added.map(drop),
            }
        })
    }

    /// Closes the door.
    pub(super) fn refuse(&self, link: &str) -> Result<(), String> {
        self.enable(link, false)
    }

    /// Undoes what [`Self::partition`] and [`Self::refuse`] did.
    pub(super) fn heal(&self, link: &str) -> Result<(), String> {
        self.enable(link, true)?;
        self.each(link, |relay, door| match relay.remove_toxic(&door.proxy, PARTITION) {
            Err(Problem::NoToxic) => Ok(()),
            removed => removed,
        })
    }

    fn enable(&self, link: &str, enabled: bool) -> Result<(), String> {
        self.each(link, move |relay, door| {
            let change = SpecChange { enabled: Some(enabled), ..SpecChange::default() }.resolve()?;
            relay.update(&door.proxy, change).map(drop)
        })
    }

    /// What each link let through in all.
    pub(super) fn totals(&self, scenario: &Scenario) -> Vec<(Source, Fact)> {
        let of = |name: &String| {
            let doors = format!("{name}/");
            let totals =
                self.control.ask(move |relay| relay.totals_of(|proxy| proxy.starts_with(&doors))).ok()?;
            let Totals { connections, up: upstream, down: downstream } = totals;
            Some((Source::Proxy, Fact::Relayed { link: name.clone(), connections, upstream, downstream }))
        };
        scenario.links.iter().filter_map(|link| of(&link.name)).collect()
    }

    fn doors_of<'a>(&'a self, link: &'a str) -> impl Iterator<Item = &'a Door> {
        self.all.iter().filter(move |door| door.link == link)
    }

    fn each(
        &self,
        link: &str,
        act: impl Fn(&mut Relay, &Door) -> Result<(), Problem> + Clone + Send + 'static,
    ) -> Result<(), String> {
        self.doors_of(link).try_for_each(|door| self.at(door, act.clone()))
    }

    fn at(
        &self,
        door: &Door,
        act: impl Fn(&mut Relay, &Door) -> Result<(), Problem> + Send + 'static,
    ) -> Result<(), String> {
        let door = door.clone();
        let acted = self.control.ask(move |relay| act(relay, &door));
        acted.map_err(|_| "the relay has ended".to_owned())?.map_err(|problem| told(&problem))
    }
}

impl Drop for Doors {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to end.
        let _ = self.control.tell(Relay::end);
        if let Some(relay) = self.relay.take() {
            let _ = relay.join();
        }
    }
}

/// What an impairment does to a protocol, under the name by which steps mean it.
fn of(impairing: &Impairing, protocol: Protocol) -> Option<Toxic> {
    let toxic = match protocol {
        Protocol::Tcp => impairing.tcp.as_ref(),
        Protocol::Udp => impairing.udp.as_ref(),
    };
    let mut toxic = toxic?.clone();
    toxic.name.clone_from(&impairing.name);
    Some(toxic)
}

fn ended() -> Trouble {
    Trouble::broke("the relay has ended", "relay sudah berhenti")
}

fn told(problem: &Problem) -> String {
    match problem {
        Problem::NoProxy => "there is no such door".into(),
        Problem::NoToxic => "there is no such impairment".into(),
        Problem::ProxyExists => "there is a door of this name".into(),
        Problem::ToxicExists => "there is an impairment of this name".into(),
        Problem::Listen(failure) => failure.to_string(),
        Problem::Name(what) | Problem::Wrong(what) => what.clone(),
    }
}
