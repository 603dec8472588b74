//! Pages that were fetched, made by hand: the same each time.

use netfault::failure::{Call, Errno, Failure, Op, Protocol, Why};
use netfault::trace::{
    Body, Certificate, Evidence, Fact, Fetched, Framing, Hop, Request, Resolved, Response, Secured, Source,
    Stage, StageName, Tried, Via,
};
use std::net::SocketAddr;
use std::time::Duration;

pub(crate) const URL: &str = "http://localhost:8080/";

pub(crate) fn at(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

pub(crate) fn micros(micros: u64) -> Duration {
    Duration::from_micros(micros)
}

/// Stages one after the other from `start`, in microseconds; all of them went well.
pub(crate) fn stages(start: u64, took: &[(StageName, u64)]) -> Vec<Stage> {
    let mut now = start;
    let stage = |(name, took): &(StageName, u64)| {
        let stage = Stage { name: *name, at: micros(now), took: micros(*took), ok: true };
        now += took;
        stage
    };
    took.iter().map(stage).collect()
}

pub(crate) fn resolved(via: Via) -> Resolved {
    Resolved {
        name: "localhost".to_owned(),
        addresses: vec!["127.0.0.1".parse().unwrap(), "::1".parse().unwrap()],
        aliases: Vec::new(),
        via,
        system: None,
    }
}

pub(crate) fn response(status: u16, reason: &str) -> Response {
    Response {
        peer: at("127.0.0.1:8080"),
        status,
        reason: reason.to_owned(),
        framing: Framing::ContentLength,
        length: Some(1256),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        content_encoding: None,
        location: None,
        retry_after: None,
        server: None,
        head_bytes: 120,
    }
}

pub(crate) fn body() -> Body {
    Body {
        bytes_received: 1256,
        bytes: 1256,
        whole: Some(true),
        charset: "utf-8".to_owned(),
        text: "<p>Halo</p>".to_owned(),
        replaced: false,
        more: true,
    }
}

pub(crate) fn hop(stages: Vec<Stage>) -> Hop {
    Hop {
        url: URL.to_owned(),
        attempt: 1,
        stages,
        resolved: Some(resolved(Via::Hosts)),
        tried: vec![Tried { address: at("127.0.0.1:8080"), failure: None }],
        peer: Some(at("127.0.0.1:8080")),
        tls: None,
        response: Some(response(200, "OK")),
        failure: None,
    }
}

const PLAIN: [(StageName, u64); 5] = [
    (StageName::Name, 400),
    (StageName::Connect, 200),
    (StageName::Request, 40),
    (StageName::FirstByte, 8200),
    (StageName::Body, 500),
];

/// A page as it should be.
pub(crate) fn page() -> Fetched {
    let request =
        Request { peer: at("127.0.0.1:8080"), method: "GET".to_owned(), url: URL.to_owned(), bytes: 78 };
    let evidence = Evidence { source: Source::Http, at: micros(640), fact: Fact::Request(request) };
    Fetched {
        url: URL.to_owned(),
        ok: true,
        hops: vec![hop(stages(0, &PLAIN))],
        body: Some(body()),
        evidence: vec![evidence],
        seconds: micros(9340),
        ..Fetched::default()
    }
}

pub(crate) fn certificate() -> Certificate {
    Certificate {
        peer: at("127.0.0.1:8443"),
        asked: "localhost".to_owned(),
        subject: "CN=example.test".to_owned(),
        issuer: "CN=Example CA".to_owned(),
        names: vec!["example.test".to_owned(), "www.example.test".to_owned()],
        not_before: "2026-01-01T00:00:00Z".to_owned(),
        not_after: "2027-01-01T00:00:00Z".to_owned(),
        seen: "2026-11-25T12:00:00Z".to_owned(),
        self_signed: false,
        chain: 2,
    }
}

/// The same over TLS.
pub(crate) fn secure_page() -> Fetched {
    let mut page = page();
    let mut took = PLAIN.to_vec();
    took.insert(2, (StageName::Tls, 3100));
    page.hops[0].stages = stages(0, &took);
    page.hops[0].tls = Some(Secured {
        version: "TLSv1.3".to_owned(),
        cipher: "TLS13_AES_256_GCM_SHA384".to_owned(),
        certificate: Some(certificate()),
        verified: true,
    });
    page.seconds = micros(12_440);
    page
}

pub(crate) fn failure(op: Op, peer: &str, why: Why) -> Failure {
    let call = Call { peer: Some(at(peer)), ..Call::new(op, Protocol::Tcp) };
    Failure { call, why, elapsed: micros(150) }
}

pub(crate) fn refused(peer: &str) -> Failure {
    let name = "ECONNREFUSED".into();
    failure(Op::Connect, peer, Why::Errno(Errno { name, code: 111, message: "Connection refused".into() }))
}

/// A page of which nothing came after `stage`, which failed.
pub(crate) fn failed_in(stage: StageName, why: Failure) -> Fetched {
    let mut page = if stage == StageName::Tls { secure_page() } else { page() };
    let hop = &mut page.hops[0];
    let end = hop.stages.iter().position(|one| one.name == stage).unwrap();
    hop.stages.truncate(end + 1);
    hop.stages[end].ok = false;
    page.seconds = hop.stages[end].at + hop.stages[end].took;
    (hop.resolved, hop.peer, hop.response, hop.tls) = match stage {
        StageName::Name => (None, None, None, None),
        StageName::Connect => (hop.resolved.clone(), None, None, None),
        StageName::Body => (hop.resolved.clone(), hop.peer, hop.response.clone(), None),
        _ => (hop.resolved.clone(), hop.peer, None, None),
    };
    if stage == StageName::Name {
        hop.tried.clear();
    }
    if stage != StageName::Body {
        page.body = None;
    }
    if stage < StageName::Request {
        page.evidence.clear();
    }
    hop.failure = Some(why.clone());
    page.failure = Some(why);
    page.ok = false;
    page
}
