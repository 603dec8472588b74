//! Puts load on a line or datagram server and measures it. In an open loop the clock makes the requests, as users do
//! who know nothing of each other; in a closed loop each answer makes the next. Judges no server: it tells how long
//! answers took, what failed, and whether the generator itself was fast enough for that to mean anything.

mod again;
mod engine;
mod schedule;
mod tally;
mod tcp;
mod udp;

pub use schedule::Arrivals;

use crate::failure::Protocol;
use crate::retry::{Backoff, Kind, Preset};
use crate::socket;
use crate::trace::{Loaded, Mode};
use again::Again;
use engine::{Lanes, Pace};
use schedule::Schedule;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;
use tally::Tally;

/// Sockets of datagrams, when nobody says how many.
const SOCKETS: usize = 4096;
/// Connections of a closed loop, when nobody says how many.
const CONNECTIONS: usize = 256;
/// Requests that are late by less than this, half of them or a tenth, are on time: a busy system wakes nobody sooner.
const LATE: [(f64, Duration); 2] = [(0.5, Duration::from_millis(1)), (0.9, Duration::from_millis(20))];

/// What load is put on whom.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server.
    pub peer: SocketAddr,
    /// The transport.
    pub protocol: Protocol,
    /// What decides when a request is made.
    pub drive: Drive,
    /// For how long requests are made.
    pub duration: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// Connections, or sockets of datagrams, at most.
    pub connections: Option<usize>,
    /// What is done about an attempt that fails; nothing: its request failed.
    pub strategy: Option<Kind>,
    /// The request, without a line end.
    pub text: String,
    /// Of the arrivals.
    pub seed: u64,
}

/// The strategies that a load can keep to: those of a client that need nothing of the server and of its protocol.
pub const STRATEGIES: &[Kind] = &[
    Kind::Retry(Backoff::None),
    Kind::Retry(Backoff::Exponential),
    Kind::Retry(Backoff::FullJitter),
    Kind::Retry(Backoff::EqualJitter),
    Kind::Retry(Backoff::Decorrelated),
    Kind::Budget,
    Kind::Breaker,
    Kind::Throttling,
    Kind::Preset(Preset::Aws),
    Kind::Preset(Preset::Grpc),
    Kind::Preset(Preset::Envoy),
    Kind::Preset(Preset::Finagle),
];

/// What decides when a request is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Drive {
    /// So many a second.
    Rate(f64, Arrivals),
    /// So many at once.
    Concurrency(usize),
}

/// How it goes.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Since the first request.
    pub elapsed: Duration,
    /// Requests made.
    pub sent: u64,
    /// Requests answered.
    pub answered: u64,
    /// Requests that failed.
    pub failed: u64,
}

/// Puts the load on the server, until its time is over or `stop` is set; tells once a second how it goes.
pub fn run(settings: &Settings, stop: &AtomicBool, tell: &mut dyn FnMut(Progress)) -> io::Result<Loaded> {
    // With fewer descriptors there are fewer sockets; the load says what fails.
    let _ = socket::allow_many_descriptors();
    let closed = match settings.drive {
        Drive::Rate(..) => None,
        Drive::Concurrency(most) => Some(most),
    };
    let pace = match settings.drive {
        Drive::Rate(rate, arrivals) => Pace::Open(Schedule::new(rate, arrivals, settings.seed)),
        Drive::Concurrency(most) => Pace::Closed(most as u64),
    };
    let (peer, text, timeout) = (settings.peer, settings.text.as_str(), settings.timeout);
    let mut lanes: Box<dyn Lanes> = match settings.protocol {
        Protocol::Tcp => {
            let by_itself = closed.map_or_else(cores, |most| most.min(CONNECTIONS));
            let count = settings.connections.unwrap_or(by_itself).max(1);
            Box::new(tcp::Connections::new(peer, count, text, closed.is_some()))
        }
        Protocol::Udp => {
            let most = settings.connections.or(closed).unwrap_or(SOCKETS);
            Box::new(udp::Datagrams::new(peer, most, text))
        }
    };
    let mut tally = Tally::new();
    let mut again = Again::new(timeout, settings.strategy.map(Kind::strategy), settings.seed);
    // Attempts that follow failed ones have as long again as the load had.
    let patience = settings.strategy.map_or(timeout, |_| timeout.saturating_add(settings.duration));
    let span = (settings.duration, patience);
    let ended = engine::drive(&mut *lanes, pace, span, (&mut tally, &mut again), stop, tell)?;
    Ok(loaded(settings, (&tally, &again), &ended, lanes.used()))
}

/// The result; nothing that a generator measured which was too slow is given as the server's.
fn loaded(
    settings: &Settings,
    (tally, again): (&Tally, &Again),
    ended: &engine::Ended,
    connections: usize,
) -> Loaded {
    let seconds = ended.made_for.as_secs_f64().max(1e-9);
    let is_late = LATE.iter().any(|(rank, grain)| tally.is_late_at(*rank, *grain));
    let overloaded = ended.fell_behind || is_late;
    #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 requests")]
    let per_second = |count: u64| (count as f64 / seconds * 10.0).round() / 10.0;
    let (mode, asked_per_s, concurrency) = match settings.drive {
        Drive::Rate(rate, _) => (Mode::Open, Some(rate), None),
        Drive::Concurrency(most) => (Mode::Closed, None, Some(most)),
    };
    Loaded {
        target: settings.peer.to_string(),
        protocol: settings.protocol,
        mode,
        seed: settings.seed,
        connections,
        concurrency,
        asked_per_s,
        driven_per_s: per_second(tally.sent),
        overloaded,
        interrupted: ended.interrupted,
        seconds: (seconds * 1e3).round() / 1e3,
        strategy: settings.strategy.map(Kind::name),
        sent: tally.sent,
        attempts: again.attempts,
        answered: tally.answered,
        unanswered: tally.open(),
        reconnections: tally.reconnections,
        goodput_per_s: (!overloaded).then(|| per_second(tally.answered)),
        latency_ms: tally.latency().filter(|_| !overloaded),
        lag_ms: tally.lag().filter(|_| mode == Mode::Open),
        errors: tally.errors(),
        histogram: if overloaded { Vec::new() } else { tally.bins() },
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
