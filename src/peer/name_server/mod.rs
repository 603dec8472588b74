//! A name server that has one answer to everything, or one thing wrong with it. The format is hickory-proto's, and what
//! is not in that format is made by hand. It knows one zone: that of whatever name it is asked for.

mod says;

pub use says::Says;

use super::Serve;
use crate::failure::Protocol;
use crate::socket::Socket;
use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CNAME};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

/// What a name stands for, where nothing else is said: addresses that are nobody's, RFC 5737 and RFC 3849.
pub const ADDRESSES: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(192, 0, 2, 34)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x34))];
/// What a forger says it stands for: nobody's address either.
pub const FORGED: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(203, 0, 113, 66)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x66)),
];
/// The most that a reply over UDP has where the question announces nothing, RFC 1035 §4.2.1.
const SHORT: usize = 512;
/// How long a resolver may keep an answer, in seconds.
const TTL: u32 = 60;
/// How much one `recv` asks for; no question is longer.
const CHUNK: usize = 4096;
/// Flags of a reply: it is one, recursion was desired and is available.
const REPLY: [u8; 2] = [0x81, 0x80];
/// Where the question begins.
const HEADER: usize = 12;

/// The role.
#[derive(Debug)]
pub struct NameServer {
    /// What it says.
    pub says: Says,
    /// How many questions it says that to before it answers as it should; all of them, if `None`.
    pub first: Option<u32>,
    /// The one name that it knows; it knows every name, if `None`.
    pub name: Option<Name>,
    /// The name that every name is an alias of.
    pub alias: Option<Name>,
    /// What every name stands for.
    pub addresses: Vec<IpAddr>,
    /// How long each answer takes.
    pub delay: Duration,
    /// How many questions came.
    asked: AtomicU32,
}

impl NameServer {
    /// One that says `says` to everything; the rest of it can be changed.
    pub fn new(says: Says) -> Self {
        let addresses = ADDRESSES.to_vec();
        let asked = AtomicU32::new(0);
        Self { says, first: None, name: None, alias: None, addresses, delay: Duration::ZERO, asked }
    }

    /// The same, which knows only this name; `None` when it cannot be one.
    #[must_use]
    pub fn knowing(mut self, name: &str) -> Option<Self> {
        self.name = Some(says::name(name)?);
        Some(self)
    }

    /// How many questions came.
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }

    /// What it sends back for the bytes of a question, if anything.
    pub fn reply(&self, bytes: &[u8], over: Protocol) -> Option<Vec<u8>> {
        let question = Message::from_vec(bytes).ok()?;
        let query = question.queries.first()?;
        if question.metadata.message_type != MessageType::Query {
            return None;
        }
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        thread::sleep(self.delay);
        let is_known = self.name.iter().chain(&self.alias).any(|name| name == query.name());
        if self.name.is_some() && !is_known {
            return whole(&coded(&question, ResponseCode::NXDomain));
        }
        let is_past = self.first.is_some_and(|first| number >= first);
        self.say(if is_past { Says::Answer } else { self.says }, &question, query, over)
    }

    fn say(&self, says: Says, question: &Message, query: &Query, over: Protocol) -> Option<Vec<u8>> {
        let id = question.metadata.id;
        let is_cut = over == Protocol::Udp;
        match says {
            Says::Nxdomain => whole(&coded(question, ResponseCode::NXDomain)),
            Says::Nodata => whole(&coded(question, ResponseCode::NoError)),
            Says::Servfail => whole(&coded(question, ResponseCode::ServFail)),
            Says::Refused => whole(&coded(question, ResponseCode::Refused)),
            Says::Formerr if question.edns.is_some() => {
                whole(&coded(&without_edns(question), ResponseCode::FormErr))
            }
            Says::Truncated | Says::TruncatedOnly if is_cut => whole(&cut(question)),
            Says::Answer | Says::Formerr | Says::Truncated => self.fitting(question, over),
            Says::Silent | Says::TruncatedOnly => None,
            Says::Garbage => Some([&id.to_be_bytes(), [0xff; 60].as_slice()].concat()),
            Says::WrongId => {
                let mut reply = answer(question, None, &FORGED);
                reply.metadata.id = id.wrapping_add(1);
                whole(&reply)
            }
            Says::WrongQuestion => {
                let mut other = question.clone();
                other.queries = vec![Query::query(says::other_name(), query.query_type())];
                whole(&answer(&other, None, &FORGED))
            }
            Says::PointerLoop => pointer_loop(question),
            Says::AliasLoop => {
                let alias = self.alias.clone().unwrap_or_else(says::other_name);
                let mut reply = coded(question, ResponseCode::NoError);
                reply.add_answer(leads(query.name(), &alias));
                reply.add_answer(leads(&alias, query.name()));
                whole(&reply)
            }
        }
    }

    /// Answers the whole questions at the beginning of what came; `false` when there is nothing more to say.
    fn answers(&self, client: &Socket, came: &mut Vec<u8>) -> bool {
        while let Some((length, rest)) = came.split_first_chunk::<2>()
            && let Some(question) = rest.get(..usize::from(u16::from_be_bytes(*length)))
        {
            let reply = self.reply(question, Protocol::Tcp);
            let read = length.len() + question.len();
            came.drain(..read);
            let Some(reply) = reply else {
                return self.says == Says::Silent;
            };
            let length = u16::try_from(reply.len()).unwrap_or(u16::MAX).to_be_bytes();
            if client.send_all(&[&length, reply.as_slice()].concat()).is_err() {
                return false;
            }
        }
        true
    }

    /// The right answer, cut off where a datagram cannot hold it.
    fn fitting(&self, question: &Message, over: Protocol) -> Option<Vec<u8>> {
        let bytes = whole(&answer(question, self.alias.as_ref(), &self.addresses))?;
        let room = question.edns.as_ref().map_or(SHORT, |edns| usize::from(edns.max_payload()).max(SHORT));
        if over == Protocol::Udp && bytes.len() > room { whole(&cut(question)) } else { Some(bytes) }
    }
}

impl Serve for NameServer {
    /// Each message has its length before it, RFC 1035 §4.2.2. Where nothing is said over TCP, the connection ends; who
    /// is silent keeps it.
    fn connection(&self, client: Socket) {
        let mut came: Vec<u8> = Vec::new();
        while let Ok(bytes) = client.receive(CHUNK) {
            came.extend_from_slice(&bytes);
            if bytes.is_empty() || !self.answers(&client, &mut came) {
                break;
            }
        }
        client.close();
    }

    fn datagram(&self, data: &[u8]) -> Option<Vec<u8>> {
        self.reply(data, Protocol::Udp)
    }

    fn takes_its_time(&self) -> bool {
        !self.delay.is_zero()
    }
}

/// A reply without an answer.
fn coded(question: &Message, code: ResponseCode) -> Message {
    let mut reply = Message::response(question.metadata.id, OpCode::Query);
    reply.metadata.recursion_desired = question.metadata.recursion_desired;
    reply.metadata.recursion_available = true;
    reply.metadata.response_code = code;
    reply.queries.clone_from(&question.queries);
    reply.edns = question.edns.as_ref().map(|_| Edns::new());
    reply
}

/// A reply with these addresses, as far as they are of the kind that was asked for.
fn answer(question: &Message, alias: Option<&Name>, addresses: &[IpAddr]) -> Message {
    let mut reply = coded(question, ResponseCode::NoError);
    let Some(query) = question.queries.first() else { return reply };
    let mut owner = query.name();
    if let Some(alias) = alias.filter(|alias| *alias != owner) {
        reply.add_answer(leads(owner, alias));
        owner = alias;
    }
    for address in addresses {
        let data = match (address, query.query_type()) {
            (IpAddr::V4(ip), RecordType::A) => RData::A(A(*ip)),
            (IpAddr::V6(ip), RecordType::AAAA) => RData::AAAA(AAAA(*ip)),
            _ => continue,
        };
        reply.add_answer(Record::from_rdata(owner.clone(), TTL, data));
    }
    reply
}

/// A reply that says that there is more, RFC 2181 §9.
fn cut(question: &Message) -> Message {
    let mut reply = coded(question, ResponseCode::NoError);
    reply.metadata.truncation = true;
    reply
}

fn leads(from: &Name, to: &Name) -> Record {
    Record::from_rdata(from.clone(), TTL, RData::CNAME(CNAME(to.clone())))
}

/// An answer whose name points to itself (RFC 1035 §4.1.4), so that who follows it never ends.
fn pointer_loop(question: &Message) -> Option<Vec<u8>> {
    let mut bytes = whole(&without_edns(question))?;
    bytes[2..4].copy_from_slice(&REPLY);
    bytes[7] = 1;
    let here = u16::try_from(bytes.len()).ok().filter(|here| usize::from(*here) > HEADER)? | 0xc000;
    bytes.extend(here.to_be_bytes());
    bytes.extend([0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 34]);
    Some(bytes)
}

fn without_edns(message: &Message) -> Message {
    let mut message = message.clone();
    message.edns = None;
    message
}

fn whole(message: &Message) -> Option<Vec<u8>> {
    message.to_vec().ok()
}

#[cfg(test)]
mod tests;
