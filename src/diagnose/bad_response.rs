//! A web server that answered something else than the page: what came says it itself, and is kept as facts.

use super::case::Case;
use crate::failure::{Op, Refusal, Why};
use crate::fault::Fault;
use crate::trace::{Because, Certificate, Confidence, Fact, Framing, Response, SocketState, Verdict};
use std::net::SocketAddr;

// Causes on the pages, by their place there.
/// error-status: the server's program failed.
const PROGRAM_FAILED: usize = 1;
/// error-status: overloaded, or what is behind it is out of reach.
const OVERLOADED: usize = 2;
/// error-status: redirections that lead nowhere.
const REDIRECTED: usize = 3;
/// not-http: one side speaks TLS, the other does not.
const TLS_ON_ONE_SIDE: usize = 1;
/// no-reply: another protocol is spoken there.
const OTHER_PROTOCOL: usize = 2;
/// tls-handshake: the certificate is for another name, or out of date.
const NAME_OR_DATE: usize = 1;
/// tls-handshake: the port speaks plain HTTP.
const PLAIN: usize = 2;
/// tls-handshake: no version or cipher in common.
const TOO_OLD: usize = 3;

/// The head came whole, and the body ended before the end that the head announced.
pub(super) fn short_body(case: &Case) -> Option<Verdict> {
    let Why::ShortBody { got, wanted } = case.failure.why else { return None };
    let (response, cite) = response(case)?;
    let announced = match response.framing {
        Framing::ContentLength => response.length == wanted && wanted > Some(got),
        Framing::Chunked => wanted.is_none(),
        Framing::NoBody | Framing::Close => false,
    };
    // A RST would have been told as one: that a read gave nothing is an orderly end.
    announced.then(|| {
        Verdict::of(Fault::ShortBody, Confidence::Proved, case)
            .because([cite])
            .rules_out(&[Fault::NoReply, Fault::NotHttp], cite)
    })
}

/// The response has a status that is no success, or redirections that lead nowhere.
pub(super) fn error_status(case: &Case) -> Option<Verdict> {
    let (response, cite) = response(case)?;
    let says_so = match case.failure.why {
        Why::Status { code } => response.status == code,
        Why::Redirected { .. } => (300..400).contains(&response.status),
        _ => false,
    };
    let secure = secure_after_all(case);
    says_so.then(|| {
        Verdict::of(Fault::ErrorStatus, Confidence::Proved, case)
            .because([cite])
            .because(secure)
            .rules_out(&[Fault::NotHttp, Fault::NoReply], cite)
            .with_cause(match response.status {
                300..400 => Some(REDIRECTED),
                429 | 502..=504 => Some(OVERLOADED),
                500..600 => Some(PROGRAM_FAILED),
                _ => None,
            })
    })
}

/// What came is not HTTP: from its first bytes on, or in what frames the body.
pub(super) fn not_http(case: &Case) -> Option<Verdict> {
    let Why::NotHttp { .. } = case.failure.why else { return None };
    let first_bytes = first_bytes(case);
    let alert = first_bytes.is_some_and(|(known, _)| known.is_some_and(|known| known.contains("TLS")));
    let speaks_tls = alert || secure_after_all(case).is_some();
    let verdict = |confidence, cite| {
        Verdict::of(Fault::NotHttp, confidence, case)
            .because([cite])
            .because(secure_after_all(case))
            .rules_out(&[Fault::NoReply, Fault::ErrorStatus], cite)
            .with_cause(speaks_tls.then_some(TLS_ON_ONE_SIDE))
    };

    // Where a head came, or began to, it was HTTP so far, and what broke it may have happened on the way.
    match (response(case), first_bytes) {
        (Some((_, cite)), _) | (None, Some((Some("HTTP"), cite))) => {
            Some(verdict(Confidence::Consistent, cite))
        }
        (None, Some((_, cite))) => Some(verdict(Confidence::Proved, cite)),
        (None, None) => None,
    }
}

/// The server took the request, and closed in order without a byte.
pub(super) fn no_reply(case: &Case) -> Option<Verdict> {
    let peer = web_server(case)?;
    let (length, request) = case.fact_since_made(|fact| match fact {
        Fact::Request(request) if request.peer == peer => Some(request.bytes),
        _ => None,
    })?;
    let nothing_came =
        case.moved(Op::Receive, |call| call.peer == Some(peer) && call.local == case.failure.call.local);
    if case.failure.why != Why::Closed || nothing_came.is_some_and(|(bytes, _)| bytes > 0) {
        return None;
    }
    // The own end waits to be closed, and all that it sent was acknowledged: the other end read on, or at least lived.
    let closed = case.after().and_then(|reading| {
        let own =
            reading.rows.iter().find(|row| Some(row.local) == case.failure.call.local && row.peer == peer)?;
        let acknowledged = own.tcp.is_some_and(|tcp| tcp.bytes_acknowledged >= length as u64);
        (own.state == SocketState::CloseWait && acknowledged).then_some(reading.cite)
    });
    let confidence = if closed.is_some() { Confidence::Proved } else { Confidence::Consistent };
    Some(
        Verdict::of(Fault::NoReply, confidence, case)
            .because([request])
            .because(closed)
            .because(secure_after_all(case))
            .rules_out(&[Fault::ShortBody, Fault::NotHttp, Fault::LingerZero], closed.unwrap_or(request))
            .with_cause(secure_after_all(case).map(|_| OTHER_PROTOCOL)),
    )
}

/// The two sides did not agree on TLS.
pub(super) fn tls_handshake(case: &Case) -> Option<Verdict> {
    let Why::Tls { refusal, .. } = case.failure.why else { return None };
    let shown = case.fact_since_made(|fact| match fact {
        Fact::Certificate(certificate) if Some(certificate.peer) == case.failure.call.peer => {
            Some(certificate)
        }
        _ => None,
    });
    let backed = shown.filter(|(certificate, _)| says(certificate, refusal)).map(|(_, cite)| cite);
    // What came instead of a handshake: other bytes, or an alert that ends it.
    let answered = matches!(refusal, Refusal::NotTls | Refusal::Alert | Refusal::NothingInCommon);
    let instead = first_bytes(case).filter(|_| answered).map(|(_, cite)| cite);
    let cite = backed.or(instead);
    let confidence = if cite.is_some() { Confidence::Proved } else { Confidence::Consistent };
    let others: &[Fault] =
        if backed.is_some() { &[Fault::NotHttp, Fault::NoReply] } else { &[Fault::NoReply] };
    let by = cite.or_else(|| shown.map(|(_, cite)| cite)).unwrap_or(case.failed());
    let of_page = match refusal {
        Refusal::Expired | Refusal::NotYetValid | Refusal::WrongName => Some(NAME_OR_DATE),
        Refusal::NotTls => Some(PLAIN),
        Refusal::NothingInCommon => Some(TOO_OLD),
        _ => None,
    };
    Some(
        Verdict::of(Fault::TlsHandshake, confidence, case)
            .because(cite)
            .rules_out(others, by)
            .with_cause(of_page),
    )
}

/// Whether the certificate itself says why it was refused.
fn says(certificate: &Certificate, refusal: Refusal) -> bool {
    match refusal {
        // RFC 3339 in UTC: the order of texts is that of times.
        Refusal::Expired => certificate.not_after < certificate.seen,
        Refusal::NotYetValid => certificate.not_before > certificate.seen,
        Refusal::WrongName => !certificate.names.contains(&certificate.asked),
        Refusal::SelfSigned => certificate.self_signed,
        Refusal::UnknownIssuer => !certificate.self_signed,
        _ => false,
    }
}

/// A certificate that was shown on a port that was asked for plain HTTP: it speaks TLS.
fn secure_after_all(case: &Case) -> Option<Because> {
    let peer = case.failure.call.peer;
    let shown = case.fact_since_made(|fact| match fact {
        Fact::Certificate(certificate) if Some(certificate.peer) == peer => Some(()),
        _ => None,
    });
    let plain = case.fact_since_made(|fact| match fact {
        Fact::Request(request) if Some(request.peer) == peer => Some(request.url.starts_with("http:")),
        _ => None,
    });
    shown.filter(|_| plain.is_some_and(|(plain, _)| plain)).map(|((), cite)| cite)
}

/// The other end of a call that received.
fn web_server(case: &Case) -> Option<SocketAddr> {
    case.failure.call.peer.filter(|_| case.failure.call.op == Op::Receive)
}

fn response<'a>(case: &Case<'a>) -> Option<(&'a Response, Because)> {
    let peer = web_server(case)?;
    case.fact_since_made(|fact| match fact {
        Fact::Response(response) if response.peer == peer => Some(response),
        _ => None,
    })
}

/// What the first bytes look like, where they were kept.
fn first_bytes<'a>(case: &Case<'a>) -> Option<(Option<&'a str>, Because)> {
    let from = web_server(case)?;
    case.fact_since_made(|fact| match fact {
        Fact::FirstBytes { peer, looks_like, .. } if *peer == from => Some(looks_like.as_deref()),
        _ => None,
    })
}
