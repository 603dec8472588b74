//! `verdict`: what the rules make of a failure of a program, or of a look at its address.

use super::found::{Found, missed, untold};
use super::seen::{Seen, belongs_to};
use crate::fault::Named;
use crate::trace::{Judged, Unseen};

/// One of the verdicts must be this fault, or one of this family.
pub(super) fn check(wanted: Named, program: &str, seen: Seen<'_>) -> Found {
    let verdicts = || seen.played.verdicts.iter().filter(|judged| belongs_to(&judged.of, program));
    let hits: Vec<&Judged> = verdicts().filter(|judged| is(wanted, judged)).collect();
    if !hits.is_empty() {
        return Found::new(wanted.id(), told(hits.iter().copied()), true)
            .because(hits.iter().map(|judged| judged.event));
    }
    let because = verdicts().map(|judged| judged.event);
    if verdicts().next().is_none() {
        return missed(wanted.id(), "no failure was judged");
    }
    // A rule that could not look says so; a rule that looked and found nothing has found something else.
    if verdicts().any(|judged| judged.verdict.fault.is_none() && is_blind(judged)) {
        let got = format!("{}; the socket table cannot be read here", told(verdicts()));
        return untold(wanted.id(), got).because(because);
    }
    missed(wanted.id(), told(verdicts())).because(because)
}

fn is(wanted: Named, judged: &Judged) -> bool {
    judged.verdict.fault.is_some_and(|fault| match wanted {
        Named::Fault(wanted) => fault == wanted,
        Named::Family(wanted) => fault.family() == wanted,
    })
}

fn is_blind(judged: &Judged) -> bool {
    judged.verdict.unseen.contains(&Unseen::SocketTable)
}

/// Every verdict once.
fn told<'j>(verdicts: impl Iterator<Item = &'j Judged>) -> String {
    let mut texts: Vec<&str> = verdicts
        .map(|judged| judged.verdict.fault.map_or("no cause was found", |fault| fault.id()))
        .collect();
    texts.sort_unstable();
    texts.dedup();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::stage::{Run, own};
    use super::*;
    use crate::fault::{Family, Fault};
    use crate::scenario::model::Expectation;
    use crate::trace::{Confidence, Verdict};

    fn judged(of: &str, fault: Option<Fault>, unseen: Vec<Unseen>) -> Run {
        let mut run = Run::of([own("client")]);
        let verdict =
            Verdict { fault, confidence: Confidence::Proved, unseen, ..Verdict::unknown(Vec::new()) };
        run.played.verdicts.push(Judged { of: of.into(), event: 7, verdict });
        run
    }

    fn wants(named: Named) -> Expectation {
        Expectation::Verdict(named)
    }

    #[test]
    fn a_verdict_is_met_by_its_fault_and_its_family() {
        let run = judged("client/1", Some(Fault::StuckAccept), Vec::new());
        for named in [Named::Fault(Fault::StuckAccept), Named::Family(Family::Timeout)] {
            let found = run.found(&wants(named), "client");
            assert_eq!((found.passed, found.because.as_slice()), (Some(true), &[7][..]));
        }
        for named in [Named::Fault(Fault::ReadSilence), Named::Family(Family::ConnectionRefused)] {
            let found = run.found(&wants(named), "client");
            assert_eq!((found.passed, found.got.as_str()), (Some(false), "timeout/stuck-accept"));
        }
    }

    #[test]
    fn the_verdict_of_another_program_is_none_of_this_one() {
        let run = judged("clients", Some(Fault::StuckAccept), Vec::new());
        let found = run.found(&wants(Named::Fault(Fault::StuckAccept)), "client");
        assert_eq!((found.passed, found.got.as_str()), (Some(false), "no failure was judged"));
    }

    #[test]
    fn where_the_socket_table_is_hidden_nobody_can_tell() {
        let wanted = wants(Named::Fault(Fault::TimeWait));
        assert_eq!(judged("client", None, vec![Unseen::SocketTable]).found(&wanted, "client").passed, None);
        assert_eq!(judged("client", None, Vec::new()).found(&wanted, "client").passed, Some(false));
    }
}
