//! `netfault net`: virtual networks, without a scenario.

mod exec;
mod hosts;
mod up;

pub(super) use hosts::{Hosted, on_host, shell, shell_there};
pub(super) use up::name_of;

use super::mistakes::{text, told};
use crate::cli::args::{self, Format, NetCommand};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::report;
use crate::scenario::network::Net;
use crate::scenario::{Given, read_net};
use crate::vnet::{self, Refusal};
use serde::Serialize;
use std::path::Path;

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Net, terminal: &Terminal) -> Result<Exit, Problem> {
    match &args.what {
        NetCommand::Check => check(terminal),
        NetCommand::Up(args) => up::run(args, terminal),
        NetCommand::Exec(args) => exec::run(args),
    }
}

/// `netfault net check`, for scripts.
#[derive(Serialize)]
struct Checked<'a> {
    allowed: bool,
    step: Option<&'a str>,
    errno: Option<&'a str>,
    remedy: Option<&'a str>,
}

fn check(terminal: &Terminal) -> Result<Exit, Problem> {
    let refusal = vnet::can_run(&vnet::this_program()).err();
    put(&match (terminal.format, &refusal) {
        (Format::Json, refusal) => report::json(&Checked {
            allowed: refusal.is_none(),
            step: refusal.as_ref().map(|refusal| refusal.step.as_str()),
            errno: refusal.as_ref().map(|refusal| refusal.errno.as_str()),
            remedy: refusal.as_ref().map(|refusal| refusal.remedy.as_str()),
        }),
        (_, None) => "This machine allows virtual networks.\n".to_owned(),
        (_, Some(refusal)) => {
            format!("This machine does not allow virtual networks: {refusal}.\n{}\n", refusal.remedy)
        }
    })?;
    Ok(if refusal.is_none() { Exit::Success } else { Exit::Unsupported })
}

/// The network of a file.
pub(super) fn net(file: &Path, seed: Option<u64>) -> Result<Net, Problem> {
    let text = text(file)?;
    let given = Given { seed, ..Given::default() };
    read_net(file, &text, &given).map_err(|mistakes| {
        let all: Vec<String> = mistakes.iter().map(|mistake| told(mistake, file, &text)).collect();
        Problem::new(Exit::Usage, all.join("\n"))
    })
}

/// Ends a command where there can be no network.
pub(super) fn allowed() -> Result<(), Problem> {
    vnet::can_run(&vnet::this_program()).map_err(|refusal: Refusal| {
        let what = format!("this machine does not allow virtual networks: {refusal}");
        Problem::new(Exit::Unsupported, what).hint(refusal.remedy)
    })
}

/// A network that broke.
pub(super) fn broke(broken: &vnet::Broken) -> Problem {
    Problem::new(Exit::Internal, format!("the network: {broken}"))
}
