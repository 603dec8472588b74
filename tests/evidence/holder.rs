//! Which process holds a socket.

use crate::{V4, bound, listener, port, row, rows, shown, skip};
use netfault::evidence;
use netfault::failure::Protocol::{Tcp, Udp};
use netfault::socket::Socket;
use netfault::trace::{Fact, Process, SocketRow, Source};
use std::fs::Permissions;
use std::os::fd::OwnedFd;
use std::os::unix::{fs::PermissionsExt as _, process::CommandExt as _};
use std::process::{Child, Command, id};
use std::time::Duration;

#[test]
fn a_socket_of_this_process_leads_to_this_process() {
    let socket = bound(Udp, V4);
    let Some(row) = row(Udp, &socket) else { return };
    let process = process(&row);
    assert_eq!((process.pid, process.uid, process.inode), (id(), row.uid, row.inode));
    assert!(process.command.starts_with(&std::env::args().next().unwrap()), "{process:?}");
    assert!(process.running < Duration::from_secs(3600), "{process:?}");
}

#[test]
fn a_child_that_inherited_a_listener_is_its_holder() {
    let listener = listener(V4, 1);
    let child = Holding::new(&listener);
    let port = port(&listener);
    let Some(rows_before) = rows(Tcp, port) else { return };
    assert_eq!(process(&rows_before[0]).pid, id().min(child.0.id()), "the lowest pid of those who share it");
    drop(listener);
    let rows_after = rows(Tcp, port).unwrap();
    assert_eq!(rows_after, rows_before);
    let process = process(&rows_after[0]);
    assert_eq!((process.pid, process.command.as_str()), (child.0.id(), "tail -f /dev/null"));
}

#[test]
fn inode_0_has_no_holder() {
    assert!(evidence::holder(0, 0).is_err());
}

/// Root sees every process, so this test asks as nobody: it starts itself again as that user.
#[test]
fn the_holder_of_another_user_is_hidden_and_its_uid_is_known() {
    const PORT: &str = "NETFAULT_TEST_PORT_OF_ANOTHER_USER";
    if let Ok(port) = std::env::var(PORT) {
        let rows = rows(Tcp, port.parse().unwrap()).unwrap();
        let fact = Fact::HiddenHolder { uid: 0, inode: rows[0].inode };
        assert_eq!(holder(&rows[0]), (Source::SockDiag, fact));
        return;
    }
    let listener = listener(V4, 1);
    let Some(row) = row(Tcp, &listener) else { return };
    if row.uid != 0 {
        return skip("root, to ask as another user");
    }
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("evidence");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let name = "holder::the_holder_of_another_user_is_hidden_and_its_uid_is_known";
    let nobody = Command::new(program)
        .args(["--exact", name])
        .env(PORT, port(&listener).to_string())
        .uid(65534)
        .gid(65534)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&nobody.stdout).into_owned();
    assert!(nobody.status.success() && said.contains("1 passed"), "{said}");
}

fn process(row: &SocketRow) -> Process {
    match holder(row) {
        (Source::Procfs, Fact::Holder(process)) => process,
        other => panic!("{other:?}"),
    }
}

fn holder(row: &SocketRow) -> (Source, Fact) {
    shown(evidence::holder(row.inode, row.uid)).unwrap()
}

/// A child process that has a socket as its standard input until the test ends.
struct Holding(Child);

impl Holding {
    fn new(socket: &Socket) -> Self {
        let copy = OwnedFd::from(socket.as_inner().try_clone().unwrap());
        Self(Command::new("tail").args(["-f", "/dev/null"]).stdin(copy).spawn().unwrap())
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
