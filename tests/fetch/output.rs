//! `--output`: a file that appears whole or not at all; and outputs that nobody takes.

use super::program::{Server, answers, command, fetch, page, stderr};
use std::fs;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::Stdio;

const KIND: &str = "Content-Type: application/octet-stream\r\n";

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("page.bin")
    }

    fn path(&self) -> String {
        self.file().to_str().unwrap().to_owned()
    }

    fn files(&self) -> usize {
        fs::read_dir(self.folder.path()).unwrap().count()
    }
}

#[test]
fn a_file_gets_the_bytes_as_they_are() {
    let body: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    let (url, _) = answers(vec![page("200 OK", KIND, &body)]);
    let place = Place::new();
    fs::write(place.file(), "what stood there before").unwrap();
    let output = fetch(&url, &["--output", &place.path()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    assert!(fs::read(place.file()).unwrap() == body);
    assert_eq!(place.files(), 1, "a draft was left behind");
}

#[test]
fn half_a_page_leaves_what_was_there_as_it_was() {
    for says in ["short-body", "short-chunked", "error", "nothing", "endless-body"] {
        let server = Server::start(&["--says", says]);
        let place = Place::new();
        fs::write(place.file(), "before").unwrap();
        let more = ["--output", &place.path(), "--attempts", "2", "--backoff", "none", "--max-bytes", "1MB"];
        let output = fetch(&server.url(), &more);
        assert_eq!(output.status.code(), Some(1), "{says}: {}", stderr(&output));
        assert_eq!(fs::read_to_string(place.file()).unwrap(), "before", "{says}");
        assert_eq!(place.files(), 1, "{says}: a draft was left behind");
        assert!(output.stdout.is_empty(), "{says}");
    }
}

#[test]
fn what_is_sent_again_is_in_the_file_once() {
    let short = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nshort".to_vec();
    let (url, _) = answers(vec![short, page("200 OK", KIND, b"the whole")]);
    let place = Place::new();
    let output = fetch(&url, &["--output", &place.path(), "--backoff", "none"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(place.file()).unwrap(), "the whole");
}

#[test]
fn a_reader_that_leaves_ends_it_quietly() {
    let server = Server::start(&["--says", "endless-body"]);
    let mut child = command(&["fetch", &server.url(), "--all", "--max-bytes", "100GB"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn devices_are_poured_into_and_a_full_one_is_one_clear_error() {
    let (url, _) = answers(vec![page("200 OK", KIND, &[7; 100_000])]);
    let output = fetch(&url, &["--output", "/dev/null"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let output = fetch(&url, &["--output", "/dev/full"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).contains("error: cannot write /dev/full: No space left"), "{}", stderr(&output));
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(&["fetch", &url, "--all"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).contains("error: cannot write to stdout: No space left"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_no_draft_behind() {
    use std::time::Duration;

    let server = Server::start(&["--says", "endless-body"]);
    let place = Place::new();
    let mut child = command(&["fetch", &server.url(), "--max-bytes", "100GB", "--output", &place.path()])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let grown = || {
        let file = fs::read_dir(place.folder.path()).unwrap().next()?.ok()?;
        file.metadata().ok().filter(|about| about.len() > 0)
    };
    for _ in 0..2000 {
        if grown().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(grown().is_some(), "nothing was written");
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(place.files(), 0);
}
