//! Connections that break off, or say nothing: what is most like each fault and has another cause.

use crate::{LOOPBACK, SHORT, stage, unanswered, verdict};
use netfault::evidence::Counter;
use netfault::failure::Failure;
use netfault::failure::Protocol::Tcp;
use netfault::fault::Fault;
use netfault::reproduce::Stage;
use netfault::socket::{Choice, Socket};
use netfault::trace::{Confidence, SocketRow, SocketState};
use std::thread;

/// A client that sends, and waits until `break_off` has ended the connection; the table is read before and after.
fn reset(stage: &Stage, choices: &[Choice], break_off: impl FnOnce(&Stage, Socket)) -> Failure {
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let counters = ["TCPAbortOnClose", "TCPAbortOnData"].map(|name| Counter::start(name).unwrap());
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    client.connect(address).unwrap();
    client.send_all(b"Ipin").unwrap();
    let mut served = listener.accept().unwrap();
    for choice in choices {
        served = served.with(*choice).unwrap();
    }
    let failure = thread::scope(|scope| {
        let waiting = scope.spawn(|| client.receive(64));
        break_off(stage, served);
        waiting.join().unwrap().unwrap_err()
    });
    stage.sockets(Tcp, address.port()).unwrap();
    for counter in &counters {
        stage.eyes().counted(counter).unwrap();
    }
    failure
}

/// Looks at the server's end of the connection and at who holds it.
fn look(stage: &Stage, served: &Socket) {
    let (local, peer) = (served.local().unwrap(), served.peer().unwrap());
    let rows = stage.sockets(Tcp, local.port()).unwrap();
    let own = |row: &&SocketRow| row.local == local && row.peer == peer;
    stage.holder(rows.iter().find(own).unwrap()).unwrap();
}

#[test]
fn a_reset_with_everything_read_is_not_unread_data() {
    let stage = stage();
    let failure = reset(&stage, &[Choice::ResetOnClose], |stage, served| {
        served.receive(64).unwrap();
        look(stage, &served);
        served.close();
    });
    assert!(failure.is("ECONNRESET"), "{failure}");
    assert_eq!(verdict(&stage, &failure), Some(Fault::LingerZero));
}

#[test]
fn a_reset_with_data_unread_is_not_blamed_on_the_option() {
    let stage = stage();
    let failure = reset(&stage, &[Choice::ResetOnClose], |stage, served| {
        look(stage, &served);
        served.close();
    });
    let judged = stage.judge(&failure);
    // Both would have reset it: the kernel looks at the unread data first.
    assert_eq!((judged.fault, judged.confidence), (Some(Fault::UnreadData), Confidence::Consistent));
}

#[test]
fn a_reset_by_a_program_that_lives_is_no_crash() {
    let stage = stage();
    let failure = reset(&stage, &[], |stage, served| {
        look(stage, &served);
        served.close();
    });
    assert_eq!(verdict(&stage, &failure), Some(Fault::UnreadData));
}

#[test]
fn a_reset_of_which_the_other_end_was_not_seen_is_not_explained() {
    let stage = stage();
    let failure = reset(&stage, &[Choice::ResetOnClose], |_, served| served.close());
    assert_eq!(verdict(&stage, &failure), None);
}

#[test]
fn a_write_after_a_reset_that_was_met_is_not_a_write_after_close() {
    let stage = stage();
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    client.connect(address).unwrap();
    stage.sockets(Tcp, address.port()).unwrap();
    listener.accept().unwrap().with(Choice::ResetOnClose).unwrap().close();
    assert!(client.receive(64).unwrap_err().is("ECONNRESET"));
    let failure = client.send(b"more").unwrap_err();
    assert!(failure.is("EPIPE"), "{failure}");
    assert_eq!(verdict(&stage, &failure), None);
}

#[test]
fn a_write_after_the_own_shutdown_needs_no_look_at_the_peer() {
    let stage = stage();
    let (_listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    client.connect(address).unwrap();
    client.finish_sending().unwrap();
    let failure = client.send(b"more").unwrap_err();
    assert_eq!(verdict(&stage, &failure), Some(Fault::WriteAfterClose));
}

#[test]
fn a_write_that_stalls_because_nobody_accepted_is_not_one_that_nobody_reads() {
    let stage = stage();
    let (_listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    let client = client.with(Choice::WriteLimit(SHORT)).unwrap();
    client.connect(address).unwrap();
    let failure = thread::scope(|scope| {
        let sending = scope.spawn(|| client.send_all(&vec![0; 16 << 20]));
        stage.look_at_each_send("client", address.port()).unwrap();
        sending.join().unwrap().unwrap_err()
    });
    assert_ne!(verdict(&stage, &failure), Some(Fault::WriteStall));
}

#[test]
fn a_server_that_reads_and_is_silent_does_not_stall_writes() {
    let stage = stage();
    let (listener, target) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let failure = unanswered(&stage, target, |_| {
        let served = listener.accept().unwrap();
        served.receive(64).unwrap();
        served
    });
    assert_eq!(verdict(&stage, &failure), Some(Fault::ReadSilence));
}

#[test]
fn a_connection_with_another_is_not_one_with_itself() {
    let stage = stage();
    let (_listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    client.connect(address).unwrap();
    let rows = stage.sockets(Tcp, address.port()).unwrap();
    assert!(rows.iter().all(|row| row.state != SocketState::Established || row.local != row.peer));
    let failure = client.receive_from_nobody(&stage);
    assert_ne!(verdict(&stage, &failure), Some(Fault::SelfConnect));
}

trait Waits {
    fn receive_from_nobody(self, stage: &Stage) -> Failure;
}

impl Waits for Socket {
    fn receive_from_nobody(self, _: &Stage) -> Failure {
        self.with(Choice::ReadLimit(SHORT)).unwrap().receive(1).unwrap_err()
    }
}
