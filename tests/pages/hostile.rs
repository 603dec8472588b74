//! Servers that mean harm: what they send is bounded in time and memory, and told.

use super::{LIMIT, fetch_of, fetch_with, said, serving, settings};
use netfault::failure::Why;
use std::io::Write as _;
use std::time::Duration;

#[test]
fn what_is_no_http_is_told() {
    for (sent, told) in [
        ("SSH-2.0-OpenSSH_9.6\r\n", "no HTTP came"),
        ("220 mail.example.test ESMTP\r\n", "no HTTP came"),
        ("HTTP/1.1 \u{0} OK\r\n\r\n", "no HTTP came"),
        ("HTTP/9.9 200 OK\r\n\r\n", "no HTTP came"),
        ("HTTP/1.1 200 OK\r\nContent-Le", "the connection ended before the head did"),
        ("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "no HTTP came"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nx", "no HTTP came"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", "no HTTP came"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx", "no HTTP came"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello", "no HTTP came"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX5\r\n", "no HTTP came"),
        ("", "closed by the other end"),
    ] {
        let (fetched, _) = fetch_of(sent);
        assert!(said(&fetched).contains(told), "{sent:?}: {}", said(&fetched));
    }
}

#[test]
fn bytes_of_any_kind_are_survived() {
    let mut random = fastrand::Rng::with_seed(8);
    for _ in 0..200 {
        let length = random.usize(1..600);
        let noise: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(length).collect();
        let (fetched, _) = fetch_of(noise.clone());
        assert!(!fetched.ok, "{noise:?}");
        let head =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
        let (fetched, _) = fetch_of([head, noise.clone()].concat());
        assert!(!fetched.ok, "{noise:?}");
    }
}

/// Sends `piece` again and again until the client has left; how many bytes it took.
fn pours(
    before: &'static str,
    piece: &'static [u8],
) -> (std::net::SocketAddr, std::sync::mpsc::Receiver<usize>) {
    let (tell, told) = std::sync::mpsc::channel();
    let address = serving(vec![Box::new(move |client, _| {
        let mut sent = 0;
        if client.write_all(before.as_bytes()).is_ok() {
            while sent < 200 << 20 && client.write_all(piece).is_ok() {
                sent += piece.len();
            }
        }
        tell.send(sent).unwrap();
    })]);
    (address, told)
}

#[test]
fn a_head_without_end_is_cut_short() {
    for (before, piece) in [
        ("HTTP/1.1 200 OK\r\n", b"X-Header: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".as_slice()),
        ("HTTP/1.1 200 OK\r\nX: ", b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".as_slice()),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"0000000000000000000000000000000".as_slice(),
        ),
        ("", b"HTTP/1.1 100 Continue\r\n\r\n".as_slice()),
    ] {
        let (address, told) = pours(before, piece);
        let (fetched, _) = fetch_with(&format!("http://{address}/"), &settings(), LIMIT);
        assert!(
            !fetched.ok && !fetched.failure.as_ref().unwrap().is_timeout(),
            "{before:?}: {}",
            said(&fetched)
        );
        let sent = told.recv_timeout(LIMIT).unwrap();
        assert!(sent < 32 << 20, "{before:?}: {sent} bytes were sent: {}", said(&fetched));
    }
}

#[test]
fn a_body_without_end_is_cut_short() {
    for before in
        ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n"]
    {
        let (address, _) = pours(before, &[b'a'; 4096]);
        let (fetched, body) = fetch_with(&format!("http://{address}/"), &settings(), LIMIT);
        assert_eq!(fetched.failure.unwrap().why, Why::TooLong { most: 1 << 20 });
        assert!(body.len() <= 1 << 20);
    }
}

#[test]
fn a_body_that_drips_is_given_up_at_the_deadline() {
    let address = serving(vec![Box::new(|client, _| {
        let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while client.write_all(b"a").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    })]);
    let limit = Duration::from_millis(400);
    let (fetched, body) = fetch_with(&format!("http://{address}/"), &settings(), limit);
    assert!(fetched.failure.unwrap().is_timeout());
    assert!(!body.is_empty() && fetched.seconds < Duration::from_secs(3), "{:?}", fetched.seconds);
}
