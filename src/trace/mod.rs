//! The types that flow through the house: events, evidence, verdicts, outcomes. And the recorder, which is the
//! only clock. Data only: nothing here opens a socket, reads the system or knows how a report looks.

mod diagnosis;
mod effect;
mod event;
mod evidence;
mod facts;
mod fetched;
mod journal;
mod loaded;
mod names;
mod outcome;
mod packet;
mod recorder;
mod recovery;
mod run;
mod saved;
mod socket_row;
mod verdict;
mod web;
mod witness;
mod words;

pub use diagnosis::{Diagnosis, Health, Reached};
pub use effect::{Came, Effect};
pub use event::{Event, Injection, Stream, What};
pub use evidence::{Evidence, Fact, Source};
pub use facts::{Descriptors, IcmpError, Options, OwnSocket, PortRange, Process, Route, Waiting};
pub use fetched::{Body, Fetched, Hop, Resolved, Secured, Stage, StageName, Tried, Via};
pub use loaded::{Bin, FailedSo, Latency, Loaded, Mode};
pub use names::{is_localhost, overrides};
pub use outcome::{Arm, Check, Outcome, Status};
pub use packet::{Did, Fate, Packet};
pub use recorder::{Actor, Deadline, Pending, Recorder};
pub use recovery::{
    Course, Detail, Measure, Number, Recovery, RecoveryArm, RecoveryCase, RecoveryChange, RecoveryClaim,
    RecoverySweep, Spread,
};
pub use run::{Checked, End, Header, Host, Judged, Points, Run, RunStatus, Told};
pub use saved::{Line, Unreadable, ndjson_line};
pub use socket_row::{SocketRow, SocketState, TcpInfo};
pub use verdict::{Because, Confidence, RuledOut, Unseen, Verdict};
pub use web::{Certificate, Framing, Request, Response};
pub use witness::{Watch, Witness};

/// The version of every JSON shape that this program writes.
pub const SCHEMA_VERSION: u32 = 1;
