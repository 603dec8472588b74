//! The steps of a scenario.

use super::file::{Cast, regex};
use super::got::Got;
use super::links::{Ways, impairing};
use super::template::is_name;
use crate::document::Mistakes;
use crate::fault::nearest;
use crate::scenario::language::ACTION_KEYS;
use crate::scenario::model::{Action, Impairing, Step, When};
use std::time::Duration;

/// All of them, in the order of the file.
pub(super) fn steps(got: Got, cast: &Cast, limit: Duration, mistakes: &mut Mistakes) -> Vec<Step> {
    let (mut steps, mut meant): (Vec<Step>, Vec<Meant>) = (Vec::new(), Vec::new());
    for table in got.list("step").iter().map(Got) {
        let name = table.text("name").map(str::to_owned);
        if let Some(name) = &name {
            if !is_name(name) {
                let told = "name: expected letters, digits, - and _, beginning with a letter";
                mistakes.add(table.at("name"), format!("{told}, found {name:?}"));
            }
            if steps.iter().any(|step| step.name.as_ref() == Some(name)) {
                mistakes.add(table.at("name"), format!("name: there is a step {name:?} already"));
            }
        }
        let when = when(table, cast, limit, mistakes);
        let action = action(table, cast, mistakes);
        meant.extend(action.as_ref().and_then(|action| Meant::of(table, action)));
        if let (Some(when), Some(action)) = (when, action) {
            steps.push(Step { name, when, action });
        }
    }
    for meant in meant {
        meant.check(cast, &steps, mistakes);
    }
    steps
}

fn when(table: Got, cast: &Cast, limit: Duration, mistakes: &mut Mistakes) -> Option<When> {
    let delay = table.time("delay");
    if let Some(at) = table.time("at") {
        if delay.is_some() {
            mistakes.add(table.at("delay"), "delay: only a step after an event has it");
        }
        if at >= limit {
            let limit = humantime::format_duration(limit);
            mistakes.add(table.at("at"), format!("at: the scenario ends at its limit, {limit}"));
        }
        return Some(When::At(at));
    }
    let after = table.table("after")?;
    let program = cast.program("program", after.node("program")?, mistakes)?;
    let delay = delay.unwrap_or_default();
    if let Some(line) = after.node("line") {
        return Some(When::Wrote { program, line: regex("line", line, mistakes)?, delay });
    }
    if after.truth("ends")? {
        return Some(When::Ended { program, delay });
    }
    mistakes.add(after.at("ends"), "ends: expected true");
    None
}

fn action(table: Got, cast: &Cast, mistakes: &mut Mistakes) -> Option<Action> {
    let key = *ACTION_KEYS.iter().find(|key| table.node(key).is_some())?;
    let node = table.node(key)?;
    let on = table.node("on");
    if matches!(key, "add" | "change" | "remove") {
        let Some(on) = on else {
            mistakes.add(node.at, format!("{key} needs the key on, the link"));
            return None;
        };
        let link = cast.link("on", on, mistakes)?;
        let ways = cast.ways(&link);
        return match key {
            "add" => Some(Action::Add { impairing: impairing(key, node, &ways, mistakes)?, link }),
            "change" => Some(Action::Change { impairing: impairing(key, node, &ways, mistakes)?, link }),
            _ => Some(Action::Remove { link, name: node.text()?.to_owned() }),
        };
    }
    if let Some(on) = on {
        mistakes.add(on.at, format!("on: {key} does not have it; add, change and remove do"));
    }
    let of_link = match key {
        "partition" => Some(Action::Partition as fn(String) -> Action),
        "refuse" => Some(Action::Refuse as fn(String) -> Action),
        "heal" => Some(Action::Heal as fn(String) -> Action),
        _ => None,
    };
    if let Some(action) = of_link {
        return cast.link(key, node, mistakes).map(action);
    }
    let of_host = match key {
        "down" => Some(Action::Down as fn(String) -> Action),
        "up" => Some(Action::Up as fn(String) -> Action),
        _ => None,
    };
    if let Some(action) = of_host {
        return cast.host(key, node, mistakes).map(action);
    }
    let program = cast.program(key, node, mistakes)?;
    let is_client = cast.whole(&program).is_some_and(|program| program.listens.is_empty());
    if is_client && matches!(key, "rebind" | "diagnose") {
        mistakes.add(node.at, format!("{key}: {program} listens on nothing"));
    }
    Some(match key {
        "start" => Action::Start(program),
        "stop" => Action::Stop(program),
        "kill" => Action::Kill(program),
        "pause" => Action::Pause(program),
        "resume" => Action::Resume(program),
        "rebind" => Action::Rebind(program),
        _ => Action::Diagnose(program),
    })
}

/// The impairment that a step changes or takes away: it has to be there from the beginning, or a step puts it in.
struct Meant {
    key: &'static str,
    at: usize,
    link: String,
    name: String,
    /// What it is, if it is changed.
    kind: Option<&'static str>,
}

impl Meant {
    fn of(table: Got, action: &Action) -> Option<Self> {
        let (key, link, name, kind) = match action {
            Action::Change { link, impairing } => ("change", link, &impairing.name, kind(impairing)),
            Action::Remove { link, name } => ("remove", link, name, None),
            _ => return None,
        };
        Some(Self { key, at: table.at(key), link: link.clone(), name: name.clone(), kind })
    }

    fn check(&self, cast: &Cast, steps: &[Step], mistakes: &mut Mistakes) {
        let Self { key, link, name, .. } = self;
        let Some(of_link) = cast.links.iter().find(|other| other.name == *link) else { return };
        let added = steps.iter().filter_map(|step| match &step.action {
            Action::Add { link: other, impairing } if other == link => Some(impairing),
            _ => None,
        });
        let there: Vec<&Impairing> = of_link.impairments.iter().chain(added).collect();
        let Some(old) = there.iter().find(|one| one.name == *name) else {
            let names = || there.iter().map(|one| one.name.as_str());
            let hint = match nearest(name, names().map(|name| (name, name))).first() {
                Some(near) => format!("did you mean {near:?}?"),
                None if there.is_empty() => "there is none".to_owned(),
                None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
            };
            mistakes.add(self.at, format!("{key}: {link} has no impairment {name:?}; {hint}"));
            return;
        };
        if let (Some(new), Some(old)) = (self.kind, kind(old))
            && new != old
        {
            mistakes.add(self.at, format!("{key}: {name:?} is of the type {old}, and stays so"));
        }
    }
}

fn kind(impairing: &Impairing) -> Option<&'static str> {
    let filter = impairing.filter.as_ref().map(|_| "filter");
    impairing.tcp.as_ref().or(impairing.udp.as_ref()).map(|toxic| toxic.kind.name).or(filter)
}

impl Cast {
    /// What an impairment may be done to on a link.
    fn ways(&self, link: &str) -> Ways {
        let to = self.links.iter().find(|other| other.name == link).map(|link| &link.to);
        let there = self.programs.iter().filter(|program| Some(&program.host) == to);
        let listens = there.flat_map(|program| program.listens.iter().copied()).collect();
        Ways { listens, is_virtual: self.is_virtual }
    }
}
