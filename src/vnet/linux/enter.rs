//! How this program gets to where it may make networks: it starts itself again, in namespaces of its own.
//!
//! ```text
//! netfault …             what the user started
//! └ between              unshares user, mounts, network and processes; waits
//!   └ inside, process 1  the command; every program in every host descends from it
//! ```
//!
//! Whichever of them ends, the kernel ends what is below it: process 1 of a pid namespace takes everything in it along,
//! `pid_namespaces(7)`, and namespaces without a process are gone.

use crate::vnet::Broken;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Signal, getppid, set_parent_process_death_signal};
use std::ffi::OsStr;
use std::os::fd::{AsFd as _, AsRawFd as _, FromRawFd as _, OwnedFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};
use std::sync::OnceLock;
use std::{env, fs, io};

/// The name under which this program starts itself for an errand, which follows it.
const ERRAND: &str = "netfault-network";

/// Set in a process that may make networks.
static INSIDE: OnceLock<Inside> = OnceLock::new();

#[derive(Debug)]
struct Inside {
    /// Whether there is a folder of its own.
    scratch: bool,
}

/// Where programs have memory in common, `shm_overview(7)`; inside, a file system of its own.
const SCRATCH: &str = "/dev/shm";

/// The file of this very program, also when it has been replaced.
pub fn this_program() -> PathBuf {
    "/proc/self/exe".into()
}

/// A command that starts `program`, which asks [`enter`] first of all, with these arguments where it may make networks.
/// It ends with the thread that starts it.
pub fn inside(program: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    on_errand(program, &format!("between {}", std::process::id()), args)
}

/// Whether this process may make networks.
pub fn is_inside() -> bool {
    INSIDE.get().is_some()
}

/// Inside, a folder whose files are gone with this process, however it ends.
pub fn scratch() -> Option<PathBuf> {
    INSIDE.get()?.scratch.then(|| SCRATCH.into())
}

/// What this process is for, by the name that it was started with: `None` when it is an ordinary one, or one that may
/// make networks. To be asked before any thread is started.
pub fn enter() -> Option<ExitCode> {
    let name = env::args_os().next()?;
    let mut words = name.to_str()?.strip_prefix(ERRAND)?.split_ascii_whitespace();
    let (role, number) = (words.next(), words.next().and_then(|word| word.parse::<i32>().ok()));
    // Its file has no name that says what it is.
    let _ = rustix::thread::set_name(c"netfault");
    match (role, number) {
        (Some("try"), None) => Some(super::check::tell()),
        (Some("between"), Some(parent)) => Some(stand_between(parent)),
        (Some("inside"), Some(descriptor)) => match arrive(descriptor) {
            Ok(()) => None,
            Err(Alone) => Some(ExitCode::FAILURE),
        },
        _ => Some(ExitCode::from(2)),
    }
}

fn on_errand(program: &Path, errand: &str, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(program);
    command.arg0(format!("{ERRAND} {errand}")).args(args);
    command
}

/// The command that only asks whether all this is allowed.
pub(super) fn trial(program: &Path) -> Command {
    on_errand(program, "try", [] as [&str; 0])
}

/// Leaves the namespaces of this process for new ones, in which it may do what root may. Steps that fail are named.
pub(super) fn isolate() -> Result<(), Broken> {
    let (user, group) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    let others = CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWPID;
    match unshare(CloneFlags::CLONE_NEWUSER | others) {
        Ok(()) => {
            let write = |file: &'static str, text: String| {
                fs::write(format!("/proc/self/{file}"), text).map_err(|error| Broken::new(file, error))
            };
            // user_namespaces(7): without privilege, groups are given up first.
            write("setgroups", "deny".into())?;
            write("uid_map", format!("0 {user} 1"))?;
            write("gid_map", format!("0 {group} 1"))?;
        }
        // In a container root may be allowed the rest.
        Err(errno) if user == 0 => {
            unshare(others).map_err(|_| Broken::new("unshare(2)", errno.into()))?;
        }
        Err(errno) => return Err(Broken::new("unshare(2)", errno.into())),
    }
    let none = None::<&str>;
    mount(none, "/", none, MsFlags::MS_REC | MsFlags::MS_PRIVATE, none)
        .map_err(|errno| Broken::new("mount(2)", errno.into()))
}

fn stand_between(parent: i32) -> ExitCode {
    if !dies_with_parent() || getppid().map(|pid| pid.as_raw_nonzero().get()) != Some(parent) {
        return ExitCode::FAILURE;
    }
    let started = isolate().and_then(|()| {
        // New credentials undo it.
        dies_with_parent();
        // It ends with its parent, who decides what Ctrl-C means.
        super::outlive_interrupts()?;
        start_inside().map_err(|error| Broken::new("starting inside", error))
    });
    match started {
        Ok(status) => ExitCode::from(exit_code(status)),
        // Whoever starts this has asked `can_run` before.
        Err(_) => ExitCode::FAILURE,
    }
}

/// Starts process 1 and waits for its end.
fn start_inside() -> io::Result<ExitStatus> {
    // As long as this end is open, there is somebody between.
    let (theirs, _ours) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    fcntl_setfd(&theirs, FdFlags::empty())?;
    let errand = format!("inside {}", theirs.as_raw_fd());
    let mut process = on_errand(&this_program(), &errand, env::args_os().skip(1)).spawn()?;
    drop(theirs);
    process.wait()
}

/// How a program ended, as a shell gives it: 128 and the signal, when one ended it.
pub fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

/// Whoever started this process has gone.
struct Alone;

fn arrive(descriptor: i32) -> Result<(), Alone> {
    // SAFETY: whoever stands between left this descriptor open for this process alone, which has opened nothing yet.
    let pipe = unsafe { OwnedFd::from_raw_fd(descriptor) };
    let is_alone = || {
        let mut ends = [PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::empty())];
        poll(&mut ends, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_err()
            || ends[0].revents().intersects(PollFlags::HUP | PollFlags::NVAL)
    };
    if !dies_with_parent() || is_alone() {
        return Err(Alone);
    }
    // Without it the processes outside are seen, by their numbers outside.
    let (flags, none) = (MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC, None::<&str>);
    let _ = mount(Some("proc"), "/proc", Some("proc"), flags, none);
    // Files there are gone with this process, however it ends.
    let own = mount(Some("tmpfs"), SCRATCH, Some("tmpfs"), MsFlags::MS_NOSUID | MsFlags::MS_NODEV, none);
    INSIDE.get_or_init(|| Inside { scratch: own.is_ok() });
    Ok(())
}

/// Has the kernel kill this process when the thread that started it is gone.
fn dies_with_parent() -> bool {
    set_parent_process_death_signal(Some(Signal::KILL)).is_ok()
}
