//! Calls that wait, and looks at the socket table meanwhile: soon at first, then less and less often.

use super::{Onlooker, Port, Table};
use crate::evidence;
use crate::failure::Call;
use crate::trace::SocketRow;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A call that ends sooner is not looked at while it waits.
const FIRST: Duration = Duration::from_millis(20);
/// Between two looks at one call, at most.
const LONGEST: Duration = Duration::from_secs(5);
/// A call is looked at again after an eighth of the time that it has waited, and no look takes more than an eighth of
/// the time: some kernels need long for the table.
const PACE: u32 = 8;

/// The calls that wait.
#[derive(Debug, Default)]
pub(super) struct Waits {
    state: Mutex<State>,
    more: Condvar,
}

#[derive(Debug, Default)]
struct State {
    calls: BTreeMap<u64, Waiting>,
    begun: u64,
    /// How many have begun or ended.
    changes: u64,
}

#[derive(Clone, Debug)]
struct Waiting {
    call: Call,
    port: Port,
    since: Duration,
    next: Duration,
}

/// A call under way; it is over when this is dropped.
#[derive(Debug)]
pub(super) struct UnderWay {
    onlooker: Arc<Onlooker>,
    number: u64,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.onlooker.waits.lock();
        state.calls.remove(&self.number);
        state.changes += 1;
    }
}

impl Waits {
    pub(super) fn begin(&self, onlooker: &Arc<Onlooker>, port: Port, call: &Call) -> UnderWay {
        let since = onlooker.recorder.elapsed();
        let mut state = self.lock();
        let number = state.begun;
        state.begun += 1;
        state.changes += 1;
        let waiting = Waiting { call: call.clone(), port, since, next: since + FIRST };
        state.calls.insert(number, waiting);
        self.more.notify_one();
        UnderWay { onlooker: Arc::clone(onlooker), number }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves a list that is right: every change is one step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Onlooker {
    /// Looks at whatever waits, for ever.
    pub(super) fn look_while_calls_wait(&self) {
        let mut state = self.waits.lock();
        loop {
            let now = self.recorder.elapsed();
            let first = state.calls.values().min_by_key(|waiting| waiting.next);
            let (due, port) = match first {
                None => {
                    state = self.waits.more.wait(state).unwrap_or_else(PoisonError::into_inner);
                    continue;
                }
                Some(waiting) => (waiting.next, waiting.port),
            };
            let left = due.saturating_sub(now);
            if !left.is_zero() {
                let waited = self.waits.more.wait_timeout(state, left);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            drop(state);
            self.glance(port);
            state = self.waits.lock();
        }
    }

    /// Reads the table for the calls that wait on `port`, and looks who holds the other ends of their connections.
    fn glance(&self, port: Port) {
        let before = self.waits.lock().changes;
        let began = self.recorder.elapsed();
        let read = evidence::sockets(port.0, port.1);
        let mut state = self.waits.lock();
        let now = self.recorder.elapsed();
        let took = now.saturating_sub(began);
        for waiting in state.calls.values_mut().filter(|waiting| waiting.port == port) {
            let pause = (now.saturating_sub(waiting.since) / PACE).max(took * PACE);
            waiting.next = now + pause.clamp(FIRST, LONGEST);
        }
        let Ok(read) = read else { return };
        // A reading during which a call began or ended would be on the wrong side of that.
        if state.changes != before {
            return;
        }
        let rows = evidence::rows_of(read.1.clone());
        let mut seen = self.seen();
        let table = seen.tables.get_mut(&port);
        let is_new = table.as_ref().is_none_or(|table| !are_the_same(&table.rows, &rows));
        let waits: Vec<Call> =
            state.calls.values().filter(|one| one.port == port).map(|one| one.call.clone()).collect();
        if (is_new || needs_its_own(&state, port, table.map(|table| table.began)))
            && seen.has_room_for(rows.len(), &self.recorder)
        {
            // The calls still wait: the list of them is locked until this has its time.
            self.eyes.keep(read);
            seen.tables.insert(port, Table { began, ended: now, rows: rows.clone() });
        }
        drop(seen);
        drop(state);
        for (local, peer) in waits.iter().filter_map(|call| Some((call.local?, call.peer?))) {
            self.other_end(&rows, local, peer);
        }
    }
}

/// Whether a call on `port` began after the reading that is known, so that it has none of its own yet.
fn needs_its_own(state: &State, port: Port, known: Option<Duration>) -> bool {
    state.calls.values().any(|one| one.port == port && known.is_none_or(|known| known < one.since))
}

/// Whether two readings tell the same, but for what only counts down.
fn are_the_same(one: &[SocketRow], other: &[SocketRow]) -> bool {
    let timeless = |row: &SocketRow| SocketRow { expires: None, ..row.clone() };
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| timeless(one) == timeless(other))
}
