//! The HTML report: one file that loads nothing, says everything twice (in two languages, as picture and as table), and
//! is the same on every machine when asked.

use super::{TRACES, all, trace};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use netfault::lang::Lang;
use netfault::report::{self, handbook};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

fn pages() -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = TRACES
        .iter()
        .map(|name| ((*name).to_owned(), report::run::html(&[trace(name)], Lang::En, false)))
        .collect();
    pages.push(("all".to_owned(), report::run::html(&all(), Lang::Id, false)));
    pages.push(("none".to_owned(), report::run::html(&[], Lang::Id, false)));
    pages.push(("handbook".to_owned(), handbook::html(Lang::En)));
    pages
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from).skip(1).filter_map(|rest| rest.split_once(to)).map(|(inner, _)| inner).collect()
}

#[test]
fn a_page_may_load_nothing_and_its_style_is_the_one_that_it_names() {
    for (name, page) in pages() {
        let style = between(&page, "<style>", "</style>");
        assert_eq!(style.len(), 1, "{name}");
        let hash = STANDARD.encode(Sha256::digest(style[0].as_bytes()));
        let policy = format!(
            "content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\""
        );
        assert!(page.contains(&policy), "{name}");
        for word in ["<script", " style=", "<link", "<iframe", "<object", "src=", "@import", "javascript:"] {
            // What is quoted has no quotation marks or angle brackets of its own.
            let tags = page.split_inclusive('>').filter_map(|text| Some(&text[text.rfind('<')?..]));
            let markup = tags.collect::<String>();
            assert!(!markup.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn ids_are_there_once_and_links_lead_somewhere() {
    for (name, page) in pages() {
        let ids = between(&page, " id=\"", "\"");
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), known.len(), "{name}");
        for link in between(&page, "href=\"#", "\"") {
            assert!(known.contains(link), "{name}: #{link}");
        }
        for labels in between(&page, "aria-labelledby=\"", "\"") {
            assert!(labels.split(' ').all(|id| known.contains(id)), "{name}: {labels}");
        }
    }
}

#[test]
fn every_picture_says_what_it_is_and_has_its_table() {
    for (name, page) in pages() {
        for picture in between(&page, "role=\"img\"", "</svg>") {
            assert!(picture.contains("<title") && picture.contains("<desc"), "{name}");
        }
        for after in page.split("</figure>").skip(1) {
            let table = after.trim_start();
            assert!(
                table.starts_with("<details>")
                    && table.split_once("</details>").unwrap().0.contains("<tbody>"),
                "{name}"
            );
        }
    }
    let pictures =
        |name: &str| report::run::html(&[trace(name)], Lang::En, false).matches("<figure>").count();
    // In each language who sent what to whom, what happened when, and how long it took where there is enough to tell.
    assert_eq!((pictures("passed"), pictures("many"), pictures("unsupported")), (4, 6, 0));
}

#[test]
fn the_parts_come_in_the_order_in_which_they_are_read() {
    let page = report::run::html(&[trace("faulty_link")], Lang::En, false);
    let parts = between(&page, "<section class=\"", "\"");
    let order = ["verdict", "expected", "sequence", "lanes", "evidence", "explanation", "environment", "raw"];
    assert_eq!(parts, order);
    let many = report::run::html(&[trace("many")], Lang::En, false);
    assert!(between(&many, "<section class=\"", "\"").contains(&"latency"));
}

#[test]
fn everything_is_said_in_both_languages() {
    for (name, page) in pages() {
        assert_eq!(
            page.matches("<div lang=\"en\">").count(),
            page.matches("<div lang=\"id\">").count(),
            "{name}"
        );
    }
    let page = report::run::html(&[trace("failed")], Lang::Id, false);
    assert!(page.contains("<html lang=\"id\">") && page.contains("id=\"in-id\" checked"));
    for words in [
        "2 of 3 expectations were not met",
        "2 dari 3 ekspektasi tidak terpenuhi",
        "nothing listens on that port",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn a_reproducible_report_is_the_same_on_every_machine() {
    let here = trace("failed");
    let mut there = here.clone();
    there.header.started += 86_400.0;
    there.header.host.system = "Windows 11".into();
    there.header.host.machine = "aarch64".into();
    there.header.host.privileged = true;
    let html = |run: &netfault::trace::Run, reproducible| {
        report::run::html(std::slice::from_ref(run), Lang::En, reproducible)
    };
    assert_ne!(html(&here, false), html(&there, false));
    assert_eq!(html(&here, true), html(&there, true));
    assert!(!html(&here, true).contains("x86_64"));
}

#[test]
fn a_page_of_a_fault_is_there_once_however_many_runs_met_it() {
    let page = report::run::html(&[trace("failed"), trace("failed")], Lang::En, false);
    assert_eq!(page.matches("<div class=\"page\"").count(), 1);
}
