//! `netfault diagnose`: looks at a target and tells what is the matter with it.

use crate::cli::args::{self, Address, Format, Target};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::diagnose;
use crate::examine;
use crate::failure::Protocol;
use crate::report;
use crate::resolver;
use crate::trace::{Deadline, Diagnosis, Health, Recorder};

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Diagnose, terminal: &Terminal) -> Result<Exit, Problem> {
    let recorder = Recorder::new();
    let by = recorder.deadline(args.timeout);
    let found = match &args.target {
        Target::Tcp { address } => reach(&recorder, Protocol::Tcp, address, &by),
        Target::Udp { address } => reach(&recorder, Protocol::Udp, address, &by),
        Target::Bind { address, udp } => {
            let protocol = if *udp { Protocol::Udp } else { Protocol::Tcp };
            examine::bind(&recorder, protocol, *address, &by)
        }
        Target::Http { url, resolver } => examine::http(&recorder, url, resolver.as_slice(), &by),
        Target::Dns { name, resolver } => examine::dns(&recorder, name, *resolver, &by),
    };
    put(&match terminal.format {
        Format::Json => report::json(&found),
        _ => report::diagnosis(&found, &terminal.look),
    })?;
    Ok(match found.status {
        Health::Healthy => Exit::Success,
        Health::Fault => Exit::Fault,
        Health::Inconclusive => Exit::Unsupported,
    })
}

/// Looks at every address of a name.
fn reach(recorder: &Recorder, protocol: Protocol, address: &Address, by: &Deadline) -> Diagnosis {
    let target = format!("{protocol} {address}");
    match resolver::resolve(&recorder.actor("resolver"), protocol, &address.host, address.port, by) {
        Ok(addresses) if protocol == Protocol::Tcp => examine::tcp(recorder, target, &addresses, by),
        Ok(addresses) => examine::udp(recorder, target, &addresses, by),
        Err(failure) => {
            let events = recorder.events();
            let verdict = diagnose::judge(&failure, &events, &[]);
            let status = if verdict.fault.is_some() { Health::Fault } else { Health::Inconclusive };
            let next = format!("getent ahosts {}", address.host);
            let (addresses, hops, evidence) = (Vec::new(), Vec::new(), Vec::new());
            Diagnosis { target, status, verdict: Some(verdict), addresses, hops, evidence, events, next }
        }
    }
}
