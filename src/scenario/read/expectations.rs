//! The expectations of a scenario.

use super::file::{Cast, fault, named};
use super::got::Got;
use super::output::output;
use super::sayings::saying;
use crate::document::{Mistakes, Node, Value};
use crate::failure::Op;
use crate::lang::Words;
use crate::scenario::language::{EXPECTATION_KEYS, OF_LINKS};
use crate::scenario::model::{Bounds, Exit, Expect, Expectation, Spacing, WantedFailure, Window};
use crate::trace::SocketState;

/// All of them, in the order of the file; their English names are unique.
pub(super) fn expectations(got: Got, cast: &Cast, mistakes: &mut Mistakes) -> Vec<Expect> {
    let mut all: Vec<Expect> = Vec::new();
    for table in got.list("expect").iter().map(Got) {
        let Some(mut expect) = expectation(table, cast, mistakes) else { continue };
        let is_taken = |name: &Words| all.iter().any(|other| other.name.en == name.en);
        if is_taken(&expect.name) {
            if table.node("name").is_some() {
                let told = format!("name: there is an expectation {:?} already", expect.name.en);
                mistakes.add(table.at("name"), told);
            }
            expect.name = (2..all.len() + 3)
                .map(|number| numbered(&expect.name, number))
                .find(|name| !is_taken(name))
                .unwrap_or(expect.name);
        }
        all.push(expect);
    }
    all
}

fn numbered(name: &Words, number: usize) -> Words {
    Words { en: format!("{} ({number})", name.en), id: format!("{} ({number})", name.id) }
}

fn expectation(table: Got, cast: &Cast, mistakes: &mut Mistakes) -> Option<Expect> {
    let key = *EXPECTATION_KEYS.iter().find(|key| table.node(key).is_some())?;
    let subject = cast.either("of", table.node("of")?, mistakes);
    let what = what(key, table, cast, mistakes);
    let (of, is_link) = subject?;
    if is_link != OF_LINKS.contains(&key) {
        let (is, other) = if is_link { ("a link", "programs") } else { ("a program", "links") };
        mistakes.add(table.at(key), format!("{key}: {of} is {is}, and this is of {other}"));
        return None;
    }
    let is_client = cast.whole(&of).is_some_and(|program| program.listens.is_empty());
    if key == "sockets" && is_client {
        mistakes.add(table.at(key), format!("{key}: {of} listens on nothing, so that no port is its own"));
    }
    let what = what?;
    let name = table.words("name").unwrap_or_else(|| saying(&of, &what));
    Some(Expect { name, of, what, hint: table.words("hint"), points: table.number("points") })
}

fn what(key: &str, table: Got, cast: &Cast, mistakes: &mut Mistakes) -> Option<Expectation> {
    let inner = table.table(key);
    Some(match key {
        "exit" => Expectation::Exit(exit(table)?),
        "ends" => Expectation::Ends(window(inner?)),
        "output" => Expectation::Output(output(inner?, mistakes)?),
        "failure" if table.text(key).is_some() => Expectation::NoFailure,
        "failure" => Expectation::Failure(failure(inner?, cast, mistakes)?),
        "verdict" => Expectation::Verdict(fault(table.node(key)?, mistakes)?),
        "attempts" => Expectation::Attempts(bounds(table, key, mistakes)?),
        "spacing" => Expectation::Spacing(spacing(inner?, mistakes)),
        "answers" => {
            let steps: Vec<String> = cast.steps.iter().filter_map(|step| step.name.clone()).collect();
            let after = named("after", "named step", inner?.node("after")?, &steps, mistakes)?;
            Expectation::Answers { after, within: window(inner?) }
        }
        "connections" => Expectation::Connections(bounds(table, key, mistakes)?),
        "bytes" => Expectation::Bytes {
            upstream: bounds(inner?, "upstream", mistakes),
            downstream: bounds(inner?, "downstream", mistakes),
        },
        "did" => Expectation::Did {
            what: inner?.text("what")?.to_owned(),
            times: bounds(inner?, "times", mistakes)?,
        },
        "sockets" => {
            let state = inner?.text("state")?;
            let state = SocketState::ALL.iter().find(|known| known.name() == state)?;
            Expectation::Sockets { state: *state, times: bounds(inner?, "times", mistakes)? }
        }
        _ => return None,
    })
}

fn exit(table: Got) -> Option<Exit> {
    if let Value::Whole(code) = table.node("exit")?.value {
        return i32::try_from(code).ok().map(Exit::Code);
    }
    Some(match table.text("exit")? {
        "failure" => Exit::Failure,
        "running" => Exit::Running,
        other => match other.strip_suffix(" limit") {
            Some(limit) => Exit::Limit(limit.to_owned()),
            None => Exit::Signal(other.to_owned()),
        },
    })
}

/// Bounds in which some numbers lie, and not all.
pub(super) fn bounds(table: Got, key: &str, mistakes: &mut Mistakes) -> Option<Bounds> {
    let bounds = table.bounds(key)?;
    match bounds {
        Bounds { at_least, at_most: Some(most) } if most < at_least => {
            let told = format!("{key}: at_most is less than at_least: no number lies between");
            mistakes.add(table.at(key), told);
        }
        Bounds { at_least: 0, at_most: None } => {
            mistakes.add(table.at(key), format!("{key}: every number is at least 0"));
        }
        Bounds { .. } => {}
    }
    Some(bounds)
}

fn window(table: Got) -> Window {
    Window {
        not_before: table.time("not_before"),
        within: table.time("within"),
        tolerance: table.time("tolerance").unwrap_or_default(),
    }
}

fn spacing(table: Got, mistakes: &mut Mistakes) -> Spacing {
    let (at_least, at_most) = (table.time("at_least"), table.time("at_most"));
    if at_most.is_some_and(|most| at_least.is_some_and(|least| most < least)) {
        mistakes.add(table.at("at_most"), "at_most is less than at_least: no pause lies between");
    }
    Spacing { grows: table.truth("grows").unwrap_or(false), at_least, at_most }
}

fn failure(table: Got, cast: &Cast, mistakes: &mut Mistakes) -> Option<WantedFailure> {
    let call = table.text("call").and_then(|call| Op::ALL.iter().find(|op| op.name() == call));
    let peer = match table.node("peer") {
        Some(node) => Some(peer(node, cast, mistakes)?),
        None => None,
    };
    Some(WantedFailure { errno: table.text("errno").map(str::to_owned), call: call.copied(), peer })
}

fn peer(node: &Node, cast: &Cast, mistakes: &mut Mistakes) -> Option<String> {
    let peer = cast.program("peer", node, mistakes)?;
    if cast.whole(&peer).is_some_and(|program| program.listens.is_empty()) {
        mistakes.add(node.at, format!("peer: {peer} listens on nothing, and nobody can call it"));
    }
    Some(peer)
}
