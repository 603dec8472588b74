//! One request, from the name to the last byte, with the time of each stage.

use super::body::{Intake, Refused};
use super::connect::connect;
use super::connection::Connection;
use super::first_bytes::{Tapped, first_bytes};
use super::http::{self, Ended, Head};
use super::tls::{Trust, handshake};
use super::{Settings, Sink, Target, now};
use crate::evidence::Eyes;
use crate::failure::{Failure, Op, Protocol, Why};
use crate::resolver;
use crate::socket::{Choice, Stream};
use crate::trace::{
    Actor, Body, Deadline, Event, Fact, Hop, Recorder, Request, Response, Source, Stage, StageName, What,
};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// What a request needs from around it.
pub(super) struct Around<'a> {
    pub(super) recorder: &'a Recorder,
    pub(super) eyes: &'a Eyes,
    pub(super) actor: Actor,
    pub(super) settings: &'a Settings,
    pub(super) trust: Option<Trust>,
    pub(super) by: &'a Deadline,
}

/// How a request ended.
pub(super) enum Came {
    /// A whole page with a status of success.
    Page(Body),
    /// The way to another one.
    Elsewhere(String),
    /// A failure, and what came of a body before it.
    Failed(Failure, Option<Body>),
    /// Whoever the body is for could not take it.
    SinkFailed(io::Error),
}

/// One request under way.
pub(super) struct Under<'a, 'b> {
    around: &'b mut Around<'a>,
    target: &'b Target,
    hop: Hop,
    began: Option<(StageName, Duration)>,
}

/// Makes attempt number `attempt` at `target`.
pub(super) fn make(around: &mut Around, target: &Target, attempt: u32, sink: &mut dyn Sink) -> (Hop, Came) {
    let hop = Hop {
        url: target.to_string(),
        attempt,
        stages: Vec::new(),
        resolved: None,
        tried: Vec::new(),
        peer: None,
        tls: None,
        response: None,
        failure: None,
    };
    let mut under = Under { around, target, hop, began: None };
    let came = under.go(sink).unwrap_or_else(|failure| Came::Failed(failure, None));
    under.end(match &came {
        Came::Failed(failure, body) => body.is_some() && matches!(failure.why, Why::Status { .. }),
        _ => true,
    });
    if let Came::Failed(failure, _) = &came {
        under.hop.failure = Some(failure.clone());
    }
    (under.hop, came)
}

impl Under<'_, '_> {
    fn go(&mut self, sink: &mut dyn Sink) -> Result<Came, Failure> {
        let addresses = self.addresses()?;
        let mut connection = self.connection(&addresses)?;
        let head = self.head(&mut connection)?;
        let response = head.response.clone();
        self.hop.response = Some(response.clone());
        self.around.eyes.keep((Source::Http, Fact::Response(response.clone())));
        if let Some(location) = leads_to(&response) {
            connection.end();
            return Ok(Came::Elsewhere(location));
        }
        Ok(self.body(&mut connection, head, &response, sink))
    }

    fn addresses(&mut self) -> Result<Vec<SocketAddr>, Failure> {
        self.begin(StageName::Name);
        let Around { actor, eyes, settings, by, .. } = &*self.around;
        let resolved = resolver::find(actor, eyes, self.target.host(), &settings.resolver, by)?;
        let port = self.target.port();
        let addresses = resolved.addresses.iter().map(|ip| SocketAddr::new(*ip, port)).collect();
        self.hop.resolved = Some(resolved);
        Ok(addresses)
    }

    fn connection(&mut self, addresses: &[SocketAddr]) -> Result<Connection, Failure> {
        self.begin(StageName::Connect);
        let by = self.around.by.or_within(self.around.settings.connect);
        let connected = connect(&self.around.actor, addresses, &by);
        self.hop.tried = connected.tried;
        let mut socket = connected.socket?;
        socket.set(Choice::NoDelay)?;
        self.hop.peer = socket.peer();
        let below = Tapped::new(Stream::new(socket, by));
        if !self.target.is_secure() {
            return Ok(Connection::Plain(Box::new(below)));
        }
        self.begin(StageName::Tls);
        let now = now(self.around.recorder);
        let Around { settings, trust, eyes, .. } = &mut *self.around;
        let trust = trust.get_or_insert_with(|| Trust::new(settings.verify, &settings.trusted));
        let shaken = handshake(eyes, below, self.target.host(), trust, &now);
        self.hop.tls = shaken.secured;
        Ok(Connection::Secure(Box::new(shaken.tls?)))
    }

    fn head(&mut self, connection: &mut Connection) -> Result<Head, Failure> {
        self.begin(StageName::Request);
        connection.until(self.around.by);
        let (bytes, sent) = http::request(self.target).map_err(|why| connection.reject(why))?;
        connection.send(&bytes)?;
        let peer = connection.peer();
        let request =
            Request { peer, method: "GET".to_owned(), url: self.target.to_string(), bytes: bytes.len() };
        self.around.eyes.keep((Source::Http, Fact::Request(request)));
        self.begin(StageName::FirstByte);
        let head = sent.head(connection, || self.begin(StageName::Body));
        head.inspect_err(|failure| self.look_after(failure, connection))
    }

    /// Keeps what shows why no response came.
    fn look_after(&self, failure: &Failure, connection: &mut Connection) {
        let eyes = self.around.eyes;
        match failure.why {
            Why::NotHttp { .. } => {
                let peer = connection.peer();
                if let Some(fact) = first_bytes(peer, connection.began()) {
                    eyes.keep((Source::Http, fact));
                }
            }
            // Where no reader shows the socket, the rules are less sure.
            Why::Closed => drop(eyes.sockets(Protocol::Tcp, self.target.port())),
            _ => {}
        }
    }

    fn body(
        &mut self,
        connection: &mut Connection,
        head: Head,
        response: &Response,
        sink: &mut dyn Sink,
    ) -> Came {
        sink.head(response);
        let mut intake = Intake::new(response, self.around.settings.longest_body, sink);
        let ended = head.body(connection, &mut intake);
        connection.end();
        let whole = match &ended {
            Ok(whole) => *whole,
            Err(_) => Some(false),
        };
        let body = intake.body(response, whole);
        match ended {
            Ok(_) if (200..300).contains(&response.status) => Came::Page(body),
            Ok(_) => {
                let failure = connection.reject(Why::Status { code: response.status });
                Came::Failed(failure, Some(body))
            }
            Err(Ended::Failed(failure)) => Came::Failed(failure, Some(body)),
            Err(Ended::Refused(Refused::Body(why))) => Came::Failed(connection.reject(why), Some(body)),
            Err(Ended::Refused(Refused::Sink(error))) => Came::SinkFailed(error),
        }
    }

    fn begin(&mut self, name: StageName) {
        self.end(true);
        self.began = Some((name, self.around.recorder.elapsed()));
    }

    /// The stage that was begun is over. Its time is that of its calls: what is looked at in the live system before the
    /// first of them, and after one that fails, does not count.
    fn end(&mut self, ok: bool) {
        let Some((name, began)) = self.began.take() else { return };
        let now = self.around.recorder.elapsed();
        let events = self.around.recorder.events();
        let own = || events.iter().filter(|event| event.at >= began);
        let calls = |event: &&Event| matches!(&event.what, What::Started(call) if call.op != Op::Socket);
        let at = own().find(calls).map_or(began, |event| event.at);
        let failed = own().rev().find(|event| event.what.failure().is_some()).filter(|_| !ok);
        let ended = failed.map_or(now, |event| event.at);
        self.hop.stages.push(Stage { name, at, took: ended.saturating_sub(at), ok });
    }
}

/// Where a redirection leads, RFC 9110 §15.4.
fn leads_to(response: &Response) -> Option<String> {
    let redirects = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    response.location.clone().filter(|_| redirects)
}
