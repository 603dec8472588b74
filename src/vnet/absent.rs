//! Platforms other than Linux: there are no namespaces, so there is no network but the machine's own.

use super::{Broken, Change, Counts, JoinError, Refusal, Topology, Witness};
use crate::trace::Recorder;
use ipnet::IpNet;
use std::convert::Infallible;
use std::ffi::OsStr;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};
use std::sync::Arc;

/// Whether this platform has such networks at all.
pub const EXISTS: bool = false;

/// Never there.
#[derive(Debug)]
pub struct Network(Infallible);

impl Network {
    /// Cannot be.
    pub fn start(_: &Topology, _: u64, _: &Recorder, _: Vec<Box<dyn Witness>>) -> Result<Self, Broken> {
        Err(Broken::new("a network of several hosts", io::ErrorKind::Unsupported.into()))
    }

    /// Never asked: there is none.
    pub fn topology(&self) -> &Topology {
        match self.0 {}
    }

    /// Never asked: there is none.
    pub fn within<T: Send>(&self, _: &str, _: impl FnOnce() -> T + Send) -> Result<T, Broken> {
        match self.0 {}
    }

    /// Never asked: there is none.
    pub fn resident<T: Send + 'static>(
        &self,
        _: &str,
        _: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Broken> {
        match self.0 {}
    }

    /// Never asked: there is none.
    pub fn address(&self, _: &str, _: &str, _: bool) -> Result<IpAddr, Broken> {
        match self.0 {}
    }

    /// Never asked: there is none.
    pub fn prohibit(&self, _: &str, _: IpNet) -> Result<(), Broken> {
        match self.0 {}
    }

    /// Never asked: there is none.
    pub fn timeouts(&self, _: &str) -> Result<String, Broken> {
        match self.0 {}
    }

    /// Never asked: there is none.
    pub fn change(&self, _: Change) -> Result<(), Broken> {
        match self.0 {}
    }

    /// Never asked: there is none.
    pub fn counts(&self) -> Result<Vec<[Counts; 2]>, Broken> {
        match self.0 {}
    }
}

/// Never there.
#[derive(Debug)]
pub struct Gate(Infallible);

impl Gate {
    /// Cannot be.
    pub fn open(_: &str) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Never asked: there is none.
    pub fn hand_to(&self, _: &mut Command) -> io::Result<()> {
        match self.0 {}
    }

    /// None was.
    pub fn handed() -> Option<Self> {
        None
    }

    /// Never asked: there is none.
    pub fn serve(self, _: Arc<Network>) -> io::Result<()> {
        match self.0 {}
    }
}

/// None.
pub fn networks_up() -> Vec<String> {
    Vec::new()
}

/// Nothing to outlive.
pub fn outlive_interrupts() -> Result<(), Broken> {
    Ok(())
}

/// There is none to get onto.
pub fn join(_: &str, _: &str) -> Result<(), JoinError> {
    Err(JoinError::NoNetwork)
}

/// Says that it needs Linux.
pub fn can_run(_: &Path) -> Result<(), Refusal> {
    Err(Refusal {
        step: "a network of several hosts".into(),
        errno: "ENOSYS".into(),
        remedy: "It needs Linux: a virtual machine, or on Windows WSL 2.".into(),
    })
}

/// Every process is an ordinary one.
pub fn enter() -> Option<ExitCode> {
    None
}

/// Never: there is no inside.
pub fn is_inside() -> bool {
    false
}

/// How a program ended.
pub fn exit_code(status: ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

/// Never: there is no inside.
pub fn scratch() -> Option<PathBuf> {
    None
}

/// The file of this program.
pub fn this_program() -> PathBuf {
    std::env::current_exe().unwrap_or_default()
}

/// The same command, which is outside as well.
pub fn inside(program: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(program);
    command.args(args);
    command
}
