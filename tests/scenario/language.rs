//! The language of scenarios: what a file means.

use netfault::fault::{Fault, Named};
use netfault::scenario::language::{self, Shape};
use netfault::scenario::model::{Action, Bounds, Command, Exit, Expectation, Ready, When};
use netfault::scenario::{
    Given, Scenario, builtin, draws, look_at, parameters, presets, read, schema, template,
};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A scenario with these lines; what is said of no line is the least that there has to be.
pub(crate) fn with(lines: &str) -> String {
    format!(
        r#"format_version = 1
title = {{ en = "title", id = "judul" }}
text = {{ en = "text", id = "teks" }}
{lines}
[programs.server]
builtin = "transform"
protocol = "tcp"
[[expect]]
of = "server"
exit = 0
"#
    )
}

fn given(set: &[(&str, &str)]) -> Given {
    Given { set: set.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(), seed: None }
}

#[track_caller]
fn scenario(text: &str, given: &Given) -> Scenario {
    read(Path::new("lab/late.toml"), text, given).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

#[track_caller]
fn own(scenario: &Scenario, program: &str) -> String {
    match &scenario.program(program).unwrap().run {
        Command::Own(words) => words.join(" "),
        Command::Other(words) => panic!("{words:?} is another program"),
    }
}

#[track_caller]
fn other(scenario: &Scenario, program: &str) -> Vec<String> {
    match &scenario.program(program).unwrap().run {
        Command::Other(words) => words.clone(),
        Command::Own(words) => panic!("{words:?} is netfault itself"),
    }
}

#[test]
fn what_a_file_leaves_out_is_as_the_documentation_says() {
    let scenario = scenario(&with(""), &Given::default());
    assert_eq!((scenario.name.as_str(), scenario.seed), ("late", 1));
    assert_eq!((scenario.limit, scenario.takes), (Duration::from_secs(30), None));
    let server = scenario.program("server").unwrap();
    assert_eq!((server.host.as_str(), server.address.to_string().as_str()), ("server", "127.0.0.1"));
    assert_eq!((server.port, server.start), (None, Some(Duration::ZERO)));
    assert!(matches!(server.ready, Ready::Listening));
    let limits = server.limits;
    assert_eq!((limits.time, limits.memory, limits.output), (scenario.limit, 1_000_000_000, 1_000_000));
    assert_eq!(scenario.expectations[0].name.en, "server: exit code 0");
    assert_eq!(scenario.expectations[0].name.id, "server: kode keluar 0");
}

/// Every key of a table, and of those in it.
fn keys(shape: &Shape, found: &mut Vec<&'static str>) {
    match shape {
        Shape::List(of) | Shape::Named(of) | Shape::Map(of) => keys(of, found),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| keys(shape, found)),
        Shape::Table(table) => {
            for key in table.keys {
                found.push(key.name);
                keys(&key.shape, found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_documentation_speaks_of_every_word_of_the_language() {
    let page = include_str!("../../docs/scenarios.md");
    let words: Vec<&str> =
        page.split(|letter: char| !(letter.is_alphanumeric() || "_-".contains(letter))).collect();
    let mut known = Vec::new();
    keys(&Shape::Table(&language::FILE), &mut known);
    assert!(known.len() > 80, "{known:?}");
    for word in known.into_iter().chain(builtin::names()).chain(presets::names()).chain(draws::kinds()) {
        assert!(words.contains(&word), "docs/scenarios.md does not speak of {word}");
    }
}

#[test]
fn the_scenario_of_the_documentation_is_read() {
    let page = include_str!("../../docs/scenarios.md");
    let text = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let scenario = scenario(text, &Given::default());
    assert_eq!(own(&scenario, "server"), "serve --tcp {server.addr}");
    assert!(own(&scenario, "client").starts_with("send tcp --to {server.addr} --seed 1 --attempts 50"));
    assert_eq!(scenario.teaches, [Named::Fault(Fault::NotYetListening)]);
    assert_eq!(scenario.expectations[0].points, Some(10));
}

#[test]
fn the_scenario_that_new_writes_is_valid_in_both_variants() {
    let text = template::text("first-steps");
    let whole = scenario(&text, &Given::default());
    assert!(whole.title.en.starts_with("first-steps: "));
    let broken = &whole.broken[0];
    let changed = Given { set: broken.set.clone(), seed: None };
    assert!(own(&whole, "client").contains("--seed"));
    assert!(own(&scenario(&text, &changed), "client").contains("--naive"));
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    let text = format!("\u{feff}{}", with("limit = \"5s\"").replace('\n', "\r\n"));
    assert_eq!(scenario(&text, &Given::default()).limit, Duration::from_secs(5));
}

const CLIENT: &str = r#"
[parameters.client]
type = "command"
default = "python3 'my client.py' {server.port}"
files = ["UDPClient*.py"]
[parameters.times]
type = "number"
default = 3
[programs.client]
command = ["nice", "{client}", "{times}", "{{}}"]
limits = { memory = "64MiB" }
[[expect]]
of = "client"
output = { lines = "{times}" }
"#;

#[test]
fn a_parameter_that_is_the_whole_text_keeps_its_type() {
    let default = scenario(&with(CLIENT), &Given::default());
    let words = ["nice", "python3", "my client.py", "{server.port}", "3", "{}"];
    assert_eq!(other(&default, "client"), words);
    let lines = |scenario: &Scenario| match &scenario.expectations[0].what {
        Expectation::Output(output) => output.lines,
        what => panic!("{what:?}"),
    };
    assert_eq!(lines(&default), Some(Bounds::exactly(3)));
    assert_eq!(default.program("client").unwrap().limits.memory, 64 << 20);
    let set = scenario(&with(CLIENT), &given(&[("client", "./a.out"), ("times", "4")]));
    assert_eq!(other(&set, "client"), ["nice", "./a.out", "4", "{}"]);
    assert_eq!(lines(&set), Some(Bounds::exactly(4)));
    assert_eq!(set.parameters["client"], "./a.out");
}

#[test]
fn a_command_in_one_text_is_split_as_a_shell_splits_it_and_values_are_not() {
    let lines = r#"
[draws.line]
kind = "phrase"
[programs.client]
command = "netfault send tcp --to {server.addr} 'a  b' {line}"
"#;
    let scenario = scenario(&with(lines), &Given::default());
    let Command::Own(words) = &scenario.program("client").unwrap().run else { panic!("not netfault") };
    assert_eq!(words[..5], ["send", "tcp", "--to", "{server.addr}", "a  b"]);
    assert_eq!(words.len(), 6, "{words:?}");
    assert!(words[5].contains(' '));
}

#[test]
fn a_seed_decides_what_is_drawn_and_what_clients_get() {
    let lines = r#"
seed = 5
[draws.line]
kind = "padded"
[programs.client]
builtin = "send"
to = "server"
args = ["{line}"]
stdin = "{line.swapped}|{line.trimmed}|{line.inverted}|{line.count}"
"#;
    let drawn = |seed| {
        let given = Given { seed, ..Given::default() };
        scenario(&with(lines), &given).program("client").unwrap().stdin.clone()
    };
    let draws::Drawn::Text(line) = draws::Kind::Padded.draw(5, "line") else { panic!("not a text") };
    assert!(drawn(None).ends_with(&format!("|{}", line.len())));
    assert!(drawn(None).contains(&format!("|{}|", line.trim())));
    assert_eq!(drawn(None), drawn(Some(5)));
    assert_ne!(drawn(None), drawn(Some(6)));
    let client = own(&scenario(&with(lines), &Given::default()), "client");
    assert!(client.contains("--seed 5"), "{client}");
}

#[test]
fn links_steps_and_expectations_are_read_with_what_they_refer_to() {
    let lines = r#"
[programs.client]
builtin = "ask"
to = "server"
host = "laptop"
start = "step"
[links.path]
from = "laptop"
to = "server"
preset = "mobile-3g"
impairments = ["latency:latency=5,name=more"]
[[step]]
at = "1s"
start = "client"
[[step]]
after = { program = "client", line = "^ok" }
delay = "100ms"
change = "latency:latency=50,name=more"
on = "path"
name = "slower"
[[step]]
after = { program = "client", ends = true }
diagnose = "server"
[[expect]]
of = "client"
answers = { after = "slower", within = "2s" }
[[expect]]
of = "client"
failure = { errno = "ECONNREFUSED", call = "connect", peer = "server" }
[[expect]]
of = "client"
exit = "time limit"
[[expect]]
of = "path"
bytes = { upstream = { at_least = 5 }, downstream = 0 }
"#;
    let scenario = scenario(&with(lines), &Given::default());
    let link = scenario.link("path").unwrap();
    let names: Vec<&str> = link.impairments.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((link.from.as_str(), link.to.as_str()), ("laptop", "server"));
    assert_eq!(names, ["preset-latency", "preset-loss", "preset-bandwidth", "more"]);
    assert!(link.impairments[1].tcp.is_none());
    assert_eq!(scenario.program("client").unwrap().start, None);
    assert!(matches!(&scenario.steps[0].action, Action::Start(program) if program == "client"));
    assert!(
        matches!(&scenario.steps[1].when, When::Wrote { delay, .. } if *delay == Duration::from_millis(100))
    );
    assert!(matches!(&scenario.steps[2].when, When::Ended { .. }));
    let names: Vec<&str> = scenario.expectations.iter().map(|expect| expect.name.en.as_str()).collect();
    assert_eq!(
        names[..4],
        [
            "client: answers after slower within 2s",
            "client: connect fails with ECONNREFUSED towards server",
            "client: ended by the limit of time",
            "path: bytes upstream: at least 5, bytes downstream: 0",
        ]
    );
    assert!(
        matches!(&scenario.expectations[2].what, Expectation::Exit(Exit::Limit(limit)) if limit == "time")
    );
}

#[test]
fn what_grading_needs_of_parameters_is_known_before_they_have_values() {
    let text = with("[parameters.server]\ntype = \"command\"\nfiles = [\"UDPServer*.py\"]");
    let declared = parameters(&text).unwrap();
    assert_eq!((declared[0].name.as_str(), declared[0].default.as_deref()), ("server", None));
    assert_eq!(declared[0].files, ["UDPServer*.py"]);
    let file = PathBuf::from("task.toml");
    let mistakes = read(&file, &text, &Given::default()).unwrap_err();
    assert_eq!(mistakes[0].what, "--set server=VALUE is needed: the parameter has no default");
    assert!(look_at(&file, &text, &Given::default()).is_ok());
}

#[test]
fn the_schema_that_is_kept_beside_the_scenarios_is_the_one_that_is_printed() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/scenario.schema.json");
    if std::env::var_os("NETFAULT_SCHEMA").is_some_and(|what| what == "write") {
        std::fs::write(&kept, schema::text()).unwrap();
    }
    let kept = std::fs::read_to_string(kept).unwrap();
    assert!(kept.replace("\r\n", "\n") == schema::text(), "NETFAULT_SCHEMA=write cargo test --test scenario");
}
