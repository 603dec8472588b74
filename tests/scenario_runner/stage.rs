//! Scenarios built by hand, and questions to what came of them.

use netfault::failure::Protocol;
use netfault::lang::Words;
use netfault::proxy::toxic;
use netfault::scenario::Played;
use netfault::scenario::model::{
    Action, Command, Impairing, Limits, Link, Network, Program, Ready, Scenario, Step, When,
};
use netfault::scenario::runner::{self, Settings, Trouble};
use netfault::trace::{Event, Stream, What};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) const TCP: Protocol = Protocol::Tcp;
pub(crate) const UDP: Protocol = Protocol::Udp;

pub(crate) fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) fn scenario(programs: Vec<Program>) -> Scenario {
    Scenario {
        file: PathBuf::from("by-hand.toml"),
        name: "by-hand".into(),
        title: Words::same("by hand"),
        text: Words::same("by hand"),
        teaches: Vec::new(),
        limit: Duration::from_secs(20),
        takes: None,
        seed: 7,
        network: Network::Loopback,
        parameters: BTreeMap::new(),
        hosts: Vec::new(),
        source: String::new(),
        given: netfault::scenario::Given::default(),
        links: Vec::new(),
        programs,
        steps: Vec::new(),
        expectations: Vec::new(),
        broken: Vec::new(),
    }
}

fn program(name: &str, run: Command, listens: &[Protocol]) -> Program {
    Program {
        name: name.into(),
        host: name.into(),
        run,
        listens: listens.to_vec(),
        address: "127.0.0.1".parse().unwrap(),
        port: None,
        env: BTreeMap::new(),
        stdin: String::new(),
        keeps_stdin_open: false,
        files: Vec::new(),
        start: Some(Duration::ZERO),
        ready: if listens.is_empty() { Ready::Started } else { Ready::Listening },
        restart: None,
        limits: Limits { time: Duration::from_secs(20), memory: 1 << 30, output: 1 << 20 },
    }
}

/// One of this very program; the words are split at blanks.
pub(crate) fn own(name: &str, words: &str, listens: &[Protocol]) -> Program {
    program(name, Command::Own(words.split_whitespace().map(str::to_owned).collect()), listens)
}

/// A Python program.
pub(crate) fn python(name: &str, source: &str, listens: &[Protocol]) -> Program {
    let words = ["python3", "-c", source].map(str::to_owned).to_vec();
    program(name, Command::Other(words), listens)
}

/// A script of sh(1).
pub(crate) fn shell(name: &str, script: &str) -> Program {
    let words = ["sh", "-c", script].map(str::to_owned).to_vec();
    program(name, Command::Other(words), &[])
}

pub(crate) fn transform() -> Program {
    own("server", "serve --tcp {server.addr}", &[TCP])
}

pub(crate) fn link(from: &str, to: &str, impairments: Vec<Impairing>) -> Link {
    Link {
        name: "path".into(),
        from: from.into(),
        to: to.into(),
        impairments,
        mtu: None,
        addresses: [Vec::new(), Vec::new()],
    }
}

pub(crate) fn impairing(text: &str) -> Impairing {
    let [tcp, udp] = [TCP, UDP].map(|protocol| toxic::short(text, protocol).ok());
    let name = tcp.as_ref().or(udp.as_ref()).expect("it fits one of them").name.clone();
    Impairing { text: text.into(), name, tcp, udp, filter: None }
}

pub(crate) fn at(millis: u64, action: Action) -> Step {
    Step { name: None, when: When::At(ms(millis)), action }
}

pub(crate) fn settings() -> Settings<'static> {
    Settings { netfault: env!("CARGO_BIN_EXE_netfault").into(), ..Settings::new().unwrap() }
}

pub(crate) fn play(scenario: &Scenario) -> Result<Played, Trouble> {
    runner::play(scenario, &settings())
}

pub(crate) fn played(scenario: &Scenario) -> Played {
    let played = play(scenario).unwrap();
    check(&played);
    played
}

/// What holds of everything that was played.
pub(crate) fn check(played: &Played) {
    let numbers: Vec<usize> = played.events.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (0..played.events.len()).collect::<Vec<_>>());
    assert!(played.events.is_sorted_by_key(|event| event.at));
    for event in &played.events {
        if let What::Launched { pid, .. } = event.what {
            assert!(!lives(pid), "{event} lives on");
        }
    }
}

/// Whether a process is there.
pub(crate) fn lives(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

pub(crate) fn of<'a>(played: &'a Played, actor: &str) -> Vec<&'a Event> {
    played.events.iter().filter(|event| event.actor == actor).collect()
}

/// The whole as a text, for when a test fails.
pub(crate) fn shown(played: &Played) -> String {
    let line = |event: &Event| format!("{:>9.3} {event}\n", event.at.as_secs_f64());
    played.events.iter().map(line).collect()
}

pub(crate) fn wrote<'a>(played: &'a Played, actor: &str, on: Stream) -> Vec<&'a str> {
    of(played, actor)
        .into_iter()
        .filter_map(|event| match &event.what {
            What::Wrote { stream, text } if *stream == on => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

pub(crate) fn stdout<'a>(played: &'a Played, actor: &str) -> Vec<&'a str> {
    wrote(played, actor, Stream::Stdout)
}

/// How a program ended last: its code, signal and limit.
pub(crate) fn end(played: &Played, actor: &str) -> (Option<i32>, Option<String>, Option<String>) {
    let ends = of(played, actor).into_iter().rev().find_map(|event| match &event.what {
        What::Exited { code, signal, limit } => Some((*code, signal.clone(), limit.clone())),
        _ => None,
    });
    ends.unwrap_or_else(|| panic!("{actor} did not end\n{}", shown(played)))
}

/// When the first event for which `wanted` holds was seen.
pub(crate) fn when(played: &Played, wanted: impl Fn(&Event) -> bool) -> Duration {
    let found = played.events.iter().find(|event| wanted(event));
    found.unwrap_or_else(|| panic!("it did not happen\n{}", shown(played))).at
}

pub(crate) fn is_step(event: &Event, wanted: &str) -> bool {
    matches!(&event.what, What::Step { text, .. } if text == wanted)
}

pub(crate) fn notes<'a>(played: &'a Played, actor: &str) -> Vec<&'a str> {
    of(played, actor)
        .into_iter()
        .filter_map(|event| match &event.what {
            What::Note { text } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}
