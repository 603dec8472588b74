//! Why a fault could not be shown, and what makes it so.

use crate::evidence::Absent;
use crate::failure::Failure;
use std::net::{IpAddr, SocketAddr};
use std::thread::ScopedJoinHandle;

/// Why a fault could not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// This platform or this user lacks something.
    Unsupported {
        /// What it needs.
        needs: String,
    },
    /// Somebody else on this host was given the port that a server of the stage was to have; the kernel deals out
    /// free ports to all. On another port the same can be shown.
    PortTaken {
        /// The port's address.
        address: SocketAddr,
    },
    /// The stage itself broke, or the fault did not happen.
    Broke {
        /// What went wrong.
        why: String,
    },
}

impl Trouble {
    /// The stage broke.
    pub fn broke(why: impl Into<String>) -> Self {
        Self::Broke { why: why.into() }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::broke(failure.to_string())
    }
}

impl From<Absent> for Trouble {
    fn from(absent: Absent) -> Self {
        Self::Unsupported { needs: absent.needs }
    }
}

/// The failure that had to come: without it there is nothing to show.
pub(super) fn must_fail<T>(result: Result<T, Failure>) -> Result<Failure, Trouble> {
    result.err().ok_or_else(|| Trouble::broke("the naive program met no fault"))
}

/// What a thread of the stage ended with.
pub(super) fn joined<T>(thread: ScopedJoinHandle<T>) -> Result<T, Trouble> {
    thread.join().map_err(|_| Trouble::broke("a thread of the stage panicked"))
}

/// A host without an IP family has nothing to show about it.
pub(super) fn no_family(ip: IpAddr, failure: Failure) -> Trouble {
    if failure.is("EADDRNOTAVAIL") || failure.is("EAFNOSUPPORT") {
        return Trouble::Unsupported { needs: format!("the address {ip} on this host") };
    }
    failure.into()
}
