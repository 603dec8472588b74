//! Platforms without process groups and signals, such as Windows: a program is started and ended on its own, without a
//! limit of memory, and cannot be paused.

use super::super::{Ending, Order, Pipes, Signal, Taken};
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Between two looks whether a program has ended.
const GLANCE: Duration = Duration::from_millis(5);

/// A program. It ends when this is dropped.
#[derive(Debug)]
pub(in crate::scenario::runner) struct Process {
    child: Arc<Mutex<Child>>,
    pid: u32,
}

impl Process {
    pub(in crate::scenario::runner) fn start(order: &Order) -> io::Result<(Self, Pipes)> {
        let Order { netfault, words, folder, env, reads, memory, told } = order;
        // It is started without a limit of memory, and so by this program itself.
        let _ = (netfault, memory, told);
        let [program, arguments @ ..] = words.as_slice() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder).env_clear().envs(env);
        command.stdin(if *reads { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let pipes =
            Pipes { stdin: child.stdin.take(), stdout: child.stdout.take(), stderr: child.stderr.take() };
        let pid = child.id();
        Ok((Self { child: Arc::new(Mutex::new(child)), pid }, pipes))
    }

    pub(in crate::scenario::runner) fn pid(&self) -> u32 {
        self.pid
    }

    pub(in crate::scenario::runner) fn waiter(&self) -> impl FnOnce() -> Ending + Send + 'static {
        let child = Arc::clone(&self.child);
        move || loop {
            match child.lock().unwrap_or_else(PoisonError::into_inner).try_wait() {
                Ok(Some(status)) => return Ending { code: status.code(), signal: None },
                Ok(None) => thread::sleep(GLANCE),
                Err(_) => return Ending::default(),
            }
        }
    }

    /// Both ways to end it are the same here; the others do nothing.
    pub(in crate::scenario::runner) fn send(&self, signal: Signal) {
        if matches!(signal, Signal::Ask | Signal::Kill) {
            // One that has ended needs no signal.
            let _ = self.child.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.send(Signal::Kill);
        // It has ended, or does so now.
        let _ = self.child.lock().unwrap_or_else(PoisonError::into_inner).wait();
    }
}

/// Nobody watches here.
#[derive(Debug)]
pub(in crate::scenario::runner) struct Warden;

impl Warden {
    pub(in crate::scenario::runner) fn post(_: &Path, _: &str, _: &Path) -> io::Result<Self> {
        Ok(Self)
    }

    pub(in crate::scenario::runner) fn knows(&mut self, _: &Process) {}
}

pub(in crate::scenario::runner) fn belongs(pid: u32, group: u32, _: &str) -> bool {
    pid == group
}

pub(in crate::scenario::runner) fn sweep(_: &str, _: &Path, _: &[u32]) -> usize {
    0
}

/// Not held: runs in other processes are on their own.
#[derive(Debug)]
pub(in crate::scenario::runner) struct Reservation;

pub(in crate::scenario::runner) fn reserve(_: u16) -> Result<Reservation, Taken> {
    Ok(Reservation)
}

/// There are none here.
pub(in crate::scenario::runner) fn errand(_: &[OsString]) -> ExitCode {
    ExitCode::from(3)
}
