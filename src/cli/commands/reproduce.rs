//! `netfault reproduce`: makes the faults happen and reports each.

use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::output::Output;
use crate::cli::terminal::{Terminal, put};
use crate::fault::{Family, Fault, Named};
use crate::report::{self, FaultList, Outcomes};
use crate::reproduce::{self, Network, Settings};
use crate::trace::{Outcome, Status};
use crate::vnet;

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Reproduce, terminal: &Terminal) -> Result<Exit, Problem> {
    if args.list {
        put(&match terminal.format {
            Format::Json => report::json(&FaultList::new(reproduce::playable(), terminal.look.lang)),
            _ => report::fault_list(reproduce::playable(), &terminal.look),
        })?;
        return Ok(Exit::Success);
    }
    let output = args.output.as_deref().map(Output::to).transpose()?;
    let settings = Settings {
        faults: chosen(args, terminal),
        clients: args.client,
        network: args.network,
        seed: args.seed,
        program: vnet::this_program(),
    };
    let outcomes = reproduce::run(&settings, |outcome| {
        let seconds = outcome.seconds.as_secs_f64();
        terminal.progress(&format!("{:<40} {} ({seconds:.2} s)", outcome.fault, outcome.status));
    });
    let look = if output.is_some() { terminal.look.plain() } else { terminal.look };
    let report = match terminal.format {
        Format::Json => report::json(&Outcomes { outcomes: &outcomes }),
        _ => report::outcomes(&outcomes, &look),
    };
    match output {
        Some(output) => output.write(&report)?,
        None => put(&report)?,
    }
    Ok(exit_of(&outcomes))
}

/// What is made to happen when nothing is named.
const DEFAULT: &[Named] = &[
    Named::Family(Family::Timeout),
    Named::Family(Family::ConnectionRefused),
    Named::Family(Family::AddressInUse),
];

/// Every fault once, in the order in which they were asked for. Of a family those that can be made to happen,
/// unless none can.
fn chosen(args: &args::Reproduce, terminal: &Terminal) -> Vec<Fault> {
    if args.all {
        return Fault::ALL.to_vec();
    }
    let names = if args.names.is_empty() { DEFAULT } else { &args.names };
    let playable = playable(args, names, terminal);
    let mut faults: Vec<Fault> = Vec::new();
    for name in names {
        let meant = match name {
            Named::Fault(fault) => vec![*fault],
            Named::Family(family) => {
                let (can, cannot): (Vec<Fault>, Vec<Fault>) =
                    family.faults().partition(|fault| playable.contains(fault));
                if can.is_empty() { cannot } else { can }
            }
        };
        for fault in meant {
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
    }
    faults
}

/// What can be made to happen here. When that is not everything that was asked for by families, it is said why.
fn playable(args: &args::Reproduce, names: &[Named], terminal: &Terminal) -> Vec<Fault> {
    let on_network = |fault: &Fault| reproduce::needs_network(*fault);
    let all = reproduce::playable();
    let wanted = names.iter().any(|name| match name {
        Named::Fault(_) => false,
        Named::Family(family) => family.faults().any(|fault| on_network(&fault)),
    });
    if !wanted {
        return all.collect();
    }
    if args.network == Network::Loopback {
        return all.filter(|fault| !on_network(fault)).collect();
    }
    match vnet::can_run(&vnet::this_program()) {
        Ok(()) => all.collect(),
        Err(refusal) => {
            terminal.note(&format!(
                "Faults that need a network of several hosts are left out. {refusal}. {}",
                refusal.remedy
            ));
            all.filter(|fault| !on_network(fault)).collect()
        }
    }
}

/// A failure outweighs what cannot run here, and that outweighs success.
fn exit_of(outcomes: &[Outcome]) -> Exit {
    let any = |status| outcomes.iter().any(|outcome| outcome.status == status);
    if any(Status::Failed) {
        Exit::Fault
    } else if any(Status::Unsupported) {
        Exit::Unsupported
    } else {
        Exit::Success
    }
}
