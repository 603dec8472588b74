//! The loop: makes requests when they are to be made, takes what comes, and looks at time-outs. It waits for nothing
//! but events and the next request.

use super::Progress;
use super::again::{Again, Attempt};
use super::schedule::Schedule;
use super::tally::{Because, Tally};
use crate::failure::Op;
use crate::readiness;
use crate::trace::Recorder;
use mio::event::Event;
use mio::{Events, Poll, Registry};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

/// Events taken from the kernel at once.
const EVENTS: usize = 1024;
/// Requests made before answers have their turn.
const BURST: usize = 256;
/// Time-outs and rests are looked at so often.
const GRAIN: Duration = Duration::from_millis(10);
/// So often it is told how it goes.
const SECOND: Duration = Duration::from_secs(1);

/// Where requests go, of either transport.
pub(super) trait Lanes {
    /// Gets ready before the first request.
    fn open(&mut self, turn: &mut Turn);
    /// Makes an attempt.
    fn make(&mut self, attempt: Attempt, turn: &mut Turn);
    /// Something can be read or written.
    fn event(&mut self, event: &Event, turn: &mut Turn);
    /// Time has passed.
    fn sweep(&mut self, turn: &mut Turn);
    /// How many connections or sockets there are.
    fn used(&self) -> usize;
}

/// What lanes need in their turn.
pub(super) struct Turn<'a> {
    pub(super) clock: &'a Recorder,
    /// When the turn began.
    pub(super) now: Duration,
    pub(super) registry: &'a Registry,
    pub(super) tally: &'a mut Tally,
    pub(super) again: &'a mut Again,
}

impl Turn<'_> {
    /// The answer to an attempt came.
    pub(super) fn answered(&mut self, attempt: Attempt, now: Duration) {
        self.again.answered(attempt, now, self.tally);
    }

    /// An attempt failed.
    pub(super) fn failed(&mut self, attempt: Attempt, because: Because, op: Op) {
        self.again.failed(attempt, because, op, self.clock.elapsed(), self.tally);
    }
}

/// What decides when requests are made.
#[derive(Clone, Debug)]
pub(super) enum Pace {
    /// The clock.
    Open(Schedule),
    /// So many are always in flight.
    Closed(u64),
}

/// How the load ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// For how long requests were made.
    pub(super) made_for: Duration,
    pub(super) interrupted: bool,
    /// More than a twentieth of the requests were never made.
    pub(super) fell_behind: bool,
}

/// Makes requests for `duration`, and then waits for the answers that are still to come, `patience` at most.
pub(super) fn drive(
    lanes: &mut dyn Lanes,
    mut pace: Pace,
    (duration, patience): (Duration, Duration),
    (tally, again): (&mut Tally, &mut Again),
    stop: &AtomicBool,
    tell: &mut dyn FnMut(Progress),
) -> io::Result<Ended> {
    let clock = Recorder::forgetful();
    let mut poll = Poll::new()?;
    let registry = poll.registry().try_clone()?;
    let mut events = Events::with_capacity(EVENTS);
    lanes.open(&mut Turn { clock: &clock, now: clock.elapsed(), registry: &registry, tally, again });
    let began = clock.elapsed();
    let end = began + duration;
    let (mut swept, mut told) = (began, began);
    let (mut made_for, mut ends) = (duration, false);
    loop {
        let now = clock.elapsed();
        let interrupted = stop.load(Relaxed);
        // Requests that were to be made in the last moment are made in the turn after it.
        let is_over = std::mem::replace(&mut ends, now >= end);
        if interrupted || (is_over && (tally.open() == 0 || now > end + patience + 2 * GRAIN)) {
            if interrupted && !is_over {
                made_for = now.saturating_sub(began);
            }
            // What is unmade after a signal is compared with what was to be made until then.
            let fell_behind = match pace {
                Pace::Open(schedule) => schedule.owes(tally.sent / 19 + 1, made_for),
                Pace::Closed(_) => false,
            };
            return Ok(Ended { made_for, interrupted, fell_behind });
        }
        let mut turn = Turn { clock: &clock, now, registry: &registry, tally, again };
        for _ in 0..BURST {
            let Some(attempt) = turn.again.due(turn.clock.elapsed(), turn.tally) else { break };
            lanes.make(attempt, &mut turn);
        }
        let next = if is_over { end + patience } else { make(lanes, &mut pace, began, end, &mut turn) };
        let next = turn.again.next_due().map_or(next, |due| due.min(next));
        if now >= swept + GRAIN {
            lanes.sweep(&mut turn);
            swept = now;
        }
        if now >= told + SECOND {
            told = now;
            let Tally { sent, answered, failed, .. } = *turn.tally;
            tell(Progress { elapsed: now.saturating_sub(began), sent, answered, failed });
        }
        let wake = if is_over { next } else { next.min(end) }.min(swept + GRAIN);
        readiness::wait(&mut poll, &mut events, wake.saturating_sub(clock.elapsed()))?;
        for event in &events {
            lanes.event(event, &mut turn);
        }
    }
}

/// Makes the requests whose time has come, and tells when the next one's will.
fn make(lanes: &mut dyn Lanes, pace: &mut Pace, began: Duration, end: Duration, turn: &mut Turn) -> Duration {
    for _ in 0..BURST {
        let now = turn.clock.elapsed();
        let at = match pace {
            Pace::Open(schedule) => {
                let at = began.saturating_add(schedule.next());
                if at > now || at >= end {
                    return at;
                }
                schedule.advance();
                at
            }
            Pace::Closed(most) if turn.tally.open() >= *most => return end,
            Pace::Closed(_) => now,
        };
        turn.tally.make(at, now);
        if let Some(attempt) = turn.again.first(at, now, turn.tally) {
            lanes.make(attempt, turn);
        }
    }
    turn.now
}
