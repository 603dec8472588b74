//! Looks at the live system around the calls of a traced program, so that the trace alone proves what it can: before
//! a call that may be refused, while a call waits, and after one has failed. It only looks: nothing is sent, no
//! connection is made, and a trial bind lasts no longer than it takes to see that it works.
//!
//! Reading takes time, and the calls wait for the readings before and after them. A program that is traced is slower;
//! one that is not traced does not come here.

mod bind;
mod failed;
mod waits;

pub use bind::bind_failed;

use crate::evidence::{self, Counter, Eyes};
use crate::failure::{Call, Failure, Op, Protocol};
use crate::socket::Socket;
use crate::trace::{Fact, Recorder, SocketRow, Watch, Witness};
use std::any::Any;
use std::collections::{HashMap, HashSet};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use waits::Waits;

/// A reading of the table that is younger tells the state before a call.
const FRESH: Duration = Duration::from_millis(20);
/// So many rows of the socket table are written into one trace; what a disk holds is not endless.
const MOST_ROWS: usize = 200_000;
/// So many connections are remembered with who holds their other end.
const MOST_ENDS: usize = 10_000;

/// Has the live system looked at around every call that is written to `recorder` from now on, for as long as this
/// process lives.
pub fn watch(recorder: &Recorder) -> io::Result<()> {
    watch_with(recorder, Arc::new(Eyes::new(recorder)))
}

/// The same with eyes that others look with too: what is seen is theirs as well.
pub fn watch_with(recorder: &Recorder, eyes: Arc<Eyes>) -> io::Result<()> {
    let onlooker = Arc::new(Onlooker::new(recorder, eyes));
    let waiting = Arc::clone(&onlooker);
    thread::Builder::new().name("netfault-witness".into()).spawn(move || waiting.look_while_calls_wait())?;
    recorder.witnessed_by(Arc::new(Looks(onlooker)));
    Ok(())
}

/// What a reading of the socket table is about.
type Port = (Protocol, u16);

/// Who looks.
#[derive(Debug)]
struct Onlooker {
    recorder: Recorder,
    eyes: Arc<Eyes>,
    waits: Waits,
    seen: Mutex<Seen>,
    /// Held for a reading before or after a call, so that one serves all who wait for it.
    turn: Mutex<()>,
    aborts: Vec<Counter>,
}

/// What was seen so far, as far as it decides what is looked at next.
#[derive(Debug, Default)]
struct Seen {
    tables: HashMap<Port, Table>,
    /// Counters of RSTs that this kernel sent, since the first connect to that port.
    resets: HashMap<Port, Counter>,
    /// Who holds the socket with an inode, as far as this user may see.
    holders: HashMap<u32, Option<u32>>,
    /// Who holds, or held, the end of a connection with this address and this other end.
    ends: HashMap<(SocketAddr, SocketAddr), u32>,
    routes: HashSet<IpAddr>,
    rows: usize,
}

/// The last reading of a port.
#[derive(Clone, Debug)]
struct Table {
    began: Duration,
    ended: Duration,
    rows: Vec<SocketRow>,
}

impl Onlooker {
    fn new(recorder: &Recorder, eyes: Arc<Eyes>) -> Self {
        let counters = ["TCPAbortOnClose", "TCPAbortOnData"].map(Counter::start);
        Self {
            recorder: recorder.clone(),
            eyes,
            waits: Waits::default(),
            seen: Mutex::default(),
            turn: Mutex::default(),
            aborts: counters.into_iter().flatten().collect(),
        }
    }

    /// Reads the table before a call that may fail at once, unless it was read a moment ago.
    fn before(&self, port: Port) {
        let now = self.recorder.elapsed();
        self.look_unless(port, |table| now.saturating_sub(table.ended) < FRESH);
    }

    /// Reads the table after a call has failed, unless somebody has since.
    fn after(&self, port: Port) -> Vec<SocketRow> {
        let failed = self.recorder.elapsed();
        self.look_unless(port, |table| table.began >= failed)
    }

    fn look_unless(&self, port: Port, serves: impl Fn(&Table) -> bool) -> Vec<SocketRow> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.seen().tables.get(&port).filter(|table| serves(table)).cloned();
        known.map_or_else(|| self.look(port), |table| table.rows)
    }

    /// Reads the table and keeps it. Empty where no reader shows it.
    fn look(&self, port: Port) -> Vec<SocketRow> {
        let began = self.recorder.elapsed();
        let Ok(read) = evidence::sockets(port.0, port.1) else { return Vec::new() };
        let mut seen = self.seen();
        let rows = evidence::rows_of(read.1.clone());
        if seen.has_room_for(rows.len(), &self.recorder) {
            self.eyes.keep(read);
        }
        seen.tables.insert(port, Table { began, ended: self.recorder.elapsed(), rows: rows.clone() });
        rows
    }

    /// Begins to count the RSTs of this kernel at the first connect to the port.
    fn count_resets(&self, port: Port) {
        let counts = port.0 == Protocol::Udp || self.seen().resets.contains_key(&port);
        if let (false, Ok(resets)) = (counts, Counter::start("OutRsts")) {
            self.seen().resets.entry(port).or_insert(resets);
        }
    }

    /// Finds out who holds the socket of `row`, once.
    fn holder(&self, row: &SocketRow) -> Option<u32> {
        if !row.is_held() {
            return None;
        }
        if let Some(known) = self.seen().holders.get(&row.inode) {
            return *known;
        }
        let pid = match self.eyes.holder(row) {
            Ok(Fact::Holder(process)) => Some(process.pid),
            _ => None,
        };
        self.seen().holders.insert(row.inode, pid);
        pid
    }

    /// Finds out who holds the other end of the connection from `local` to `peer`, where that is on this host.
    fn other_end(&self, rows: &[SocketRow], local: SocketAddr, peer: SocketAddr) {
        let other = rows.iter().find(|row| row.local == peer && row.peer == local);
        if let Some(pid) = other.and_then(|row| self.holder(row)) {
            let mut seen = self.seen();
            if seen.ends.len() >= MOST_ENDS {
                seen.ends.clear();
            }
            seen.ends.insert((peer, local), pid);
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // A panic elsewhere leaves what was seen: every entry is one step.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// Whether the trace takes so many more rows; says so once when it does not.
    fn has_room_for(&mut self, rows: usize, recorder: &Recorder) -> bool {
        let had = self.rows <= MOST_ROWS;
        self.rows = self.rows.saturating_add(rows);
        let has = self.rows <= MOST_ROWS;
        if had && !has {
            let note = "the socket table is not written down any more: it was long, and read often";
            recorder.actor("witness").note(note);
        }
        has
    }
}

/// The same onlooker, as the recorder knows it.
#[derive(Debug)]
struct Looks(Arc<Onlooker>);

impl Witness for Looks {
    fn begins(&self, call: &Call) -> Watch {
        let Some(port) = port_of(call) else { return Box::new(()) };
        match call.op {
            Op::Connect => {
                self.0.before(port);
                self.0.count_resets(port);
            }
            Op::Bind | Op::Listen => self.0.before(port),
            Op::Send if port.0 == Protocol::Udp => self.0.before(port),
            _ => {}
        }
        match call.op {
            Op::Connect | Op::Accept | Op::Send | Op::Receive => {
                Box::new(self.0.waits.begin(&self.0, port, call))
            }
            _ => Box::new(()),
        }
    }

    fn failed(&self, failure: &Failure, socket: &dyn Any) {
        if let Some(socket) = socket.downcast_ref::<Socket>() {
            self.0.look_after(failure, socket);
        }
    }
}

/// The port that tells most of a call: the other end's, else the own.
fn port_of(call: &Call) -> Option<Port> {
    let address = call.peer.or(call.local).filter(|address| address.port() != 0)?;
    Some((call.protocol, address.port()))
}
