//! How each kind of run looks.

use super::{LOOK, TRACES, all, trace};
use insta::assert_snapshot;
use netfault::lang::Lang;
use netfault::report::{self, Look};
use netfault::trace::Run;

const NARROW: Look = Look { lang: Lang::Id, width: 60, colour: false, ascii: true };

#[test]
fn every_kind_of_run_as_text() {
    let kinds: Vec<Run> = all()
        .into_iter()
        .filter(|run| run.header.scenario.as_ref().is_none_or(|told| !told.title.en.contains("<img")))
        .collect();
    assert_snapshot!("text", report::run::text(&kinds, &LOOK));
    assert_snapshot!(
        "text_narrow_in_indonesian",
        report::run::text(&[trace("failed")], &Look { width: 48, ..NARROW })
    );
}

#[test]
fn runs_that_all_passed_are_a_line_each() {
    let runs = [trace("passed"), trace("faulty_link")];
    let text = report::run::text(&runs, &LOOK);
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.ends_with("2 passed\n"), "{text}");
}

#[test]
fn every_kind_of_run_as_a_sequence() {
    for name in TRACES.iter().filter(|name| **name != "hostile") {
        assert_snapshot!(format!("sequence_{name}"), report::run::sequence(&trace(name), &LOOK));
    }
    assert_snapshot!(
        "sequence_ascii_narrow_in_indonesian",
        report::run::sequence(&trace("faulty_link"), &NARROW)
    );
}

#[test]
fn a_sequence_keeps_to_its_width_and_to_ascii_when_asked() {
    for run in all() {
        for width in [40, 60, 80, 120, 300] {
            let look = Look { width, ascii: true, ..LOOK };
            let drawn = report::run::sequence(&run, &look);
            assert!(drawn.is_ascii(), "{drawn}");
            for line in drawn.lines() {
                let one_word = line.split_whitespace().count() <= 3;
                assert!(line.len() <= width.clamp(60, 120) || one_word, "{width}: {line}");
            }
        }
    }
}

#[test]
fn what_nobody_saw_is_never_drawn_as_seen() {
    // A connection that the link saw come, from a program that writes no trace.
    let drawn = report::run::sequence(&trace("untraced"), &LOOK);
    let arrow = drawn.lines().find(|line| line.contains("accept 127.0.0.1:50900")).unwrap();
    assert!(arrow.contains("│┄┄") && arrow.contains("──▶│"), "{arrow}");
    // A reset that the link sent: that it arrived is known only from the call that fails after it.
    let drawn = report::run::sequence(&trace("faulty_link"), &LOOK);
    let arrow = drawn.lines().find(|line| line.contains("reset 59 B")).unwrap();
    assert!(arrow.contains("│◀┄┄") && arrow.contains("──│"), "{arrow}");
    // Nor in a line, where there is no room for lanes.
    let listed = report::run::sequence(&trace("faulty_link"), &Look { width: 60, ..LOOK });
    assert!(
        listed.contains("link path ┄─▶ server: recv 5 B")
            && listed.contains("client ─┄▶ link path: send 5 B")
    );
    assert!(listed.contains("client ──▶ link path: connect"), "{listed}");
    // Between two programs that both write traces everything was seen.
    assert!(!report::run::sequence(&trace("passed"), &LOOK).contains('┄'));
}

#[test]
fn what_scripts_get() {
    let runs = [
        trace("failed"),
        trace("unsupported"),
        trace("broken_set_up"),
        trace("cut_off"),
        trace("proxy_events"),
    ];
    assert_snapshot!("json", report::json(&report::run::json(&runs, Lang::En)));
}
