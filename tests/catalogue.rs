//! Every page is there, whole, in both languages, and its samples are real code.

use netfault::failure::Code;
use netfault::fault::{Family, Fault};
use netfault::knowledge::{self, Page, Text};
use netfault::lang::Lang;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::thread;

#[cfg(target_os = "linux")]
#[path = "common/network.rs"]
mod network;

/// The samples of Rust, each as a function: that they compile is the test.
#[expect(
    unused,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unnecessary_wraps,
    clippy::disallowed_methods,
    reason = "samples"
)]
mod samples {
    use socket2::{Domain, Protocol, Socket, Type};
    use std::io::{self, BufRead, BufReader, Read, Write};
    use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
    use std::thread;
    use std::time::{Duration, Instant};

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
fn the_command_that_checks_yours_is_one_that_works() {
    for named in knowledge::pages() {
        let Some(target) = knowledge::page(named).diagnose else { continue };
        let words = ["diagnose", "--timeout", "100ms"].into_iter().chain(target.split(' '));
        let output = Command::new(env!("CARGO_BIN_EXE_netfault")).args(words).output().unwrap();
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1 | 3)), "{target}: {}", String::from_utf8_lossy(&output.stderr));
    }
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
fn no_error_is_without_a_page() {
    for code in Code::all() {
        let named = knowledge::page_of(code);
        let page = knowledge::page(named);
        let apart = Lang::ALL.iter().all(|lang| knowledge::entry(code).text(*lang).is_some());
        assert!(apart || page.errnos.first() == Some(&code.name), "{} on {}", code.name, named.id());
    }
}

#[test]
fn a_fault_that_can_be_reproduced_tells_of_it() {
    for fault in Fault::ALL {
        assert!(knowledge::lesson(*fault, Lang::En).is_some(), "{fault}");
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

/// Runs the sample of each page where its fault really waits for it: `tests/samples/run.py`.
#[cfg(target_os = "linux")]
#[test]
fn samples_of_python_deal_with_their_fault() {
    network::in_a_network_of_its_own("samples_of_python_deal_with_their_fault", || {
        let left = Mutex::new(pages());
        let failed = Mutex::new(Vec::new());
        // Some wait for a time-out most of the time.
        let work = || {
            loop {
                let Some((id, page)) = left.lock().unwrap().pop() else { break };
                if let Err(said) = run_sample(id, page.python) {
                    failed.lock().unwrap().push(format!("{id}: {said}"));
                }
            }
        };
        thread::scope(|scope| (0..6).for_each(|_| drop(scope.spawn(work))));
        let failed = failed.into_inner().unwrap();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    });
}

/// Each in a network of its own, where port 12345 is free, with mounts of its own.
#[cfg(target_os = "linux")]
fn run_sample(id: &str, python: &str) -> Result<(), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let sample = tempfile::NamedTempFile::new().unwrap();
    fs::write(sample.path(), python).unwrap();
    let output = Command::new("timeout")
        .args(["20", "unshare", "--net", "--mount", "python3", "-c", network::WITH_LOOPBACK])
        .arg("/usr/bin/env")
        .arg("python3")
        .arg(folder.join("run.py"))
        .arg(folder.join(id).with_extension("py"))
        .arg(sample.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(format!("{}, {said}", output.status)) }
}

#[test]
fn there_are_pages_on_the_ideas_of_the_course() {
    let ids: Vec<&str> = knowledge::concepts().iter().map(|(id, _)| *id).collect();
    for id in ["socket", "tcp-vs-udp", "address", "threading", "udp-flow", "tcp-flow"] {
        assert!(ids.contains(&id), "{id}");
    }
}
