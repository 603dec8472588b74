//! A page as a target: which stage on the way to it fails, and why.

use super::page::judge;
use crate::evidence::Eyes;
use crate::failure::Why;
use crate::fetch::{self, Settings, Target};
use crate::resolver;
use crate::retry::Policy;
use crate::trace::{Deadline, Diagnosis, Fact, Fetched, Health, Reached, Recorder, Source};
use crate::witness;
use std::env;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

/// More of a body is not looked at.
const ENOUGH: u64 = 1 << 20;
/// Where programs look for a proxy, curl(1): upper case counts too, but for `HTTP_PROXY`, which a CGI request could set.
const PROXY_VARIABLES: &[&str] = &["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// Fetches `target` once, with `servers` for its name where there are any, and tells what is the matter.
pub fn http(recorder: &Recorder, target: &Target, servers: &[SocketAddr], by: &Deadline) -> Diagnosis {
    let eyes = Arc::new(Eyes::new(recorder));
    // Where nobody looks, a verdict is less sure.
    let _ = witness::watch_with(recorder, Arc::clone(&eyes));
    let settings = Settings {
        resolver: resolver::Settings {
            servers: (!servers.is_empty()).then(|| servers.to_vec()),
            ..resolver::Settings::default()
        },
        connect: by.limit(),
        longest_body: ENOUGH,
        redirects: 5,
        verify: true,
        trusted: Vec::new(),
        policy: Policy::ONCE,
    };
    keep_proxy_variables(&eyes, target);
    let fetched = fetch::fetch(recorder, &eyes, target, &settings, &mut io::sink(), by);
    // Nobody takes the body, so nobody can refuse it.
    let mut fetched = fetched.unwrap_or_default();
    leave_off(&mut fetched);
    if let Some(Why::NotHttp { .. } | Why::Status { code: 400 } | Why::Closed) =
        fetched.failure.as_ref().map(|failure| &failure.why)
    {
        fetch::look_for_tls(recorder, &eyes, &fetched.hops, by);
        (fetched.events, fetched.evidence) = (recorder.events(), eyes.seen());
    }
    judge(&mut fetched);
    let Fetched { hops, verdict, evidence, events, next, failure, .. } = fetched;
    let status = match &verdict {
        None => Health::Healthy,
        Some(verdict) if verdict.fault.is_some() => Health::Fault,
        // What a page's server answered is at fault also where no rule has a name for it.
        Some(_) if hops.iter().any(|hop| hop.peer.is_some()) && failure.is_some() => Health::Fault,
        Some(_) => Health::Inconclusive,
    };
    let tried = hops.last().map(|hop| hop.tried.as_slice()).unwrap_or_default();
    let addresses = tried.iter().map(|one| {
        let status = if one.failure.is_some() { Health::Fault } else { Health::Healthy };
        Reached { address: one.address, status, verdict: None }
    });
    let (target, addresses) = (format!("http {target}"), addresses.collect());
    Diagnosis { target, status, verdict, addresses, hops, evidence, events, next }
}

/// A body that was left off only because it is long is none the worse for it.
fn leave_off(fetched: &mut Fetched) {
    let long = fetched.failure.as_ref().is_some_and(|failure| matches!(failure.why, Why::TooLong { .. }));
    if let (true, true, Some(hop)) = (long, fetched.body.is_some(), fetched.hops.last_mut()) {
        (fetched.failure, hop.failure) = (None, None);
        hop.stages.iter_mut().for_each(|stage| stage.ok = true);
    }
}

/// Keeps which proxy other programs would go through for this URL. This program goes through none.
fn keep_proxy_variables(eyes: &Eyes, target: &Target) {
    let scheme = target.url().scheme();
    let concerns = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.starts_with("all_") || name.strip_suffix("_proxy") == Some(scheme)
    };
    for name in PROXY_VARIABLES.iter().filter(|name| concerns(name)) {
        if let Some(value) = env::var(name).ok().filter(|value| !value.is_empty()) {
            eyes.keep((Source::Environment, Fact::ProxyVariable { name: (*name).to_owned(), value }));
        }
    }
}
