//! Runs that were never played, for the tests of the expectations.

use super::found::Found;
use super::seen::Seen;
use crate::failure::{Call, Failure, Op, Protocol, Why};
use crate::lang::Words;
use crate::scenario::model::{Command, Expect, Expectation, Limits, Link, Network, Program, Ready, Scenario};
use crate::scenario::played::{Played, RUNNER};
use crate::trace::{Event, Stream, What};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// A scenario, and what is said to have come of it.
pub(in crate::scenario) struct Run {
    pub(in crate::scenario) scenario: Scenario,
    pub(in crate::scenario) played: Played,
    now: Duration,
}

/// A run in which every program was started at once.
pub(in crate::scenario) fn run<const N: usize>(programs: [Program; N]) -> Run {
    let names: Vec<String> = programs.iter().map(|program| program.name.clone()).collect();
    let mut run = Run::of(programs);
    for name in names {
        run.launched(&name);
    }
    run
}

impl Run {
    /// A run in which nothing has happened.
    pub(super) fn of<const N: usize>(programs: [Program; N]) -> Self {
        Self { scenario: scenario(programs.into()), played: Played::default(), now: Duration::ZERO }
    }

    /// What an expectation comes to.
    pub(super) fn found(&self, what: &Expectation, of: &str) -> Found {
        let expect =
            Expect { name: Words::same("it"), of: of.into(), what: what.clone(), hint: None, points: None };
        super::found(&expect, Seen { scenario: &self.scenario, played: &self.played })
    }

    /// Lets milliseconds pass.
    pub(super) fn after(&mut self, millis: u64) -> &mut Self {
        self.now += Duration::from_millis(millis);
        self
    }

    pub(super) fn push(&mut self, actor: &str, what: What) {
        let event = Event { seq: self.played.events.len(), at: self.now, actor: actor.into(), what };
        self.played.events.push(event);
    }

    pub(super) fn launched(&mut self, program: &str) {
        self.push(program, What::Launched { pid: 1, command: vec![program.to_owned()] });
    }

    pub(in crate::scenario) fn exited(
        &mut self,
        program: &str,
        code: Option<i32>,
        signal: Option<&str>,
        limit: Option<&str>,
    ) {
        let (signal, limit) = (signal.map(str::to_owned), limit.map(str::to_owned));
        self.push(program, What::Exited { code, signal, limit });
    }

    pub(super) fn wrote(&mut self, program: &str, line: &str) {
        self.wrote_to(program, Stream::Stdout, line);
    }

    pub(super) fn wrote_to(&mut self, program: &str, stream: Stream, line: &str) {
        self.push(program, What::Wrote { stream, text: line.into() });
    }

    pub(super) fn step(&mut self, text: &str, name: Option<&str>) {
        self.push(RUNNER, What::Step { text: text.into(), name: name.map(str::to_owned) });
    }

    pub(super) fn retrying(&mut self, actor: &str, attempt: u32, millis: u64) {
        self.push(actor, What::Retrying { attempt, delay: Duration::from_millis(millis) });
        self.after(millis);
    }

    pub(super) fn started(&mut self, actor: &str, op: Op, protocol: Protocol, peer: Option<&str>) {
        self.push(actor, What::Started(call(op, protocol, peer)));
    }

    /// A call that began and did what was asked.
    pub(super) fn called(&mut self, actor: &str, op: Op, protocol: Protocol, peer: Option<&str>) {
        self.started(actor, op, protocol, peer);
        self.push(actor, What::Finished { call: call(op, protocol, peer), bytes: None });
    }

    /// A `recv` that gave so many bytes.
    pub(super) fn received(&mut self, actor: &str, bytes: usize) {
        let call = call(Op::Receive, Protocol::Tcp, None);
        self.push(actor, What::Finished { call, bytes: Some(bytes) });
    }

    pub(super) fn failed(&mut self, actor: &str, op: Op, protocol: Protocol, peer: Option<&str>, why: Why) {
        let failure = Failure { call: call(op, protocol, peer), why, elapsed: Duration::ZERO };
        self.push(actor, What::Failed(failure));
    }

    pub(super) fn address(&mut self, program: &str, address: &str) {
        self.played.addresses.entry(program.into()).or_default().push(address.parse().unwrap());
    }
}

fn call(op: Op, protocol: Protocol, peer: Option<&str>) -> Call {
    Call { peer: peer.map(|peer| peer.parse().unwrap()), ..Call::new(op, protocol) }
}

/// A program of somebody else, which records nothing.
pub(in crate::scenario) fn program(name: &str) -> Program {
    Program {
        name: name.into(),
        host: name.into(),
        run: Command::Other(vec!["python3".into()]),
        listens: Vec::new(),
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: None,
        env: BTreeMap::new(),
        stdin: String::new(),
        keeps_stdin_open: false,
        files: Vec::new(),
        start: Some(Duration::ZERO),
        ready: Ready::Started,
        restart: None,
        limits: Limits { time: Duration::from_secs(10), memory: 1 << 30, output: 1 << 20 },
    }
}

/// A program of netfault's own.
pub(in crate::scenario) fn own(name: &str) -> Program {
    Program { run: Command::Own(vec!["send".into()]), ..program(name) }
}

pub(in crate::scenario) fn link(name: &str, from: &str, to: &str) -> Link {
    Link {
        name: name.into(),
        from: from.into(),
        to: to.into(),
        impairments: Vec::new(),
        mtu: None,
        addresses: [Vec::new(), Vec::new()],
    }
}

fn scenario(programs: Vec<Program>) -> Scenario {
    Scenario {
        file: "test.toml".into(),
        source: String::new(),
        given: crate::scenario::Given::default(),
        name: "test".into(),
        title: Words::same("a test"),
        text: Words::same("a test"),
        teaches: Vec::new(),
        limit: Duration::from_secs(30),
        takes: None,
        seed: 1,
        network: Network::Loopback,
        parameters: BTreeMap::new(),
        hosts: Vec::new(),
        links: Vec::new(),
        programs,
        steps: Vec::new(),
        expectations: Vec::new(),
        broken: Vec::new(),
    }
}
