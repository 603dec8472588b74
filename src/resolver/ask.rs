//! Asks one name server until it has said all that it says of a name: over TCP what did not fit, without EDNS where it
//! does not know it, and for the alias where its reply ends at one.

use super::Kind;
use super::message::{MOST_ALIASES, Question, Reply, plain};
use crate::failure::{Failure, Protocol};
use crate::trace::{Actor, Deadline, Fact, Source};
use hickory_proto::rr::Name;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// More questions than this are not asked for one name: each may only follow an alias.
const MOST_QUESTIONS: usize = 8;

/// Whom to ask for what, and how long to wait.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The name server.
    pub server: SocketAddr,
    /// The name.
    pub name: &'a Name,
    /// The name as it is told.
    pub text: &'a str,
    /// Which addresses.
    pub kind: Kind,
    /// How long it may take to say something, each time.
    pub patience: Duration,
    /// How long it may take in all.
    pub by: &'a Deadline,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The name has these addresses.
    Found {
        /// They, aliases followed.
        addresses: Vec<IpAddr>,
        /// Where the name leads to other names, in their order.
        aliases: Vec<String>,
        /// How the reply came.
        over: Protocol,
    },
    /// The name server knows that there is none.
    Nothing {
        /// `NXDOMAIN`, or that the name has no address.
        message: String,
    },
    /// The name server does not tell, or what it tells is of no use; another may do better.
    Fails {
        /// `SERVFAIL`, or what is wrong.
        message: String,
    },
    /// The name server says nothing.
    Silent {
        /// The errno with which the wait ended; none when the time ran out.
        errno: Option<String>,
    },
}

impl Answer {
    /// How sure it makes that there is no address: what a name server knows, what it does not tell, silence.
    pub const fn sureness(&self) -> u8 {
        match self {
            Self::Found { .. } | Self::Nothing { .. } => 2,
            Self::Fails { .. } => 1,
            Self::Silent { .. } => 0,
        }
    }

    /// Why there is no address, in words.
    pub fn message(&self) -> String {
        match self {
            Self::Found { .. } => "it has addresses".to_owned(),
            Self::Nothing { message } | Self::Fails { message } => message.clone(),
            Self::Silent { errno: None } => "no reply".to_owned(),
            Self::Silent { errno: Some(errno) } => format!("no reply: {errno}"),
        }
    }
}

/// Asks, and tells each fact as it is seen.
pub fn ask(asking: &Asking, tell: &mut dyn FnMut((Source, Fact))) -> Answer {
    let mut aliases: Vec<String> = Vec::new();
    let mut at = asking.name.clone();
    for _ in 0..MOST_QUESTIONS {
        let alias = plain(&at);
        let text = if at == *asking.name { asking.text } else { &alias };
        let reply = match (Asking { name: &at, text, ..*asking }).reply(tell) {
            Ok(reply) => reply,
            Err(answer) => return answer,
        };
        aliases.extend(reply.aliases.iter().cloned());
        let Some(next) = reply.leads_to.clone() else { return concluded(asking.name, reply, aliases) };
        let been_there = next == *asking.name || aliases.iter().rev().skip(1).any(|one| *one == plain(&next));
        if been_there || aliases.len() > MOST_ALIASES {
            let what = if been_there { "go in a circle" } else { "do not end" };
            return Answer::Fails { message: format!("the aliases {what}: {}", way(asking.name, &aliases)) };
        }
        at = next;
    }
    Answer::Fails { message: format!("the aliases do not end: {}", way(asking.name, &aliases)) }
}

/// What a reply that leads no further says.
fn concluded(asked: &Name, reply: Reply, aliases: Vec<String>) -> Answer {
    if let Some(useless) = reply.useless {
        return Answer::Fails { message: format!("{useless}: {}", way(asked, &aliases)) };
    }
    match reply.code.as_str() {
        "NOERROR" if !reply.addresses.is_empty() => {
            Answer::Found { addresses: reply.addresses, aliases, over: reply.over }
        }
        "NOERROR" => {
            Answer::Nothing { message: "the name exists, without such an address (NODATA)".to_owned() }
        }
        "NXDOMAIN" => Answer::Nothing { message: "no such name (NXDOMAIN)".to_owned() },
        _ => Answer::Fails { message: format!("the name server answers {}", reply.code) },
    }
}

fn way(name: &Name, aliases: &[String]) -> String {
    [&[plain(name)], aliases].concat().join(" → ")
}

impl Asking<'_> {
    /// One whole reply.
    fn reply(&self, tell: &mut dyn FnMut((Source, Fact))) -> Result<Reply, Answer> {
        let mut question = Question::new(self.name, self.kind, true);
        let mut reply = self.heard(self.over_udp(&question, tell), tell)?;
        if reply.code == "FORMERR" {
            // It may be older than EDNS, RFC 6891 §7.
            question = Question::new(self.name, self.kind, false);
            reply = self.heard(self.over_udp(&question, tell), tell)?;
        }
        if !reply.truncated {
            return Ok(reply);
        }
        match self.over_tcp(&question, tell) {
            Ok(whole) => {
                tell(self.said(&whole));
                let over = "over TCP too the reply is cut off";
                if whole.truncated { Err(Answer::Fails { message: over.to_owned() }) } else { Ok(whole) }
            }
            Err(failure) => {
                let message = format!("the reply is cut off (TC), and over TCP there is none: {failure}");
                Err(Answer::Fails { message })
            }
        }
    }

    /// Tells what was heard.
    fn heard(
        &self,
        heard: Result<Reply, Failure>,
        tell: &mut dyn FnMut((Source, Fact)),
    ) -> Result<Reply, Answer> {
        match heard {
            Ok(reply) => {
                tell(self.said(&reply));
                Ok(reply)
            }
            Err(failure) => {
                let errno = failure.errno().filter(|_| !failure.is_timeout());
                let errno = errno.map(|errno| errno.name.to_string());
                tell(self.silence(errno.clone()));
                Err(Answer::Silent { errno })
            }
        }
    }

    /// A reply, as a fact.
    pub(super) fn said(&self, reply: &Reply) -> (Source, Fact) {
        reply.as_fact(self.server, self.text, self.kind)
    }

    fn silence(&self, errno: Option<String>) -> (Source, Fact) {
        let (server, name, kind) = (self.server, self.text.to_owned(), self.kind.name().to_owned());
        (Source::Dns, Fact::DnsSilence { server, name, kind, errno })
    }

    /// Something that is no reply, as a fact.
    pub(super) fn ignored(&self, because: String) -> (Source, Fact) {
        let (server, name, kind) = (self.server, self.text.to_owned(), self.kind.name().to_owned());
        (Source::Dns, Fact::DnsIgnored { server, name, kind, because })
    }
}

impl Reply {
    /// What `server` said of `name`, as a fact.
    pub fn as_fact(&self, server: SocketAddr, name: &str, kind: Kind) -> (Source, Fact) {
        let fact = Fact::DnsReply {
            server,
            name: name.to_owned(),
            kind: kind.name().to_owned(),
            code: self.code.clone(),
            aliases: self.aliases.clone(),
            addresses: self.addresses.clone(),
            over: self.over,
            truncated: self.truncated,
        };
        (Source::Dns, fact)
    }
}
