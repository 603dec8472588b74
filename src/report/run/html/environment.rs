//! Where and with what it ran. What is not known is left out, as in a report that is to be the same on every machine.

use super::heading;
use crate::knowledge;
use crate::lang::Lang;
use crate::report::web::escaped;
use crate::trace::Run;
use std::fmt::Write;
use std::time::{Duration, UNIX_EPOCH};

/// The section.
pub(super) fn html(run: &Run, lang: Lang) -> String {
    let terms = knowledge::terms(lang);
    let (header, host) = (&run.header, &run.header.host);
    let mut entries = vec![(terms.command, header.command.clone()), (terms.seed, header.seed.to_string())];
    if let Some(told) = &header.scenario {
        entries.push((terms.file, told.file.clone()));
        for (name, value) in &told.parameters {
            entries.push(("--set", format!("{name}={value}")));
        }
    }
    if let Some(end) = &run.end {
        entries.push((terms.replay, end.replay.clone()));
    }
    let rights = if host.privileged { terms.privileged } else { terms.unprivileged };
    let known = !host.system.is_empty();
    entries.push((terms.system, host.system.clone()));
    entries.push((terms.machine, host.machine.clone()));
    entries.push(("netfault", host.netfault.clone()));
    entries.push((terms.rights, if known { rights.to_owned() } else { String::new() }));
    entries.push((terms.began, began(header.started)));
    let mut rows = String::new();
    for (label, value) in entries.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(rows, "<dt>{}</dt><dd>{}</dd>", escaped(label), escaped(value));
    }
    format!("{}<dl>\n{rows}</dl>\n", heading(terms.h_environment))
}

/// The time of day, in UTC.
fn began(started: f64) -> String {
    let since = Duration::try_from_secs_f64(started).ok().filter(|since| !since.is_zero());
    let time = since.and_then(|since| UNIX_EPOCH.checked_add(since));
    time.map(|time| humantime::format_rfc3339_seconds(time).to_string()).unwrap_or_default()
}
