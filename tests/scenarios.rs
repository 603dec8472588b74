//! The library of scenarios: each meets its own expectations, can fail, and speaks both languages. That
//! each really fails without its remedy, and what submissions are worth, takes minutes: the gate plays it.
#![cfg(target_os = "linux")]

use netfault::scenario::{Given, Scenario, read};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn netfault(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netfault"));
    command.arg("scenario").args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
}

fn library() -> Vec<Scenario> {
    let folders = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let files = folders
        .filter(|path| path.is_dir())
        .flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let scenario = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        read(&path, &text, &Given::default()).unwrap_or_else(|wrong| panic!("{}: {wrong:?}", path.display()))
    };
    files.map(scenario).collect()
}

#[test]
fn every_scenario_meets_its_expectations() {
    let output = netfault(&["run", "scenarios"]);
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
}

#[test]
fn every_scenario_says_what_makes_it_fail_and_how_long_it_takes() {
    let library = library();
    assert!(library.len() > 40, "{}", library.len());
    for scenario in &library {
        let name = &scenario.name;
        assert!(!scenario.broken.is_empty(), "{name} cannot be seen to fail");
        assert!(scenario.takes.is_some(), "{name} does not say how long it takes");
        for broken in &scenario.broken {
            assert!(!broken.fails.is_empty(), "{name}: which expectations fail when {:?}?", broken.why.en);
        }
    }
}

#[test]
fn every_scenario_speaks_both_languages() {
    for scenario in &library() {
        let expectations = scenario
            .expectations
            .iter()
            .flat_map(|expect| [Some(&expect.name), expect.hint.as_ref()].into_iter().flatten());
        let own = [&scenario.title, &scenario.text];
        for words in
            own.into_iter().chain(expectations).chain(scenario.broken.iter().map(|broken| &broken.why))
        {
            assert!(!words.en.trim().is_empty() && words.en != words.id, "{}: {words:?}", scenario.name);
        }
        assert!(scenario.expectations.iter().any(|expect| expect.hint.is_some()), "{}", scenario.name);
    }
}

#[test]
fn names_are_unique_and_the_readme_leads_to_every_folder() {
    let library = library();
    let names: BTreeSet<&str> = library.iter().map(|scenario| scenario.name.as_str()).collect();
    assert_eq!(names.len(), library.len());
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    for scenario in &library {
        let of = scenario.file.parent().and_then(Path::file_name).unwrap().to_string_lossy();
        assert!(readme.contains(&format!("[`{of}/`]({of})")), "the README leaves out {of}");
    }
}
