//! Fetches a page as a careful program does: the name over UDP, the page over TCP or TLS, one deadline over
//! everything, every stage timed, every failure named. Blocking sockets, so that a trace shows exactly the system
//! calls that were made; the formats (DNS, TLS, HTTP, gzip) are those of libraries.
//!
//! **What is repeated.** The request is a GET, which a server may get twice (RFC 9110 §9.2.2): it is sent again after a
//! failure that may pass, unless a part of the body has left this program already and cannot be taken back.

mod body;
mod connect;
mod connection;
mod first_bytes;
mod hop;
mod http;
mod issuers;
mod judge;
mod seen;
mod target;
mod text;
mod tls;

pub use issuers::issuers;
pub use seen::seen;
pub use target::{NoTarget, Target};
pub use text::encoding;

use crate::evidence::Eyes;
use crate::failure::{Call, Failure, Op, Protocol, Why};
use crate::resolver;
use crate::retry::Policy;
use crate::socket::{Socket, Stream};
use crate::trace::{Actor, Deadline, Fact, Fetched, Hop, Recorder, Response, Source};
use chrono::{DateTime, SecondsFormat, Utc};
use first_bytes::Tapped;
use hop::{Around, Came};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// How long the look for TLS on a port that was asked for plain HTTP may take.
const LOOK: Duration = Duration::from_secs(2);

/// What a fetch keeps to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whom to ask for names.
    pub resolver: resolver::Settings,
    /// The longest time that one connection, TLS counted in, may take to be made.
    pub connect: Duration,
    /// The most bytes of a body, after its encoding is undone.
    pub longest_body: u64,
    /// How many redirections are followed.
    pub redirects: usize,
    /// Whether the server's certificate is checked.
    pub verify: bool,
    /// Certificates in DER of issuers to trust besides those that this platform trusts.
    pub trusted: Vec<Vec<u8>>,
    /// How often to try, and how long to wait in between.
    pub policy: Policy,
}

/// Where the bytes of a body go as they come.
pub trait Sink {
    /// Takes the next bytes, with every encoding undone.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Forgets what it took, so that the body can come again; `false` when that cannot be.
    fn start_over(&mut self) -> bool;

    /// Is told of a body that is to come.
    fn head(&mut self, _: &Response) {}
}

/// Nobody wants the body.
impl Sink for io::Sink {
    fn write(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn start_over(&mut self) -> bool {
        true
    }
}

/// Fetches `target` by `by`, and gives the body to `sink`. What is seen on the way is kept by `eyes`. The verdict and
/// the next command are the caller's to add.
pub fn fetch(
    recorder: &Recorder,
    eyes: &Eyes,
    target: &Target,
    settings: &Settings,
    sink: &mut dyn Sink,
    by: &Deadline,
) -> io::Result<Fetched> {
    let actor = recorder.actor("client");
    let mut around = Around { recorder, eyes, actor: actor.clone(), settings, trust: None, by };
    let mut fetched = Fetched { url: target.to_string(), ..Fetched::default() };
    let began = recorder.elapsed();
    let mut visited = vec![target.clone()];
    let (mut delays, mut attempt) = (settings.policy.delays(), 1);
    fetched.failure = loop {
        let target = visited[visited.len() - 1].clone();
        let (hop, came) = hop::make(&mut around, &target, attempt, sink);
        let response = hop.response.clone();
        let peer = hop.peer;
        fetched.hops.push(hop);
        let failure = match came {
            Came::SinkFailed(error) => return Err(error),
            Came::Page(body) => {
                fetched.body = Some(body);
                break None;
            }
            Came::Elsewhere(location) => match elsewhere(&target, &location, &visited, settings.redirects) {
                Ok(next) => {
                    visited.push(next);
                    attempt = 1;
                    continue;
                }
                Err(why) => break Some(rejected(&actor, peer, why)),
            },
            Came::Failed(failure, body) => {
                fetched.body = body;
                failure
            }
        };
        let asked_to_wait = response.as_ref().and_then(judge::asks_to_wait);
        let delay = delays.next().map(|delay| asked_to_wait.unwrap_or_default().max(delay));
        let goes_on = judge::may_pass(&failure)
            && delay.is_some_and(|delay| sink.start_over() && actor.retry_after(delay, attempt + 1, by));
        if !goes_on {
            break Some(failure);
        }
        attempt += 1;
    };
    fetched.ok = fetched.failure.is_none();
    fetched.seconds = recorder.elapsed().saturating_sub(began);
    fetched.events = recorder.events();
    fetched.evidence = eyes.seen();
    Ok(fetched)
}

/// Tries whether the server that the last of `hops` asked for plain HTTP speaks TLS: its certificate is kept by `eyes`.
pub fn look_for_tls(recorder: &Recorder, eyes: &Eyes, hops: &[Hop], by: &Deadline) {
    let Some((url, peer)) = hops.last().and_then(|hop| Some((hop.url.parse::<Target>().ok()?, hop.peer?)))
    else {
        return;
    };
    if url.is_secure() {
        return;
    }
    let actor = recorder.actor("probe for TLS");
    let by = by.or_within(LOOK);
    let connected = Socket::new(&actor, Protocol::Tcp, peer).and_then(|socket| {
        socket.connect_by(peer, &by)?;
        Ok(socket)
    });
    if let Ok(socket) = connected {
        let trust = tls::Trust::new(false, &[]);
        let below = Tapped::new(Stream::new(socket, by));
        tls::handshake(&Eyes::new(recorder), below, url.host(), &trust, &now(recorder))
            .secured
            .and_then(|secured| secured.certificate)
            .map(|certificate| eyes.keep((Source::Tls, Fact::Certificate(certificate))));
    }
}

/// The time of day, RFC 3339 in UTC.
fn now(recorder: &Recorder) -> String {
    let now = recorder.started() + recorder.elapsed();
    DateTime::<Utc>::from(now).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Where a redirection leads, unless it has been there, or was sent on too often.
fn elsewhere(from: &Target, location: &str, visited: &[Target], most: usize) -> Result<Target, Why> {
    let next =
        from.redirected_to(location).map_err(|error| Why::NotHttp { said: format!("Location: {error}") })?;
    let times = visited.len();
    match (visited.contains(&next), times > most) {
        (true, _) => Err(Why::Redirected { times, circle: true }),
        (_, true) => Err(Why::Redirected { times: most, circle: false }),
        _ => Ok(next),
    }
}

fn rejected(actor: &Actor, peer: Option<SocketAddr>, why: Why) -> Failure {
    let call = Call { peer, ..Call::new(Op::Receive, Protocol::Tcp) };
    actor.failed(Failure { call, why, elapsed: Duration::ZERO })
}
