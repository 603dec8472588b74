//! `netfault net exec`: a program on a host of a network that is up.

use super::hosts::{no_network, on_host};
use crate::cli::args;
use crate::cli::exit::{Exit, Problem};
use crate::vnet;
use std::process::Command;

/// Runs the command.
pub(super) fn run(args: &args::Exec) -> Result<Exit, Problem> {
    let network = match &args.net {
        Some(name) => name.clone(),
        None => the_only_one()?,
    };
    on_host(&network, &args.host, || {
        let [program, arguments @ ..] = args.command.as_slice() else { return Command::new("") };
        let mut command = Command::new(program);
        command.args(arguments).env("NETFAULT_HOST", &args.host);
        command
    })
}

fn the_only_one() -> Result<String, Problem> {
    let mut up = vnet::networks_up();
    match up.len() {
        1 => Ok(up.remove(0)),
        0 => Err(no_network("of yours")),
        _ => Err(Problem::new(Exit::Usage, "several networks are up")
            .hint(format!("--net says which: {}.", up.join(", ")))),
    }
}
