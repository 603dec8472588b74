//! Asks again and again and tells what came of it: a measure of whether a server answers, and when again.

use super::Target;
use super::exchange::word;
use crate::failure::Failure;
use crate::socket::Socket;
use crate::trace::Actor;
use std::fmt;
use std::num::NonZeroU32;
use std::thread;
use std::time::Duration;

/// How a client asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// What it asks.
    pub text: String,
    /// From the beginning of one question to that of the next; one that takes longer is followed at once.
    pub every: Duration,
    /// How often.
    pub times: NonZeroU32,
    /// How long it waits for one answer, the connect counted in.
    pub timeout: Duration,
    /// Whether one connection is kept for as long as it works; else each question has its own.
    pub keep: bool,
}

/// What came of one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A reply, without its line end. The server wrote it: it may hold control characters.
    Ok(String),
    /// A failure.
    Failed(Failure),
}

impl Answer {
    /// Whether there was a reply.
    pub fn is_ok(&self) -> bool {
        matches!(self, Self::Ok(_))
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok(reply) => write!(f, "ok {reply}"),
            Self::Failed(failure) => write!(f, "failed {}", word(failure)),
        }
    }
}

/// Asks, and gives each answer to `told` as it comes; gives whether all had a reply. Stops early when `told` says
/// `false`.
pub fn ask(actor: &Actor, target: Target, how: &Asking, mut told: impl FnMut(&Answer) -> bool) -> bool {
    let recorder = actor.recorder();
    let mut kept = None;
    let mut all_ok = true;
    for number in 0..how.times.get() {
        let next = recorder.deadline(how.every);
        let answer = ask_once(actor, target, how, &mut kept);
        all_ok &= answer.is_ok();
        if !told(&answer) {
            break;
        }
        if let Some(left) = next.left().filter(|_| number + 1 < how.times.get()) {
            thread::sleep(left);
        }
    }
    all_ok
}

fn ask_once(actor: &Actor, target: Target, how: &Asking, kept: &mut Option<Socket>) -> Answer {
    let by = actor.recorder().deadline(how.timeout);
    let opened = kept.take().map_or_else(|| target.connect(actor, &by), Ok);
    let asked = opened.and_then(|mut socket| {
        let reply = target.ask(&mut socket, &how.text, &by)?;
        if how.keep {
            *kept = Some(socket);
        } else {
            socket.close();
        }
        Ok(reply)
    });
    asked.map_or_else(Answer::Failed, Answer::Ok)
}
