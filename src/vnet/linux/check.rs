//! Whether this machine allows all that a network needs: it is tried, in a process of its own. What is set here serves
//! only to say what to do.

use super::enter::{isolate, trial};
use super::netlink::{Jack, Netlink};
use super::port::Port;
use crate::vnet::{Broken, Refusal};
use nix::errno::Errno;
use std::fs::{self, File};
use std::path::Path;
use std::process::{ExitCode, Stdio};

/// Whether there can be networks here; why not, otherwise, and what to do. `program` is one that asks [`super::enter`]
/// first of all: it is started to try.
pub fn can_run(program: &Path) -> Result<(), Refusal> {
    let cannot_ask = |error: std::io::Error| Refusal {
        step: "starting this program again".into(),
        errno: error.to_string(),
        remedy: String::new(),
    };
    let output = trial(program).stdin(Stdio::null()).stderr(Stdio::null()).output().map_err(cannot_ask)?;
    if output.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let (step, number) = told.trim().rsplit_once(' ').unwrap_or((told.trim(), "0"));
    let errno =
        number.parse().ok().map_or_else(String::new, |number| format!("{:?}", Errno::from_raw(number)));
    let remedy = remedy(step, &errno, &Settings::read());
    Err(Refusal { step: step.to_owned(), errno, remedy })
}

/// Tries every step in this process, and tells the one that failed and its errno on standard output.
pub(super) fn tell() -> ExitCode {
    match attempt() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Broken { what, error }) => {
            let told = format!("{what} {}", error.raw_os_error().unwrap_or(0));
            // Whoever asked and hears nothing takes it for a refusal as well.
            let _ = rustix::io::write(rustix::stdio::stdout(), told.as_bytes());
            ExitCode::FAILURE
        }
    }
}

fn attempt() -> Result<(), Broken> {
    isolate()?;
    let here = File::open("/proc/self/ns/net").map_err(|error| Broken::new("opening a namespace", error))?;
    let jack = |name, index, last| Jack { name, index, mac: [2, 0, 0, 0, 0, last] };
    Netlink::open()?.pair(jack("a", 2, 1), jack("b", 3, 2), &here, 1500)?;
    Port::open(2).map(drop).map_err(|error| Broken::new("opening a packet socket", error))
}

/// What is set on this machine.
#[derive(Clone, Copy, Debug, Default)]
struct Settings {
    max_user_namespaces: Option<u64>,
    unprivileged_userns_clone: Option<u64>,
    apparmor_restricts: Option<u64>,
    /// The processes here run under a seccomp filter, as containers do.
    is_filtered: bool,
}

impl Settings {
    fn read() -> Self {
        let number = |name: &str| fs::read_to_string(format!("/proc/sys/{name}")).ok()?.trim().parse().ok();
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        Self {
            max_user_namespaces: number("user/max_user_namespaces"),
            unprivileged_userns_clone: number("kernel/unprivileged_userns_clone"),
            apparmor_restricts: number("kernel/apparmor_restrict_unprivileged_userns"),
            is_filtered: status.lines().any(|line| line.split_whitespace().eq(["Seccomp:", "2"])),
        }
    }
}

fn remedy(step: &str, errno: &str, set: &Settings) -> String {
    let denied = matches!(errno, "EPERM" | "EACCES");
    if step == "unshare(2)" && errno == "ENOSPC" && set.max_user_namespaces == Some(0) {
        return "user.max_user_namespaces is 0. As root: sysctl -w user.max_user_namespaces=15000".into();
    }
    if step == "unshare(2)" && errno == "ENOSPC" {
        return "There are too many namespaces already: see /proc/sys/user.".into();
    }
    if denied && set.unprivileged_userns_clone == Some(0) {
        return "kernel.unprivileged_userns_clone is 0. As root: sysctl -w kernel.unprivileged_userns_clone=1"
            .into();
    }
    if denied && set.apparmor_restricts == Some(1) {
        return "AppArmor restricts user namespaces. As root: sysctl -w \
                kernel.apparmor_restrict_unprivileged_userns=0, or a profile for this program: \
                `abi <abi/4.0>, profile netfault /path/to/netfault flags=(unconfined) { userns, }`."
            .into();
    }
    if denied && set.is_filtered {
        return "A seccomp filter forbids it, as containers have one: docker run --security-opt \
                seccomp=unconfined; on Kubernetes seccompProfile: Unconfined and hostUsers: false."
            .into();
    }
    if denied {
        return "A policy of this machine, or a changed root folder (chroot), forbids namespaces.".into();
    }
    match (step, errno) {
        ("unshare(2)", "EINVAL") => "This kernel has no user namespaces (CONFIG_USER_NS).".into(),
        ("making a veth pair", "EOPNOTSUPP" | "ENOTSUP") => {
            "This kernel has no veth interfaces. As root: modprobe veth".into()
        }
        ("opening a packet socket", "EAFNOSUPPORT") => {
            "This kernel has no packet sockets. As root: modprobe af_packet".into()
        }
        _ => "This machine does not allow it.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remedy_is_for_the_setting_that_forbids_it() {
        let none = Settings::default();
        for (step, errno, set, wanted) in [
            (
                "unshare(2)",
                "ENOSPC",
                Settings { max_user_namespaces: Some(0), ..none },
                "sysctl -w user.max_user_namespaces",
            ),
            (
                "unshare(2)",
                "EPERM",
                Settings { unprivileged_userns_clone: Some(0), ..none },
                "userns_clone=1",
            ),
            ("uid_map", "EACCES", Settings { apparmor_restricts: Some(1), ..none }, "userns,"),
            ("unshare(2)", "EPERM", Settings { is_filtered: true, ..none }, "seccomp=unconfined"),
            ("making a veth pair", "EOPNOTSUPP", none, "modprobe veth"),
            ("unshare(2)", "EINVAL", none, "CONFIG_USER_NS"),
        ] {
            let told = remedy(step, errno, &set);
            assert!(told.contains(wanted), "{step} {errno}: {told}");
        }
    }
}
