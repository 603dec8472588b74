//! The messages: a question, and what counts as a reply to it. Bytes in, a reply or a reason out; knows no socket.

use super::Kind;
use crate::failure::Protocol;
use hickory_proto::op::{Edns, Message, MessageType, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, RData, Record, RecordType};
use std::net::IpAddr;

/// The most that a reply over UDP may have so that no network on the way breaks it up (DNS flag day 2020).
const DATAGRAM: u16 = 1232;
/// More aliases than this lead nowhere; the resolvers of the world take from 8 to 16.
pub(super) const MOST_ALIASES: usize = 16;
/// Where the question begins, and which bit of which byte says that a reply is cut off: RFC 1035 §4.1.1.
const HEADER: usize = 12;
const FLAGS: usize = 2;
const IS_REPLY: u8 = 0x80;
const IS_CUT: u8 = 0x02;

/// One question, as it goes out.
pub(super) struct Question {
    message: Message,
    bytes: Vec<u8>,
    kind: Kind,
}

/// What a name server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The response code by its name: `NOERROR`, `NXDOMAIN`, `SERVFAIL`, …
    pub code: String,
    /// Where the name leads to other names (CNAME), in their order.
    pub aliases: Vec<String>,
    /// The addresses of the kind that was asked for, aliases followed.
    pub addresses: Vec<IpAddr>,
    /// How the reply came.
    pub over: Protocol,
    /// Whether it is cut off.
    pub truncated: bool,
    /// The last alias, when the reply does not say what becomes of it.
    pub(super) leads_to: Option<Name>,
    /// Why it is of no use, though it is a reply.
    pub(super) useless: Option<String>,
}

impl Question {
    /// With a random number (hickory-proto takes it from a cryptographic generator), recursion desired.
    pub(super) fn new(name: &Name, kind: Kind, with_edns: bool) -> Self {
        let mut message = Message::query();
        message.metadata.recursion_desired = true;
        message.add_query(Query::query(name.clone(), kind.record()));
        if with_edns {
            let mut edns = Edns::new();
            edns.set_max_payload(DATAGRAM);
            message.set_edns(edns);
        }
        // A question with one name is always written.
        let bytes = message.to_vec().unwrap_or_default();
        Self { message, bytes, kind }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The question with its length before it, as a stream has it: RFC 1035 §4.2.2.
    pub(super) fn framed(&self) -> Vec<u8> {
        let length = u16::try_from(self.bytes.len()).unwrap_or(u16::MAX).to_be_bytes();
        [&length, self.bytes.as_slice()].concat()
    }

    /// The reply in `bytes`, or why it is none to this question: RFC 5452 §9.1.
    pub(super) fn read(&self, bytes: &[u8], over: Protocol) -> Result<Reply, String> {
        let message = match Message::from_vec(bytes) {
            Ok(message) => message,
            Err(_) if self.is_cut_reply(bytes) => return Ok(cut(over)),
            Err(_) if bytes.is_empty() => return Err("it is empty".to_owned()),
            Err(error) => return Err(format!("it is no message of DNS: {error}")),
        };
        let header = &message.metadata;
        if header.message_type != MessageType::Response {
            return Err("it is a question itself".to_owned());
        }
        if header.id != self.message.metadata.id {
            return Err("it has another number than the question".to_owned());
        }
        let is_error = header.response_code != ResponseCode::NoError;
        let repeats = message.queries == self.message.queries || (message.queries.is_empty() && is_error);
        if !repeats {
            let other = message.queries.first();
            let other = other.map_or("no question".to_owned(), |query| {
                format!("{} {}", plain(query.name()), query.query_type())
            });
            return Err(format!("it is a reply to another question: {other}"));
        }
        Ok(self.follow(&message, over))
    }

    /// Whether it is a reply to this question of which only the beginning can be read: some servers cut in the middle
    /// of a record.
    fn is_cut_reply(&self, bytes: &[u8]) -> bool {
        let end_of_question = self.message.queries.first().map_or(0, |query| HEADER + query.name().len() + 4);
        let (Some(ours), Some(theirs)) = (self.bytes.get(..end_of_question), bytes.get(..end_of_question))
        else {
            return false;
        };
        theirs[FLAGS] & IS_REPLY != 0
            && theirs[FLAGS] & IS_CUT != 0
            && theirs[..FLAGS] == ours[..FLAGS]
            && theirs[HEADER..].eq_ignore_ascii_case(&ours[HEADER..])
    }

    /// Follows the aliases from the name that was asked for, as far as the reply does.
    fn follow(&self, message: &Message, over: Protocol) -> Reply {
        let header = &message.metadata;
        let mut reply = Reply { code: code(header.response_code), truncated: header.truncation, ..cut(over) };
        let Some(asked) = self.message.queries.first().map(Query::name) else { return reply };
        let mut way = vec![asked];
        while let Some(alias) = way.last().and_then(|at| alias_of(at, &message.answers)) {
            reply.aliases.push(plain(alias));
            if way.contains(&alias) {
                reply.useless = Some("the aliases go in a circle".to_owned());
                return reply;
            }
            if way.len() == MOST_ALIASES {
                reply.useless = Some(format!("there are {MOST_ALIASES} aliases, and no end of them"));
                return reply;
            }
            way.push(alias);
        }
        let last = way.last().copied().unwrap_or(asked);
        let of_last = records_of(last, &message.answers);
        reply.addresses = of_last.filter_map(|record| self.address(&record.data)).collect();
        // A name server that knows that there is no more says so with the SOA of the zone, RFC 2308 §2.
        let is_all = message.authorities.iter().any(|record| record.record_type() == RecordType::SOA);
        if header.response_code == ResponseCode::NoError
            && reply.addresses.is_empty()
            && way.len() > 1
            && !is_all
        {
            reply.leads_to = Some(last.clone());
        }
        reply
    }

    fn address(&self, data: &RData) -> Option<IpAddr> {
        match (self.kind, data) {
            (Kind::A, RData::A(address)) => Some(address.0.into()),
            (Kind::Aaaa, RData::AAAA(address)) => Some(address.0.into()),
            _ => None,
        }
    }
}

/// A reply of which nothing is known but that it is cut off.
fn cut(over: Protocol) -> Reply {
    Reply {
        code: code(ResponseCode::NoError),
        aliases: Vec::new(),
        addresses: Vec::new(),
        over,
        truncated: true,
        leads_to: None,
        useless: None,
    }
}

fn records_of<'a>(name: &'a Name, answers: &'a [Record]) -> impl Iterator<Item = &'a Record> {
    answers.iter().filter(move |record| record.dns_class == DNSClass::IN && record.name == *name)
}

fn alias_of<'a>(name: &'a Name, answers: &'a [Record]) -> Option<&'a Name> {
    records_of(name, answers).find_map(|record| match &record.data {
        RData::CNAME(alias) => Some(&alias.0),
        _ => None,
    })
}

/// A name without the dot of the root; bytes that no host name has are escaped.
pub(super) fn plain(name: &Name) -> String {
    let text = name.to_ascii();
    text.strip_suffix('.').filter(|text| !text.is_empty()).unwrap_or(&text).to_owned()
}

/// The message at the beginning of a stream, when it has come whole.
pub(super) fn unframed(came: &[u8]) -> Option<&[u8]> {
    let (length, rest) = came.split_first_chunk::<2>()?;
    rest.get(..usize::from(u16::from_be_bytes(*length)))
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

/// Any bytes as a reply, for `fuzz/`: they are one, or they are not. They come as a datagram, as a stream, with the right
/// number, and as the answers (as many as the first byte says) to the right question.
#[cfg(fuzzing)]
pub fn read_any_bytes(bytes: &[u8]) {
    let Ok(name) = super::name("example.test") else { return };
    for kind in Kind::ALL {
        let question = Question::new(&name, kind, false);
        let _ = question.read(bytes, Protocol::Udp);
        let _ = unframed(bytes).map(|message| question.read(message, Protocol::Tcp));
        if let Some((first, rest)) = bytes.split_first() {
            let _ = question.read(&[&question.bytes[..FLAGS], rest].concat(), Protocol::Udp);
            let mut answers = question.bytes.clone();
            (answers[FLAGS], answers[HEADER - 5]) = (IS_REPLY, *first);
            answers.extend_from_slice(rest);
            let _ = question.read(&answers, Protocol::Udp);
        }
    }
}

#[cfg(test)]
mod tests;
