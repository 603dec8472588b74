//! How other terminals get onto the hosts of a network that is up: whoever has it open hands out the namespaces of a host
//! over a local socket, unix(7), and the process that asks enters them.
//!
//! The socket has an abstract name, so that nothing of it is left in any folder. It is made outside, where it can be
//! found, and handed on to the process inside.

use super::{Network, namespaces::Place};
use crate::vnet::{Broken, JoinError};
use nix::libc::c_int;
use nix::sched::{CloneFlags, setns};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::sys::socket::sockopt::PeerCredentials;
use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, getsockopt, recvmsg, sendmsg};
use rustix::io::{FdFlags, fcntl_setfd};
use std::fs::{self, File};
use std::io::{self, IoSlice, IoSliceMut, Read as _, Write as _};
use std::os::fd::{AsFd as _, AsRawFd as _, FromRawFd as _, OwnedFd, RawFd};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::process::Command;
use std::sync::Arc;
use std::{env, thread};

/// What the names of these sockets begin with, before the user and the network.
const PREFIX: &str = "netfault-network";
/// The environment variable that says which descriptor is the socket.
const HANDED: &str = "NETFAULT_GATE";
/// The longest name of a host, and the longest answer.
const ROOM: usize = 1024;
/// The namespaces of a host, in the order in which they are handed out: user, processes, network, name, mounts.
const NAMESPACES: [CloneFlags; 5] = [
    CloneFlags::CLONE_NEWUSER,
    CloneFlags::CLONE_NEWPID,
    CloneFlags::CLONE_NEWNET,
    CloneFlags::CLONE_NEWUTS,
    CloneFlags::CLONE_NEWNS,
];

/// The socket at which others ask.
#[derive(Debug)]
pub struct Gate(UnixListener);

impl Gate {
    /// Makes one for a network of this name, in a process outside. Only one network of a name may be up.
    pub fn open(name: &str) -> io::Result<Self> {
        UnixListener::bind_addr(&address(name)?).map(Self)
    }

    /// Hands it on to a program that is about to be started inside.
    pub fn hand_to(&self, command: &mut Command) -> io::Result<()> {
        fcntl_setfd(&self.0, FdFlags::empty())?;
        command.env(HANDED, self.0.as_raw_fd().to_string());
        Ok(())
    }

    /// The one that was handed to this process.
    pub fn handed() -> Option<Self> {
        let number: RawFd = env::var(HANDED).ok()?.parse().ok()?;
        fs::metadata(format!("/proc/self/fd/{number}")).ok()?;
        // SAFETY: whoever started this process left this descriptor open for it alone; it is asked for once.
        let gate = unsafe { UnixListener::from(OwnedFd::from_raw_fd(number)) };
        fcntl_setfd(&gate, FdFlags::CLOEXEC).ok()?;
        Some(Self(gate))
    }

    /// Lets others in, in a thread of its own, as long as this process lives.
    pub fn serve(self, network: Arc<Network>) -> io::Result<()> {
        let serve = move || {
            for stream in self.0.incoming().flatten() {
                // Whoever asks wrongly hears why, if he is still there.
                let _ = answer(&network, stream);
            }
        };
        thread::Builder::new().name("gate".into()).spawn(serve).map(drop)
    }
}

fn address(name: &str) -> io::Result<SocketAddr> {
    SocketAddr::from_abstract_name(format!("{PREFIX}/{}/{name}", rustix::process::getuid().as_raw()))
}

/// The networks of this user that are up, by their names.
pub fn networks_up() -> Vec<String> {
    let prefix = format!("@{PREFIX}/{}/", rustix::process::getuid().as_raw());
    let table = fs::read_to_string("/proc/net/unix").unwrap_or_default();
    let mut names: Vec<String> =
        table.lines().filter_map(|line| Some(line.split_once(&prefix)?.1.to_owned())).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Hands the namespaces of a host out to a process of the same user.
fn answer(network: &Network, mut stream: UnixStream) -> io::Result<()> {
    let peer = getsockopt(&stream, PeerCredentials)?;
    if peer.uid() != rustix::process::geteuid().as_raw() {
        return stream.write_all(b"this network is another user's");
    }
    let mut room = [0; ROOM];
    let length = stream.read(&mut room)?;
    let name = String::from_utf8_lossy(&room[..length]).into_owned();
    let Ok(place) = network.place(&name) else {
        let hosts: Vec<&str> = network.topology.hosts.iter().map(|host| host.name.as_str()).collect();
        return stream.write_all(hosts.join(" ").as_bytes());
    };
    let (user, processes) = (File::open("/proc/self/ns/user")?, File::open("/proc/self/ns/pid")?);
    let [net, uts, mount] = place.files();
    let descriptors = [&user, &processes, net, uts, mount].map(std::os::fd::AsRawFd::as_raw_fd);
    let control = [ControlMessage::ScmRights(&descriptors)];
    sendmsg::<()>(stream.as_raw_fd(), &[IoSlice::new(b"\n")], &control, MsgFlags::empty(), None)?;
    Ok(())
}

/// Takes this process, which must have no second thread, to a host of a network that is up: programs that it starts are
/// there.
pub fn join(network: &str, host: &str) -> Result<(), JoinError> {
    let descriptors = ask(network, host)?;
    let folder = env::current_dir();
    for (namespace, kind) in descriptors.iter().zip(NAMESPACES) {
        if kind == CloneFlags::CLONE_NEWUSER && is_own_user_namespace(namespace) {
            continue;
        }
        setns(namespace, kind).map_err(|errno| Broken::new(format!("setns(2) to {kind:?}"), errno.into()))?;
    }
    if let Ok(folder) = folder {
        env::set_current_dir(folder).map_err(|error| Broken::new("the folder within a host", error))?;
    }
    Ok(())
}

/// From now on what Ctrl-C and Ctrl-\\ mean is up to the program that this process starts and waits for.
pub fn outlive_interrupts() -> Result<(), Broken> {
    extern "C" fn nothing(_: c_int) {}
    // Unlike what is ignored, what is handled is back at its default in a program that is started.
    let action = SigAction::new(SigHandler::Handler(nothing), SaFlags::SA_RESTART, SigSet::empty());
    for signal in [Signal::SIGINT, Signal::SIGQUIT] {
        // SAFETY: the handler does nothing, which it may do at any moment.
        unsafe { sigaction(signal, &action) }.map_err(|errno| Broken::new("sigaction(2)", errno.into()))?;
    }
    Ok(())
}

fn ask(network: &str, host: &str) -> Result<Vec<OwnedFd>, JoinError> {
    let broken = |error| Broken::new("asking the network", error);
    let address = address(network).map_err(broken)?;
    let mut stream = UnixStream::connect_addr(&address).map_err(|_| JoinError::NoNetwork)?;
    stream.write_all(host.as_bytes()).map_err(broken)?;
    let mut room = [0; ROOM];
    let mut control = nix::cmsg_space!([RawFd; NAMESPACES.len()]);
    let mut slices = [IoSliceMut::new(&mut room)];
    let message = recvmsg::<()>(
        stream.as_fd().as_raw_fd(),
        &mut slices,
        Some(&mut control),
        MsgFlags::MSG_CMSG_CLOEXEC,
    )
    // It has gone meanwhile.
    .map_err(|_| JoinError::NoNetwork)?;
    let mut descriptors = Vec::new();
    for control in message.cmsgs().map_err(|errno| broken(errno.into()))? {
        if let ControlMessageOwned::ScmRights(numbers) = control {
            // SAFETY: the kernel has just opened these descriptors for this process, and nobody else knows them.
            descriptors.extend(numbers.into_iter().map(|number| unsafe { OwnedFd::from_raw_fd(number) }));
        }
    }
    let length = message.bytes;
    if descriptors.len() == NAMESPACES.len() {
        return Ok(descriptors);
    }
    let hosts = String::from_utf8_lossy(&room[..length]).into_owned();
    Err(JoinError::NoHost { hosts: hosts.split_ascii_whitespace().map(str::to_owned).collect() })
}

/// Nobody enters the user namespace that he is in.
fn is_own_user_namespace(namespace: &OwnedFd) -> bool {
    let number = |file: io::Result<File>| file.and_then(|file| file.metadata()).map(|data| data.ino()).ok();
    let theirs = number(namespace.try_clone().map(File::from));
    theirs.is_some() && theirs == number(File::open("/proc/self/ns/user"))
}

impl Place {
    /// The descriptors of network, name and mounts.
    fn files(&self) -> [&File; 3] {
        let Self { net, name, mount, .. } = self;
        [net, name, mount]
    }
}
