//! How it looks: help and reports, kept as pictures to compare with. `INSTA_UPDATE=always cargo test --test
//! snapshots` takes them anew; look at the difference before it is committed.

use insta::assert_snapshot;
use netfault::knowledge;
use netfault::lang::Lang;
use netfault::report::{self, Look};
use netfault::retry::Kind;
use netfault::trace::Outcome;
use std::process::Command;

const WIDE: Look = Look { lang: Lang::En, width: 100, colour: false, ascii: false };
const NARROW: Look = Look { lang: Lang::Id, width: 48, colour: false, ascii: false };

fn help(command: &str) -> String {
    let args: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
    let output = Command::new(env!("CARGO_BIN_EXE_netfault")).args(args).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn help_pages() {
    for command in [
        "",
        "reproduce",
        "explain",
        "serve",
        "send",
        "fetch",
        "load",
        "proxy",
        "peer",
        "peer ledger",
        "peer ask",
        "peer web-server",
        "recover",
        "recover show",
        "recover lesson",
        "render",
        "scenario",
        "scenario validate",
        "scenario list",
        "scenario new",
        "scenario schema",
    ] {
        let name = if command.is_empty() { "netfault".to_owned() } else { command.replace(' ', "_") };
        assert_snapshot!(format!("help_{name}"), help(command));
    }
}

#[test]
fn a_page_wide_and_narrow() {
    let topics = knowledge::look_up("address-in-use/time-wait").unwrap();
    assert_snapshot!("page_wide", report::answer(&topics, &WIDE, false));
    assert_snapshot!("page_narrow_in_indonesian", report::answer(&topics, &NARROW, false));
    assert_snapshot!("page_brief", report::answer(&topics, &WIDE, true));
}

#[test]
fn an_error_beside_the_main_one_of_its_page() {
    let answer = |words| report::answer(&knowledge::look_up(words).unwrap(), &WIDE, true);
    assert_snapshot!("code_brief", answer("EHOSTUNREACH"));
    assert_snapshot!("number_brief", answer("64"));
    assert_snapshot!("several", answer("udp"));
}

#[test]
fn the_list_wide_and_narrow() {
    assert_snapshot!("list_wide", report::contents(&WIDE));
    assert_snapshot!("list_narrow_in_indonesian", report::contents(&NARROW));
}

#[test]
fn strategies_wide_and_narrow() {
    let strategy = |name: &str| *Kind::ALL.iter().find(|kind| kind.name() == name).unwrap();
    assert_snapshot!("strategies_wide", report::strategies(&["herd", "metastable"], &WIDE));
    assert_snapshot!("strategies_narrow_in_indonesian", report::strategies(&["herd", "metastable"], &NARROW));
    assert_snapshot!("strategy_wide", report::strategy(strategy("full-jitter"), 1, &WIDE));
    assert_snapshot!("strategy_narrow_in_indonesian", report::strategy(strategy("aws"), 7, &NARROW));
    let ascii = Look { ascii: true, ..WIDE };
    assert_snapshot!("strategy_in_ascii", report::strategy(strategy("exponential"), 1, &ascii));
}

#[test]
fn a_list_of_scenarios_wide_and_narrow() {
    let about = "Client yang lebih cepat daripada servernya\nmengajarkan connection-refused; berlangsung 2s";
    let entry = |name: &str| (name.to_owned(), about.to_owned());
    let groups = [
        ("labs/first".to_owned(), vec![entry("late"), entry("later-server")]),
        ("labs".to_owned(), vec![entry("x")]),
    ];
    assert_snapshot!("scenarios_wide", report::listing(&groups, &WIDE));
    assert_snapshot!("scenarios_narrow", report::listing(&groups, &NARROW));
}

#[test]
fn a_report_wide_and_narrow() {
    let report: serde_json::Value = serde_json::from_str(include_str!("recorded/outcomes.json")).unwrap();
    let outcomes: Vec<Outcome> = serde_json::from_value(report["outcomes"].clone()).unwrap();
    assert_eq!(outcomes.len(), 3);
    assert_snapshot!("report_wide", report::outcomes(&outcomes, &WIDE));
    assert_snapshot!("report_narrow_in_indonesian", report::outcomes(&outcomes, &NARROW));
}
