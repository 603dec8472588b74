//! Every page is there, whole, in both languages, and its samples are real code.

use netfault::failure::Code;
use netfault::fault::{Family, Fault};
use netfault::knowledge::{self, Page, Text};
use netfault::lang::Lang;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// The samples of Rust, each as a function: that they compile is the test.
#[expect(unused, clippy::print_stdout, clippy::print_stderr, reason = "samples")]
mod samples {
    use socket2::{Domain, Protocol, Socket, Type};
    use std::io::{self, Read, Write};
    use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
    use std::thread;
    use std::time::Duration;

    include!(concat!(env!("OUT_DIR"), "/samples.rs"));
}

/// Every page of an error, with its id.
fn pages() -> Vec<(&'static str, &'static Page)> {
    let families = Family::ALL.iter().map(|family| (family.id(), knowledge::family(*family)));
    let faults = Fault::ALL.iter().map(|fault| (fault.id(), knowledge::fault(*fault)));
    families.chain(faults).collect()
}

fn prose(text: &Text) -> String {
    let causes = text.causes.iter().flat_map(|cause| [cause.cause, cause.check, cause.fix]);
    let parts = [text.title, text.meaning, text.proves, text.does_not_prove];
    let rest = [text.useless, text.retry, text.platforms];
    parts.into_iter().chain(causes).chain(rest).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_page_is_read_in_two_minutes() {
    for (id, page) in pages() {
        for lang in Lang::ALL {
            // A command is taken in at one glance, however many blanks it has.
            let prose = prose(page.text(*lang));
            let one_glance_each =
                prose.split('`').enumerate().map(|(at, part)| if at % 2 == 1 { "X" } else { part });
            let words = one_glance_each.collect::<String>().split_whitespace().count();
            assert!((150..=250).contains(&words), "{id} has {words} words in {lang}");
        }
    }
}

#[test]
fn a_meaning_is_one_sentence_and_a_title_is_none() {
    let concepts = knowledge::concepts().iter();
    let ideas = concepts.flat_map(|(id, concept)| {
        Lang::ALL.iter().map(|lang| (*id, concept.text(*lang).title, concept.text(*lang).meaning))
    });
    let errors = pages().into_iter().flat_map(|(id, page)| {
        Lang::ALL.iter().map(move |lang| (id, page.text(*lang).title, page.text(*lang).meaning))
    });
    for (id, title, meaning) in ideas.chain(errors) {
        assert!(meaning.ends_with('.') && !meaning.contains(". "), "{id}: {meaning}");
        assert!(!title.ends_with('.') && title.split_whitespace().count() <= 10, "{id}: {title}");
    }
}

#[test]
fn pages_name_only_what_exists() {
    for (id, page) in pages() {
        for name in page.errnos {
            assert_eq!(Code::named(name).map(|code| code.name), Some(*name), "{id}");
        }
        for other in page.related {
            assert!(knowledge::look_up(other).is_ok() && other != &id, "{id} leads to {other}");
        }
    }
    for (id, concept) in knowledge::concepts() {
        for other in concept.related {
            assert!(knowledge::look_up(other).is_ok() && other != id, "{id} leads to {other}");
        }
    }
}

#[test]
fn both_languages_say_the_same_things() {
    for (id, page) in pages() {
        assert_eq!(page.en.causes.len(), page.id.causes.len(), "{id}");
        let checks = |text: &Text| -> BTreeSet<&str> {
            text.lesson.iter().flat_map(|lesson| lesson.checks).map(|(name, _)| *name).collect()
        };
        assert_eq!(checks(&page.en), checks(&page.id), "{id}");
        assert_eq!(page.en.lesson.is_some(), id.contains('/'), "{id}");
        for (english, indonesian) in page.en.causes.iter().zip(page.id.causes) {
            assert_eq!(code_in(english.check), code_in(indonesian.check), "{id}");
        }
    }
}

/// What stands between backticks.
fn code_in(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn commands_of_this_program_in_the_pages_are_understood() {
    for (id, page) in pages() {
        for lang in Lang::ALL {
            let prose = prose(page.text(*lang));
            for command in code_in(&prose).into_iter().filter(|code| code.starts_with("netfault ")) {
                let mut args: Vec<&str> = command.split_whitespace().skip(1).collect();
                args.push("--help");
                let program = Command::new(env!("CARGO_BIN_EXE_netfault")).args(&args).output().unwrap();
                assert!(program.status.success(), "{id}: {command}");
            }
        }
    }
}

#[test]
fn drawings_fit_in_a_window() {
    for (id, concept) in knowledge::concepts() {
        for lang in Lang::ALL {
            for line in concept.text(*lang).text.lines().filter(|line| line.starts_with("  ")) {
                assert!(line.chars().count() <= 76 && !line.contains('\t'), "{id} in {lang}: {line}");
            }
        }
    }
}

#[test]
fn samples_fit_in_a_window() {
    for (id, page) in pages() {
        for line in page.python.lines().chain(page.rust.lines()) {
            assert!(line.chars().count() <= 88, "{id}: {line}");
        }
    }
}

#[test]
fn samples_of_python_compile() {
    let samples: Vec<(&str, &str)> = pages().into_iter().map(|(id, page)| (id, page.python)).collect();
    let script = "import json, sys\nfor id, sample in json.load(sys.stdin): compile(sample, id, 'exec')";
    let mut python = Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let json = serde_json::to_vec(&samples).unwrap();
    python.stdin.take().unwrap().write_all(&json).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn there_are_pages_on_the_ideas_of_the_course() {
    let ids: Vec<&str> = knowledge::concepts().iter().map(|(id, _)| *id).collect();
    for id in ["socket", "tcp-vs-udp", "address", "threading", "udp-flow", "tcp-flow"] {
        assert!(ids.contains(&id), "{id}");
    }
}
