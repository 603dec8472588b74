//! Asks a name server on the wire: a question over UDP, and over TCP when the reply did not fit (RFC 1035, RFC 7766).
//! The messages are hickory-proto's; the sockets are ours, so that each call is recorded.

mod find;
mod servers;
mod system;

pub use find::{Families, Settings, find};
pub use servers::servers;
pub use system::{in_turns, resolve};

use crate::failure::{Failure, Op, Protocol, Why};
use crate::socket::{Choice, Socket};
use crate::trace::{Actor, Deadline};
use hickory_proto::op::{Edns, Message, MessageType, Query, ResponseCode};
use hickory_proto::rr::{Name, RData, RecordType};
use std::net::{IpAddr, SocketAddr};

/// The most that a reply over UDP may have so that no network on the way breaks it up (DNS flag day 2020).
const DATAGRAM: u16 = 1232;

/// What a name is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
}

impl Kind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::A, Self::Aaaa];

    /// As zone files have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
        }
    }

    const fn record(self) -> RecordType {
        match self {
            Self::A => RecordType::A,
            Self::Aaaa => RecordType::AAAA,
        }
    }
}

/// What a name server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The response code by its name: `NOERROR`, `NXDOMAIN`, `SERVFAIL`, …
    pub code: String,
    /// The addresses, aliases followed.
    pub addresses: Vec<IpAddr>,
    /// How the reply came.
    pub over: Protocol,
    /// Whether it is cut off.
    pub truncated: bool,
}

/// A name as it is asked for; tells why when it cannot be one.
pub fn name(text: &str) -> Result<Name, String> {
    let mut name = Name::from_utf8(text).map_err(|error| error.to_string())?;
    name.set_fqdn(true);
    Ok(name)
}

/// Asks `server` for the addresses of `name`; a reply that is cut off is asked for again over TCP. When that fails,
/// the cut one is given.
pub fn ask(
    actor: &Actor,
    server: SocketAddr,
    name: &Name,
    kind: Kind,
    by: &Deadline,
) -> Result<Reply, Failure> {
    let question = question(name, kind);
    let cut = over_udp(actor, server, &question, by)?;
    if !cut.truncated {
        return Ok(cut);
    }
    Ok(over_tcp(actor, server, &question, by).unwrap_or(cut))
}

fn question(name: &Name, kind: Kind) -> Message {
    let mut message = Message::query();
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(name.clone(), kind.record()));
    let mut edns = Edns::new();
    edns.set_max_payload(DATAGRAM);
    message.set_edns(edns);
    message
}

/// One datagram out; the first that answers it back. What answers something else is not for this socket.
fn over_udp(actor: &Actor, server: SocketAddr, question: &Message, by: &Deadline) -> Result<Reply, Failure> {
    let mut socket = Socket::new(actor, Protocol::Udp, server)?.with(Choice::KeepIcmpErrors)?;
    socket.connect(server)?;
    socket.send(&written(question))?;
    loop {
        let datagram = socket.receive_by(usize::from(u16::MAX), by)?;
        if let Some(reply) = answer(question, &datagram, Protocol::Udp) {
            return Ok(reply);
        }
    }
}

/// The same on a stream, where each message has its length before it (RFC 1035 §4.2.2).
fn over_tcp(actor: &Actor, server: SocketAddr, question: &Message, by: &Deadline) -> Result<Reply, Failure> {
    let mut socket = Socket::new(actor, Protocol::Tcp, server)?;
    socket.connect_by(server, by)?;
    let message = written(question);
    let length = u16::try_from(message.len()).unwrap_or(u16::MAX).to_be_bytes();
    socket.send_all_by(&[&length, message.as_slice()].concat(), by)?;
    let mut came = Vec::new();
    loop {
        if let Some((length, rest)) = came.split_first_chunk::<2>()
            && let Some(message) = rest.get(..usize::from(u16::from_be_bytes(*length)))
        {
            let reply = answer(question, message, Protocol::Tcp);
            return reply.ok_or_else(|| socket.reject(Op::Receive, Why::Closed));
        }
        let chunk = socket.receive_by(usize::from(u16::MAX), by)?;
        if chunk.is_empty() {
            return Err(socket.reject(Op::Receive, Why::Closed));
        }
        came.extend(chunk);
    }
}

/// A question with one name is always written.
fn written(question: &Message) -> Vec<u8> {
    question.to_vec().unwrap_or_default()
}

/// The reply in `bytes`, when it is one to `question`: the same number, the same question (RFC 5452 §9.1).
fn answer(question: &Message, bytes: &[u8], over: Protocol) -> Option<Reply> {
    let message = Message::from_vec(bytes).ok()?;
    let header = &message.metadata;
    let is_ours = header.id == question.metadata.id
        && header.message_type == MessageType::Response
        && (message.queries.is_empty() || message.queries == question.queries);
    is_ours.then(|| Reply {
        code: code(header.response_code),
        addresses: message.answers.iter().filter_map(|record| address(&record.data)).collect(),
        over,
        truncated: header.truncation,
    })
}

/// Any bytes as a reply, for `fuzz/`: they are one, or they are not.
#[cfg(fuzzing)]
pub fn read_any_bytes(bytes: &[u8]) {
    if let Ok(name) = name("example.test") {
        let mut question = question(&name, Kind::A);
        question.metadata.id = bytes.first_chunk().map_or(0, |two| u16::from_be_bytes(*two));
        let _ = answer(&question, bytes, Protocol::Udp);
    }
}

fn address(data: &RData) -> Option<IpAddr> {
    match data {
        RData::A(address) => Some(address.0.into()),
        RData::AAAA(address) => Some(address.0.into()),
        _ => None,
    }
}

/// The names of the IANA registry of DNS RCODEs.
fn code(code: ResponseCode) -> String {
    match code {
        ResponseCode::NoError => "NOERROR".to_owned(),
        ResponseCode::FormErr => "FORMERR".to_owned(),
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::NXDomain => "NXDOMAIN".to_owned(),
        ResponseCode::NotImp => "NOTIMP".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        other => format!("RCODE{}", u16::from(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked() -> Message {
        question(&name("example.test").unwrap(), Kind::A)
    }

    #[test]
    fn a_reply_to_another_question_is_not_ours() {
        let question = asked();
        let mut reply = question.clone();
        reply.metadata.message_type = MessageType::Response;
        reply.metadata.response_code = ResponseCode::NXDomain;
        let read = |message: &Message| answer(&question, &message.to_vec().unwrap(), Protocol::Udp);
        assert_eq!(read(&reply).unwrap().code, "NXDOMAIN");
        assert_eq!(read(&question), None, "a question");
        reply.metadata.id = question.metadata.id.wrapping_add(1);
        assert_eq!(read(&reply), None, "another number");
    }

    #[test]
    fn a_name_is_one_or_says_why_not() {
        assert_eq!(name("example.test").unwrap().to_string(), "example.test.");
        assert!(name(&"a".repeat(64)).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = answer(&asked(), &bytes, Protocol::Udp);
        }

        #[test]
        fn a_reply_cut_anywhere_is_survived(cut: prop::sample::Index) {
            let bytes = asked().to_vec().unwrap();
            let _ = answer(&asked(), &bytes[..cut.index(bytes.len())], Protocol::Udp);
        }
    }
}
