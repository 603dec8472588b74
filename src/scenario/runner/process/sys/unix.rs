//! Unix: a process group for each program, and a re-exec of this program in between (`errand`), so that nothing has to run
//! between fork and exec.

use super::super::{ERRAND, Ending, Order, Pipes, Signal};
use rustix::process::{Pid, WaitId, WaitIdOptions, WaitIdStatus, kill_process_group, waitid};
use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// A program. It and its whole process group end when this is dropped.
///
/// The process is not reaped before: as long as it is there, its number is that of no other process or group.
#[derive(Debug)]
pub(in crate::scenario::runner) struct Process {
    child: Child,
    pid: Pid,
}

impl Process {
    /// Starts a program. The thread that does has to live as long as the program: on Linux it dies with it.
    pub(in crate::scenario::runner) fn start(order: &Order) -> io::Result<(Self, Pipes)> {
        let mut command = Command::new(&order.netfault);
        let parent = rustix::process::getpid().as_raw_nonzero().to_string();
        command
            .args([ERRAND, "launch", &parent, &order.memory.to_string()])
            .arg(&order.told)
            .args(&order.words);
        command.current_dir(&order.folder).env_clear().envs(&order.env).process_group(0);
        command.stdin(if order.reads { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let pipes =
            Pipes { stdin: child.stdin.take(), stdout: child.stdout.take(), stderr: child.stderr.take() };
        let pid = Pid::from_child(&child);
        Ok((Self { child, pid }, pipes))
    }

    pub(in crate::scenario::runner) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits in whichever thread calls it until the program has ended.
    pub(in crate::scenario::runner) fn waiter(&self) -> impl FnOnce() -> Ending + Send + 'static {
        let pid = self.pid;
        move || loop {
            match waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
                Ok(Some(status)) => return ending(&status),
                Ok(None) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return Ending::default(),
            }
        }
    }

    /// Sends a signal to the program's whole group.
    pub(in crate::scenario::runner) fn send(&self, signal: Signal) {
        let number = match signal {
            Signal::Ask => rustix::process::Signal::TERM,
            Signal::Kill => rustix::process::Signal::KILL,
            Signal::Pause => rustix::process::Signal::STOP,
            Signal::Resume => rustix::process::Signal::CONT,
        };
        // A group that is gone needs no signal.
        let _ = kill_process_group(self.pid, number);
        if signal == Signal::Ask {
            // A program that is paused takes no notice.
            let _ = kill_process_group(self.pid, rustix::process::Signal::CONT);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.send(Signal::Kill);
        // It has ended, or does so now.
        let _ = self.child.wait();
    }
}

fn ending(status: &WaitIdStatus) -> Ending {
    Ending { code: status.exit_status(), signal: status.terminating_signal().map(signal_name) }
}

/// The name of a signal, signal(7).
fn signal_name(number: i32) -> String {
    use rustix::process::Signal as S;
    const NAMES: &[(S, &str)] = &[
        (S::HUP, "SIGHUP"),
        (S::INT, "SIGINT"),
        (S::QUIT, "SIGQUIT"),
        (S::ILL, "SIGILL"),
        (S::TRAP, "SIGTRAP"),
        (S::ABORT, "SIGABRT"),
        (S::BUS, "SIGBUS"),
        (S::FPE, "SIGFPE"),
        (S::KILL, "SIGKILL"),
        (S::USR1, "SIGUSR1"),
        (S::SEGV, "SIGSEGV"),
        (S::USR2, "SIGUSR2"),
        (S::PIPE, "SIGPIPE"),
        (S::ALARM, "SIGALRM"),
        (S::TERM, "SIGTERM"),
        (S::XCPU, "SIGXCPU"),
        (S::XFSZ, "SIGXFSZ"),
        (S::SYS, "SIGSYS"),
    ];
    let known = NAMES.iter().find(|(signal, _)| signal.as_raw() == number);
    known.map_or_else(|| format!("signal {number}"), |(_, name)| (*name).to_owned())
}

/// A process that outlives this one by a moment, and ends whatever is left of the run should this one be killed.
#[derive(Debug)]
pub(in crate::scenario::runner) struct Warden {
    child: Child,
    told: Option<ChildStdin>,
}

impl Warden {
    /// Posts one for the run that has this mark and this folder.
    pub(in crate::scenario::runner) fn post(netfault: &Path, mark: &str, folder: &Path) -> io::Result<Self> {
        let mut command = Command::new(netfault);
        command.args([ERRAND, "watch", mark]).arg(folder).env_clear().current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let mut child = command.spawn()?;
        let told = child.stdin.take();
        Ok(Self { child, told })
    }

    /// Tells it of a program that it may have to end.
    pub(in crate::scenario::runner) fn knows(&mut self, process: &Process) {
        self.tell(&format!("{}\n", process.pid()));
    }

    fn tell(&mut self, line: &str) {
        if let Some(told) = &mut self.told {
            // One that is gone can do nothing, and the run needs it only when this program is killed.
            let _ = told.write_all(line.as_bytes());
        }
    }
}

impl Drop for Warden {
    fn drop(&mut self) {
        self.tell("done\n");
        drop(self.told.take());
        // It ends at once.
        let _ = self.child.wait();
    }
}
