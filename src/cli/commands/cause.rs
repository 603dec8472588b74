//! Why one of our own commands failed: the live system is looked at on the spot, as `netfault diagnose` does it.

use crate::cli::exit::Problem;
use crate::examine;
use crate::failure::{Failure, Op, Protocol, Why};
use crate::fault::Fault;
use crate::knowledge;
use crate::lang::Lang;
use crate::trace::{Because, Confidence, Diagnosis, Fact, Process, Recorder, Verdict};
use std::net::SocketAddr;
use std::time::Duration;

/// How long the look may take: a SYN that is not answered shows after a second.
const LOOK: Duration = Duration::from_secs(2);

/// What a user is told whose `bind` failed. Where the live system shows the cause, it is that cause and the
/// process behind it; else what the catalogue says about the error in general.
pub(super) fn cannot_bind(failure: &Failure, lang: Lang) -> Problem {
    let text = failure.errno().map_or_else(|| failure.to_string(), |errno| errno.message.clone());
    let problem = Problem::failed(format!("cannot {}: {text}", failure.call), failure, lang);
    let Some(address) = failure.call.local.filter(|_| failure.call.op == Op::Bind) else { return problem };
    let recorder = Recorder::new();
    let by = recorder.deadline(LOOK);
    let found = examine::bind(&recorder, failure.call.protocol, address, &by);
    let udp = if failure.call.protocol == Protocol::Udp { " --udp" } else { "" };
    explained(problem, &found, &format!("netfault diagnose bind {address}{udp}"), lang)
}

/// What a user is told whose request failed: the same for the other end.
pub(super) fn no_reply(message: String, failure: &Failure, lang: Lang) -> Problem {
    let problem = Problem::failed(message, failure, lang);
    let Some(peer) = failure.call.peer.filter(|_| may_be_seen(failure)) else { return problem };
    let recorder = Recorder::new();
    let by = recorder.deadline(LOOK);
    let protocol = failure.call.protocol;
    let target = format!("{protocol} {peer}");
    let found = match protocol {
        Protocol::Tcp => examine::tcp(&recorder, target, &[peer], &by),
        Protocol::Udp => examine::udp(&recorder, target, &[peer], &by),
    };
    explained(problem, &found, &format!("netfault diagnose {protocol} {peer}"), lang)
}

/// Whether it is the way there that failed, and not what came back.
fn may_be_seen(failure: &Failure) -> bool {
    matches!(failure.why, Why::Errno(_) | Why::Deadline { .. } | Why::SelfConnected)
}

/// The same problem with what the live system shows.
fn explained(problem: Problem, found: &Diagnosis, diagnose: &str, lang: Lang) -> Problem {
    let Some(verdict) = &found.verdict else { return problem };
    let Some(fault) = verdict.fault.filter(|_| verdict.confidence != Confidence::Unknown) else {
        return problem;
    };
    let page = knowledge::fault(fault).text(lang);
    let facts = [nowhere(verdict, lang), held_by(verdict, found, lang), free_in(fault, found, lang)];
    let why: Vec<String> = [Some(page.meaning.to_owned())].into_iter().chain(facts).flatten().collect();
    Problem {
        why: Some(why.join(" ")),
        hint: page.causes.get(verdict.cause.unwrap_or(0)).map(|cause| cause.fix.to_owned()),
        commands: vec![format!("netfault explain {fault}"), diagnose.to_owned()],
        ..problem
    }
}

/// That the port has no listener at all, where that was seen.
fn nowhere(verdict: &Verdict, lang: Lang) -> Option<String> {
    let proved = verdict.fault == Some(Fault::NoListener) && verdict.confidence == Confidence::Proved;
    proved.then(|| knowledge::terms(lang).nowhere.to_owned())
}

/// Whose the address is.
fn held_by(verdict: &Verdict, found: &Diagnosis, lang: Lang) -> Option<String> {
    let terms = knowledge::terms(lang);
    let mut cited = verdict.because.iter().filter_map(|because| match because {
        Because::Evidence(position) => found.evidence.get(*position),
        Because::Event(_) => None,
    });
    cited.find_map(|one| match &one.fact {
        Fact::Holder(Process { pid, command, uid, .. }) => {
            Some(format!("{} pid {pid} ({command}), uid {uid}.", terms.held_by))
        }
        Fact::Listed { pid, name, .. } => Some(format!("{} pid {pid} ({name}).", terms.held_by)),
        Fact::HiddenHolder { uid, .. } => Some(format!("{} uid {uid}.", terms.held_by)),
        _ => None,
    })
}

/// When what is left of old connections will be gone, where that is what is in the way.
fn free_in(fault: Fault, found: &Diagnosis, lang: Lang) -> Option<String> {
    let port = found.addresses.first().map(|one| one.address).as_ref().map(SocketAddr::port)?;
    let rows = found.evidence.iter().rev().find_map(|one| match &one.fact {
        Fact::Sockets { rows, .. } => Some(rows),
        _ => None,
    })?;
    let left = rows.iter().filter(|row| row.local.port() == port).filter_map(|row| row.expires).max();
    let left = left.filter(|_| fault == Fault::TimeWait)?;
    let seconds = Duration::from_secs(left.as_secs() + 1);
    Some(format!("{} {}.", knowledge::terms(lang).free_in, humantime::format_duration(seconds)))
}
