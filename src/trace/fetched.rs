//! What came of fetching a page: each stage with its time, and what ended it.

use super::{Certificate, Event, Evidence, Response, Verdict};
use crate::failure::{Failure, Protocol, seconds};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// A page that was fetched, or what kept it from being.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fetched {
    /// The URL that was asked for.
    pub url: String,
    /// Whether the page came whole, with a status of success.
    pub ok: bool,
    /// One a request: the first, one for each redirection that was followed, and one for each that was sent again.
    pub hops: Vec<Hop>,
    /// What came as the body of the last response.
    pub body: Option<Body>,
    /// What ended it, when it failed.
    pub failure: Option<Failure>,
    /// What the rules say about that failure.
    pub verdict: Option<Verdict>,
    /// What was seen on the way.
    pub evidence: Vec<Evidence>,
    /// Every call; those that read the body are in it as one.
    pub events: Vec<Event>,
    /// From the start to the end, in seconds.
    #[serde(with = "seconds")]
    pub seconds: Duration,
    /// A command to go on with.
    pub next: String,
}

/// One request, and the way to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hop {
    /// The URL.
    pub url: String,
    /// The attempt, from 1.
    pub attempt: u32,
    /// The stages that were begun, in order.
    pub stages: Vec<Stage>,
    /// How the name became addresses.
    pub resolved: Option<Resolved>,
    /// The addresses that were tried, in order.
    pub tried: Vec<Tried>,
    /// The address that was connected to.
    pub peer: Option<SocketAddr>,
    /// The TLS connection, for `https`.
    pub tls: Option<Secured>,
    /// The head of the response.
    pub response: Option<Response>,
    /// What ended this request, when it failed.
    pub failure: Option<Failure>,
}

/// One stage of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Which one.
    pub name: StageName,
    /// When it began, since the start, in seconds.
    #[serde(with = "seconds")]
    pub at: Duration,
    /// How long it took, in seconds.
    #[serde(with = "seconds")]
    pub took: Duration,
    /// Whether it did what it is for.
    pub ok: bool,
}

/// The stages, in their order. Times of one do not count in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StageName {
    /// The name becomes addresses.
    Name,
    /// A connection to one of the addresses is made.
    Connect,
    /// The TLS handshake.
    Tls,
    /// The request is sent.
    Request,
    /// The server thinks: until the first bytes of its response.
    FirstByte,
    /// The rest of the head, and the body.
    Body,
}

impl StageName {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Connect, Self::Tls, Self::Request, Self::FirstByte, Self::Body];
}

/// How a name became addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// The name.
    pub name: String,
    /// Its addresses, in the order in which to try them: families in turns (RFC 8305 §4). At least one.
    pub addresses: Vec<IpAddr>,
    /// Where the name leads to other names (CNAME), in their order.
    pub aliases: Vec<String>,
    /// Who said so.
    #[serde(flatten)]
    pub via: Via,
    /// What programs get from getaddrinfo(3), where that is something else.
    pub system: Option<Vec<IpAddr>>,
}

/// Who gave the addresses of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "via", rename_all = "kebab-case")]
pub enum Via {
    /// Nobody: the host of the URL is an address.
    Literal,
    /// The hosts file, hosts(5).
    Hosts,
    /// A name server, on the wire.
    Server {
        /// Which.
        server: SocketAddr,
        /// How its reply came.
        over: Protocol,
    },
    /// getaddrinfo(3), after the name servers had nothing, or where this platform does not tell which they are.
    System,
}

/// One address that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// The address.
    pub address: SocketAddr,
    /// Why it was not to be had; `None` for the one that was taken, and for those that were given up for it.
    pub failure: Option<Failure>,
}

/// A TLS connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secured {
    /// `TLSv1.3`
    pub version: String,
    /// The cipher suite by its IANA name.
    pub cipher: String,
    /// The server's certificate.
    pub certificate: Option<Certificate>,
    /// Whether it was checked; not with `--insecure-no-tls-verify`.
    pub verified: bool,
}

/// What came as a body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Bytes that came, chunk sizes not counted.
    pub bytes_received: u64,
    /// Bytes after its encoding (gzip) was undone.
    pub bytes: u64,
    /// Whether it came whole; `None` where only the end of the connection ends it.
    pub whole: Option<bool>,
    /// The character set that it was read as, by the name that the WHATWG Encoding Standard has for it.
    pub charset: String,
    /// The first characters of it, bytes that the character set has not as U+FFFD.
    pub text: String,
    /// Whether there were such bytes.
    pub replaced: bool,
    /// Whether there is more of it than `text`.
    pub more: bool,
}
