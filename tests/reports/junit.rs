//! `JUnit` XML, held against the schema beside this file.

use super::{all, trace};
use insta::assert_snapshot;
use netfault::lang::Lang;
use netfault::report;
use std::io::Write;
use std::path::Path;
use std::process::Command;

#[test]
fn every_kind_of_run_for_a_ci_system() {
    let runs = [
        trace("passed"),
        trace("failed"),
        trace("untraced"),
        trace("broken_set_up"),
        trace("unsupported"),
        trace("cut_off"),
    ];
    assert_snapshot!("junit", report::run::junit(&runs, Lang::En));
}

#[test]
fn failures_errors_and_what_cannot_be_told_are_kept_apart() {
    let head = |name: &str| {
        let xml = report::run::junit(&[trace(name)], Lang::Id);
        xml.lines().nth(2).unwrap().trim().to_owned()
    };
    let counts = |skipped, errors, failures| {
        format!("skipped=\"{skipped}\" errors=\"{errors}\" failures=\"{failures}\"")
    };
    assert!(head("failed").contains(&counts(0, 0, 2)), "{}", head("failed"));
    assert!(head("broken_set_up").contains(&counts(0, 1, 0)), "{}", head("broken_set_up"));
    assert!(head("unsupported").contains(&counts(1, 0, 0)), "{}", head("unsupported"));
    assert!(head("untraced").contains(&counts(1, 0, 1)), "{}", head("untraced"));
    assert!(head("cut_off").contains(&counts(0, 1, 0)), "{}", head("cut_off"));
}

#[test]
fn it_is_valid_whatever_the_wire_carried() {
    let valid = report::run::junit(&all(), Lang::En);
    let Some(found) = faults(&valid) else { return };
    assert_eq!(found, "", "{valid}");
    assert_eq!(faults(&report::run::junit(&[], Lang::En)).unwrap(), "");
    // The schema can refuse.
    let broken = valid.replace("classname=", "class=");
    assert!(faults(&broken).unwrap().contains("classname"));
    let twice = valid.replacen("<failure", "<skipped/><failure", 1);
    assert!(!faults(&twice).unwrap().is_empty());
}

/// What xmllint has to say against the schema; nothing where there is no xmllint.
#[expect(clippy::print_stderr, reason = "who runs the test is told what it needs")]
fn faults(xml: &str) -> Option<String> {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports/junit.xsd");
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(xml.as_bytes()).unwrap();
    let checked =
        Command::new("xmllint").arg("--noout").arg("--schema").arg(schema).arg(file.path()).output();
    let Ok(checked) = checked else {
        eprintln!("skipped: needs xmllint (libxml2-utils)");
        return None;
    };
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    Some(if checked.status.success() { String::new() } else { said })
}
