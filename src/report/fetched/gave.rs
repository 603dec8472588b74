//! What each stage gave, or what failed in it.

use super::{amount, rate, took};
use crate::failure::{Failure, Why};
use crate::knowledge::Terms;
use crate::trace::{
    Body, Certificate, Evidence, Fact, Fetched, Hop, Resolved, Response, Secured, Stage, StageName, Via,
};
use std::fmt::Display;
use std::net::IpAddr;
use std::time::Duration;

/// More addresses or names than this are counted.
const MANY: usize = 4;

/// Something that is said of a stage.
pub(super) struct Said {
    pub(super) text: String,
    pub(super) tone: Tone,
}

/// How it is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Failed,
    Doubtful,
}

impl Said {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Plain }
    }

    pub(super) fn failed(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Failed }
    }

    fn doubtful(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Doubtful }
    }
}

/// What `stage` of request `number` gave.
pub(super) fn gave(found: &Fetched, number: usize, stage: &Stage, terms: &Terms) -> Vec<Said> {
    let hop = &found.hops[number];
    let is_last = number + 1 == found.hops.len();
    let mut said = match stage.name {
        StageName::Name => hop.resolved.as_ref().map_or_else(Vec::new, |found| name(found, terms)),
        StageName::Connect => connect(hop, stage, terms),
        StageName::Tls => hop.tls.as_ref().map_or_else(Vec::new, |tls| secured(tls, terms)),
        StageName::Request => request(&seen(found, number), terms),
        StageName::FirstByte => hop.response.iter().map(answer).collect(),
        StageName::Body => {
            let body = found.body.as_ref().filter(|_| is_last);
            body_said(body, hop.response.as_ref(), stage.took, terms)
        }
    };
    if !stage.ok {
        said.splice(0..0, failed(hop, stage));
        said.extend(shown(&seen(found, number), stage, terms));
    }
    said.retain(|one| !one.text.is_empty());
    said
}

/// `www.example.org → edge.example.org → 192.0.2.1, 2001:db8::1 (name server 192.0.2.53:53 over udp)`
fn name(found: &Resolved, terms: &Terms) -> Vec<Said> {
    let by = match found.via {
        Via::Literal => return vec![Said::plain(format!("{} {}", found.name, terms.by_literal))],
        Via::Hosts => format!(" ({})", terms.by_hosts),
        Via::Server { server, over } => {
            let by = terms.by_server.replace("{server}", &server.to_string());
            format!(" ({})", by.replace("{over}", &over.to_string()))
        }
        Via::System => " (getaddrinfo)".to_owned(),
    };
    let names = [&found.name].into_iter().chain(&found.aliases).map(String::as_str);
    let path: Vec<String> = names.map(str::to_owned).chain([listed(&found.addresses, terms)]).collect();
    let mut said = vec![Said::plain(format!("{}{by}", path.join(" → ")))];
    if let Some(system) = &found.system {
        said.push(Said::doubtful(other(system, terms)));
    }
    said
}

/// What programs get that ask the system.
fn other(system: &[IpAddr], terms: &Terms) -> String {
    if system.is_empty() {
        terms.system_has_none.to_owned()
    } else {
        terms.system_says.replace("{addresses}", &listed(system, terms))
    }
}

/// The address that was taken, then each that was not to be had.
fn connect(hop: &Hop, stage: &Stage, terms: &Terms) -> Vec<Said> {
    let taken = hop.peer.filter(|_| stage.ok).map(|peer| Said::plain(peer.to_string()));
    let others = hop.tried.iter().filter(|tried| Some(tried.address) != hop.peer || tried.failure.is_some());
    let others = others.map(|tried| match &tried.failure {
        Some(failure) => {
            let text = format!("{}: {} ({})", tried.address, reason(failure), took(failure.elapsed));
            if stage.ok { Said::doubtful(text) } else { Said::failed(text) }
        }
        None => Said::plain(format!("{}: {}", tried.address, terms.given_up)),
    });
    taken.into_iter().chain(others).collect()
}

/// `TLSv1.3, certificate for example.org until 2027-01-01`
fn secured(tls: &Secured, terms: &Terms) -> Vec<Said> {
    let certificate = tls.certificate.as_ref().map(|certificate| {
        let line = terms.certificate_for.replace("{names}", &names_of(certificate, terms));
        line.replace("{until}", day(&certificate.not_after))
    });
    let parts: Vec<String> = [Some(tls.version.clone()), certificate].into_iter().flatten().collect();
    let checked = (!tls.verified).then(|| Said::doubtful(terms.not_checked));
    [Said::plain(parts.join(", "))].into_iter().chain(checked).collect()
}

fn request(seen: &[&Evidence], terms: &Terms) -> Vec<Said> {
    let sent = seen.iter().find_map(|one| match &one.fact {
        Fact::Request(sent) => Some(format!("{}, {}", sent.method, amount(sent.bytes as u64, terms))),
        _ => None,
    });
    sent.map(Said::plain).into_iter().collect()
}

/// `200 OK`, `302 Found → /elsewhere`
fn answer(response: &Response) -> Said {
    let to = response.location.as_ref().filter(|_| (300..400).contains(&response.status));
    let to = to.map(|to| format!(" → {to}")).unwrap_or_default();
    let text = format!("{}{to}", status(response));
    if response.status < 400 { Said::plain(text) } else { Said::failed(text) }
}

/// `404 Not Found`
pub(super) fn status(response: &Response) -> String {
    format!("{} {}", response.status, response.reason).trim_end().to_owned()
}

/// `1256 bytes, text/html; charset=utf-8`
fn body_said(body: Option<&Body>, response: Option<&Response>, time: Duration, terms: &Terms) -> Vec<Said> {
    let kind = response.and_then(|response| response.content_type.clone());
    let Some(body) = body else { return kind.map(Said::plain).into_iter().collect() };
    let packed = response.and_then(|response| response.content_encoding.as_deref());
    let size = match packed.filter(|_| body.bytes != body.bytes_received) {
        Some(encoding) => terms
            .unpacked
            .replace("{bytes}", &amount(body.bytes, terms))
            .replace("{packed}", &amount(body.bytes_received, terms))
            .replace("{encoding}", encoding),
        None => amount(body.bytes_received, terms),
    };
    let is_named = kind.as_ref().is_some_and(|kind| names(kind, &body.charset));
    let charset = !(body.charset.is_empty() || is_named || body.bytes == 0);
    let read_as = charset.then(|| terms.read_as.replace("{charset}", &body.charset));
    let speed = rate(body.bytes_received, time);
    let parts: Vec<String> = [Some(size), kind, read_as, speed].into_iter().flatten().collect();
    let mut said = vec![Said::plain(parts.join(", "))];
    if body.replaced {
        said.push(Said::doubtful(terms.not_in_charset.replace("{charset}", &body.charset)));
    }
    if body.whole.is_none() {
        said.push(Said::doubtful(terms.end_untold));
    }
    said
}

/// Whether a `Content-Type` names this character set.
fn names(kind: &str, charset: &str) -> bool {
    kind.to_ascii_lowercase().contains(&charset.to_ascii_lowercase())
}

/// Why a stage failed; the addresses that could not be connected to are told one by one.
fn failed(hop: &Hop, stage: &Stage) -> Option<Said> {
    let each_is_told = stage.name == StageName::Connect && hop.tried.iter().any(|one| one.failure.is_some());
    hop.failure.as_ref().filter(|_| !each_is_told).map(|failure| Said::failed(place(failure)))
}

/// The failure, and where it was met.
fn place(failure: &Failure) -> String {
    let why = reason(failure);
    failure.call.address().map_or_else(|| why.clone(), |address| format!("{address}: {why}"))
}

/// Why, in words. Where a time-out was set on the socket, the kernel says "try again" when it is over (socket(7)),
/// which nobody should.
pub fn reason(failure: &Failure) -> String {
    if failure.is("EAGAIN") {
        return Why::Deadline { limit: failure.elapsed }.to_string();
    }
    failure.why.to_string()
}

/// What was seen that explains a stage that failed.
fn shown(seen: &[&Evidence], stage: &Stage, terms: &Terms) -> Vec<Said> {
    let of_stage = |one: &&Evidence| match (&one.fact, stage.name) {
        (Fact::Certificate(certificate), StageName::Tls) => Some(issued(certificate, terms)),
        (Fact::FirstBytes { .. }, StageName::Tls | StageName::FirstByte) => Some(one.fact.to_string()),
        (Fact::DnsReply { .. } | Fact::DnsSilence { .. } | Fact::DnsIgnored { .. }, StageName::Name) => {
            Some(one.fact.to_string())
        }
        _ => None,
    };
    seen.iter().filter_map(of_stage).take(MANY).map(Said::plain).collect()
}

/// `certificate for example.org, from 2020-01-01 to 2021-01-01, signed by CN=Example CA`
fn issued(certificate: &Certificate, terms: &Terms) -> String {
    let by = if certificate.self_signed { terms.itself } else { &certificate.issuer };
    terms
        .certificate_issued
        .replace("{names}", &names_of(certificate, terms))
        .replace("{from}", day(&certificate.not_before))
        .replace("{until}", day(&certificate.not_after))
        .replace("{issuer}", by)
}

fn names_of(certificate: &Certificate, terms: &Terms) -> String {
    if certificate.names.is_empty() { certificate.subject.clone() } else { listed(&certificate.names, terms) }
}

/// The day of a time in RFC 3339.
fn day(time: &str) -> &str {
    time.get(..10).unwrap_or(time)
}

/// Some, and how many more there are.
fn listed<T: Display>(items: &[T], terms: &Terms) -> String {
    let shown = items.iter().take(MANY).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match items.len().checked_sub(MANY) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} {}", terms.and_more.replace("{number}", &more.to_string())),
    }
}

/// What was seen in the time of one request.
fn seen(found: &Fetched, number: usize) -> Vec<&Evidence> {
    let begin = |hop: &Hop| hop.stages.first().map(|stage| stage.at);
    let from = begin(&found.hops[number]).unwrap_or_default();
    let until = found.hops.get(number + 1).and_then(begin).unwrap_or(Duration::MAX);
    found.evidence.iter().filter(|one| (from..until).contains(&one.at)).collect()
}
