//! The machine on which this program runs.

use super::platform;
use crate::trace::Host;
use std::env::consts::{ARCH, OS};

/// This machine, and the rights that this program has on it.
pub fn host() -> Host {
    Host {
        system: platform::system().unwrap_or_else(|| OS.to_owned()),
        machine: ARCH.to_owned(),
        netfault: env!("CARGO_PKG_VERSION").to_owned(),
        privileged: platform::is_root(),
    }
}
