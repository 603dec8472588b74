//! A wait that is no call of the program: that nothing comes is no failure, and not written down.

use super::{SHORTEST, Socket};
use crate::failure::{Failure, Op};
use std::io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
use std::mem::MaybeUninit;
use std::time::Duration;

/// The longest wait that is asked of the kernel at once: every platform can count it.
const LONGEST: Duration = Duration::from_secs(3600);

impl Socket {
    /// Whether something to read comes within `limit`, an hour at most; the end of a stream counts as something. It
    /// stays there. An error that came instead is one of recv(2): looking has taken it away from the next call.
    pub fn comes_within(&self, limit: Duration) -> Result<bool, Failure> {
        let mut byte = [MaybeUninit::uninit()];
        let waits = self.inner.set_read_timeout(Some(limit.clamp(SHORTEST, LONGEST)));
        let looked = waits.and_then(|()| self.inner.peek(&mut byte));
        // If this cannot be undone, the next call ends early and says so.
        let _ = self.inner.set_read_timeout(self.read_limit.map(|limit| limit.max(SHORTEST)));
        match looked {
            Ok(_) => Ok(true),
            Err(error) if matches!(error.kind(), WouldBlock | TimedOut | Interrupted) => Ok(false),
            Err(error) => {
                let pending = self.start(Op::Receive, self.local(), self.peer());
                Err(self.failed(pending.fail(&error, None)))
            }
        }
    }
}
