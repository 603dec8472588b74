//! The programs of a scenario.

use super::file::{Cast, named, regex};
use super::got::Got;
use super::network::is_virtual;
use crate::document::{Mistakes, Node};
use crate::failure::Protocol;
use crate::scenario::builtin::{Builtin, Role};
use crate::scenario::model::{Action, Command, Limits, Program, Ready, Restart};
use crate::scenario::played::RUNNER;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

/// What a program may use that says nothing.
const MEMORY: u64 = 1_000_000_000;
const OUTPUT: u64 = 1_000_000;

/// The pause before a restart that says nothing.
const RESTART: Duration = Duration::from_millis(100);

/// This very program, as the first word of a command.
const OWN: &str = "netfault";

/// All of them, in the order of the file.
pub(super) fn programs(got: Got, seed: u64, limit: Duration, mistakes: &mut Mistakes) -> Vec<Program> {
    let all = Listeners::of(got);
    let mut programs = Vec::new();
    for (name, at, table) in got.named("programs") {
        if name == RUNNER {
            mistakes.add(at, format!("{RUNNER} is the name of the runner; a program needs another one"));
        }
        let is_virtual = is_virtual(got);
        let one = One { name, at, table, seed, limit, is_virtual };
        programs.extend(one.program(&all, mistakes));
    }
    programs
}

/// Tells of programs that a step has to start and that no step starts.
pub(super) fn unstarted(got: Got, cast: &Cast, mistakes: &mut Mistakes) {
    for (name, _, table) in got.named("programs") {
        let starts = |action: &Action| matches!(action, Action::Start(program) if program == name);
        let is_started = cast.steps.iter().any(|step| starts(&step.action));
        if table.text("start") == Some("step") && !is_started {
            mistakes.add(table.at("start"), format!("start: no step starts {name}"));
        }
    }
}

/// What each program listens on.
struct Listeners(Vec<(String, Vec<Protocol>)>);

impl Listeners {
    fn of(got: Got) -> Self {
        Self(got.named("programs").map(|(name, _, table)| (name.to_owned(), protocols(table))).collect())
    }

    fn listens(&self, name: &str) -> &[Protocol] {
        self.0.iter().find(|(other, _)| other == name).map_or(&[], |(_, listens)| listens)
    }

    fn names(&self) -> Vec<String> {
        self.0.iter().filter(|(_, listens)| !listens.is_empty()).map(|(name, _)| name.clone()).collect()
    }
}

/// The protocols of a table, each once.
fn protocols(table: Got) -> Vec<Protocol> {
    let mut listens = Vec::new();
    for word in table.texts("protocol") {
        let protocol = if word == "udp" { Protocol::Udp } else { Protocol::Tcp };
        if !listens.contains(&protocol) {
            listens.push(protocol);
        }
    }
    listens
}

/// A program under way.
struct One<'a> {
    name: &'a str,
    at: usize,
    table: Got<'a>,
    seed: u64,
    limit: Duration,
    is_virtual: bool,
}

impl One<'_> {
    fn program(&self, all: &Listeners, mistakes: &mut Mistakes) -> Option<Program> {
        let table = self.table;
        let listens = protocols(table);
        for key in ["address", "port"].into_iter().filter(|_| listens.is_empty()) {
            if let Some(node) = table.node(key) {
                mistakes.add(node.at, format!("{key}: {} needs the key protocol to listen", self.name));
            }
        }
        let run = match table.text("builtin").and_then(Builtin::named) {
            Some(builtin) => self.builtin(builtin, &listens, all, mistakes),
            None => self.command(mistakes),
        };
        let (ready, address) = (self.ready(&listens, mistakes), self.address(mistakes));
        let (start, env) = (self.start(mistakes), self.env(mistakes));
        let files = files(table.list("files"), mistakes);
        Some(Program {
            name: self.name.to_owned(),
            host: table.text("host").unwrap_or(self.name).to_owned(),
            run: run?,
            address: address?,
            port: table.number("port"),
            env,
            stdin: table.text("stdin").unwrap_or_default().to_owned(),
            keeps_stdin_open: table.truth("keeps_stdin_open").unwrap_or(false),
            files,
            start,
            ready: ready?,
            restart: table.table("restart").map(|restart| Restart {
                times: restart.number("times").unwrap_or(1),
                delay: restart.time("delay").unwrap_or(RESTART),
            }),
            limits: self.limits(),
            listens,
        })
    }

    fn builtin(
        &self,
        builtin: &Builtin,
        listens: &[Protocol],
        all: &Listeners,
        mistakes: &mut Mistakes,
    ) -> Option<Command> {
        let (table, name) = (self.table, builtin.name);
        let args = table.texts("args");
        let of = |wrong: &str| format!("{}: {name} {wrong}", self.name);
        if builtin.role == Role::Server {
            if let Some(to) = table.node("to") {
                mistakes.add(to.at, of("listens, and calls nobody: it has no key to"));
            }
            if listens.is_empty() {
                mistakes.add(self.at, of("listens: it needs the key protocol"));
                return None;
            }
            if let Some(other) = listens.iter().find(|one| !builtin.speaks.contains(one)) {
                mistakes.add(table.at("protocol"), of(&format!("does not speak {other}")));
                return None;
            }
            return Some(Command::Own(builtin.listening(self.name, listens, &args)));
        }
        if !listens.is_empty() {
            mistakes.add(
                table.at("protocol"),
                of("is a client: it speaks what the program speaks that it calls"),
            );
        }
        let Some(node) = table.node("to") else {
            mistakes.add(self.at, of("is a client: it needs the key to, the program that it calls"));
            return None;
        };
        let to = named("to", "program that listens", node, &all.names(), mistakes)?;
        let spoken: Vec<Protocol> =
            all.listens(&to).iter().copied().filter(|one| builtin.speaks.contains(one)).collect();
        if spoken.is_empty() {
            mistakes.add(node.at, of(&format!("speaks only tcp, and {to} only udp")));
            return None;
        }
        Some(Command::Own(builtin.calling(&to, &spoken, &args, self.seed)))
    }

    fn command(&self, mistakes: &mut Mistakes) -> Option<Command> {
        for key in ["args", "to"] {
            if let Some(node) = self.table.node(key) {
                let told = format!("{key}: only a builtin has it; a command says everything itself");
                mistakes.add(node.at, told);
            }
        }
        let mut words = self.table.texts("command");
        let nul = words.iter().any(|word| word.contains('\0'));
        if nul || words.first().is_some_and(String::is_empty) {
            let told = "command: a word with a zero byte, or an empty first word, runs nothing";
            mistakes.add(self.table.at("command"), told);
        }
        match words.first()?.as_str() {
            OWN => Some(Command::Own(words.split_off(1))),
            _ => Some(Command::Other(words)),
        }
    }

    fn address(&self, mistakes: &mut Mistakes) -> Option<IpAddr> {
        let Some(node) = self.table.node("address") else {
            // On a network of its own a host has addresses that its file need not know.
            let any = if self.is_virtual { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
            return Some(any.into());
        };
        let address = node.text()?.parse();
        let told =
            || format!("address: expected an IP address such as \"127.0.0.1\" or \"::1\", found {node}");
        address.map_err(|_| mistakes.add(node.at, told())).ok()
    }

    fn ready(&self, listens: &[Protocol], mistakes: &mut Mistakes) -> Option<Ready> {
        let key = "ready";
        if let Some(line) = self.table.table(key).and_then(|table| table.node("line")) {
            return regex("line", line, mistakes).map(Ready::Line);
        }
        match self.table.text(key) {
            Some("listening") if listens.is_empty() => {
                let told = format!("{key}: {} needs the key protocol to listen", self.name);
                mistakes.add(self.table.at(key), told);
                None
            }
            Some("started") => Some(Ready::Started),
            None if listens.is_empty() => Some(Ready::Started),
            _ => Some(Ready::Listening),
        }
    }

    /// When it starts; `None` when a step starts it.
    fn start(&self, mistakes: &mut Mistakes) -> Option<Duration> {
        if self.table.text("start") == Some("step") {
            return None;
        }
        let start = self.table.time("start").unwrap_or_default();
        if start >= self.limit {
            let limit = humantime::format_duration(self.limit);
            mistakes.add(self.table.at("start"), format!("start: the scenario ends at its limit, {limit}"));
        }
        Some(start)
    }

    fn env(&self, mistakes: &mut Mistakes) -> BTreeMap<String, String> {
        let mut env = BTreeMap::new();
        let entries = self.table.node("env").and_then(Node::entries).unwrap_or_default();
        for entry in entries {
            let value = entry.node.text().unwrap_or_default();
            if entry.key.is_empty() || entry.key.contains(['=', '\0']) || value.contains('\0') {
                let told = format!("env: {:?} with this value is no environment variable", entry.key);
                mistakes.add(entry.at, told);
            }
            env.insert(entry.key.clone(), value.to_owned());
        }
        env
    }

    fn limits(&self) -> Limits {
        let limits = self.table.table("limits");
        Limits {
            time: limits.and_then(|limits| limits.time("time")).unwrap_or(self.limit),
            memory: limits.and_then(|limits| limits.size("memory")).unwrap_or(MEMORY),
            output: limits.and_then(|limits| limits.size("output")).unwrap_or(OUTPUT),
        }
    }
}

/// Files beside the scenario, or below its folder.
fn files(nodes: &[Node], mistakes: &mut Mistakes) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for node in nodes {
        let path = Path::new(node.text().unwrap_or_default());
        let is_below = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !is_below || path.as_os_str().is_empty() {
            let told = format!("files: expected a path below the folder of the scenario, found {node}");
            mistakes.add(node.at, told);
        }
        files.push(path.to_owned());
    }
    files
}
