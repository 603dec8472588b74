//! Addresses, attempts and redirections.

use super::{LIMIT, fetch_with, said, sends, serving, settings, three_times};
use netfault::evidence::Eyes;
use netfault::failure::Why;
use netfault::fetch::{self, Sink};
use netfault::trace::Recorder;
use std::io;
use std::net::TcpListener;
use std::time::Duration;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn to(location: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
}

#[test]
fn a_request_that_got_no_reply_is_sent_again() {
    let address = serving(vec![sends(""), sends("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\n\r\n"), sends(OK)]);
    let (fetched, body) = fetch_with(&format!("http://{address}/"), &three_times(), LIMIT);
    assert!(fetched.ok && body == b"ok", "{fetched:#?}");
    let attempts: Vec<u32> = fetched.hops.iter().map(|hop| hop.attempt).collect();
    assert_eq!(attempts, [1, 2, 3]);
    assert_eq!(fetched.hops[0].failure.as_ref().unwrap().why, Why::Closed);
    assert_eq!(fetched.hops[1].failure.as_ref().unwrap().why, Why::Status { code: 503 });
}

#[test]
fn what_would_end_in_the_same_way_is_not_sent_again() {
    let address = serving(vec![sends("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), sends(OK)]);
    let (fetched, _) = fetch_with(&format!("http://{address}/"), &three_times(), LIMIT);
    assert_eq!(fetched.hops.len(), 1);
}

#[test]
fn a_server_that_asks_for_more_time_than_there_is_is_not_waited_for() {
    let address = serving(vec![sends("HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n")]);
    let (fetched, _) = fetch_with(&format!("http://{address}/"), &three_times(), LIMIT);
    assert_eq!((fetched.hops.len(), fetched.failure.unwrap().why), (1, Why::Status { code: 503 }));
}

#[test]
fn a_part_that_cannot_be_taken_back_is_not_fetched_twice() {
    struct Printed(Vec<u8>);
    impl Sink for Printed {
        fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
            self.0.extend_from_slice(bytes);
            Ok(())
        }

        fn start_over(&mut self) -> bool {
            self.0.is_empty()
        }
    }
    let short = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
    let address = serving(vec![sends(""), sends(short), sends(OK)]);
    let recorder = Recorder::new();
    let (eyes, by) = (Eyes::new(&recorder), recorder.deadline(LIMIT));
    let mut printed = Printed(Vec::new());
    let target = format!("http://{address}/").parse().unwrap();
    let fetched = fetch::fetch(&recorder, &eyes, &target, &three_times(), &mut printed, &by).unwrap();
    assert_eq!((printed.0.as_slice(), fetched.hops.len()), (b"half".as_slice(), 2));
    assert!(!fetched.ok);
}

#[test]
fn redirections_are_followed_and_told() {
    let page = serving(vec![sends(OK)]);
    let first = serving(vec![sends(to("b?c")), sends(to(&format!("http://{page}/d")))]);
    let (fetched, body) = fetch_with(&format!("http://{first}/a"), &settings(), LIMIT);
    assert!(fetched.ok && body == b"ok", "{fetched:#?}");
    let urls: Vec<&str> = fetched.hops.iter().map(|hop| hop.url.as_str()).collect();
    assert_eq!(
        urls,
        [format!("http://{first}/a"), format!("http://{first}/b?c"), format!("http://{page}/d")]
    );
}

#[test]
fn a_circle_and_a_long_way_end() {
    let circle = serving((0..3).map(|round| sends(to(if round % 2 == 0 { "/b" } else { "/a" }))).collect());
    let (fetched, _) = fetch_with(&format!("http://{circle}/a"), &settings(), LIMIT);
    assert_eq!(fetched.failure.unwrap().why, Why::Redirected { times: 2, circle: true });
    let long = serving((0..9).map(|round| sends(to(&format!("/{round}")))).collect());
    let (fetched, _) = fetch_with(&format!("http://{long}/"), &settings(), LIMIT);
    assert_eq!(fetched.hops.len(), 6);
    assert_eq!(fetched.failure.unwrap().why, Why::Redirected { times: 5, circle: false });
}

#[test]
fn a_redirection_to_what_cannot_be_fetched_is_told() {
    for location in ["ftp://example.test/", "http://", "http://user@example.test/"] {
        let address = serving(vec![sends(to(location))]);
        let (fetched, _) = fetch_with(&format!("http://{address}/"), &settings(), LIMIT);
        assert!(said(&fetched).contains("Location"), "{location}: {}", said(&fetched));
    }
}

#[test]
fn where_one_family_is_refused_the_other_is_asked_and_both_are_told() {
    // `localhost` has both addresses on most hosts; the server has only the one.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        super::head_of(&mut client);
        sends(OK)(&mut client, "");
    });
    let (fetched, _) = fetch_with(&format!("http://localhost:{port}/"), &settings(), LIMIT);
    assert!(fetched.ok, "{fetched:#?}");
    let hop = &fetched.hops[0];
    assert_eq!(hop.peer.unwrap(), format!("127.0.0.1:{port}").parse().unwrap());
    for tried in &hop.tried {
        assert_eq!(tried.failure.is_some(), tried.address.is_ipv6(), "{:?}", hop.tried);
    }
}

#[test]
fn a_server_that_says_nothing_is_waited_for_until_the_deadline() {
    let address = serving(vec![Box::new(|client, _| drop(super::head_of(client)))]);
    let limit = Duration::from_millis(300);
    let (fetched, _) = fetch_with(&format!("http://{address}/"), &settings(), limit);
    assert!(fetched.failure.as_ref().unwrap().is_timeout(), "{}", said(&fetched));
    assert!((limit..2 * limit + Duration::from_secs(1)).contains(&fetched.seconds), "{:?}", fetched.seconds);
    assert!(!fetched.hops[0].stages.last().unwrap().ok);
}
