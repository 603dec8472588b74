//! Every fault's recorded evidence against all rules: whole it gives that fault, and with less of it the verdict gets
//! weaker and never becomes another fault that is proved.
#![expect(clippy::print_stdout, reason = "the matrix is for people to read")]
#![cfg(all(target_os = "linux", not(netfault_blind)))]

use netfault::diagnose::judge;
use netfault::failure::Failure;
use netfault::fault::Fault;
use netfault::reproduce::{Clients, Network, Settings, playable, run};
use netfault::trace::{Confidence, Evidence, Fact, Outcome, Verdict};
use std::collections::BTreeMap;
use std::mem::discriminant;

/// How a verdict stands to the fault that was made to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Right,
    Weaker,
    Wrong,
}

fn told(verdict: &Verdict, fault: Fault) -> Told {
    match (verdict.fault, verdict.confidence) {
        (Some(found), Confidence::Proved) if found == fault => Told::Right,
        // That a server came up later is seen later: until then it is true that nobody listens.
        (Some(Fault::NoListener), Confidence::Proved) if fault == Fault::NotYetListening => Told::Weaker,
        (Some(found), Confidence::Proved) => {
            println!("{fault} was judged {found}");
            Told::Wrong
        }
        _ => Told::Weaker,
    }
}

fn naive(faults: Vec<Fault>) -> Settings {
    let program = env!("CARGO_BIN_EXE_netfault").into();
    Settings { faults, clients: Clients::Naive, network: Network::Auto, seed: 1, program }
}

fn recorded() -> Vec<(Outcome, Failure)> {
    let settings = naive(playable().collect());
    let met = |outcome: &Outcome| outcome.naive.as_ref().and_then(|naive| naive.failure.clone());
    run(&settings, |_| ())
        .into_iter()
        .map(|outcome| {
            let failure = met(&outcome).unwrap_or_else(|| panic!("{outcome:#?}"));
            (outcome, failure)
        })
        .collect()
}

#[test]
fn whole_evidence_is_judged_right_and_less_of_it_never_wrong() {
    let mut matrix: BTreeMap<&str, BTreeMap<Told, usize>> = BTreeMap::new();
    for (outcome, failure) in recorded() {
        let Outcome { fault, events, evidence, .. } = outcome;
        assert_eq!(told(&judge(&failure, &events, &evidence), fault), Told::Right, "{fault}");
        let kinds: Vec<_> = evidence.iter().map(|one| discriminant(&one.fact)).collect();
        let without_one = (0..evidence.len()).map(|gone| all_but(&evidence, |position, _| position == gone));
        let without_kind = kinds.iter().map(|kind| all_but(&evidence, |_, fact| discriminant(fact) == *kind));
        let only_one = (0..evidence.len()).map(|left| all_but(&evidence, |position, _| position != left));
        let nothing = std::iter::once(Vec::new());
        for less in without_one.chain(without_kind).chain(only_one).chain(nothing) {
            let told = told(&judge(&failure, &events, &less), fault);
            *matrix.entry(fault.id()).or_default().entry(told).or_default() += 1;
        }
    }
    let sum = |told| matrix.values().filter_map(|row| row.get(&told)).sum::<usize>();
    for (fault, row) in &matrix {
        println!("{fault:<40} {row:?}");
    }
    println!("right {}, weaker {}, wrong {}", sum(Told::Right), sum(Told::Weaker), sum(Told::Wrong));
    assert_eq!(sum(Told::Wrong), 0);
}

#[test]
fn what_was_seen_of_one_fault_is_no_proof_of_another() {
    let recorded = recorded();
    let mut wrong = Vec::new();
    for (met, failure) in &recorded {
        for (other, _) in recorded.iter().filter(|(other, _)| other.fault != met.fault) {
            // The table of other ports, and what other sockets said, must not be taken for this one's.
            let foreign = all_but(&other.evidence, |_, fact| is_of_the_whole_host(fact));
            let verdict = judge(failure, &met.events, &foreign);
            if told(&verdict, met.fault) == Told::Wrong {
                wrong.push((met.fault, other.fault, verdict.fault));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Facts that name no socket, and hold for every call of the host or of the thread.
fn is_of_the_whole_host(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::PortRange(_)
            | Fact::UnprivilegedPorts { .. }
            | Fact::Capability { .. }
            | Fact::Descriptors(_)
            | Fact::Counted { .. }
    )
}

fn all_but(evidence: &[Evidence], gone: impl Fn(usize, &Fact) -> bool) -> Vec<Evidence> {
    let left = evidence.iter().enumerate().filter(|(position, one)| !gone(*position, &one.fact));
    left.map(|(_, one)| one.clone()).collect()
}

#[test]
fn of_two_attempts_that_failed_alike_the_first_is_judged() {
    let settings = naive(vec![Fault::LiveListener]);
    let outcome = run(&settings, |_| ()).remove(0);
    let failure = outcome.naive.unwrap().failure.unwrap();
    let mut events = outcome.events;
    let mut again = events.iter().find(|event| event.what.failure() == Some(&failure)).unwrap().clone();
    again.seq = events.len();
    again.at = events.last().unwrap().at + std::time::Duration::from_secs(1);
    events.push(again);
    let verdict = judge(&failure, &events, &outcome.evidence);
    assert_eq!((verdict.fault, verdict.confidence), (Some(Fault::LiveListener), Confidence::Proved));
}
