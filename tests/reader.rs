//! Network errors are found in what programs print, and only there. Under `tests/messages/` a folder holds what a
//! runtime really printed (`make.py` makes it anew) and the TOML file of the same name what is to be read in it;
//! `documented.toml` has texts of systems that are not at hand, `none.toml` texts that report no network error.

use netfault::knowledge::{self, Lines, Sighting};
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const FOLDER: &str = "tests/messages";

/// What is to be read in a text.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reading {
    /// The fault where the text proves it, else the family.
    reads: String,
    errno: Option<String>,
    line: Option<usize>,
    call: Option<String>,
    address: Option<String>,
    runtime: Option<String>,
    /// It is not recognised yet.
    #[serde(default)]
    missed: bool,
    /// The text itself, unless it has a file.
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct Documented {
    text: Vec<Reading>,
}

#[derive(Deserialize)]
struct Nothing {
    texts: Vec<String>,
}

fn toml<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let file = Path::new(FOLDER).join(name).with_extension("toml");
    toml::from_str(&fs::read_to_string(&file).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The runtimes whose messages were made here, and the course module, which shows one.
fn runtimes() -> Vec<String> {
    let folders = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path());
    let names = folders.filter(|path| path.is_dir()).map(|path| path.file_name().unwrap().to_owned());
    names.map(|name| name.into_string().unwrap()).filter(|name| name != "programs").collect()
}

/// Every text with what is to be read in it, and a name for it.
fn corpus() -> Vec<(String, Vec<u8>, Reading)> {
    let mut corpus = Vec::new();
    for runtime in runtimes() {
        for (case, reading) in toml::<BTreeMap<String, Reading>>(&runtime) {
            let file = Path::new(FOLDER).join(&runtime).join(&case).with_extension("txt");
            corpus.push((format!("{runtime}/{case}"), fs::read(&file).unwrap(), reading));
        }
    }
    for (number, reading) in toml::<Documented>("documented").text.into_iter().enumerate() {
        corpus.push((format!("documented/{number}"), reading.text.clone().into_bytes(), reading));
    }
    corpus
}

fn read(bytes: &[u8]) -> Option<Reading> {
    knowledge::read(Lines::new(bytes).map(Result::unwrap)).as_ref().map(told)
}

fn told(sighting: &Sighting) -> Reading {
    let json = |value: serde_json::Value| value.as_str().map(str::to_owned);
    Reading {
        reads: sighting.fault.map_or(sighting.family.id(), netfault::fault::Fault::id).to_owned(),
        errno: sighting.code.map(|code| code.name.to_owned()),
        line: sighting.line,
        call: sighting.call.map(|call| call.name().to_owned()),
        address: sighting.address.clone(),
        runtime: sighting.runtime.and_then(|runtime| json(serde_json::to_value(runtime).unwrap())),
        ..Reading::default()
    }
}

#[test]
fn every_message_is_read_as_it_should_be() {
    let corpus = corpus();
    assert!(corpus.len() >= 300, "{} messages", corpus.len());
    for (name, bytes, wanted) in corpus {
        let got = read(&bytes);
        if wanted.missed {
            assert_eq!(got, None, "{name} is recognised now: take `missed` away");
        } else {
            assert_eq!(got, Some(Reading { text: String::new(), ..wanted }), "{name}");
        }
    }
}

#[test]
fn every_file_has_its_reading() {
    for runtime in runtimes() {
        let known: BTreeMap<String, Reading> = toml(&runtime);
        for entry in fs::read_dir(Path::new(FOLDER).join(&runtime)).unwrap() {
            let stem = entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
            assert!(known.contains_key(&stem), "{runtime}/{stem}.txt is not in {runtime}.toml");
        }
    }
}

#[test]
fn what_is_no_network_error_is_not_read_as_one() {
    let texts = toml::<Nothing>("none").texts;
    assert!(texts.len() >= 140);
    for text in texts {
        assert_eq!(read(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn most_of_what_is_reported_is_recognised() {
    let corpus = corpus();
    let missed = corpus.iter().filter(|(_, _, reading)| reading.missed).count();
    assert!(missed * 33 <= corpus.len(), "{missed} of {} are missed", corpus.len());
}

#[test]
fn the_first_error_of_a_chain_is_the_one() {
    let chain = "ConnectionRefusedError: [Errno 111] Connection refused\n\n\
                 During handling of the above exception, another exception occurred:\n\nTimeoutError: timed out";
    assert_eq!(read(chain.as_bytes()).unwrap().reads, "connection-refused");
}

/// The same text as it comes out of mails, logs, terminals and other systems.
fn disguises(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let each = |change: &dyn Fn(&str) -> String| text.lines().map(change).collect::<Vec<_>>().join("\n");
    let utf16 =
        |bytes: fn(u16) -> [u8; 2]| format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect();
    vec![
        ("CRLF", text.replace('\n', "\r\n").into_bytes()),
        ("quoted", each(&|line| format!("> {line}")).into_bytes()),
        ("coloured", each(&|line| format!("\u{1b}[31m{line}\u{1b}[0m")).into_bytes()),
        ("marked", format!("\u{feff}{text}").into_bytes()),
        ("UTF-16", utf16(u16::to_le_bytes)),
        ("UTF-16, big end first", utf16(u16::to_be_bytes)),
    ]
}

#[test]
fn a_disguise_does_not_change_what_is_read() {
    for (name, bytes, wanted) in corpus().into_iter().filter(|(_, _, wanted)| !wanted.missed) {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        for (disguise, bytes) in disguises(&text) {
            // What has escapes in it already may end otherwise.
            let wanted = Some(Reading { text: String::new(), ..wanted.clone() });
            assert_eq!(read(&bytes), wanted, "{name}, {disguise}");
        }
    }
}

#[test]
fn a_log_prefix_hides_no_error() {
    let corpus = corpus();
    let tracebacks = corpus.iter().filter(|(name, _, wanted)| name.starts_with("python/") && !wanted.missed);
    for (name, bytes, wanted) in tracebacks {
        let text = String::from_utf8_lossy(bytes);
        let prefixed: Vec<String> =
            text.lines().map(|line| format!("Nov 24 10:20:12 lab app[812]: {line}")).collect();
        let got = read(prefixed.join("\n").as_bytes()).unwrap_or_default();
        assert_eq!(
            (got.reads, got.errno, got.line),
            (wanted.reads.clone(), wanted.errno.clone(), wanted.line),
            "{name}"
        );
    }
}

#[test]
fn an_error_at_the_end_of_a_long_log_is_found() {
    let log = "2026-11-24T10:20:12Z INFO request 111 took 61 ms, connection kept\n".repeat(50_000);
    let text = format!("{log}dial tcp 127.0.0.1:12345: connect: connection refused\n");
    assert_eq!(read(text.as_bytes()).unwrap().line, Some(50_001));
}

proptest! {
    #[test]
    fn any_bytes_are_taken(bytes in any::<Vec<u8>>()) {
        let _ = read(&bytes);
    }

    #[test]
    fn any_text_with_errors_in_it_is_taken(
        pieces in prop::collection::vec(prop_oneof![
            Just("ECONNREFUSED".to_owned()), Just("[Errno ".to_owned()), Just("111".to_owned()),
            Just("  File \"a.py\", line 1\n    client.connect".to_owned()),
            Just("(".to_owned()), Just("\u{1b}[".to_owned()), Just(": Connection refused".to_owned()),
            Just("\n".to_owned()), Just("\u{e9}\u{1f50c}".to_owned()), Just("('127.0.0.1', ".to_owned()), ".{0,8}",
        ], 0..20)
    ) {
        let _ = read(pieces.concat().as_bytes());
    }

    #[test]
    fn no_cut_of_a_message_is_too_short(which in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let corpus = corpus();
        let (_, bytes, _) = which.get(&corpus);
        let _ = read(&bytes[..cut.index(bytes.len() + 1)]);
    }

    #[test]
    fn ordinary_words_and_numbers_are_no_error(text in "([a-h]{1,8}|[0-9]{1,5}|[.,:\\[\\]()]| |\n){0,60}") {
        prop_assert_eq!(read(text.as_bytes()), None);
    }
}
