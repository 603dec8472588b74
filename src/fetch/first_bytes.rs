//! What came first on a connection, and what begins like that.

use crate::failure::Failure;
use crate::socket::{Socket, Stream};
use crate::trace::{Deadline, Fact};
use std::io::{self, Read, Write};
use std::net::SocketAddr;

/// How many bytes are kept.
const KEPT: usize = 64;

/// How protocols begin that answer where HTTP or TLS was meant.
const BEGINNINGS: &[(&[u8], &str)] = &[
    (b"HTTP/", "HTTP"),
    (b"<!DOCTYPE", "HTTP/0.9, a page without a head,"),
    (b"<html", "HTTP/0.9, a page without a head,"),
    (b"\x15\x03", "a TLS alert"),
    (b"\x16\x03", "a TLS handshake"),
    (b"SSH-", "SSH"),
    (b"220 ", "SMTP or FTP"),
    (b"220-", "SMTP or FTP"),
    (b"+OK", "POP3 or Redis"),
    (b"-ERR", "Redis"),
    (b"* OK", "IMAP"),
    (b"RFB ", "VNC"),
    (b"AMQP", "AMQP"),
    (b"ERR ", "the transform server of this program"),
];

/// A stream that remembers how what it received began.
pub(super) struct Tapped {
    stream: Stream,
    began: Vec<u8>,
}

impl Tapped {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, began: Vec::new() }
    }

    /// The first bytes that came.
    pub(super) fn began(&self) -> &[u8] {
        &self.began
    }

    pub(super) fn socket(&self) -> &Socket {
        self.stream.socket()
    }

    /// The failure behind the last `io::Error`, once.
    pub(super) fn failure(&mut self) -> Option<Failure> {
        self.stream.failure()
    }

    pub(super) fn until(&mut self, by: &Deadline) {
        self.stream.until(by.clone());
    }

    pub(super) fn receive_in_bulk(&mut self) {
        self.stream.receive_in_bulk();
    }

    pub(super) fn end_bulk(&mut self) {
        self.stream.end_bulk();
    }
}

impl Read for Tapped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let received = self.stream.read(buffer)?;
        let wanted = KEPT.saturating_sub(self.began.len()).min(received);
        self.began.extend_from_slice(&buffer[..wanted]);
        Ok(received)
    }
}

impl Write for Tapped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Those first bytes as a fact; none when nothing came.
pub(super) fn first_bytes(peer: SocketAddr, began: &[u8]) -> Option<Fact> {
    let began = &began[..began.len().min(KEPT)];
    let known = BEGINNINGS.iter().find(|(beginning, _)| began.starts_with(beginning));
    let looks_like = known.map(|(_, name)| (*name).to_owned());
    let bytes = format!("b\"{}\"", began.escape_ascii());
    (!began.is_empty()).then_some(Fact::FirstBytes { peer, bytes, looks_like })
}
