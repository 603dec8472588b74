//! What was found out about a target: the verdict first, then what proves it, and a command to go on with.

use super::Look;
use super::block::{Block, Record};
use crate::knowledge;
use crate::trace::{Diagnosis, Health, Reached, Source, overrides};

/// The diagnosis as text.
pub fn diagnosis(found: &Diagnosis, look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let title = format!("{}  {}\n", look.strong(&found.target), health(found.status, look));
    let mut block = Block::new(title, look);
    if let Some(verdict) = &found.verdict {
        block.verdict(verdict, Record { events: &found.events, evidence: &found.evidence });
        if let Some(fault) = verdict.fault {
            let page = knowledge::fault(fault).text(look.lang);
            block.say(terms.means, page.meaning);
            if let Some(cause) = page.causes.get(verdict.cause.unwrap_or(0)) {
                block.say(terms.fix_label, cause.fix);
            }
        }
    }
    if found.addresses.len() > 1 {
        let lines: Vec<String> = found.addresses.iter().map(|one| reached(one, look)).collect();
        block.row(terms.addresses, &lines);
    }
    if let Some(fault) = found.verdict.as_ref().and_then(|verdict| verdict.fault) {
        block.row(terms.more, &[look.command(&format!("netfault explain {fault}"))]);
    }
    if found.verdict.is_none() {
        let of_names = |source| matches!(source, Source::Hosts | Source::Getaddrinfo | Source::Dns);
        let names = found.evidence.iter().filter(|one| of_names(one.source));
        let lines: Vec<String> = names.map(ToString::to_string).collect();
        if !lines.is_empty() {
            block.say(terms.seen, &lines.join("\n"));
        }
        if overrides(&found.evidence) {
            block.say(terms.means, terms.overridden);
        }
    }
    block.row(terms.next, &[look.command(&found.next)]);
    block.text
}

fn health(status: Health, look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    match status {
        Health::Healthy => look.good(terms.healthy),
        Health::Inconclusive => look.doubtful(terms.inconclusive),
        Health::Fault => look.bad(terms.at_fault),
    }
}

fn reached(one: &Reached, look: &Look) -> String {
    let fault = one.verdict.as_ref().and_then(|verdict| verdict.fault);
    let fault = fault.map(|fault| format!("  {fault}")).unwrap_or_default();
    format!("{}  {}{fault}", one.address, health(one.status, look))
}
