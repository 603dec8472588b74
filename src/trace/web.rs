//! What is seen of a web server: the parts of a [`super::Fact`].

use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::SocketAddr;

/// An HTTP request, RFC 9112 §3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The other end.
    pub peer: SocketAddr,
    /// `GET`
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Bytes of the request.
    pub bytes: usize,
}

/// The head of an HTTP response, RFC 9112 §4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The other end.
    pub peer: SocketAddr,
    /// The status code, RFC 9110 §15.
    pub status: u16,
    /// What the code is called (IANA's registry); empty for one that is not there.
    pub reason: String,
    /// How the end of the body shows.
    pub framing: Framing,
    /// `Content-Length`, in bytes.
    pub length: Option<u64>,
    /// `Content-Type`, as it was sent.
    pub content_type: Option<String>,
    /// `Content-Encoding`, as it was sent.
    pub content_encoding: Option<String>,
    /// `Location`, as it was sent.
    pub location: Option<String>,
    /// `Retry-After`, as it was sent.
    pub retry_after: Option<String>,
    /// `Server`, as it was sent.
    pub server: Option<String>,
    /// Bytes of the head.
    pub head_bytes: usize,
}

/// How the end of a body shows, RFC 9112 §6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// There is none.
    NoBody,
    /// It has as many bytes as `Content-Length` says.
    ContentLength,
    /// It comes in chunks, and the last one is empty.
    Chunked,
    /// It ends with the connection; whether it is whole cannot be told.
    Close,
}

/// A certificate, RFC 5280, as a server showed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The other end.
    pub peer: SocketAddr,
    /// The name that was asked for.
    pub asked: String,
    /// Whom it is for, as RFC 4514 writes it.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The host names and addresses that it is for (subjectAltName).
    pub names: Vec<String>,
    /// When its time begins, RFC 3339 in UTC, so that the order of texts is that of times.
    pub not_before: String,
    /// When its time ends.
    pub not_after: String,
    /// When it was looked at, by this machine's clock.
    pub seen: String,
    /// Whether it is signed with its own key.
    pub self_signed: bool,
    /// How many certificates the server sent, this one counted.
    pub chain: usize,
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} was sent to {}, {} bytes", self.method, self.url, self.peer, self.bytes)
    }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} answers {}", self.peer, self.status)?;
        if !self.reason.is_empty() {
            write!(f, " {}", self.reason)?;
        }
        match (self.framing, self.length) {
            (Framing::NoBody, _) => f.write_str(", no body")?,
            (Framing::ContentLength, length) => {
                write!(f, ", {} bytes announced", length.unwrap_or_default())?;
            }
            (Framing::Chunked, _) => f.write_str(", a body in chunks")?,
            (Framing::Close, _) => f.write_str(", a body up to the end of the connection")?,
        }
        self.location.as_ref().map_or(Ok(()), |location| write!(f, ", Location: {location}"))
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = if self.names.is_empty() { "no name".to_owned() } else { self.names.join(", ") };
        write!(
            f,
            "{} shows a certificate for {names}, from {} to {}, ",
            self.peer, self.not_before, self.not_after
        )?;
        if self.self_signed {
            f.write_str("signed by itself")
        } else {
            write!(f, "signed by {}", self.issuer)
        }
    }
}
