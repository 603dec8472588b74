//! What cannot be meant is refused before anything is sent.

use super::program::{fetch, stderr};
use std::fs;

/// The command line is refused with exit code 2, and every one of `words` is said about it.
#[track_caller]
fn refused(url: &str, more: &[&str], words: &[&str]) {
    let output = fetch(url, more);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{url} {more:?}: {said}");
    assert!(output.stdout.is_empty(), "{url} {more:?} printed a result");
    for word in words {
        assert!(said.contains(word), "{url} {more:?} does not say {word:?}: {said}");
    }
}

#[test]
fn a_url_that_cannot_be_fetched() {
    refused("", &[], &["no URL", "http://127.0.0.1:8080/"]);
    refused("http://", &[], &["the host is missing"]);
    refused("http://user:secret@example.org/", &[], &["user information", "leave it out"]);
    refused("http://example.org:70000/", &[], &["from 1 to 65535"]);
    refused("http://example.org:0/", &[], &["port 0"]);
    refused("ftp://example.org/", &[], &["expected http:// or https://"]);
    refused("two words", &[], &["no URL"]);
}

#[test]
fn values_that_cannot_be_meant() {
    let here = "127.0.0.1:1";
    refused(here, &["--max-bytes", "10M"], &["10MB or 10MiB"]);
    refused(here, &["--max-bytes", "0"], &["no byte"]);
    refused(here, &["--timeout", "5"], &["unit"]);
    refused(here, &["--connect-timeout", "0s"], &["no time"]);
    refused(here, &["--attempts", "0"], &["--attempts"]);
    refused(here, &["--backoff", "slow"], &["full-jitter"]);
    refused(here, &["--resolver", "localhost"], &["name server", "192.0.2.53"]);
    refused(here, &["-4", "-6"], &["--ipv4", "--ipv6"]);
    refused(here, &["--all", "--output", "a"], &["--all", "--output"]);
    refused(here, &["--output", "-"], &["no file", "--all"]);
    refused(here, &["--output", "no/such/folder/a"], &["no/such/folder"]);
    refused(here, &["--output", "."], &["directory"]);
    refused(here, &["--naive", "--all"], &["--naive"]);
    let naive = fetch(here, &["--naive", "--format", "json"]);
    assert_eq!(naive.status.code(), Some(2));
    assert!(stderr(&naive).contains("--naive"), "{}", stderr(&naive));
    refused(here, &["--format", "html"], &["text and json"]);
    refused(here, &["--trace", "no/such/folder/a"], &["no/such/folder"]);
    refused(here, &["--cacert", "a", "--insecure-no-tls-verify"], &["--cacert"]);
}

#[test]
fn a_file_of_issuers_that_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let path = file.to_str().unwrap();
    refused("127.0.0.1:1", &["--cacert", path], &["cannot read", "ca.pem", "No such file"]);
    fs::write(&file, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").unwrap();
    refused("127.0.0.1:1", &["--cacert", path], &["PRIVATE KEY", "BEGIN CERTIFICATE"]);
    fs::write(&file, "").unwrap();
    refused("127.0.0.1:1", &["--cacert", path], &["no certificate"]);
    refused("127.0.0.1:1", &["--cacert", folder.path().to_str().unwrap()], &["cannot read"]);
}
