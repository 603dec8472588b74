//! Whether a port that is fixed in a program is there for it, and who has it if not.

use super::interrupt::Interrupt;
use super::log::Log;
use super::trouble::Trouble;
use crate::examine;
use crate::failure::Protocol;
use crate::fault::Fault;
use crate::scenario::model::{Command, Program};
use crate::scenario::played::RUNNER;
use crate::trace::{Diagnosis, Fact, Process, Recorder, SocketState};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

/// How long a look may take.
const LOOK: Duration = Duration::from_secs(2);
/// What is left of old connections is gone after a minute on Linux.
const OLD: Duration = Duration::from_secs(130);
/// A process that is being started has a copy of every socket of this one until its exec: longer it takes nowhere.
const COPY: Duration = Duration::from_secs(1);
/// Between two looks whether it is.
const GLANCE: Duration = Duration::from_millis(100);

/// Makes sure that nobody else has the address. What is left of old connections is waited for: a program that does not
/// set `SO_REUSEADDR` would fail for what an earlier run has left.
pub(super) fn is_there(
    log: &mut Log,
    program: &Program,
    protocol: Protocol,
    address: SocketAddr,
    interrupt: &Interrupt,
) -> Result<(), Trouble> {
    let (by, copies) = (Recorder::forgetful().deadline(OLD), Recorder::forgetful().deadline(COPY));
    let mut told = false;
    loop {
        let recorder = Recorder::new();
        let found = examine::bind(&recorder, protocol, address, &recorder.deadline(LOOK));
        let Some(verdict) = &found.verdict else { return Ok(()) };
        if interrupt.is_asked() {
            return Err(Trouble::Interrupted);
        }
        let only_old = verdict.fault == Some(Fault::TimeWait) || is_only_left(&found, address.port());
        if only_old && shares_with_old(program) {
            return Ok(());
        }
        if !only_old && names_nobody(&found) && copies.left().is_some() {
            thread::sleep(GLANCE);
            continue;
        }
        if !only_old || by.left().is_none() {
            return Err(taken(protocol, address, &found));
        }
        if !told {
            told = true;
            log.note(RUNNER, format!("waits until what is left of old connections on {address} is gone"));
        }
        thread::sleep(GLANCE);
    }
}

/// Whether a program is known to bind beside what is left of old connections.
fn shares_with_old(program: &Program) -> bool {
    matches!(&program.run, Command::Own(words) if !words.iter().any(|word| word == "--naive"))
}

/// Whether nothing holds the port but the kernel.
fn is_only_left(found: &Diagnosis, port: u16) -> bool {
    let rows = found.evidence.iter().rev().find_map(|one| match &one.fact {
        Fact::Sockets { rows, .. } => Some(rows),
        _ => None,
    });
    let on_port = |rows: &Vec<crate::trace::SocketRow>| {
        let mut on_port = rows.iter().filter(|row| row.local.port() == port).peekable();
        on_port.peek().is_some() && on_port.all(|row| row.state == SocketState::TimeWait)
    };
    rows.is_some_and(on_port)
}

/// Whether no process was found that holds the address.
fn names_nobody(found: &Diagnosis) -> bool {
    !found.evidence.iter().any(|one| matches!(one.fact, Fact::Holder(_) | Fact::Listed { .. }))
}

fn taken(protocol: Protocol, address: SocketAddr, found: &Diagnosis) -> Trouble {
    let holder = found.evidence.iter().find_map(|one| match &one.fact {
        Fact::Holder(Process { pid, command, uid, .. }) => Some(format!("pid {pid} ({command}), uid {uid}")),
        Fact::Listed { pid, name, .. } => Some(format!("pid {pid} ({name})")),
        Fact::HiddenHolder { uid, .. } => Some(format!("uid {uid}")),
        _ => None,
    });
    let failure = found.events.iter().rev().find_map(|event| event.what.failure());
    let why = failure.map(ToString::to_string).unwrap_or_default();
    match holder {
        Some(holder) => Trouble::broke(
            format!("{protocol} {address}, which is fixed in a program, is held by {holder}"),
            format!("{protocol} {address}, yang tetap di dalam program, sedang dipakai oleh {holder}"),
        ),
        None => Trouble::broke(
            format!("{protocol} {address}, which is fixed in a program, cannot be bound: {why}"),
            format!("{protocol} {address}, yang tetap di dalam program, tidak dapat dipakai: {why}"),
        ),
    }
}
