//! The world that an experiment is played in, as data: both engines read it, neither adds anything. All times are
//! counted from the start of the run.

use crate::retry::{Admission, Strategy};
use std::time::Duration;

/// A world: callers, the way to the servers, the servers, and what goes wrong when.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// When requests come, whatever became of those before: the load is open.
    pub arrivals: Arrivals,
    /// How long requests come.
    pub lasts: Duration,
    /// Clients, each with its own budget, breaker and throttle; requests are dealt to them in turn.
    pub clients: u32,
    /// The servers. With `sharded` a request belongs to one of them, else it goes to them in turn; a hedge always
    /// goes to the next one.
    pub backends: Vec<Backend>,
    /// Whether a request belongs to one backend (its number modulo their count).
    pub sharded: bool,
    /// The way there and back.
    pub network: Network,
    /// What goes wrong.
    pub troubles: Vec<Trouble>,
    /// How far the servers' clocks are ahead of the clients', in seconds: it makes deadlines pass early.
    pub skew_s: f64,
}

/// When requests come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arrivals {
    /// Independently of each other, so many a second on average.
    Poisson {
        /// Requests a second.
        per_s: f64,
    },
    /// Evenly.
    Even {
        /// Requests a second.
        per_s: f64,
    },
    /// Poisson, with a spike.
    Spike {
        /// Requests a second.
        per_s: f64,
        /// Requests a second in the spike.
        peak_per_s: f64,
        /// When the spike begins.
        from: Duration,
        /// When it ends.
        until: Duration,
    },
    /// All at once, at the start: a herd.
    AtOnce {
        /// How many.
        count: u32,
    },
}

/// A server: a queue, first in first out, and workers that take from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backend {
    /// How long one request takes.
    pub service: Service,
    /// Requests served at the same time.
    pub workers: u32,
}

/// How long one request takes a worker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Service {
    /// Usually.
    pub usual: Duration,
    /// Whether `usual` is a mean of exponentially distributed times, or the same for every request.
    pub exponential: bool,
    /// The share of stragglers, from 0 to 1.
    pub stragglers: f64,
    /// How long those take.
    pub straggler: Duration,
}

/// The way there and back.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Network {
    /// Each way.
    pub delay: Duration,
    /// The share of attempts whose connection is reset before the server has them.
    pub resets: f64,
    /// The share of replies that are lost after the server did the work.
    pub lost_replies: f64,
}

/// What goes wrong, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trouble {
    /// The backend, or all.
    pub backend: Option<usize>,
    /// When it begins.
    pub from: Duration,
    /// When it ends.
    pub until: Duration,
    /// What.
    pub what: What,
}

/// A kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// The workers stop; the queue grows.
    Stall,
    /// Connections are refused at once, and what waits is lost.
    Down,
    /// Nothing is answered: requests vanish.
    Blackhole,
    /// The share of attempts that fail at once.
    Fails(f64),
    /// Stops, refuses, and is back at the end. One that drains says so before: new requests go to others, it works
    /// off what it has for as long as its admission says, and the restart takes its time only after that.
    Restart,
}

/// One way to behave in the world: what the clients keep to, and what the servers do.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// Its name, in the table and in claims.
    pub name: String,
    /// What the clients keep to.
    pub strategy: Strategy,
    /// Which requests the servers take.
    pub admission: Admission,
    /// Whether an idempotency key is made anew for every attempt: the mistake that makes it useless.
    pub new_key_each_attempt: bool,
}
