//! What is the command line's own: exit codes, bad input, closed and full outputs, JSON shapes.

use serde_json::Value;
use std::fs;
use std::process::{Command, Output, Stdio};

fn netfault(args: &[&str]) -> Output {
    command(args).output().unwrap()
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netfault"));
    command.args(args).env_remove("NETFAULT_LANG").env("LC_ALL", "C").stdin(Stdio::null());
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The command line is refused with exit code 2, and every one of `words` is said about it.
#[track_caller]
fn refused(args: &[&str], words: &[&str]) {
    let output = netfault(args);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
    assert!(output.stdout.is_empty(), "{args:?} printed a result");
    for word in words {
        assert!(said.contains(word), "{args:?} does not say {word:?}: {said}");
    }
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_was_expected() {
    refused(&["send", "tcp", "--to", "127.0.0.1:70000", "x"], &["--to", "70000", "0 to 65535"]);
    refused(&["send", "tcp", "--to", "::1:", "x"], &["--to"]);
    refused(&["send", "sctp", "x"], &["sctp", "tcp, udp"]);
    refused(&["send", "tcp", "--timeout", "5", "x"], &["--timeout", "unit"]);
    refused(&["send", "tcp", "--attempts", "0", "x"], &["--attempts"]);
    refused(&["serve", "--tcp", "localhost:80"], &["--tcp", "name", "127.0.0.1:80"]);
    refused(&["serve", "--allow", "192.168.1.0/33"], &["--allow", "192.168.1.0/24"]);
    refused(&["reproduce", "timeuot"], &["timeuot", "timeout"]);
    refused(&["reproduce", "address-in-use/timewait"], &["address-in-use/time-wait"]);
    refused(&["reproduce", "--seed", "x"], &["--seed", "whole number"]);
    refused(&["reproduce", "--format", "jsn"], &["--format", "json"]);
    refused(&["reproduce", "--output", "no/such/folder/report.txt"], &["no/such/folder"]);
    refused(&["explain"], &["WHAT"]);
    refused(&["explain", "-", "refused"], &["`-`", "words"]);
    refused(&["explain", "refused", "--lang", "fr"], &["--lang", "fr", "en, id"]);
    refused(&["explain", "refused", "--format", "html"], &["html", "text and json"]);
    refused(&["explain", "refused", "--output", "page.html"], &["--output"]);
    refused(&["explain", "--all", "refused"], &["--all"]);
    refused(&["reproduce", "--format", "markdown"], &["markdown"]);
    refused(&["expalin", "ECONNREFUSED"], &["explain"]);
    refused(&[], &["Usage"]);
}

#[test]
fn an_error_leads_to_its_page() {
    // An address of nobody's (RFC 5737): EADDRNOTAVAIL.
    let output = netfault(&["serve", "--tcp", "192.0.2.1:0"]);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("EADDRNOTAVAIL") && said.contains("explain: netfault explain "), "{said}");
}

#[test]
fn wrong_usage_is_in_the_json_too() {
    let output = netfault(&["reproduce", "timeuot", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let told = &json(&output)["error"];
    assert_eq!(told["exit"], 2);
    assert!(told["message"].as_str().unwrap().contains("timeuot"), "{told}");
}

#[test]
fn reproduce_writes_the_documented_json() {
    let output = netfault(&["reproduce", "address-in-use/live-listener", "refused", "--format", "json"]);
    assert_eq!(output.status.code(), Some(if can_see() { 0 } else { 3 }), "{}", stderr(&output));
    let report = json(&output);
    assert_eq!(report["schema_version"], 1);
    let outcomes = report["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), if can_see() { 7 } else { 6 });
    assert_eq!(outcomes[0]["fault"], "address-in-use/live-listener");
    if !can_see() {
        assert!(outcomes.iter().all(|outcome| outcome["status"] == "unsupported"));
        return;
    }
    let first = &outcomes[0];
    assert_eq!(first["status"], "reproduced");
    assert_eq!((&first["naive"]["ok"], &first["naive"]["errno"]), (&false.into(), &"EADDRINUSE".into()));
    assert_eq!(first["hardened"]["ok"], true);
    assert_eq!(first["verdict"]["confidence"], "proved");
    let evidence = first["evidence"].as_array().unwrap();
    let holder = evidence.iter().find(|one| one["field"] == "holder").unwrap();
    assert_eq!(holder["source"], "procfs");
    assert!(holder["value"]["pid"].as_u64().unwrap() > 0);
    for because in first["verdict"]["because"].as_array().unwrap() {
        let events = first["events"].as_array().unwrap();
        let cited = because["event"].as_u64().map(|event| event < events.len() as u64);
        let cited = cited.or(because["evidence"].as_u64().map(|position| position < evidence.len() as u64));
        assert_eq!(cited, Some(true), "{because}");
    }
}

#[test]
fn a_report_file_appears_whole_and_without_colours() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.txt");
    let path = file.to_str().unwrap();
    let output = netfault(&["reproduce", "no-listener", "--color", "always", "--output", path]);
    assert_eq!(output.status.code(), Some(2), "a cause alone is no id");
    let fault = "connection-refused/no-listener";
    let output = netfault(&["reproduce", fault, "--color", "always", "--output", path]);
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    let report = fs::read_to_string(&file).unwrap();
    assert!(report.contains(fault) && !report.contains('\u{1b}'), "{report}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a draft was left behind");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_one_clear_error() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(&["explain", "--list"]).stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).starts_with("error: cannot write to stdout: No space left on device\n"));

    let output = netfault(&["reproduce", "connection-refused/no-listener", "--output", "/dev/full"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).contains("error: cannot write /dev/full: No space left"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut child =
        command(&["explain", "--list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_130_and_leaves_nothing() {
    use std::io::{BufRead, BufReader};

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.txt");
    let mut child = command(&["reproduce", "-v", "--output", file.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    assert!(line.contains("INFO"), "{line}");
    let signalled = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(signalled.success());
    std::io::copy(&mut log, &mut std::io::sink()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(output.stdout.is_empty());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "a draft was left behind");
}

#[test]
fn colours_obey_the_flag_then_the_environment() {
    let list = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = command(&["explain", "ECONNREFUSED"]);
        command.args(args).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        let output = command.envs(variables.iter().copied()).output().unwrap();
        String::from_utf8(output.stdout).unwrap().contains('\u{1b}')
    };
    let (no, force) = (("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1"));
    assert!(!list(&[], &[]), "no terminal reads this");
    assert!(list(&[], &[force]));
    assert!(!list(&[], &[no, force]));
    assert!(list(&["--color", "always"], &[no]));
    assert!(!list(&["--color", "never"], &[force]));
}

#[test]
fn the_language_is_the_flags_then_the_environments() {
    let list = |args: &[&str], lang: Option<&str>| {
        let mut command = command(&["explain", "ECONNREFUSED"]);
        command.args(args);
        if let Some(lang) = lang {
            command.env("NETFAULT_LANG", lang);
        }
        command.output().unwrap().stdout
    };
    let (english, indonesian) = (list(&["--lang", "en"], None), list(&["--lang", "id"], None));
    assert_ne!(english, indonesian);
    assert_eq!(list(&[], None), english);
    assert_eq!(list(&[], Some("id")), indonesian);
    assert_eq!(list(&["--lang", "en"], Some("id")), english);
}

#[test]
fn every_command_has_help_with_examples() {
    for command in ["", "reproduce", "explain", "serve", "send", "completions", "man"] {
        let args: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let output = netfault(&args);
        assert_eq!(output.status.code(), Some(0), "{command}");
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(help.contains("Example") && help.contains("netfault "), "{command}: {help}");
    }
}

#[test]
fn completions_and_the_manual_name_every_command() {
    for args in [&["completions", "bash"][..], &["completions", "fish"], &["completions", "zsh"], &["man"]] {
        let output = netfault(args);
        assert_eq!(output.status.code(), Some(0));
        let text = String::from_utf8(output.stdout).unwrap();
        for command in ["reproduce", "explain", "serve", "send", "completions", "man"] {
            assert!(text.contains(command), "{args:?} does not know {command}");
        }
    }
}

/// Whether this platform shows the evidence that verdicts need.
fn can_see() -> bool {
    netfault::evidence::sockets(netfault::failure::Protocol::Tcp, 1).is_ok()
}
