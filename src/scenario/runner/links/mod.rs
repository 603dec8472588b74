//! What lies between hosts, and what is done to it: on loopback doors of the fault proxy, else links of a virtual network.

mod doors;
mod wires;

use super::Settings;
use super::inbox::Sender;
use super::places::Places;
use super::ports::Ports;
use super::site::Site;
use super::trouble::Trouble;
use crate::scenario::model::{Impairing, Network, Scenario};
use crate::trace::{Fact, Recorder, Source};
use doors::Doors;
use wires::Wires;

/// More events of links than these are not kept.
const MOST_EVENTS: usize = 200_000;

/// The links of a run.
pub(super) enum Links {
    /// Of loopback.
    Doors(Doors),
    /// Of a virtual network.
    Wires(Wires),
}

impl Links {
    /// Makes them, gives every program that listens its places, and says where programs are.
    pub(super) fn open(
        scenario: &Scenario,
        settings: &Settings,
        places: &mut Places,
        ports: &mut Ports,
        clock: &Recorder,
        tells: Sender,
    ) -> Result<(Self, Site), Trouble> {
        match scenario.network {
            Network::Loopback => {
                let doors = Doors::open(scenario, places, ports, clock, tells)?;
                Ok((Self::Doors(doors), Site::Here))
            }
            Network::Virtual => {
                let wires = Wires::lay(scenario, settings.pcap.as_deref(), places, clock, tells)?;
                let site = wires.site();
                Ok((Self::Wires(wires), site))
            }
        }
    }

    /// Adds an impairment; what cannot be done is told.
    pub(super) fn add(&mut self, link: &str, impairing: &Impairing) -> Result<(), String> {
        match self {
            Self::Doors(doors) => doors.add(link, impairing),
            Self::Wires(wires) => wires.add(link, impairing),
        }
    }

    /// Changes the impairment of this name.
    pub(super) fn change(&mut self, link: &str, impairing: &Impairing) -> Result<(), String> {
        match self {
            Self::Doors(doors) => doors.change(link, impairing),
            Self::Wires(wires) => wires.change(link, impairing),
        }
    }

    /// Takes the impairment of this name away.
    pub(super) fn remove(&mut self, link: &str, name: &str) -> Result<(), String> {
        match self {
            Self::Doors(doors) => doors.remove(link, name),
            Self::Wires(wires) => wires.remove(link, name),
        }
    }

    /// Nothing goes through any more.
    pub(super) fn partition(&mut self, link: &str) -> Result<(), String> {
        match self {
            Self::Doors(doors) => doors.partition(link),
            Self::Wires(wires) => wires.partition(link),
        }
    }

    /// Whoever comes is refused.
    pub(super) fn refuse(&mut self, link: &str) -> Result<(), String> {
        match self {
            Self::Doors(doors) => doors.refuse(link),
            Self::Wires(wires) => wires.refuse(link),
        }
    }

    /// Undoes what [`Self::partition`] and [`Self::refuse`] did.
    pub(super) fn heal(&mut self, link: &str) -> Result<(), String> {
        match self {
            Self::Doors(doors) => doors.heal(link),
            Self::Wires(wires) => wires.heal(link),
        }
    }

    /// A host goes, or comes back.
    pub(super) fn host(&mut self, host: &str, is_there: bool) -> Result<(), String> {
        match self {
            Self::Doors(_) => Err("only a virtual network has hosts".to_owned()),
            Self::Wires(wires) => wires.host(host, is_there),
        }
    }

    /// What each link let through in all.
    pub(super) fn totals(&self, scenario: &Scenario) -> Vec<(Source, Fact)> {
        match self {
            Self::Doors(doors) => doors.totals(scenario),
            Self::Wires(wires) => wires.totals(scenario),
        }
    }
}
