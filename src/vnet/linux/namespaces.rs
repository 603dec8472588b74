//! Hosts as the kernel has them: a network, mounts and a name of its own each, namespaces(7). A thread is in one host
//! at a time, and so is whatever it starts; sockets stay in the host in which they were made.

use crate::vnet::Broken;
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, setns, unshare};
use std::fs::{self, File};
use std::path::Path;
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::sync::{Arc, OnceLock};
use std::{env, io, thread};

/// The namespaces of a host, which are there as long as this is, or anything in them.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) net: File,
    pub(super) mount: File,
    pub(super) name: File,
    /// A thread there for what has to outlive those who want it, once somebody does.
    resident: OnceLock<Sender<Job>>,
}

/// Something that the resident of a place does.
type Job = Box<dyn FnOnce() + Send>;

impl Place {
    /// Makes a host's namespaces; `furnish` does in them what has to be done first.
    pub(super) fn make(furnish: impl FnOnce() -> Result<(), Broken> + Send) -> Result<Self, Broken> {
        on_a_thread(|| {
            unshare(CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWUTS)
                .map_err(|errno| Broken::new("unshare(2) of a host", errno.into()))?;
            let open = |kind: &str| {
                File::open(format!("/proc/thread-self/ns/{kind}"))
                    .map_err(|error| Broken::new("opening a namespace", error))
            };
            let place = Self {
                net: open("net")?,
                mount: open("mnt")?,
                name: open("uts")?,
                resident: OnceLock::new(),
            };
            furnish()?;
            Ok(place)
        })
    }

    /// The descriptor of the network namespace.
    pub(super) fn net(&self) -> &File {
        &self.net
    }

    /// Does something there, on a thread of its own, in the folder that the caller is in.
    pub(super) fn within<T: Send>(&self, act: impl FnOnce() -> T + Send) -> Result<T, Broken> {
        on_a_thread(|| {
            self.enter()?;
            Ok(act())
        })
    }

    /// Does something there, on a thread that stays as long as the place: programs that it starts do not lose the thread
    /// that started them, by whose end some would end.
    pub(super) fn resident<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Broken> {
        let gone = || Broken::new("the thread of a host", io::ErrorKind::BrokenPipe.into());
        let jobs = if let Some(jobs) = self.resident.get() {
            jobs
        } else {
            let (jobs, inbox) = channel::<Job>();
            let place = Arc::downgrade(self);
            thread::Builder::new()
                .name("host".into())
                .spawn(move || {
                    // Nobody wants anything of a place that is gone.
                    if place.upgrade().is_some_and(|place| place.enter().is_ok()) {
                        for job in inbox {
                            job();
                        }
                    }
                })
                .map_err(|error| Broken::new("starting a thread", error))?;
            self.resident.get_or_init(|| jobs)
        };
        let (done, result) = sync_channel(1);
        // Whoever waits for it is there until it comes.
        jobs.send(Box::new(move || drop(done.send(act())))).map_err(|_| gone())?;
        result.recv().map_err(|_| gone())
    }

    /// Takes this thread there for good.
    pub(super) fn enter(&self) -> Result<(), Broken> {
        let broken = |what| move |errno: nix::Error| Broken::new(what, errno.into());
        // A mount namespace is left and entered only by who shares no folder with other threads.
        unshare(CloneFlags::CLONE_FS).map_err(broken("unshare(2) of a thread"))?;
        let folder = env::current_dir();
        setns(&self.name, CloneFlags::CLONE_NEWUTS).map_err(broken("setns(2) to a name"))?;
        setns(&self.net, CloneFlags::CLONE_NEWNET).map_err(broken("setns(2) to a network"))?;
        setns(&self.mount, CloneFlags::CLONE_NEWNS).map_err(broken("setns(2) to mounts"))?;
        if let Ok(folder) = folder {
            // Entering mounts leads to their root.
            env::set_current_dir(folder).map_err(|error| Broken::new("the folder within a host", error))?;
        }
        Ok(())
    }
}

/// Does something on a thread of its own, whose namespaces end with it unless they are held.
pub(super) fn on_a_thread<T: Send>(act: impl FnOnce() -> Result<T, Broken> + Send) -> Result<T, Broken> {
    thread::scope(|scope| {
        let acting = thread::Builder::new()
            .spawn_scoped(scope, act)
            .map_err(|error| Broken::new("starting a thread", error))?;
        acting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Files that this host has for itself, by their paths, with what they say. They are in memory only.
pub(super) fn own_files(files: &[(&str, String)]) -> Result<(), Broken> {
    let broken = |what: &'static str| move |error: io::Error| Broken::new(what, error);
    let none = None::<&str>;
    // What is mounted on /sys is hidden by the next mount there, and still holds what is bound elsewhere.
    mount(Some("tmpfs"), "/sys", Some("tmpfs"), MsFlags::empty(), Some("size=1m,mode=755"))
        .map_err(|errno| Broken::new("mounting a tmpfs", errno.into()))?;
    for (path, text) in files {
        if !Path::new(path).exists() {
            continue;
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        let own = Path::new("/sys").join(name);
        fs::write(&own, text).map_err(broken("writing a host's file"))?;
        mount(Some(&own), *path, none, MsFlags::MS_BIND, none)
            .map_err(|errno| Broken::new("binding a host's file", errno.into()))?;
    }
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    if mount(Some("sysfs"), "/sys", Some("sysfs"), flags, none).is_err() {
        // A container may forbid it; then the interfaces that /sys/class/net shows are the outer ones.
        let _ = umount2("/sys", MntFlags::MNT_DETACH);
    }
    Ok(())
}

/// A variable of the network namespace that this thread is in; `None` where there is none.
pub(super) fn variable(name: &str) -> Option<String> {
    let text = fs::read_to_string(Path::new("/proc/sys/net").join(name)).ok()?;
    Some(text.trim().to_owned())
}

/// Sets a variable of the network namespace that this thread is in, under `/proc/sys/net`; `false` where there is none.
pub(super) fn set_variable(name: &str, value: &str) -> Result<bool, Broken> {
    let path = Path::new("/proc/sys/net").join(name);
    match fs::write(&path, value) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Broken::new(format!("writing {}", path.display()), error)),
    }
}
