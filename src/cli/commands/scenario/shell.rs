//! `netfault scenario shell`: a shell on a host of a scenario's network; the first one sets it up.

use crate::cli::args;
use crate::cli::commands::net::{self, Hosted, broke, name_of, on_host, shell, shell_there};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::Terminal;
use crate::trace::Recorder;
use crate::vnet::{self, Network};
use std::sync::Arc;

/// Runs the command.
pub(super) fn run(args: &args::HostShell, terminal: &Terminal) -> Result<Exit, Problem> {
    let net = net::net(&args.file, args.seed)?;
    let topology = net.topology();
    if topology.host(&args.host).is_none() {
        let what = format!("{} has no host {}", args.file.display(), args.host);
        let hosts: Vec<&str> = net.hosts.iter().map(|host| host.name.as_str()).collect();
        return Err(Problem::new(Exit::Usage, what).hint(format!("It has {}.", hosts.join(", "))));
    }
    let name = name_of(&args.file);
    if !vnet::is_inside() && vnet::networks_up().contains(&name) {
        terminal.note(&format!("{name} is up already: this is another shell on it\n"));
        return on_host(&name, &args.host, || shell(&args.host));
    }
    let outlive = || vnet::outlive_interrupts().map_err(|broken| broke(&broken));
    let gate = match Hosted::start(&name, outlive)? {
        Hosted::Ended(status) => return Ok(Exit::Other(vnet::exit_code(status))),
        Hosted::Inside(gate) => gate,
    };
    let network = Network::start(&topology, net.seed, &Recorder::forgetful(), Vec::new())
        .map_err(|broken| broke(&broken))?;
    let network = Arc::new(network);
    gate.serve(Arc::clone(&network)).map_err(|error| Problem::io("start a thread", &error))?;
    terminal.note(&format!("{name} is up, as long as this shell\n"));
    shell_there(&network, &args.host)
}
