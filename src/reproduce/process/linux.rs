//! Linux: setrlimit(2), capabilities(7), and a child that has a socket for its standard input.

use crate::reproduce::trouble::Trouble;
use crate::socket::Socket;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CapabilitySet, capabilities, set_capabilities};
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::thread;

/// While it lives, this process may open only a few more descriptors. The limit counts for every thread: whoever
/// sets it must be alone.
pub(in crate::reproduce) struct FewDescriptors {
    before: Rlimit,
    limit: u64,
}

impl FewDescriptors {
    /// Leaves room for `more`: the kernel gives out the lowest free number, and none from the limit on.
    pub(in crate::reproduce) fn leave(more: usize) -> Result<Self, Trouble> {
        let before = getrlimit(Resource::Nofile);
        let broken = |error: rustix::io::Errno| Trouble::broke(format!("setrlimit: {error}"));
        let opened =
            || File::open("/dev/null").map_err(|error| Trouble::broke(format!("/dev/null: {error}")));
        let next_ones = (0..=more).map(|_| opened()).collect::<Result<Vec<File>, Trouble>>()?;
        let limit = next_ones.last().and_then(|last| u64::try_from(last.as_raw_fd()).ok()).unwrap_or(0);
        drop(next_ones);
        setrlimit(Resource::Nofile, Rlimit { current: Some(limit), maximum: before.maximum })
            .map_err(broken)?;
        Ok(Self { before, limit })
    }

    /// The limit is over; gives what it was.
    pub(in crate::reproduce) fn lift(self) -> u64 {
        self.limit
    }
}

impl Drop for FewDescriptors {
    fn drop(&mut self) {
        // Back to what it was, which is never above the hard limit.
        let _ = setrlimit(Resource::Nofile, self.before);
    }
}

/// Does `act` in a thread that may not bind low ports, whoever this program runs as.
pub(in crate::reproduce) fn without_port_privilege<T: Send>(
    act: impl FnOnce() -> Result<T, Trouble> + Send,
) -> Result<T, Trouble> {
    thread::scope(|scope| {
        let acted = scope.spawn(|| {
            let broken = |error: rustix::io::Errno| Trouble::broke(format!("capset: {error}"));
            let mut sets = capabilities(None).map_err(broken)?;
            sets.effective.remove(CapabilitySet::NET_BIND_SERVICE);
            set_capabilities(None, sets).map_err(broken)?;
            act()
        });
        acted.join().map_err(|_| Trouble::broke("a thread of the stage panicked"))?
    })
}

/// Another program that holds a socket as its standard input, reads nothing, and ends by itself after a while.
pub(in crate::reproduce) struct Holder(Child);

impl Holder {
    /// Starts it; this process keeps no copy of the socket.
    pub(in crate::reproduce) fn of(socket: Socket) -> Result<Self, Trouble> {
        let socket = Stdio::from(OwnedFd::from(socket.into_inner()));
        let child = Command::new("sleep").arg("30").stdin(socket).stdout(Stdio::null()).spawn();
        child.map(Self).map_err(|error| Trouble::Unsupported { needs: format!("the program sleep: {error}") })
    }

    /// Its process id.
    pub(in crate::reproduce) fn pid(&self) -> u32 {
        self.0.id()
    }

    /// SIGKILL, which no program can catch; gives the signal that ended it.
    pub(in crate::reproduce) fn kill(mut self) -> Result<Option<i32>, Trouble> {
        let broken = |error: io::Error| Trouble::broke(format!("kill: {error}"));
        self.0.kill().map_err(broken)?;
        Ok(self.0.wait().map_err(broken)?.signal())
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // Already gone, or gone with this.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
