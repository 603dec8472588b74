//! Pages, as a fault may borrow them: a web server that answers as it is told, the page client of the course module,
//! and fetch, which is the hardened one.

use super::stage::{PATIENCE, Recovery, Stage};
use super::trouble::{Trouble, joined};
use crate::failure::{Failure, Op, Why};
use crate::fetch::{self, Target};
use crate::naive::page;
use crate::peer::Serve as _;
use crate::peer::web_server::{Identity, Paper, Says, Settings, WebServer};
use crate::resolver;
use crate::retry::{Backoff, Policy};
use crate::socket::Socket;
use crate::trace::{Fact, Fetched, Request, Response, Source};
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::thread;
use std::time::Duration;

/// The web server in a trace.
pub(super) const WEB_SERVER: &str = "web server";
/// The longest page that is fetched.
const LONGEST: u64 = 1 << 20;
/// How often a page is asked for at most.
const ATTEMPTS: u32 = 4;

/// What the module's page client got, and its end of the connection.
pub(super) struct NaivePage {
    socket: Socket,
    pub(super) bytes: Vec<u8>,
    /// What the bytes say to who reads them.
    pub(super) seen: Option<Fact>,
}

impl NaivePage {
    /// The head of a response, which the client does not look at.
    pub(super) fn response(&self) -> Result<&Response, Trouble> {
        match &self.seen {
            Some(Fact::Response(response)) => Ok(response),
            _ => Err(Trouble::broke("what came is no response")),
        }
    }

    /// Writes down what is wrong with it.
    pub(super) fn reject(&self, why: Why) -> Failure {
        self.socket.reject(Op::Receive, why)
    }
}

impl Stage {
    /// A server that answers so to the first `times` requests, and with the page to those that follow.
    pub(super) fn web_server(&self, says: Says, times: u64) -> WebServer {
        let settings = Settings { says, first: Some(times), ..Settings::default() };
        WebServer::new(self.recorder(), settings, None)
    }

    /// A server that gives the page over TLS, and the certificate of the authority behind it, in DER.
    pub(super) fn secure_web_server(&self, address: SocketAddr) -> Result<(WebServer, Vec<u8>), Trouble> {
        let identity = Identity::new(Paper::Good, &[address.ip().to_string()])
            .map_err(|error| Trouble::broke(format!("no certificate could be made: {error}")))?;
        let authority = identity.authority().to_vec();
        Ok((WebServer::new(self.recorder(), Settings::default(), Some(identity)), authority))
    }

    /// The module's client downloads the page, and what it sent and got is kept.
    pub(super) fn download_naively(&self, server: SocketAddr) -> Result<NaivePage, Trouble> {
        let (socket, bytes) = page::download(&self.actor("naive client"), server, Some(PATIENCE))?;
        let request = Request {
            peer: server,
            method: "GET".to_owned(),
            url: url(server),
            bytes: page::request(server).len(),
        };
        self.eyes.keep((Source::Http, Fact::Request(request)));
        let seen = fetch::seen(server, &bytes);
        if let Some(fact) = &seen {
            self.eyes.keep((Source::Http, fact.clone()));
        }
        Ok(NaivePage { socket, bytes, seen })
    }

    /// Fetches `url`, and asks again as long as that may help; with `trusted` authorities, in DER.
    pub(super) fn fetch(&self, url: &str, trusted: &[Vec<u8>]) -> Result<Fetched, Trouble> {
        self.fetch_as(url, true, trusted)
    }

    /// The same with whoever is at the other end.
    pub(super) fn fetch_unverified(&self, url: &str) -> Result<Fetched, Trouble> {
        self.fetch_as(url, false, &[])
    }

    fn fetch_as(&self, url: &str, verify: bool, trusted: &[Vec<u8>]) -> Result<Fetched, Trouble> {
        let target: Target =
            url.parse().map_err(|error: fetch::NoTarget| Trouble::broke(error.to_string()))?;
        let policy = Policy {
            backoff: Backoff::FullJitter,
            base: Duration::from_millis(50),
            cap: Duration::from_millis(400),
            seed: self.seed(),
            attempts: NonZeroU32::new(ATTEMPTS).unwrap_or(NonZeroU32::MIN),
        };
        let settings = fetch::Settings {
            resolver: resolver::Settings::default(),
            connect: PATIENCE,
            longest_body: LONGEST,
            redirects: 0,
            verify,
            trusted: trusted.to_vec(),
            policy,
        };
        let by = self.recorder().deadline(2 * PATIENCE);
        fetch::fetch(self.recorder(), self.eyes(), &target, &settings, &mut io::sink(), &by)
            .map_err(|error| Trouble::broke(format!("a page that nobody keeps could not be kept: {error}")))
    }
}

/// Serves so many connections to `listener`, while `act` makes them.
pub(super) fn serving<T>(
    listener: &Socket,
    server: &WebServer,
    connections: usize,
    act: impl FnOnce() -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    thread::scope(|scope| {
        let accepting = scope.spawn(move || {
            (0..connections).try_for_each(|_| {
                let client = listener.accept()?;
                scope.spawn(|| server.connection(client));
                Ok::<_, Failure>(())
            })
        });
        let acted = act();
        let accepted = joined(accepting)?;
        let acted = acted?;
        accepted?;
        Ok(acted)
    })
}

/// The page that a server of the stage has.
pub(super) fn url(server: SocketAddr) -> String {
    format!("http://{server}/")
}

/// A page that came whole in the end.
pub(super) fn whole(fetched: &Fetched) -> Result<Recovery, Trouble> {
    if let Some(failure) = &fetched.failure {
        return Err(Trouble::broke(failure.to_string()));
    }
    let (Some(hop), Some(body)) = (fetched.hops.last(), &fetched.body) else {
        return Err(Trouble::broke("no page came"));
    };
    let status = hop.response.as_ref().map_or(0, |response| response.status);
    let met = fetched.hops.iter().rev().find_map(|hop| hop.failure.clone());
    Ok(Recovery { result: format!("{status}, {} bytes", body.bytes), attempts: hop.attempt, met })
}
