//! A scenario as it was read: typed, every name in it known to exist. `docs/scenarios.md` is its language.

mod expect;
mod program;
mod step;

pub use expect::{Bounds, Exit, Expect, Expectation, Output, Spacing, WantedFailure, Window};
pub use program::{Command, Limits, Program, Ready, Restart};
pub use step::{Action, Step, When};

use super::Given;
use crate::fault::Named;
use crate::lang::Words;
use crate::proxy::toxic::Toxic;
use crate::vnet::Filter;
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A scenario whose parameters and draws have their values.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The file it was read from.
    pub file: PathBuf,
    /// Its text.
    pub source: String,
    /// What was given for this reading of it.
    pub given: Given,
    /// The file's name without the ending.
    pub name: String,
    /// What it is about, in a line.
    pub title: Words,
    /// What it shows and teaches.
    pub text: Words,
    /// The pages that a reader may go on with.
    pub teaches: Vec<Named>,
    /// How long the whole may take.
    pub limit: Duration,
    /// How long it usually takes.
    pub takes: Option<Duration>,
    /// Where all randomness comes from.
    pub seed: u64,
    /// Where it runs.
    pub network: Network,
    /// The parameters, each with its value as it would be given to `--set`.
    pub parameters: BTreeMap<String, String>,
    /// Those of a virtual network, in the order of the file.
    pub hosts: Vec<Host>,
    /// In the order of the file.
    pub links: Vec<Link>,
    /// In the order of the file.
    pub programs: Vec<Program>,
    /// In the order of the file.
    pub steps: Vec<Step>,
    /// In the order of the file.
    pub expectations: Vec<Expect>,
    /// What must make it fail.
    pub broken: Vec<Broken>,
}

/// Where a scenario runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// This host's loopback interface, with the fault proxy as links.
    #[default]
    Loopback,
    /// Several hosts, each with a network of its own.
    Virtual,
}

/// A host of a virtual network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// Whether it passes packets on.
    pub routes: bool,
    /// The name server that its programs ask.
    pub resolver: Option<IpAddr>,
}

/// What lies between two hosts.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// The host that calls.
    pub from: String,
    /// The host that is called.
    pub to: String,
    /// What is done to the traffic from the beginning, those of the preset first.
    pub impairments: Vec<Impairing>,
    /// Of a virtual network: bytes that a packet may have.
    pub mtu: Option<u32>,
    /// Of a virtual network: the addresses of both ends, where they are given.
    pub addresses: [Vec<IpNet>; 2],
}

/// An impairment for streams, for datagrams, or for both, or a filter of packets: at least one is there. On a virtual
/// network that for datagrams is done to every packet.
#[derive(Clone, Debug)]
pub struct Impairing {
    /// As it was written.
    pub text: String,
    /// The name by which steps mean it.
    pub name: String,
    /// On TCP.
    pub tcp: Option<Toxic>,
    /// On UDP.
    pub udp: Option<Toxic>,
    /// On packets of a virtual network.
    pub filter: Option<Filter>,
}

/// A change that must make the scenario fail.
#[derive(Clone, Debug)]
pub struct Broken {
    /// What is taken away, in words.
    pub why: Words,
    /// Parameters, as `--set` takes them.
    pub set: BTreeMap<String, String>,
    /// English names of expectations that must fail; empty for any.
    pub fails: Vec<String>,
}

impl Scenario {
    /// The program of this name.
    pub fn program(&self, name: &str) -> Option<&Program> {
        self.programs.iter().find(|program| program.name == name)
    }

    /// The link of this name.
    pub fn link(&self, name: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.name == name)
    }
}
