//! `netfault reproduce`: makes the faults happen and reports each.

use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::output::Output;
use crate::cli::terminal::{Terminal, put};
use crate::fault::{Family, Fault, Named};
use crate::report::{self, FaultList, Outcomes};
use crate::reproduce::{self, Settings};
use crate::trace::{Outcome, Status};

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Reproduce, terminal: &Terminal) -> Result<Exit, Problem> {
    if args.list {
        put(&match terminal.format {
            Format::Text => report::fault_list(&terminal.look),
            Format::Json => report::json(&FaultList::new(terminal.look.lang)),
        })?;
        return Ok(Exit::Success);
    }
    let output = args.output.as_deref().map(Output::to).transpose()?;
    let settings =
        Settings { faults: chosen(args), clients: args.client, network: args.network, seed: args.seed };
    let outcomes = reproduce::run(&settings, |outcome| {
        let seconds = outcome.seconds.as_secs_f64();
        terminal.progress(&format!("{:<40} {} ({seconds:.2} s)", outcome.fault, outcome.status));
    });
    let look = if output.is_some() { terminal.look.plain() } else { terminal.look };
    let report = match terminal.format {
        Format::Json => report::json(&Outcomes { outcomes: &outcomes }),
        Format::Text => report::outcomes(&outcomes, &look),
    };
    match output {
        Some(output) => output.write(&report)?,
        None => put(&report)?,
    }
    Ok(exit_of(&outcomes))
}

/// Every fault once, in the order in which they were asked for; without a name all of them.
fn chosen(args: &args::Reproduce) -> Vec<Fault> {
    let families = Family::ALL.iter().map(|family| Named::Family(*family));
    let names: Vec<Named> = if args.names.is_empty() { families.collect() } else { args.names.clone() };
    let mut faults: Vec<Fault> = Vec::new();
    for name in names {
        let meant = match name {
            Named::Fault(fault) => vec![fault],
            Named::Family(family) => family.faults().collect(),
        };
        for fault in meant {
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
    }
    faults
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
