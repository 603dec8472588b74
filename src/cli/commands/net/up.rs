//! `netfault net up`: a network until Ctrl-C.

use super::{Hosted, broke, net};
use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::report;
use crate::scenario::network::Net;
use crate::trace::Recorder;
use crate::vnet::{self, Capture, Network, Witness};
use serde::Serialize;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::thread;

/// Runs the command.
pub(super) fn run(args: &args::Up, terminal: &Terminal) -> Result<Exit, Problem> {
    let net = net(&args.file, args.seed)?;
    let name = args.name.clone().unwrap_or_else(|| name_of(&args.file));
    let hosted = Hosted::start(&name, || {
        // What is inside ends with this process.
        ctrlc::set_handler(|| Exit::Success.now())
            .map_err(|error| Problem::new(Exit::Internal, format!("cannot wait for signals: {error}")))
    })?;
    let gate = match hosted {
        Hosted::Ended(status) => return Ok(Exit::Other(vnet::exit_code(status))),
        Hosted::Inside(gate) => gate,
    };
    let topology = net.topology();
    let clock = Recorder::forgetful();
    let mut witnesses: Vec<Box<dyn Witness>> = Vec::new();
    if let Some(path) = &args.pcap {
        let capture = File::create(path).and_then(|file| Capture::begin(file, &topology, &clock));
        let failed = |error| Problem::io(format_args!("write {}", path.display()), &error);
        witnesses.push(Box::new(capture.map_err(failed)?));
    }
    let network = Network::start(&topology, net.seed, &clock, witnesses).map_err(|broken| broke(&broken))?;
    let timeouts = net
        .hosts
        .first()
        .map(|host| network.timeouts(&host.name))
        .transpose()
        .map_err(|broken| broke(&broken))?;
    gate.serve(Arc::new(network)).map_err(|error| Problem::io("start a thread", &error))?;
    let timeouts = timeouts.unwrap_or_default();
    let told = Told::of(&name, &net, &timeouts);
    put(&match terminal.format {
        Format::Json => report::json_line(&told),
        _ => told.text(),
    })?;
    loop {
        thread::park();
    }
}

/// The name of a network that is given none: that of its file.
pub(in crate::cli::commands) fn name_of(file: &Path) -> String {
    vnet::fit_name(&file.file_stem().unwrap_or_default().to_string_lossy())
}

/// What is up, for scripts.
#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    hosts: Vec<ToldHost<'a>>,
    links: Vec<ToldLink<'a>>,
    /// Of every host's kernel.
    timeouts: &'a str,
}

#[derive(Serialize)]
struct ToldHost<'a> {
    name: &'a str,
    routes: bool,
    addresses: Vec<String>,
}

#[derive(Serialize)]
struct ToldLink<'a> {
    name: &'a str,
    from: &'a str,
    to: &'a str,
    mtu: u32,
    impairments: Vec<&'a str>,
}

impl<'a> Told<'a> {
    fn of(name: &'a str, net: &'a Net, timeouts: &'a str) -> Self {
        let topology = net.topology();
        let addresses = |at: usize| -> Vec<String> {
            let ends = topology.links.iter().flat_map(|link| &link.ends).filter(|end| end.host == at);
            ends.flat_map(|end| end.addresses().map(|address| address.to_string()).collect::<Vec<_>>())
                .collect()
        };
        let hosts = net.hosts.iter().enumerate().map(|(at, host)| ToldHost {
            name: &host.name,
            routes: host.routes,
            addresses: addresses(at),
        });
        let links = net.links.iter().zip(&topology.links).map(|(link, laid)| ToldLink {
            name: &link.name,
            from: &link.from,
            to: &link.to,
            mtu: laid.mtu,
            impairments: link.impairments.iter().map(|one| one.text.as_str()).collect(),
        });
        Self { name, hosts: hosts.collect(), links: links.collect(), timeouts }
    }

    fn text(&self) -> String {
        let names = self.hosts.iter().map(|host| host.name).chain(self.links.iter().map(|link| link.name));
        let width = names.map(str::len).max().unwrap_or(0);
        let hosts = self.hosts.iter().map(|host| {
            let router = if host.routes { "  passes packets on" } else { "" };
            format!("  {:width$}  {}{router}\n", host.name, host.addresses.join("  "))
        });
        let links = self.links.iter().map(|link| {
            let does = link.impairments.join("  ");
            let told =
                format!("  {:width$}  {} – {}  MTU {}  {does}", link.name, link.from, link.to, link.mtu);
            told.trim_end().to_owned() + "\n"
        });
        let all: String = hosts.chain(links).collect();
        let host = self.hosts.first().map_or("HOST", |host| host.name);
        format!(
            "{} is up, until Ctrl-C\n{all}its kernels give up sooner: {}\n\
             in another terminal: netfault net exec {host} -- CMD\n",
            self.name, self.timeouts
        )
    }
}
