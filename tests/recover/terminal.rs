//! A lesson with somebody at the terminal. `script` (util-linux) gives the program one.
#![expect(clippy::print_stderr, reason = "a test that needs something says so")]

use std::io::Write;
use std::process::{Command, Stdio};

/// What a terminal shows when `typed` is typed into a lesson, or nothing where there is no `script`.
fn conversation(arguments: &str, typed: &str) -> Option<String> {
    let line = format!("{} recover lesson {arguments}", env!("CARGO_BIN_EXE_netfault"));
    let child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "1")
        .env_remove("NETFAULT_LANG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            eprintln!("skipped: needs script(1): {error}");
            return None;
        }
    };
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn somebody_is_asked_and_what_they_choose_is_done() {
    let Some(shown) = conversation("in-use", "x\n4\nq\n") else { return };
    assert_eq!(shown.matches("What would you do? [1-6, a = all, q = leave]").count(), 3, "{shown}");
    assert!(shown.contains("\"x\" is none of them"), "{shown}");
    let (_, after) = shown.split_once("4  Set SO_REUSEADDR").unwrap();
    assert!(after.contains("It works: iPIN") && after.contains("To take home"), "{shown}");
    assert!(!shown.contains("It fails"), "nothing else was tried: {shown}");
}

#[test]
fn an_option_that_names_the_choices_asks_nothing() {
    for option in ["--all", "--choose 4"] {
        let Some(shown) = conversation(&format!("in-use {option}"), "") else { return };
        assert!(shown.contains("It works: iPIN") && !shown.contains("[1-6"), "{shown}");
    }
}
