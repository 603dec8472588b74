//! What happened on a socket, in the order in which it was seen.

use super::Packet;
use crate::failure::{Call, Failure, seconds};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Position in the trace, from 0, without gaps.
    pub seq: usize,
    /// Since the start of the trace, in seconds.
    #[serde(with = "seconds")]
    pub at: Duration,
    /// Who did it: `naive client`, `server`, …
    pub actor: String,
    /// What it was.
    #[serde(flatten)]
    pub what: What,
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum What {
    /// A call was made; until it ends, the caller may be blocked in it.
    Started(Call),
    /// A call did what was asked.
    Finished {
        /// The call, with the addresses it ended up with.
        #[serde(flatten)]
        call: Call,
        /// Bytes moved, for calls that move bytes; 0 from `recv` on a stream is its end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<usize>,
    },
    /// A call failed.
    Failed(Failure),
    /// A new attempt follows after a delay.
    Retrying {
        /// The attempt that follows, from 2.
        attempt: u32,
        /// The wait before it, in seconds.
        #[serde(with = "seconds")]
        delay: Duration,
    },
    /// A fault was put in on purpose, and changed something.
    Injected(Injection),
    /// A packet came in at an end of a link of a virtual network.
    Packet(Box<Packet>),
    /// A program was started.
    Launched {
        /// Its process.
        pid: u32,
        /// The command, word by word.
        command: Vec<String>,
    },
    /// A program ended.
    Exited {
        /// Its exit code, if it ended by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<i32>,
        /// The signal that ended it, if one did: `SIGKILL`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signal: Option<String>,
        /// Which limit it broke, if it was ended for that: `time`, `memory`, `output`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<String>,
    },
    /// A program wrote a line.
    Wrote {
        /// Where to.
        stream: Stream,
        /// The line without its end. The program wrote it: it may hold anything.
        text: String,
    },
    /// A step of the plan was taken, in the words of the file: `partition path`.
    Step {
        /// The words.
        text: String,
        /// The name of the step, if it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Something that is not a call, in a few words: a role on the stage.
    Note {
        /// The words.
        text: String,
    },
}

/// Where a program writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are stdio(3)'s")]
pub enum Stream {
    Stdout,
    Stderr,
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        })
    }
}

/// What a toxic, or a rule of a link, did to whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Injection {
    /// The name of the toxic or rule.
    pub toxic: String,
    /// Its type: `latency`, `reset_peer`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// Which way the traffic went: `upstream` or `downstream`.
    pub stream: String,
    /// The connection, or the UDP client, counted from 1 in its proxy.
    pub connection: u64,
    /// The address of the client.
    pub client: SocketAddr,
    /// What was done: `delayed`, `dropped`, `reset`, …
    pub did: String,
    /// To how many bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<usize>,
    /// By how long, in seconds, when it was a delay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<f64>,
}

impl fmt::Display for Injection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} connection {} of {}", self.toxic, self.did, self.connection, self.client)?;
        if let Some(bytes) = self.bytes {
            write!(f, ", {bytes} bytes")?;
        }
        if let Some(by) = self.by {
            write!(f, " by {by:.3} s")?;
        }
        write!(f, " ({})", self.stream)
    }
}

impl What {
    /// The failure, when the event is one.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// The call that did what was asked, when the event is one.
    pub fn finished(&self) -> Option<&Call> {
        match self {
            Self::Finished { call, .. } => Some(call),
            _ => None,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.actor)?;
        match &self.what {
            What::Started(call) => write!(f, "{call} …"),
            What::Finished { call, bytes: Some(bytes) } => write!(f, "{call}: {bytes} bytes"),
            What::Finished { call, bytes: None } => write!(f, "{call}: ok"),
            What::Failed(failure) => write!(f, "{failure}"),
            What::Retrying { attempt, delay } => {
                write!(f, "attempt {attempt} after {}", humantime::format_duration(*delay))
            }
            What::Injected(injection) => write!(f, "{injection}"),
            What::Packet(packet) => write!(f, "{packet}"),
            What::Launched { pid, command } => write!(f, "started {} (pid {pid})", command.join(" ")),
            What::Exited { limit: Some(limit), .. } => write!(f, "ended: over its limit of {limit}"),
            What::Exited { signal: Some(signal), .. } => write!(f, "ended by {signal}"),
            What::Exited { code: Some(code), .. } => write!(f, "ended with exit code {code}"),
            What::Exited { .. } => f.write_str("ended"),
            What::Wrote { stream: Stream::Stdout, text } => write!(f, "> {text}"),
            What::Wrote { stream: Stream::Stderr, text } => write!(f, "2> {text}"),
            What::Step { text, .. } | What::Note { text } => f.write_str(text),
        }
    }
}
