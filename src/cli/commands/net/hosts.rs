//! Onto the hosts of a network: the process that has it open, and those that join it.

use super::{allowed, broke};
use crate::cli::exit::{Exit, Problem};
use crate::vnet::{self, Broken, Gate, JoinError, Network};
use std::env;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::Arc;

/// What a command that has a network does, outside and inside.
pub(in crate::cli::commands) enum Hosted {
    /// This process is outside: the command was carried out by one inside, which ended so.
    Ended(ExitStatus),
    /// This process is inside.
    Inside(Gate),
}

impl Hosted {
    /// Starts this command again where it may have a network of this name, and waits for it; gives the gate when that has
    /// been done. `ready` is done before it is waited for.
    pub(in crate::cli::commands) fn start(
        name: &str,
        ready: impl FnOnce() -> Result<(), Problem>,
    ) -> Result<Self, Problem> {
        if vnet::is_inside() {
            let missing = || Problem::new(Exit::Internal, "the gate of the network was not handed over");
            return Gate::handed().map(Self::Inside).ok_or_else(missing);
        }
        allowed()?;
        let gate = Gate::open(name).map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => {
                Problem::new(Exit::Usage, format!("a network {name} is up already")).hint(
                    "`netfault net exec HOST -- CMD` runs programs on its hosts; another one needs another name.",
                )
            }
            _ => Problem::io("open the gate of the network", &error),
        })?;
        let failed = |error: &io::Error| Problem::io("start this program again", error);
        let mut command = vnet::inside(&vnet::this_program(), env::args_os().skip(1));
        gate.hand_to(&mut command).map_err(|error| failed(&error))?;
        ready()?;
        command.status().map(Self::Ended).map_err(|error| failed(&error))
    }
}

/// Takes this process to a host of a network that is up, and does there what `command` makes.
pub(in crate::cli::commands) fn on_host(
    network: &str,
    host: &str,
    command: impl FnOnce() -> Command,
) -> Result<Exit, Problem> {
    vnet::join(network, host).map_err(|error| match error {
        JoinError::NoNetwork => no_network(network),
        JoinError::NoHost { hosts } => {
            let what = format!("the network {network} has no host {host}");
            Problem::new(Exit::Usage, what).hint(format!("It has {}.", hosts.join(", ")))
        }
        JoinError::Broken(broken) => broke(&broken),
    })?;
    vnet::outlive_interrupts().map_err(|broken| broke(&broken))?;
    let mut command = command();
    let program = command.get_program().to_owned();
    command
        .status()
        .map(|status| Exit::Other(vnet::exit_code(status)))
        .map_err(|error| cannot_run(&program, &error))
}

/// A shell on a host of a network of this process.
pub(in crate::cli::commands) fn shell_there(network: &Arc<Network>, host: &str) -> Result<Exit, Problem> {
    let name = host.to_owned();
    let ended =
        network.resident(host, move || shell(&name).status()).map_err(|broken: Broken| broke(&broken))?;
    ended
        .map(|status| Exit::Other(vnet::exit_code(status)))
        .map_err(|error| cannot_run(shell(host).get_program(), &error))
}

/// The user's shell, with a prompt that says which host it is on.
pub(in crate::cli::commands) fn shell(host: &str) -> Command {
    let path = env::var_os("SHELL").map_or_else(|| PathBuf::from("/bin/sh"), PathBuf::from);
    let mut command = Command::new(&path);
    if path.file_name() == Some(OsStr::new("bash")) {
        // Whatever prompt the user has: the host stands before it.
        command.env("PROMPT_COMMAND", format!("PS1=\"({host}) ${{PS1#\\({host}\\) }}\""));
    }
    command.arg("-i").env("PS1", format!("({host}) $ ")).env("NETFAULT_HOST", host);
    command
}

/// Says that no network is there to go to.
pub(super) fn no_network(wanted: &str) -> Problem {
    let up = vnet::networks_up();
    let hint = if up.is_empty() {
        "None is: `netfault net up FILE` sets one up.".to_owned()
    } else {
        format!("There are {}.", up.join(", "))
    };
    Problem::new(Exit::Usage, format!("no network {wanted} is up")).hint(hint)
}

fn cannot_run(program: &OsStr, error: &io::Error) -> Problem {
    let problem = Problem::io(format_args!("run {}", Path::new(program).display()), error);
    Problem { exit: Exit::Usage, ..problem }
}
