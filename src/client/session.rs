//! Line after line to one server: every address, every attempt, one deadline each.

use super::judge::{may_have_arrived, may_pass};
use super::tcp::Connection;
use super::{Attempted, GaveUp, Reply, Settings, Stop, udp};
use crate::failure::{Failure, Protocol};
use crate::retry::Tokens;
use crate::socket::Socket;
use crate::trace::{Actor, Deadline};
use std::net::SocketAddr;

/// Exchanges with one server. Over TCP they share a connection as long as it lasts.
#[derive(Debug)]
pub struct Session<'a> {
    actor: &'a Actor,
    settings: &'a Settings,
    addresses: &'a [SocketAddr],
    connection: Option<Connection>,
    tokens: Option<Tokens>,
}

/// The bytes of a reply, without their line end.
pub(super) struct Answer {
    pub(super) reply: Vec<u8>,
    pub(super) from: SocketAddr,
}

/// One line under way.
struct Exchange<'e> {
    line: &'e str,
    by: &'e Deadline,
    attempt: u32,
    failures: Vec<Attempted>,
    /// UDP sockets whose request got no reply.
    asked_before: Vec<Socket>,
}

impl<'a> Session<'a> {
    /// A session that has not connected yet. `addresses` are those of one server, in the order in which to try
    /// them.
    ///
    /// # Panics
    /// Without addresses.
    pub fn new(actor: &'a Actor, settings: &'a Settings, addresses: &'a [SocketAddr]) -> Self {
        assert!(!addresses.is_empty(), "a server has at least one address");
        Self { actor, settings, addresses, connection: None, tokens: settings.budget.map(Tokens::of) }
    }

    /// Sends `line` and gives the reply to it, within the total limit of the settings.
    ///
    /// # Panics
    /// With a line end inside `line`, which would make two requests of one.
    pub fn exchange(&mut self, line: &str) -> Result<Reply, GaveUp> {
        let by = self.actor.recorder().deadline(self.settings.limits.total);
        self.exchange_by(line, &by)
    }

    /// The same, within a limit that began before.
    ///
    /// # Panics
    /// With a line end inside `line`.
    pub fn exchange_by(&mut self, line: &str, by: &Deadline) -> Result<Reply, GaveUp> {
        assert!(!line.contains('\n'), "a request is one line");
        let mut delays = self.settings.policy.delays();
        let mut exchange = Exchange { line, by, attempt: 1, failures: Vec::new(), asked_before: Vec::new() };
        // what the retry took from the budget
        let mut took = 0.0;
        loop {
            let before = exchange.failures.len();
            let is_retry = exchange.attempt > 1;
            let now = || self.actor.recorder().elapsed();
            self.tokens.iter_mut().for_each(|tokens| tokens.sent(now(), is_retry));
            let answer = self.attempt(&mut exchange);
            self.tokens.iter_mut().for_each(|tokens| tokens.ended(is_retry, answer.is_some(), took));
            if let Some(Answer { reply, from }) = answer {
                let text = String::from_utf8_lossy(&reply).into_owned();
                return Ok(Reply { text, from, attempt: exchange.attempt, failures: exchange.failures });
            }
            let may_pass = exchange.failures[before..].iter().any(|met| may_pass(&met.failure));
            let because = match delays.next() {
                _ if !may_pass => Stop::Hopeless,
                None => Stop::AttemptsSpent,
                Some(_) if !self.affords_a_retry(&exchange, &mut took) => Stop::Budget,
                Some(delay) if !self.actor.retry_after(delay, exchange.attempt + 1, by) => Stop::Deadline,
                Some(_) => {
                    exchange.attempt += 1;
                    continue;
                }
            };
            return Err(GaveUp { failures: exchange.failures, because });
        }
    }

    /// Takes what a retry costs from the budget.
    fn affords_a_retry(&mut self, exchange: &Exchange, took: &mut f64) -> bool {
        let Some(tokens) = &mut self.tokens else { return true };
        let timed_out = exchange.failures.last().is_some_and(|met| met.failure.is_timeout());
        let taken = tokens.take(self.actor.recorder().elapsed(), timed_out);
        *took = taken.unwrap_or_default();
        taken.is_some()
    }

    /// Tries the connection that is there, then every address. `None` when each of them failed.
    fn attempt(&mut self, exchange: &mut Exchange) -> Option<Answer> {
        if let Some(connection) = self.connection.take() {
            match self.ask_on(connection, exchange) {
                Ok(answer) => return Some(answer),
                Err(failure) => exchange.met(failure),
            }
        }
        for (tried, address) in self.addresses.iter().enumerate() {
            let left = exchange.by.left();
            if left.is_none() && !exchange.failures.is_empty() {
                return None;
            }
            if exchange.may_have_arrived() {
                self.actor.note(
                    "the request may have arrived; to send it again is safe, the transform keeps nothing",
                );
            }
            // An address that does not answer takes its share of the time, and leaves theirs to the others.
            let share = left.unwrap_or_default() / u32::try_from(self.addresses.len() - tried).unwrap_or(1);
            match self.ask(*address, &exchange.by.or_within(share), exchange) {
                Ok(answer) => return Some(answer),
                Err(failure) => exchange.met(failure),
            }
        }
        None
    }

    fn ask(
        &mut self,
        address: SocketAddr,
        share: &Deadline,
        exchange: &mut Exchange,
    ) -> Result<Answer, Failure> {
        let Settings { protocol, limits, .. } = self.settings;
        match protocol {
            Protocol::Tcp => {
                let connection = Connection::open(self.actor, address, &share.or_within(limits.connect))?;
                self.ask_on(connection, exchange)
            }
            Protocol::Udp => {
                let by = share.or_within(limits.reply);
                udp::ask(self.actor, address, exchange.line, limits, &by, &mut exchange.asked_before)
            }
        }
    }

    fn ask_on(&mut self, connection: Connection, exchange: &Exchange) -> Result<Answer, Failure> {
        let limits = &self.settings.limits;
        let (answer, connection) =
            connection.ask(self.actor, exchange.line, limits, &exchange.by.or_within(limits.reply))?;
        self.connection = connection;
        Ok(answer)
    }
}

impl Exchange<'_> {
    fn met(&mut self, failure: Failure) {
        self.failures.push(Attempted { attempt: self.attempt, failure });
    }

    /// Whether the server may have the request from the try before.
    fn may_have_arrived(&self) -> bool {
        self.failures.last().is_some_and(|met| may_have_arrived(&met.failure))
    }
}
