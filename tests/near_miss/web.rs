//! Pages that do not come, or come: what is most like each bad response and has another cause, or none.

use crate::{LOOPBACK, stage, verdict};
use netfault::failure::{Failure, Op, Protocol::Tcp, Refusal, Why};
use netfault::fault::Fault;
use netfault::fetch::{self, Settings, Target};
use netfault::peer::Serve as _;
use netfault::peer::web_server::{self, Identity, Paper, Says, WebServer};
use netfault::reproduce::Stage;
use netfault::resolver;
use netfault::retry::Policy;
use netfault::socket::{Choice, Socket};
use netfault::trace::{Confidence, Fetched};
use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

/// Longer than a server here takes, and short enough to wait for one that answers nothing.
const LIMIT: Duration = Duration::from_secs(1);

/// Fetches once from the server that `serve` is, over plain TCP or TLS.
fn fetched(stage: &Stage, scheme: &str, serve: impl FnOnce(Socket) + Send) -> Fetched {
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    fetched_from(stage, scheme, (&listener, address), serve)
}

fn fetched_from(
    stage: &Stage,
    scheme: &str,
    place: (&Socket, SocketAddr),
    serve: impl FnOnce(Socket) + Send,
) -> Fetched {
    fetched_trusting(&[], stage, scheme, place, serve)
}

fn fetched_trusting(
    trusted: &[Vec<u8>],
    stage: &Stage,
    scheme: &str,
    (listener, address): (&Socket, SocketAddr),
    serve: impl FnOnce(Socket) + Send,
) -> Fetched {
    let target: Target = format!("{scheme}://{address}/").parse().unwrap();
    let settings = Settings {
        resolver: resolver::Settings::default(),
        connect: LIMIT,
        longest_body: 1 << 20,
        redirects: 5,
        verify: true,
        trusted: trusted.to_vec(),
        policy: Policy::ONCE,
    };
    let by = stage.recorder().deadline(LIMIT);
    thread::scope(|scope| {
        scope.spawn(move || serve(listener.accept().unwrap()));
        fetch::fetch(stage.recorder(), stage.eyes(), &target, &settings, &mut io::sink(), &by).unwrap()
    })
}

/// Takes the request, sends `bytes`, and closes in order.
fn says(bytes: &'static [u8]) -> impl FnOnce(Socket) + Send {
    move |served| {
        served.receive(4096).unwrap();
        served.send_all(bytes).unwrap();
        served.close();
    }
}

/// The same, and the end is a RST.
fn says_and_resets(bytes: &'static [u8]) -> impl FnOnce(Socket) + Send {
    move |served| {
        let served = served.with(Choice::ResetOnClose).unwrap();
        says(bytes)(served);
    }
}

/// The web server of `netfault peer`.
fn web_server(stage: &Stage, says: Says, paper: Option<Paper>) -> impl FnOnce(Socket) + Send {
    let identity = paper.map(|paper| Identity::new(paper, &[LOOPBACK.to_string()]).unwrap());
    let settings = web_server::Settings { says, ..web_server::Settings::default() };
    let server = WebServer::new(stage.recorder(), settings, identity);
    move |served| server.connection(served)
}

fn failure(fetched: Fetched) -> Failure {
    fetched.failure.unwrap_or_else(|| panic!("it came: {:#?}", fetched.body))
}

#[test]
fn a_body_that_only_the_end_of_the_connection_ends_is_no_short_body() {
    let stage = stage();
    let fetched = fetched(&stage, "http", says(b"HTTP/1.1 200 OK\r\n\r\nten bytes."));
    assert!(fetched.ok, "{:?}", fetched.failure);
    assert_eq!(fetched.body.unwrap().whole, None, "whether it is whole, nobody can tell");
}

#[test]
fn a_reset_in_the_body_is_a_reset_and_no_short_body() {
    let stage = stage();
    let answer = says_and_resets(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.");
    let failure = failure(fetched(&stage, "http", answer));
    assert!(failure.is("ECONNRESET"), "{failure}");
    assert_ne!(verdict(&stage, &failure), Some(Fault::ShortBody));
}

#[test]
fn a_body_that_is_longer_than_announced_is_no_short_body() {
    let stage = stage();
    let fetched = fetched(&stage, "http", says(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nten bytes."));
    assert!(fetched.ok, "{:?}", fetched.failure);
}

#[test]
fn a_page_that_speaks_of_an_error_has_no_error_status() {
    let stage = stage();
    let answer = says(b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n500 Internal Server Error");
    assert!(fetched(&stage, "http", answer).ok);
}

#[test]
fn a_body_of_an_error_page_that_is_cut_off_is_a_short_body_and_no_error_status() {
    let stage = stage();
    let answer = says(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 100\r\n\r\nten bytes.");
    let failure = failure(fetched(&stage, "http", answer));
    assert_eq!(verdict(&stage, &failure), Some(Fault::ShortBody));
}

#[test]
fn a_head_that_is_cut_off_is_not_proved_to_be_no_http() {
    let stage = stage();
    let failure = failure(fetched(&stage, "http", says(b"HTTP/1.1 200 OK\r\nContent-Le")));
    assert_ne!(stage.judge(&failure).confidence, Confidence::Proved, "{failure}");
}

#[test]
fn an_end_without_a_byte_is_no_reply_only_where_http_was_asked_for() {
    let stage = stage();
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    client.connect(address).unwrap();
    client.send_all(b"Ipin").unwrap();
    says(b"")(listener.accept().unwrap());
    assert_eq!(client.receive(64).unwrap(), b"");
    let failure = client.reject(Op::Receive, Why::Closed);
    stage.sockets(Tcp, address.port()).unwrap();
    assert_ne!(verdict(&stage, &failure), Some(Fault::NoReply));
}

#[test]
fn a_reset_without_a_byte_is_a_reset_and_not_no_reply() {
    let stage = stage();
    let failure = failure(fetched(&stage, "http", says_and_resets(b"")));
    assert!(failure.is("ECONNRESET"), "{failure}");
    assert_ne!(verdict(&stage, &failure), Some(Fault::NoReply));
}

#[test]
fn a_server_that_keeps_silent_is_waited_for_in_vain_and_not_no_reply() {
    let stage = stage();
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let silent = |served: Socket| {
        // Up to the end of the stream, which comes when the client gives up.
        while served.receive(4096).is_ok_and(|bytes| !bytes.is_empty()) {}
    };
    let failure = failure(fetched_from(&stage, "http", (&listener, address), silent));
    assert!(failure.is_timeout(), "{failure}");
    assert_ne!(verdict(&stage, &failure), Some(Fault::NoReply));
}

#[test]
fn what_an_earlier_connection_to_the_same_server_gave_is_not_held_against_this_one() {
    let stage = stage();
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let place = (&listener, address);
    let busy = web_server(&stage, Says::Error, None);
    let first = failure(fetched_from(&stage, "http", place, busy));
    let closes = web_server(&stage, Says::Nothing, None);
    let second = failure(fetched_from(&stage, "http", place, closes));
    let page = fetched_from(&stage, "http", place, web_server(&stage, Says::Page, None));
    assert!(page.ok, "{:?}", page.failure);
    assert_eq!(verdict(&stage, &first), Some(Fault::ErrorStatus));
    assert_eq!(verdict(&stage, &second), Some(Fault::NoReply));
}

#[test]
fn a_certificate_that_is_refused_is_no_other_protocol() {
    for paper in Paper::ALL {
        let stage = stage();
        let failure = failure(fetched(&stage, "https", web_server(&stage, Says::Page, Some(*paper))));
        assert_eq!(verdict(&stage, &failure), Some(Fault::TlsHandshake), "{}: {failure}", paper.name());
    }
}

#[test]
fn a_certificate_that_signed_itself_is_told_as_one_also_where_another_of_its_name_is_trusted() {
    let stage = stage();
    let namesake = Identity::new(Paper::SelfSigned, &[LOOPBACK.to_string()]).unwrap();
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let server = web_server(&stage, Says::Page, Some(Paper::SelfSigned));
    let trusted = [namesake.authority().to_vec()];
    let failure = failure(fetched_trusting(&trusted, &stage, "https", (&listener, address), server));
    assert!(matches!(failure.why, Why::Tls { refusal: Refusal::SelfSigned, .. }), "{failure}");
    assert_eq!(verdict(&stage, &failure), Some(Fault::TlsHandshake));
}

#[test]
fn tls_towards_a_plain_port_is_a_handshake_that_failed_and_not_a_web_server_that_is_none() {
    let stage = stage();
    let failure = failure(fetched(&stage, "https", web_server(&stage, Says::Page, None)));
    assert_eq!(verdict(&stage, &failure), Some(Fault::TlsHandshake), "{failure}");
}

#[test]
fn plain_http_towards_a_tls_port_is_no_handshake_that_failed() {
    let stage = stage();
    let failure = failure(fetched(&stage, "http", web_server(&stage, Says::Page, Some(Paper::Good))));
    assert_eq!(verdict(&stage, &failure), Some(Fault::NotHttp), "{failure}");
}

#[test]
fn a_server_that_closes_in_the_handshake_shows_no_certificate_and_nothing_is_proved() {
    let stage = stage();
    let failure = failure(fetched(&stage, "https", says(b"")));
    assert_ne!(stage.judge(&failure).confidence, Confidence::Proved, "{failure}");
}
