//! Why a run over sockets is no measurement.

use std::fmt;
use std::io;
use std::time::Duration;

/// Why nothing was measured.
#[derive(Debug)]
pub enum Failed {
    /// There is nothing to ask.
    NoServer,
    /// Time cannot go so fast.
    Scale(f64),
    /// A socket or a thread could not be had.
    Io(io::Error),
    /// The machine was too slow: what was measured is the machine.
    Late {
        /// Requests that were sent too late.
        late: usize,
        /// Requests that were sent.
        of: usize,
        /// What would have been in time, on the clock of this machine.
        tolerated: Duration,
        /// The latest of them.
        worst: Duration,
        /// How long it was to take to send all of them.
        wanted: Duration,
        /// How long it took.
        took: Duration,
    },
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoServer => write!(f, "the world has no server to ask"),
            Self::Scale(scale) => write!(f, "the scale is {scale}; a number above 0 is wanted"),
            Self::Io(error) => write!(f, "the run could not be played: {error}"),
            Self::Late { late, of, tolerated, worst, wanted, took } => {
                write!(
                    f,
                    "this machine could not drive the load: {late} of {of} requests were sent more than {:.1} ms \
                     late, the latest by {:.1} ms; at most one in a hundred may be; it drove {:.0}/s",
                    millis(*tolerated),
                    millis(*worst),
                    rate(*of, *took),
                )?;
                if wanted.is_zero() {
                    write!(f, ", all at one moment")
                } else {
                    write!(f, " of {:.0}/s", rate(*of, *wanted))
                }
            }
        }
    }
}

impl std::error::Error for Failed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Io(error) = self { Some(error) } else { None }
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// So many a second.
fn rate(count: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / time.as_secs_f64()
}
