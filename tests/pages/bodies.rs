//! What comes as a body, and how its end is told.

use super::{LIMIT, fetch_of, fetch_with, said, sends, serving, settings};
use flate2::write::GzEncoder;
use netfault::failure::Why;
use netfault::trace::{Framing, StageName};
use std::io::Write as _;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn headed(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes(), body].concat()
}

#[test]
fn a_body_with_a_length_comes_whole() {
    let (fetched, body) =
        fetch_of(headed("Content-Length: 5\r\nContent-Type: text/plain", b"hello and more"));
    assert!(fetched.ok, "{fetched:#?}");
    assert_eq!(body, b"hello");
    let told = fetched.body.unwrap();
    assert_eq!((told.whole, told.text.as_str(), told.bytes), (Some(true), "hello", 5));
    let hop = &fetched.hops[0];
    assert_eq!(hop.response.as_ref().unwrap().framing, Framing::ContentLength);
    let stages: Vec<StageName> = hop.stages.iter().map(|stage| stage.name).collect();
    assert_eq!(stages, StageName::ALL.into_iter().filter(|name| *name != StageName::Tls).collect::<Vec<_>>());
    assert!(hop.stages.iter().all(|stage| stage.ok));
}

#[test]
fn a_chunked_body_comes_whole_whatever_pieces_it_comes_in() {
    let response =
        headed("Transfer-Encoding: chunked", b"5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nX: y\r\n\r\n");
    for size in [1, 2, 3, 7, 1000] {
        let response = response.clone();
        let address = serving(vec![Box::new(move |client, _| {
            client.set_nodelay(true).unwrap();
            response.chunks(size).for_each(|piece| client.write_all(piece).unwrap());
        })]);
        let (fetched, body) = fetch_with(&format!("http://{address}/"), &settings(), LIMIT);
        assert_eq!((said(&fetched).as_str(), body.as_slice()), ("", b"hello world".as_slice()));
    }
}

#[test]
fn a_body_that_only_the_end_of_the_connection_ends_may_be_whole() {
    let (fetched, body) = fetch_of("HTTP/1.0 200 OK\r\n\r\nhello");
    assert!(fetched.ok);
    assert_eq!((body.as_slice(), fetched.body.unwrap().whole), (b"hello".as_slice(), None));
}

#[test]
fn a_response_without_a_body_is_whole() {
    let (fetched, body) = fetch_of("HTTP/1.1 204 No Content\r\n\r\n");
    assert!(fetched.ok && body.is_empty(), "{fetched:#?}");
}

#[test]
fn gzip_is_undone_and_bounded() {
    let page = b"a page that is worth compressing ".repeat(100);
    let packed = gzip(&page);
    let head = format!("Content-Encoding: gzip\r\nContent-Length: {}", packed.len());
    let (fetched, body) = fetch_of(headed(&head, &packed));
    assert!(fetched.ok && body == page, "{}", said(&fetched));
    let told = fetched.body.unwrap();
    assert_eq!((told.bytes_received, told.bytes), (packed.len() as u64, page.len() as u64));

    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < 100 << 10);
    let (fetched, body) =
        fetch_of(headed(&format!("Content-Encoding: gzip\r\nContent-Length: {}", bomb.len()), &bomb));
    assert!(body.len() <= 1 << 20);
    assert_eq!(fetched.failure.unwrap().why, Why::TooLong { most: 1 << 20 });

    let (fetched, _) = fetch_of(headed("Content-Encoding: gzip\r\nContent-Length: 4", b"nope"));
    assert!(said(&fetched).contains("cannot be decoded: gzip"), "{}", said(&fetched));
    let cut = &packed[..packed.len() / 2];
    let (fetched, _) =
        fetch_of(headed(&format!("Content-Encoding: gzip\r\nContent-Length: {}", cut.len()), cut));
    assert!(said(&fetched).contains("cannot be decoded: gzip"), "{}", said(&fetched));
}

#[test]
fn a_body_that_ends_too_early_is_short() {
    let (fetched, body) = fetch_of(headed("Content-Length: 100", b"0123456789"));
    assert_eq!(fetched.failure.as_ref().unwrap().why, Why::ShortBody { got: 10, wanted: Some(100) });
    assert_eq!((body.len(), fetched.body.unwrap().whole), (10, Some(false)));
    let (fetched, _) = fetch_of(headed("Transfer-Encoding: chunked", b"5\r\nhello\r\n6\r\n wor"));
    assert_eq!(fetched.failure.unwrap().why, Why::ShortBody { got: 9, wanted: None });
}

#[test]
fn a_page_in_another_character_set_is_read() {
    let (fetched, body) =
        fetch_of(headed("Content-Length: 4\r\nContent-Type: text/html; charset=latin1", b"Caf\xe9"));
    assert_eq!((fetched.body.unwrap().text.as_str(), body.as_slice()), ("Café", b"Caf\xe9".as_slice()));
}

#[test]
fn an_error_status_still_has_a_body() {
    let (fetched, body) = fetch_of("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
    assert!(!fetched.ok);
    assert_eq!(
        (fetched.failure.unwrap().why, body.as_slice()),
        (Why::Status { code: 404 }, b"none".as_slice())
    );
    assert_eq!(fetched.body.unwrap().text, "none");
}

#[test]
fn interim_responses_are_passed_over() {
    let hints = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";
    let (fetched, body) = fetch_of(format!("{hints}{hints}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    assert_eq!((said(&fetched).as_str(), body.as_slice()), ("", b"ok".as_slice()));
}

#[test]
fn the_request_is_what_a_server_needs() {
    let (tell, told) = std::sync::mpsc::channel();
    let address = serving(vec![Box::new(move |client, request: &str| {
        tell.send(request.to_owned()).unwrap();
        sends("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")(client, request);
    })]);
    fetch_with(&format!("http://{address}/a%20b?c=d"), &settings(), LIMIT);
    let request = told.recv().unwrap().to_ascii_lowercase();
    assert!(request.starts_with("get /a%20b?c=d http/1.1\r\n"), "{request}");
    for field in
        [&format!("host: {address}"), "accept-encoding: gzip", "connection: close", "user-agent: netfault/"]
    {
        assert!(request.contains(field), "{field}: {request}");
    }
}
