//! What a person sees who watches. `script` (util-linux) gives the program a terminal.
#![cfg(target_os = "linux")]
#![expect(clippy::print_stderr, reason = "a test that needs something says so")]

use super::program::{Server, answers, page};
use std::process::{Command, Stdio};

/// What a terminal gets of stdout and stderr together, or nothing where there is no `script`.
fn on_a_terminal(arguments: &str) -> Option<String> {
    let netfault = env!("CARGO_BIN_EXE_netfault");
    let line = format!("{netfault} {arguments}");
    let output = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env("LC_ALL", "C.UTF-8")
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .env_remove("NETFAULT_LANG")
        .stdin(Stdio::null())
        .output();
    match output {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap()),
        Err(error) => {
            eprintln!("skipped: needs script(1): {error}");
            None
        }
    }
}

#[test]
fn a_page_commands_a_terminal_nothing() {
    let kind = "Content-Type: text/plain; charset=utf-8\r\n";
    let (url, _) = answers(vec![page("200 OK", kind, b"one\r\n\x1b[2Jtwo\x07")]);
    for all in ["", "--all"] {
        let Some(shown) = on_a_terminal(&format!("fetch {url} {all}")) else { return };
        assert!(shown.starts_with("one\r\n\\u{1b}[2Jtwo\\u{7}\r\n"), "{all} {shown:?}");
        assert!(shown.contains("\u{1b}[1;32m200 OK"), "it has colours: {shown:?}");
    }
}

#[test]
fn a_long_transfer_shows_how_far_it_is_and_leaves_no_trace_of_that() {
    let server = Server::start(&["--says", "endless-body"]);
    let url = server.url();
    let arguments = format!("fetch {url} --max-bytes 100GB --timeout 1500ms --attempts 1 --color never");
    let Some(shown) = on_a_terminal(&arguments) else { return };
    assert!(shown.contains("\r\u{1b}[K") && shown.contains("B/s"), "{shown:?}");
    let (_, after) = shown.rsplit_once("\r\u{1b}[K").unwrap();
    assert!(after.contains("error: cannot fetch"), "{shown:?}");
    let Some(quiet) = on_a_terminal(&format!("{arguments} -q")) else { return };
    assert!(!quiet.contains("\u{1b}[K"), "{quiet:?}");
}
