//! The round trip: every fault is made to happen and must be judged as itself, and as nothing else.
//! The situations most like each fault are in `near_miss.rs`.
#![cfg(all(target_os = "linux", not(netfault_blind)))]

use netfault::fault::Fault;
use netfault::knowledge;
use netfault::lang::Lang;
use netfault::reproduce::{Clients, Network, Settings, run};
use netfault::trace::{Confidence, Outcome, Status, What};
use std::sync::Mutex;

/// Every fault that this version can make happen.
fn playable() -> Vec<Fault> {
    netfault::reproduce::playable().collect()
}

fn settings(clients: Clients) -> Settings {
    let program = env!("CARGO_BIN_EXE_netfault").into();
    Settings { faults: playable(), clients, network: Network::Auto, seed: 1, program }
}

/// Those of which no call tells: the naive program got less, or something else, than was sent.
const SILENT: &[Fault] = &[
    Fault::TruncatedDatagram,
    Fault::PartialRead,
    Fault::NotUtf8,
    Fault::SelfConnect,
    Fault::PortHijack,
    Fault::NoSuchName,
    Fault::ServerFailure,
    Fault::ResolverSilent,
    Fault::TruncatedReply,
    Fault::ShortBody,
    Fault::ErrorStatus,
    Fault::NotHttp,
    Fault::NoReply,
    Fault::TlsHandshake,
];

/// The failure that the naive program met is one that the kernel gave, and the trace holds it.
fn really_happened(outcome: &Outcome) {
    let naive = outcome.naive.as_ref().unwrap();
    let failure = naive.failure.as_ref().unwrap();
    assert!(!naive.ok);
    assert_eq!(naive.errno.as_deref(), failure.errno().map(|errno| errno.name.as_ref()));
    assert_eq!(naive.errno.is_none(), SILENT.contains(&outcome.fault), "{}: {failure}", outcome.fault);
    assert!(
        outcome.events.iter().any(|event| event.what == What::Failed(failure.clone())),
        "{}: the trace does not hold the failure",
        outcome.fault
    );
}

#[test]
fn every_fault_happens_is_judged_as_itself_and_is_recovered_from() {
    let told = Mutex::new(Vec::new());
    let outcomes = run(&settings(Clients::Both), |outcome| told.lock().unwrap().push(outcome.fault));
    assert_eq!(outcomes.iter().map(|outcome| outcome.fault).collect::<Vec<_>>(), playable());
    assert_eq!(told.into_inner().unwrap().len(), playable().len());
    for outcome in &outcomes {
        let fault = outcome.fault;
        assert_eq!(outcome.status, Status::Reproduced, "{fault}: {outcome:#?}");
        really_happened(outcome);
        let verdict = outcome.verdict.as_ref().unwrap();
        assert_eq!((verdict.fault, verdict.confidence), (Some(fault), Confidence::Proved), "{fault}");
        assert!(verdict.because.len() > 1 && !verdict.ruled_out.is_empty(), "{fault}: {verdict:#?}");
        assert!(!verdict.ruled_out.iter().any(|other| other.fault == fault), "{fault} rules itself out");
        for check in &outcome.checks {
            for lang in Lang::ALL {
                let words = knowledge::lesson(fault, *lang).unwrap().check(&check.name);
                assert!(words.is_some(), "{fault}: no {lang} words for the check {}", check.name);
            }
        }
        let hardened = outcome.hardened.as_ref().unwrap();
        assert!(hardened.ok && hardened.result.is_some(), "{fault}: {hardened:#?}");
    }
}

#[test]
fn nobody_recovers_when_only_the_naive_program_is_asked_for() {
    for outcome in run(&settings(Clients::Naive), |_| ()) {
        assert_eq!(outcome.status, Status::Reproduced, "{outcome:#?}");
        really_happened(&outcome);
        assert!(outcome.hardened.is_none());
    }
}

#[test]
fn every_fault_happens_on_a_virtual_network_too() {
    let settings = Settings { network: Network::Virtual, ..settings(Clients::Both) };
    for outcome in run(&settings, |_| ()) {
        assert_eq!(outcome.status, Status::Reproduced, "{outcome:#?}");
        really_happened(&outcome);
        let verdict = outcome.verdict.unwrap();
        assert_eq!((verdict.fault, verdict.confidence), (Some(outcome.fault), Confidence::Proved));
    }
}

#[test]
fn an_outcome_survives_the_way_through_json() {
    let faults = vec![Fault::LiveListener, Fault::NoListener];
    for outcome in run(&Settings { faults, ..settings(Clients::Both) }, |_| ()) {
        let json = serde_json::to_string(&outcome).unwrap();
        let back: Outcome = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&back).unwrap(), json);
    }
}

#[test]
fn what_loopback_does_not_have_is_unsupported_there() {
    let faults = vec![Fault::DeadPeer];
    let settings = Settings { faults, network: Network::Loopback, ..settings(Clients::Both) };
    let outcomes = run(&settings, |_| ());
    assert_eq!(outcomes[0].status, Status::Unsupported);
    assert!(outcomes[0].reason.as_ref().unwrap().contains("--network auto"), "{outcomes:?}");
}
