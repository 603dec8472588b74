//! Who holds the address that could not be had: looked up while it stands, and judged.

use crate::cli::exit::Problem;
use crate::failure::{Failure, Op};
use crate::knowledge;
use crate::lang::Lang;
use crate::reproduce::Stage;
use crate::socket::Socket;
use crate::trace::{Fact, Process};
use std::time::Duration;

/// What a user is told whose `bind` failed. Where the live system shows the cause, it is that cause and the
/// process behind it; else what the catalogue says about the error in general.
pub(super) fn cannot_bind(failure: &Failure, lang: Lang) -> Problem {
    let text = failure.errno().map_or_else(|| failure.to_string(), |errno| errno.message.clone());
    let problem = Problem::failed(format!("cannot {}: {text}", failure.call), failure, lang);
    match cause(failure, lang) {
        Some((why, hint, id)) => Problem {
            why: Some(why),
            hint: Some(hint.to_owned()),
            commands: vec![format!("netfault explain {id}")],
            ..problem
        },
        None => problem,
    }
}

/// The proved cause in words, what to do about it, and the id of its page.
fn cause(failure: &Failure, lang: Lang) -> Option<(String, &'static str, &'static str)> {
    let address = failure.call.local.filter(|_| failure.call.op == Op::Bind && failure.is("EADDRINUSE"))?;
    let protocol = failure.call.protocol;
    let stage = Stage::new(0, false);
    let before = stage.sockets(protocol, address.port()).ok()?;
    let again = Socket::new(&stage.actor("probe"), protocol, address).ok()?.bind(address).err()?;
    stage.sockets(protocol, address.port()).ok()?;
    let holder = before
        .iter()
        .filter(|row| row.local.port() == address.port() && row.is_held())
        .find_map(|row| stage.holder(row).ok());
    let fault = stage.judge(&again).fault?;
    let page = knowledge::fault(fault).text(lang);
    let terms = knowledge::terms(lang);
    let held_by = match holder {
        Some(Fact::Holder(Process { pid, command, uid, .. })) => {
            Some(format!("{} pid {pid} ({command}), uid {uid}.", terms.held_by))
        }
        Some(Fact::HiddenHolder { uid, .. }) => Some(format!("{} uid {uid}.", terms.held_by)),
        _ => None,
    };
    // What will expire matters only where nothing that lives is in the way.
    let remains = before.iter().filter(|_| held_by.is_none());
    let free_in = remains.filter_map(|row| row.expires).max().map(|left| {
        let seconds = Duration::from_secs(left.as_secs() + 1);
        format!("{} {}.", terms.free_in, humantime::format_duration(seconds))
    });
    let parts: Vec<String> =
        [Some(page.meaning.to_owned()), held_by, free_in].into_iter().flatten().collect();
    Some((parts.join(" "), page.causes.first()?.fix, fault.id()))
}
