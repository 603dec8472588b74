//! Case inversion and trimming do to every Unicode character what the machine's own python3 does.

#![expect(clippy::print_stdout, reason = "a test says what it compared, or why it could not")]
use netfault::transform::{invert_case, trim};
use std::collections::{HashMap, HashSet};
use std::process::Command;

/// What Python does: see `tests/python/unicode.py` for the format.
#[derive(Default)]
struct Python {
    version: String,
    unassigned: HashSet<char>,
    inverts: HashMap<char, String>,
    blanks: HashSet<char>,
}

fn hex(digits: &str) -> u32 {
    u32::from_str_radix(digits, 16).unwrap()
}

fn character(digits: &str) -> char {
    char::from_u32(hex(digits)).unwrap()
}

fn ask_python() -> Option<Python> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/unicode.py");
    let output = match Command::new("python3").arg(script).output() {
        Ok(output) => output,
        Err(error) => {
            println!("skipped: needs python3 ({error})");
            return None;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut python = Python::default();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["version", version] => version.clone_into(&mut python.version),
            ["unassigned", first, last] => {
                python.unassigned.extend((hex(first)..=hex(last)).filter_map(char::from_u32));
            }
            ["inverts", from, to] => {
                python.inverts.insert(character(from), to.split(',').map(character).collect());
            }
            ["blank", blank] => {
                python.blanks.insert(character(blank));
            }
            _ => panic!("unexpected line {line:?}"),
        }
    }
    Some(python)
}

#[test]
fn every_character_is_inverted_and_trimmed_as_python_does() {
    let Some(python) = ask_python() else { return };
    let mut compared = 0_u32;
    let mut newer = 0_u32;
    let mut differing = Vec::new();
    for c in '\0'..=char::MAX {
        let plain = c.to_string();
        let inverted = invert_case(&plain);
        if python.unassigned.contains(&c) || inverted.chars().any(|c| python.unassigned.contains(&c)) {
            newer += 1;
            continue;
        }
        compared += 1;
        let trimmed = trim(&format!("{c}x{c}")).len() == 1;
        if inverted != *python.inverts.get(&c).unwrap_or(&plain) || trimmed != python.blanks.contains(&c) {
            differing.push(format!("U+{:04X} {c:?}", u32::from(c)));
        }
    }
    let (major, minor, _) = char::UNICODE_VERSION;
    println!(
        "compared {compared} characters; left out {newer} code points that have no character, or whose other case \
         has none, in Python's Unicode {} (Rust: {major}.{minor})",
        python.version
    );
    assert!(compared > 1_000 && !python.blanks.is_empty(), "Python said nothing");
    assert!(differing.is_empty(), "{} differ: {}", differing.len(), differing.join(", "));
}
