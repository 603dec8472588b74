//! `netfault scenario validate`, `list`, `new` and `schema`: exit codes, bad input and JSON shapes.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn netfault(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netfault"));
    command.arg("scenario").args(args).current_dir(folder);
    command.env_remove("NETFAULT_LANG").env("LC_ALL", "C").output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap().replace('\\', "/")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap().replace('\\', "/")
}

/// A folder with the scenario of `new`, and one with two mistakes.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let made = netfault(folder.path(), &["new", "good"]);
    assert!(stdout(&made).contains("netfault scenario run"), "{}", stderr(&made));
    let text = fs::read_to_string(folder.path().join("scenarios/good.toml")).unwrap();
    let wrong =
        text.replace("limit = \"20s\"", "limt = \"20s\"").replace("to = \"server\"   ", "to = \"servr\"   ");
    fs::create_dir(folder.path().join("wrong")).unwrap();
    fs::write(folder.path().join("wrong/wrong.toml"), wrong).unwrap();
    folder
}

#[test]
fn a_valid_file_is_said_to_be_so_and_a_wrong_one_is_told_with_its_lines() {
    let folder = folder();
    let both = netfault(folder.path(), &["validate", "scenarios", "wrong"]);
    assert_eq!(both.status.code(), Some(2));
    assert!(stdout(&both).starts_with("scenarios/good.toml: valid (2 programs, 2 steps, 3 expectations)"));
    let told = stderr(&both);
    for line in [
        "error: wrong/wrong.toml:13:1: the file has no key \"limt\"; did you mean limit?",
        "  13 | limt = \"20s\"    # what runs then is ended",
        "     | ^",
        ":35:6: to: there is no program that listens \"servr\"; did you mean server?",
        "     |      ^",
    ] {
        assert!(told.contains(line), "{line:?} is not in {told}");
    }
    assert_eq!(netfault(folder.path(), &["validate", "scenarios"]).status.code(), Some(0));
}

#[test]
fn scripts_get_the_same_as_json() {
    let folder = folder();
    let output = netfault(folder.path(), &["validate", "wrong", "scenarios/good.toml", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["schema_version"], 1);
    let first = &json["files"][0];
    assert!(first["file"].as_str().unwrap().ends_with("wrong.toml"));
    assert_eq!(first["valid"], false);
    assert_eq!((&first["mistakes"][0]["line"], &first["mistakes"][0]["column"]), (&13.into(), &1.into()));
    assert_eq!(json["files"][1]["valid"], true);
    let set = ["validate", "scenarios", "--set", "cleint=x", "--format", "json"];
    let json: Value = serde_json::from_slice(&netfault(folder.path(), &set).stdout).unwrap();
    let mistake = &json["files"][0]["mistakes"][0];
    assert_eq!(mistake["line"], Value::Null);
    assert!(mistake["message"].as_str().unwrap().contains("did you mean client?"), "{mistake}");
}

#[test]
fn nothing_selected_is_never_a_success() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("empty/submission.toml"), "").unwrap();
    for args in [&["validate"][..], &["validate", "empty"], &["list", "empty"], &["list"]] {
        let output = netfault(folder.path(), args);
        assert_eq!(output.status.code(), Some(3), "{args:?}");
        assert!(stderr(&output).contains("nothing selected"), "{}", stderr(&output));
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_the_others_are_looked_at() {
    let folder = folder();
    fs::write(folder.path().join("bytes.toml"), b"a = 1\nb = \"\xff\"").unwrap();
    let output = netfault(folder.path(), &["validate", "none.toml", "bytes.toml", "scenarios"]);
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("cannot read none.toml"), "{told}");
    assert!(told.contains("bytes.toml: line 2: the text is not UTF-8"), "{told}");
    assert!(stdout(&output).contains("good.toml: valid"));
}

#[test]
fn what_a_file_says_cannot_steer_a_terminal() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("x.toml"), "format_version = 1\n\u{1b}[31m = 1\n").unwrap();
    let output = netfault(folder.path(), &["validate", "x.toml"]);
    assert!(!stderr(&output).contains('\u{1b}'), "{:?}", stderr(&output));
}

#[test]
fn new_never_overwrites_and_its_names_are_names() {
    let folder = folder();
    let path = folder.path().join("scenarios/good.toml");
    fs::write(&path, "mine").unwrap();
    let again = netfault(folder.path(), &["new", "good"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("is there already"), "{}", stderr(&again));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    for (name, words) in
        [("a/b", "beginning with a letter"), ("good.toml", "did you mean good?"), ("", "letter")]
    {
        let output = netfault(folder.path(), &["new", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
    let json = netfault(folder.path(), &["new", "third", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(json["wrote"].as_str().unwrap().ends_with("third.toml"), "{json}");
    let elsewhere = netfault(folder.path(), &["new", "other", "--dir", "labs/a"]);
    assert!(stdout(&elsewhere).contains("labs/a/other.toml"));
    assert!(folder.path().join("labs/a/other.toml").is_file());
}

#[test]
fn the_list_says_what_a_scenario_teaches_and_how_long_it_takes() {
    let folder = folder();
    let text = stdout(&netfault(folder.path(), &["list"]));
    assert!(text.contains("teaches connection-reset; takes 2s"), "{text}");
    let text = stdout(&netfault(folder.path(), &["list", "--lang", "id"]));
    assert!(text.contains("mengajarkan connection-reset"), "{text}");
    let output = netfault(folder.path(), &["list", "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let entry = &json["scenarios"][0];
    assert!(entry["file"].as_str().unwrap().ends_with("good.toml"));
    assert_eq!(
        (&entry["name"], &entry["takes"], &entry["points"]),
        (&"good".into(), &2.0.into(), &10.into())
    );
    let some = netfault(folder.path(), &["list", "wrong", "scenarios"]);
    assert_eq!(some.status.code(), Some(2));
    assert!(stdout(&some).contains("good") && stderr(&some).contains("did you mean limit?"));
}

#[test]
fn the_schema_is_printed_whole() {
    let output = netfault(Path::new("."), &["schema"]);
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(schema["additionalProperties"], false);
    let builtin = &schema["properties"]["programs"]["additionalProperties"]["properties"]["builtin"];
    assert!(builtin["anyOf"][0]["enum"].as_array().unwrap().contains(&"transform".into()), "{builtin}");
}
