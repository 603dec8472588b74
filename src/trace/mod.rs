//! The types that flow through the house: events, evidence, verdicts, outcomes. And the recorder, which is the
//! only clock. Data only: nothing here opens a socket, reads the system or knows how a report looks.

mod event;
mod evidence;
mod outcome;
mod recorder;
mod verdict;

pub use event::{Event, What};
pub use evidence::{Evidence, Fact, IcmpError, Process, SocketRow, SocketState, Source, TcpInfo};
pub use outcome::{Arm, Check, Outcome, Status};
pub use recorder::{Actor, Deadline, Pending, Recorder};
pub use verdict::{Because, Confidence, RuledOut, Unseen, Verdict};

/// The version of every JSON shape that this program writes.
pub const SCHEMA_VERSION: u32 = 1;
