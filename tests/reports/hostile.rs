//! Whatever programs and peers write is shown, and obeyed nowhere.

use super::{LOOK, trace};
use netfault::lang::Lang;
use netfault::report::{self, Look};

/// What a terminal or a browser would obey and not show.
fn is_obeyed(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

fn assert_harmless(format: &str, report: &str) {
    let obeyed = report.char_indices().find(|(_, character)| is_obeyed(*character));
    if let Some((at, character)) = obeyed {
        let line = report[..at].lines().last().unwrap_or_default();
        panic!("{format}: {character:?} after {line:?}");
    }
}

#[test]
fn the_trace_is_as_hostile_as_it_should_be() {
    let text = trace("hostile").events.iter().map(ToString::to_string).collect::<String>();
    for sign in ["</script>", "onerror", "\u{1b}[31m", "\u{202e}", "\0", "]]>", "\u{ffff}"] {
        assert!(text.contains(sign), "{sign:?}");
    }
}

#[test]
fn no_format_lets_a_terminal_obey() {
    let run = [trace("hostile")];
    let reports = [
        ("text", report::run::text(&run, &LOOK)),
        ("sequence", report::run::sequence(&run[0], &LOOK)),
        ("sequence in ascii", report::run::sequence(&run[0], &Look { ascii: true, width: 60, ..LOOK })),
        ("json", report::json(&report::run::json(&run, Lang::En))),
        ("junit", report::run::junit(&run, Lang::En)),
        ("html", report::run::html(&run, Lang::En, false)),
    ];
    for (format, report) in reports {
        assert_harmless(format, &report);
    }
}

#[test]
fn colours_are_the_only_escapes() {
    let look = Look { colour: true, ..LOOK };
    let run = trace("hostile");
    for report in [report::run::text(std::slice::from_ref(&run), &look), report::run::sequence(&run, &look)] {
        let mut plain = report.as_str();
        while let Some((_, rest)) = plain.split_once('\u{1b}') {
            let end = rest.find('m').unwrap();
            let code = &rest[1..end];
            assert!(["0", "1", "2", "36", "1;31", "1;32", "1;33"].contains(&code), "{code:?}");
            plain = &rest[end..];
        }
        assert!(report.contains("\\u{1b}[31mred"), "{report}");
    }
}

#[test]
fn scripts_get_exactly_what_was_written() {
    let run = trace("hostile");
    let json = report::json(&report::run::json(std::slice::from_ref(&run), Lang::En));
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read["scenarios"][0]["checks"][0]["got"], run.checks[0].got);
}

#[test]
fn markup_is_text() {
    let html = report::run::html(&[trace("hostile")], Lang::En, false);
    for markup in ["<script", "<img", "<b>server", "</title><", "onerror=alert(1)>"] {
        let quoted = html.matches(markup).count();
        assert_eq!(quoted, 0, "{markup}");
    }
    assert!(html.contains(
        "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; ⟨ESC⟩[31mred⟨ESC⟩[0m ⟨U+202E⟩gnp.exe⟨U+202C⟩ ⟨NUL⟩nul"
    ));
    let junit = report::run::junit(&[trace("hostile")], Lang::En);
    assert!(junit.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; \\u{1b}[31mred"));
}
