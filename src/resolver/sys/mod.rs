//! What each platform keeps elsewhere: which name servers it asks, and its hosts file.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as platform;

use std::net::SocketAddr;
use std::path::PathBuf;

/// The port of DNS, RFC 1035 §4.2.
const PORT: u16 = 53;

/// The name servers of this system, in the order in which they are asked; none where it does not tell.
pub fn servers() -> Vec<SocketAddr> {
    platform::servers()
}

/// The hosts file, whether there is one or not.
pub(super) fn hosts_file() -> PathBuf {
    platform::hosts_file()
}
