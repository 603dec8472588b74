//! What `--trace` leaves, judged from the file alone: the right fault, proved where it can be, and never a wrong one.

use crate::program::{ANY, Program, connect, run};
use netfault::diagnose;
use netfault::failure::{Failure, Op};
use netfault::fault::Fault;
use netfault::trace::{Confidence, Run, What};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// A file for a trace, gone with the test.
struct Trace(tempfile::TempDir);

impl Trace {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("trace.ndjson")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn run(&self) -> Run {
        Run::read(&self.text()).unwrap_or_else(|wrong| panic!("{wrong:?}\n{}", self.text()))
    }
}

/// Runs `netfault` with a trace, and gives that.
fn traced(arguments: &[&str]) -> (Trace, Run) {
    let trace = Trace::new();
    run(&[arguments, &["--trace", &shown(&trace.path())]].concat());
    let run = trace.run();
    (trace, run)
}

fn shown(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn failures(run: &Run) -> Vec<&Failure> {
    run.events.iter().filter_map(|event| event.what.failure()).collect()
}

/// The first failure of a trace is this call on this address, and this is what the trace makes of it.
#[track_caller]
fn is_judged(
    (trace, run): &(Trace, Run),
    op: Op,
    errno: Option<&str>,
    address: SocketAddr,
    fault: Fault,
    confidence: Confidence,
) {
    let text = trace.text();
    let failure = failures(run)[0];
    assert_eq!((failure.call.op, failure.call.address()), (op, Some(address)), "{text}");
    assert_eq!(failure.errno().map(|errno| errno.name.as_ref()), errno, "{text}");
    let verdict = diagnose::judge(failure, &run.events, &run.evidence);
    assert_eq!((verdict.fault, verdict.confidence), (Some(fault), confidence), "{text}");
}

fn nobody_tcp() -> SocketAddr {
    TcpListener::bind(ANY).unwrap().local_addr().unwrap()
}

fn nobody_udp() -> SocketAddr {
    UdpSocket::bind(ANY).unwrap().local_addr().unwrap()
}

fn send(protocol: &str, to: SocketAddr, more: &[&str]) -> (Trace, Run) {
    let to = to.to_string();
    traced(
        &[&["send", protocol, "--to", &to, "--attempts", "1", "--timeout", "800ms", "Ipin"], more].concat(),
    )
}

#[test]
fn the_header_says_what_was_run_where_and_when() {
    let (_, run) = traced(&["send", "tcp", "--to", &nobody_tcp().to_string(), "--seed", "9", "Halo dunia"]);
    let header = &run.header;
    assert!(header.command.starts_with("netfault send tcp --to 127.0.0.1:"), "{header:?}");
    assert!(header.command.contains(" 'Halo dunia' --trace "), "{header:?}");
    assert_eq!((header.schema_version, header.seed), (1, 9));
    assert!(header.started > 1.7e9, "{header:?}");
    assert!(header.host.system.starts_with("Linux "), "{header:?}");
    assert_eq!(header.host.netfault, env!("CARGO_PKG_VERSION"));
}

#[test]
fn nobody_listens() {
    let address = nobody_tcp();
    for traced in [
        send("tcp", address, &[]),
        traced(&["send", "tcp", "--naive", "--to", &address.to_string(), "Ipin"]),
        traced(&["peer", "ask", "tcp", "--to", &address.to_string(), "--times", "1"]),
        traced(&["peer", "idle", "tcp", "--to", &address.to_string()]),
    ] {
        let errno = Some("ECONNREFUSED");
        is_judged(&traced, Op::Connect, errno, address, Fault::NoListener, Confidence::Proved);
    }
}

#[test]
fn the_server_listens_in_the_other_family() {
    let server = TcpListener::bind("[::1]:0").unwrap();
    let address = SocketAddr::new(nobody_tcp().ip(), server.local_addr().unwrap().port());
    let traced = send("tcp", address, &[]);
    let errno = Some("ECONNREFUSED");
    is_judged(&traced, Op::Connect, errno, address, Fault::WrongFamily, Confidence::Proved);
}

#[test]
fn the_server_comes_while_the_client_tries() {
    let address = nobody_tcp();
    let trace = Trace::new();
    let (to, path) = (address.to_string(), shown(&trace.path()));
    let ask = ["peer", "ask", "tcp", "--to", &to, "--times", "2", "--every", "1500ms", "--trace", &path];
    let mut asking = Program::start(&ask);
    assert_eq!(asking.line(), "failed ECONNREFUSED");
    let _server = Program::start(&["peer", "echo", "--tcp", &to]);
    assert_eq!(asking.line(), "ok Ipin");
    asking.wait();
    let run = trace.run();
    let traced = (trace, run);
    let errno = Some("ECONNREFUSED");
    is_judged(&traced, Op::Connect, errno, address, Fault::NotYetListening, Confidence::Proved);
}

#[test]
fn every_failure_of_a_crowd_is_judged_by_itself() {
    let address = nobody_tcp();
    let (trace, run) = traced(&["peer", "crowd", "tcp", "--to", &address.to_string(), "--clients", "8"]);
    let failures = failures(&run);
    assert_eq!(failures.len(), 8, "{}", trace.text());
    for failure in failures {
        let verdict = diagnose::judge(failure, &run.events, &run.evidence);
        let judged = (verdict.fault, verdict.confidence);
        assert_eq!(judged, (Some(Fault::NoListener), Confidence::Proved), "{}", trace.text());
    }
}

#[test]
fn the_port_is_unreachable_over_udp() {
    let address = nobody_udp();
    let traced = send("udp", address, &[]);
    let errno = Some("ECONNREFUSED");
    is_judged(&traced, Op::Receive, errno, address, Fault::UdpPortUnreachable, Confidence::Proved);
}

#[test]
fn an_attempt_is_judged_by_what_was_seen_then_and_not_before() {
    let address = nobody_udp();
    let trace = Trace::new();
    let to = address.to_string();
    let path = shown(&trace.path());
    let ask = ["peer", "ask", "udp", "--to", &to, "--times", "2", "--every", "1500ms", "--timeout", "300ms"];
    let mut asking = Program::start(&[&ask[..], &["--trace", &path]].concat());
    assert_eq!(asking.line(), "failed ECONNREFUSED");
    let _mute = UdpSocket::bind(address).unwrap();
    assert_eq!(asking.line(), "failed timeout");
    asking.wait();
    let run = trace.run();
    let faults = failures(&run).into_iter().map(|met| diagnose::judge(met, &run.events, &run.evidence).fault);
    let wanted = [Some(Fault::UdpPortUnreachable), Some(Fault::UdpSilence)];
    assert_eq!(faults.collect::<Vec<_>>(), wanted, "{}", trace.text());
}

#[test]
fn a_server_is_silent() {
    let mut program = Program::start(&["peer", "silent", "--tcp", ANY, "--udp", ANY]);
    let (tcp, udp) = (program.listening("tcp"), program.listening("udp"));
    let errno = Some("EAGAIN");
    is_judged(&send("tcp", tcp, &[]), Op::Receive, errno, tcp, Fault::ReadSilence, Confidence::Proved);
    is_judged(&send("udp", udp, &[]), Op::Receive, errno, udp, Fault::UdpSilence, Confidence::Proved);
}

#[test]
fn nobody_accepts() {
    let (_program, address) = Program::tcp("stuck", &[]);
    let traced = send("tcp", address, &[]);
    is_judged(&traced, Op::Receive, Some("EAGAIN"), address, Fault::StuckAccept, Confidence::Proved);
}

#[test]
fn the_accept_queue_is_full() {
    let (_program, address) = Program::tcp("stuck", &[]);
    let _waiting = [connect(address), connect(address)];
    let to = address.to_string();
    let traced = traced(&["send", "tcp", "--to", &to, "--attempts", "1", "--timeout", "2500ms", "Ipin"]);
    is_judged(&traced, Op::Connect, None, address, Fault::BacklogFull, Confidence::Proved);
}

#[test]
fn the_other_end_resets() {
    let (_program, address) = Program::tcp("resetter", &["--pause", "1s"]);
    let to = address.to_string();
    let traced = traced(&["send", "tcp", "--to", &to, "--attempts", "1", "--timeout", "10s", "Ipin"]);
    is_judged(&traced, Op::Receive, Some("ECONNRESET"), address, Fault::LingerZero, Confidence::Proved);
}

#[test]
fn the_other_end_closes_without_reading() {
    let server = TcpListener::bind(ANY).unwrap();
    let address = server.local_addr().unwrap();
    let traced = thread::scope(|scope| {
        scope.spawn(|| {
            let (client, _) = server.accept().unwrap();
            assert_eq!(client.peek(&mut [0]).unwrap(), 1);
            // It hangs, and is looked at meanwhile; then it gives up.
            thread::sleep(Duration::from_secs(1));
        });
        let to = address.to_string();
        traced(&["send", "tcp", "--to", &to, "--attempts", "1", "--timeout", "10s", "Ipin"])
    });
    is_judged(&traced, Op::Receive, Some("ECONNRESET"), address, Fault::UnreadData, Confidence::Proved);
}

#[test]
fn the_other_end_closes_and_nothing_is_made_of_that() {
    let (_program, address) = Program::tcp("closer", &[]);
    let (trace, run) = send("tcp", address, &[]);
    let failure = failures(&run)[0];
    assert_eq!((failure.call.op, failure.call.peer), (Op::Receive, Some(address)));
    assert!(trace.text().contains(r#""why":"closed""#));
    assert_eq!(diagnose::judge(failure, &run.events, &run.evidence).fault, None);
}

#[test]
fn the_address_is_listened_on() {
    let (_program, address) = Program::tcp("echo", &[]);
    let tcp = address.to_string();
    for traced in [traced(&["serve", "--naive", "--tcp", &tcp]), traced(&["serve", "--tcp", &tcp])] {
        is_judged(&traced, Op::Bind, Some("EADDRINUSE"), address, Fault::LiveListener, Confidence::Proved);
    }
}

#[test]
fn the_address_is_only_held() {
    let (_program, address) = Program::tcp("holder", &[]);
    let traced = traced(&["serve", "--naive", "--tcp", &address.to_string()]);
    is_judged(&traced, Op::Bind, Some("EADDRINUSE"), address, Fault::BoundNotListening, Confidence::Proved);
}

#[test]
fn old_connections_are_in_time_wait() {
    let (program, address) = Program::tcp("closer", &[]);
    let mut client = connect(address);
    client.write_all(b"Ipin\n").unwrap();
    // The server closes first, so that what remains is on its side.
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
    drop(client);
    program.end("TERM");
    let traced = traced(&["serve", "--naive", "--tcp", &address.to_string()]);
    is_judged(&traced, Op::Bind, Some("EADDRINUSE"), address, Fault::TimeWait, Confidence::Proved);
}

#[test]
fn a_program_that_is_killed_leaves_all_that_it_did() {
    let (_program, address) = Program::tcp("silent", &[]);
    let trace = Trace::new();
    let client =
        ["send", "tcp", "--naive", "--to", &address.to_string(), "Ipin", "--trace", &shown(&trace.path())]
            .map(str::to_owned);
    let client = Program::start(&client.iter().map(String::as_str).collect::<Vec<_>>());
    let waits = |text: &str| text.contains(r#""event":"started","op":"recv""#) && text.ends_with('\n');
    for _ in 0..1000 {
        if fs::read_to_string(trace.path()).is_ok_and(|text| waits(&text)) {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    client.end("KILL");
    let run = trace.run();
    let last = run.events.last().unwrap();
    assert!(matches!(&last.what, What::Started(call) if call.op == Op::Receive), "{}", trace.text());
    assert_eq!(last.seq + 1, run.events.len());
}

#[test]
fn a_traced_client_does_not_call_its_server_only_to_look() {
    let at_server = Trace::new();
    let (program, address) = Program::tcp("silent", &["--trace", &shown(&at_server.path())]);
    let (_, run) = send("tcp", address, &[]);
    assert_eq!(failures(&run).len(), 1);
    program.end("TERM");
    let run = at_server.run();
    let accepted = run.events.iter().filter_map(|event| event.what.finished());
    assert_eq!(accepted.filter(|call| call.op == Op::Accept).count(), 1, "{}", at_server.text());
}

#[test]
fn without_a_trace_nothing_is_written_and_nobody_looks() {
    let folder = tempfile::tempdir().unwrap();
    let (_program, address) = Program::tcp("echo", &[]);
    let output = crate::program::command(&["send", "tcp", "--to", &address.to_string(), "Ipin"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"Ipin\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
