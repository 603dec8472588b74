//! The stages of a page as a person reads them at a glance.

use super::made::{
    URL, at, body, certificate, failed_in, failure, hop, micros, page, refused, resolved, response,
    secure_page, stages,
};
use insta::assert_snapshot;
use netfault::failure::{Op, Protocol, Refusal, Why};
use netfault::lang::Lang;
use netfault::report::{Look, fetched};
use netfault::trace::{Body, Evidence, Fact, Fetched, Framing, Resolved, Source, StageName, Tried, Via};

const LOOK: Look = Look { lang: Lang::En, width: 100, colour: false, ascii: false };

fn every_width(name: &str, page: &Fetched) {
    let drawn = [60, 100, 160].map(|width| fetched(page, &Look { width, ..LOOK }));
    assert_snapshot!(name, drawn.join("\n"));
}

#[test]
fn a_page_at_every_width() {
    every_width("page", &page());
    every_width("secure_page", &secure_page());
}

#[test]
fn a_page_in_indonesian_in_ascii_and_in_colours() {
    let told = Look { lang: Lang::Id, ..LOOK };
    let plain = Look { ascii: true, ..told };
    let drawn = [told, plain].map(|look| fetched(&secure_page(), &look));
    assert!(drawn[1].is_ascii(), "{}", drawn[1]);
    assert_snapshot!("in_indonesian", drawn.join("\n"));
    let bright = Look { colour: true, ..LOOK };
    let why = failure(Op::Receive, "127.0.0.1:8080", Why::Closed);
    let pages = [page(), failed_in(StageName::FirstByte, why)];
    assert_snapshot!("in_colours", pages.map(|page| fetched(&page, &bright)).join("\n"));
}

#[test]
fn a_failure_in_each_stage() {
    let limit = micros(2_000_000);
    let closed = |peer| failure(Op::Receive, peer, Why::Closed);
    let name = Why::Unresolved { name: "nosuch.test".into(), message: "NXDOMAIN".into() };
    let tls =
        Why::Tls { refusal: Refusal::Expired, said: "invalid peer certificate: certificate expired".into() };
    let short = Why::ShortBody { got: 100, wanted: Some(1256) };
    let mut secure = failed_in(StageName::Tls, failure(Op::Receive, "127.0.0.1:8443", tls));
    let shown = Fact::Certificate(certificate());
    secure.evidence.push(Evidence { source: Source::Tls, at: micros(1000), fact: shown });
    let mut unreachable = failed_in(StageName::Connect, refused("[::1]:8080"));
    unreachable.hops[0].tried = ["127.0.0.1:8080", "[::1]:8080"]
        .map(|peer| Tried { address: at(peer), failure: Some(refused(peer)) })
        .to_vec();
    let mut short = failed_in(StageName::Body, failure(Op::Receive, "127.0.0.1:8080", short));
    short.body = Some(Body { bytes: 100, bytes_received: 100, whole: Some(false), ..body() });
    let pages = [
        failed_in(StageName::Name, failure(Op::Query, "127.0.0.1:53", name)),
        unreachable,
        secure,
        failed_in(StageName::Request, closed("127.0.0.1:8080")),
        failed_in(StageName::FirstByte, failure(Op::Receive, "127.0.0.1:8080", Why::Deadline { limit })),
        short,
    ];
    let drawn: Vec<String> = pages.iter().map(|page| fetched(page, &LOOK)).collect();
    assert_snapshot!("failures", drawn.join("\n"));
    let narrow = Look { width: 60, lang: Lang::Id, ascii: true, ..LOOK };
    let drawn: Vec<String> = pages.iter().map(|page| fetched(page, &narrow)).collect();
    assert_snapshot!("failures_narrow_in_indonesian", drawn.join("\n"));
    for page in &pages {
        assert!(fetched(page, &LOOK).contains('✗'), "without colours it does not show what failed");
    }
}

#[test]
fn a_status_that_is_no_success_is_no_failure_of_the_way() {
    let mut missing = page();
    missing.hops[0].response = Some(response(404, "Not Found"));
    missing.hops[0].stages[4].ok = false;
    let status = failure(Op::Receive, "127.0.0.1:8080", Why::Status { code: 404 });
    (missing.hops[0].failure, missing.failure, missing.ok) = (Some(status.clone()), Some(status), false);
    let drawn = fetched(&missing, &LOOK);
    assert_eq!(drawn.matches('✗').count(), 1, "{drawn}");
    assert_snapshot!("status", drawn);
}

#[test]
fn what_names_and_addresses_came_to_is_told() {
    let mut page = page();
    let name = page.hops[0].resolved.as_mut().unwrap();
    name.name = "www.example.test".into();
    name.aliases = vec!["edge.example.test".into(), "a.edge.example.test".into()];
    name.addresses = (1..=7).map(|last| format!("192.0.2.{last}").parse().unwrap()).collect();
    name.via = Via::Server { server: at("192.0.2.53:53"), over: Protocol::Udp };
    name.system = Some(vec!["127.0.0.1".parse().unwrap()]);
    page.hops[0].tried = vec![
        Tried { address: at("[::1]:8080"), failure: Some(refused("[::1]:8080")) },
        Tried { address: at("192.0.2.7:8080"), failure: None },
        Tried { address: at("127.0.0.1:8080"), failure: None },
    ];
    let mut unknown = page.clone();
    unknown.hops[0].resolved.as_mut().unwrap().system = Some(Vec::new());
    let drawn = [page, unknown].map(|page| fetched(&page, &LOOK));
    assert_snapshot!("names", drawn.join("\n"));
}

#[test]
fn redirections_and_repetitions_are_blocks_of_their_own() {
    let took = [(StageName::Name, 300), (StageName::Connect, 200), (StageName::FirstByte, 2000)];
    let mut first = hop(stages(0, &took));
    let mut moved = response(302, "Found");
    moved.location = Some("/new".into());
    first.response = Some(moved);
    let mut second = hop(stages(2500, &took));
    second.url = format!("{URL}new");
    second.response = None;
    let closed = failure(Op::Receive, "127.0.0.1:8080", Why::Closed);
    second.failure = Some(closed);
    second.stages[2].ok = false;
    let mut third = page().hops.remove(0);
    third.url.clone_from(&second.url);
    third.attempt = 2;
    for stage in &mut third.stages {
        stage.at += micros(84_000);
    }
    let whole = Fetched { hops: vec![first, second, third], seconds: micros(93_340), ..page() };
    every_width("redirected", &whole);
}

#[test]
fn a_redirection_too_many_is_told_below_the_last() {
    let took = [(StageName::Name, 300), (StageName::Connect, 200), (StageName::FirstByte, 2000)];
    let mut first = hop(stages(0, &took));
    let mut moved = response(302, "Found");
    moved.location = Some("/".into());
    first.response = Some(moved);
    let why = failure(Op::Receive, "127.0.0.1:8080", Why::Redirected { times: 1, circle: true });
    let page = Fetched { hops: vec![first], failure: Some(why), ok: false, body: None, ..page() };
    assert_snapshot!("circle", fetched(&page, &LOOK));
}

#[test]
fn what_is_odd_about_a_body_is_told() {
    let mut packed = page();
    packed.hops[0].response.as_mut().unwrap().content_encoding = Some("gzip".into());
    packed.body = Some(Body { bytes: 4096, ..body() });
    let mut latin = page();
    latin.hops[0].response.as_mut().unwrap().content_type = None;
    latin.hops[0].response.as_mut().unwrap().framing = Framing::Close;
    latin.body = Some(Body { charset: "windows-1252".into(), whole: None, replaced: true, ..body() });
    let mut unchecked = secure_page();
    unchecked.hops[0].tls.as_mut().unwrap().verified = false;
    unchecked.hops[0].resolved = Some(resolved(Via::System));
    let mut long = page();
    long.hops[0].stages[4].took = micros(512_000);
    long.seconds = micros(521_000);
    long.body = Some(Body { bytes: 1_000_000_000, bytes_received: 1_000_000_000, ..body() });
    packed.hops[0].resolved = Some(Resolved { name: "127.0.0.1".into(), ..resolved(Via::Literal) });
    let drawn = [packed, latin, unchecked, long].map(|page| fetched(&page, &LOOK));
    assert_snapshot!("bodies", drawn.join("\n"));
}

#[test]
fn nothing_that_a_server_sends_moves_the_cursor() {
    let mut hostile = page();
    hostile.hops[0].url = "http://localhost:8080/\u{1b}[2J".into();
    let told = hostile.hops[0].response.as_mut().unwrap();
    told.reason = "OK\u{1b}[2J\r".into();
    told.content_type = Some("text/\u{9b}31m\u{202e}html".into());
    hostile.hops[0].resolved.as_mut().unwrap().aliases = vec!["a\u{7}.test".into()];
    let drawn = fetched(&hostile, &LOOK);
    assert!(!drawn.chars().any(|c| c != '\n' && c.is_control() || c == '\u{202e}'), "{drawn:?}");
    assert!(drawn.contains("\\u{1b}[2J"), "{drawn}");
}

#[test]
fn no_line_is_wider_than_the_window_and_no_bar_leaves_its_place() {
    let mut long = secure_page();
    long.hops[0].url = format!("http://localhost:8080/{}", "a/".repeat(500));
    for width in 60..=160 {
        for ascii in [false, true] {
            for lang in [Lang::En, Lang::Id] {
                let drawn = fetched(&long, &Look { width, ascii, lang, ..LOOK });
                for line in drawn.lines() {
                    assert!(line.chars().count() <= width, "{width}: {line}");
                }
                assert!(!ascii || drawn.is_ascii(), "{drawn}");
            }
        }
    }
}
