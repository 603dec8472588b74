//! A network for one test alone, so that fixed ports are free in it: unshare(1), Linux.
#![expect(clippy::print_stderr, reason = "a test says why it could not run")]

use std::env;
use std::process::Command;

const INSIDE: &str = "NETFAULT_TEST_HAS_ITS_OWN_NETWORK";
/// A namespace for the network, with one for processes so that nothing outlives the test.
const UNSHARE: &[&str] = &["--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"];
/// Sets the loopback interface up (netdevice(7): SIOCSIFFLAGS, `IFF_UP`) and becomes the program of its arguments.
pub(crate) const WITH_LOOPBACK: &str = "
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack('16sh14x', b'lo', 1))
os.execv(sys.argv[1], sys.argv[1:])
";

/// Runs `test`, which is the body of the test of this name, where port 12345 is free.
pub(crate) fn in_a_network_of_its_own(name: &str, test: impl FnOnce()) {
    if env::var_os(INSIDE).is_some() {
        return test();
    }
    let probe =
        Command::new("unshare").args(UNSHARE).args(["python3", "-c", WITH_LOOPBACK, "/bin/true"]).output();
    match probe {
        Ok(output) if output.status.success() => {}
        Ok(output) => return skip(String::from_utf8_lossy(&output.stderr).trim()),
        Err(error) => return skip(&error.to_string()),
    }
    let status = Command::new("timeout")
        .args(["120", "unshare"])
        .args(UNSHARE)
        .args(["python3", "-c", WITH_LOOPBACK])
        .arg(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, "yes")
        .status();
    assert!(status.unwrap().success(), "failed in a network of its own, see above");
}

fn skip(why: &str) {
    eprintln!("skipped: needs a network namespace of its own and python3 ({why})");
}
