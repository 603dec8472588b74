//! `netfault render`.

use super::file;
use std::fs;
use std::process::{Command, Output, Stdio};

fn render(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_netfault"))
        .arg("render")
        .args(args)
        .env("NETFAULT_LANG", "en")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_saved_trace_is_rendered_in_every_format() {
    let trace = file("failed");
    for (format, sign) in [
        ("text", "connection-refused/no-listener, proved"),
        ("json", "\"status\": \"failed\""),
        ("junit", "<testsuite name=\"late-server\""),
        ("html", "<!DOCTYPE html>"),
        ("sequence", "connect() = ECONNREFUSED (111)"),
        ("ndjson", "\"event\":\"failed\""),
    ] {
        let (code, stdout, stderr) = said(&render(&[trace.to_str().unwrap(), "--format", format]));
        assert_eq!((code, stderr.as_str()), (0, ""), "{format}");
        assert!(stdout.contains(sign), "{format}: {stdout}");
    }
}

#[test]
fn a_report_goes_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.html");
    let (trace, target) = (file("passed"), report.to_str().unwrap());
    let (code, stdout, _) = said(&render(&[trace.to_str().unwrap(), "--format", "html", "--output", target]));
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert!(fs::read_to_string(&report).unwrap().ends_with("</html>\n"));
}

#[test]
fn a_trace_that_was_cut_off_says_so() {
    let trace = file("cut_off");
    for format in ["text", "sequence", "junit", "html"] {
        let (code, stdout, _) = said(&render(&[trace.to_str().unwrap(), "--format", format]));
        assert_eq!(code, 0);
        assert!(stdout.contains("was cut off"), "{format}: {stdout}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.ndjson");
    let header = "{\"schema_version\":1,\"seed\":1}\n";
    for (content, line, why) in [
        (Vec::new(), 1, "empty"),
        (b"# no trace\n".to_vec(), 1, "expected the header of a trace"),
        (format!("{header}{{\"x\":1}}\n").into_bytes(), 2, "expected an event"),
        (
            format!(
                "{header}\n{{\"seq\":0,\"at\":0,\"actor\":\"a\",\"event\":\"note\",\"text\":\"\\ud800\"}}\n"
            )
            .into_bytes(),
            3,
            "expected an event",
        ),
        ([header.as_bytes(), b"\xff\xfe\n"].concat(), 2, "UTF-8"),
    ] {
        fs::write(&path, &content).unwrap();
        let (code, stdout, stderr) = said(&render(&[path.to_str().unwrap()]));
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(&format!("{}:{line}: ", path.display())), "{stderr}");
        assert!(stderr.contains(why), "{stderr}");
    }
    let (code, _, stderr) = said(&render(&["nowhere.ndjson"]));
    assert_eq!(code, 2);
    assert!(stderr.contains("cannot read nowhere.ndjson"), "{stderr}");
}

#[test]
fn a_format_that_it_has_not_is_refused_with_those_that_it_has() {
    let trace = file("passed");
    let (code, _, stderr) = said(&render(&[trace.to_str().unwrap(), "--format", "markdown"]));
    assert_eq!(code, 2);
    assert!(stderr.contains("text, json, junit, html, sequence and ndjson"), "{stderr}");
}
