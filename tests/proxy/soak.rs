//! Ten thousand connections, twice, through the program: opened and killed in every way, under every toxic in turn and
//! at random, while the API adds and removes toxics. Nothing is left over, the second time takes no memory that the
//! first did not, and where nothing was to be lost every byte came back.

use crate::process::{descriptors, resident, ticks};
use crate::program::{NETFAULT, Program};
use crate::running::{LONG, connect, echo, read_to_end, reset};
use crate::served::ask;
use netfault::failure::Protocol;
use netfault::impair::Dice;
use netfault::proxy::toxic::{Kind, short};
use netfault::trace::Recorder;
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// Connections of one soak.
const CONNECTIONS: u64 = 10_000;
/// Each so manieth of them goes where nothing may be lost.
const SOUND: u64 = 5;
const THREADS: u64 = 8;
/// A client does not wait longer for a reply that a toxic may have swallowed.
const PATIENCE: Duration = Duration::from_millis(3);
/// Pipes that the proxy keeps for bulk, two descriptors each.
const TUBES: usize = 2 * 16;
/// What may be resident more after the second soak than after the first: had each connection left as little as 105
/// bytes, it would be seen.
const GROWTH: usize = 1024 * 1024;
/// So that memory that is not used is not resident either: mallopt(3).
const GIVING_BACK: [(&str, &str); 3] =
    [("MALLOC_ARENA_MAX", "1"), ("MALLOC_TRIM_THRESHOLD_", "65536"), ("MALLOC_MMAP_THRESHOLD_", "16384")];

/// A toxic of every kind for TCP, with attributes that make it do something.
const TOXICS: &[&str] = &[
    "latency:latency=1,jitter=1",
    "bandwidth:rate=100",
    "bandwidth:rate=0",
    "slow_close:delay=1",
    "timeout:timeout=1",
    "timeout:timeout=0",
    // Nobody waits for its time: what was planned has to be forgotten with the connection.
    "timeout:timeout=3600000",
    "reset_peer:timeout=1",
    "slicer:average_size=3,size_variation=2,delay=10",
    "limit_data:bytes=100",
    "packet_loss:loss_rate=0.5,correlation=0.5",
    "corrupt:probability=0.5",
    "refuse",
    "first_n:connections=5",
    "blackhole",
    "half_open",
    "reset_after:bytes=100,time=2",
];

/// Those that lose nothing, though some let nothing pass until they go.
const LOSSLESS: &[&str] = &[
    "latency:latency=2,jitter=2",
    "bandwidth:rate=2000",
    "bandwidth:rate=0",
    "slicer:average_size=500,size_variation=400,delay=10",
    "slow_close:delay=2",
    "half_open",
    "reset_peer:timeout=3600000",
];

#[test]
fn every_kind_of_toxic_is_in_the_soak() {
    for kind in Kind::all().filter(|kind| kind.on.contains(&Protocol::Tcp)) {
        let is_there = |given: &&str| given.split(':').next() == Some(kind.name);
        assert!(TOXICS.iter().any(is_there), "{} is missing", kind.name);
    }
}

/// The program, and two proxies of it.
struct Soaked {
    program: Program,
    api: SocketAddr,
    rough: SocketAddr,
    sound: SocketAddr,
}

impl Soaked {
    fn new() -> Self {
        let mut command = Command::new(NETFAULT);
        command.args(["proxy", "--api", "127.0.0.1:0", "--metrics"]).envs(GIVING_BACK);
        let mut program = Program::start(command);
        let api = program.address();
        let upstream = echo().to_string();
        let make = |name: &str| {
            let body = json!({ "name": name, "upstream": upstream }).to_string();
            let made = ask(api, "POST", "/proxies", &body, "").json();
            made["listen"].as_str().unwrap().parse().unwrap()
        };
        Self { rough: make("rough"), sound: make("sound"), program, api }
    }

    /// One soak; returns the bytes that were sent where nothing may be lost.
    fn soak(&self, seed: u64) -> u64 {
        let (over, opened, sent) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
        thread::scope(|scope| {
            let (over, opened, sent) = (&over, &opened, &sent);
            let client = |number: u64| {
                let mut dice = Dice::of(seed, &["soak", &number.to_string()]);
                loop {
                    match opened.fetch_add(1, Ordering::SeqCst) {
                        at if at >= CONNECTIONS => return,
                        at if at % SOUND == 0 => {
                            sent.fetch_add(behave(self.sound, &mut dice), Ordering::SeqCst);
                        }
                        _ => misbehave(self.rough, &mut dice),
                    }
                }
            };
            let clients: Vec<_> = (0..THREADS).map(|number| scope.spawn(move || client(number))).collect();
            scope.spawn(|| self.stir("rough", TOXICS, seed, over));
            scope.spawn(|| self.stir("sound", LOSSLESS, seed, over));
            let ended: Vec<_> = clients.into_iter().map(thread::ScopedJoinHandle::join).collect();
            over.store(true, Ordering::SeqCst);
            for client in ended {
                client.unwrap();
            }
        });
        sent.into_inner()
    }

    /// Adds and removes toxics until it is over, every other time the next one and else any.
    fn stir(&self, proxy: &str, toxics: &[&str], seed: u64, over: &AtomicBool) {
        let (mut dice, mut turn) = (Dice::of(seed, &[proxy]), 0);
        while !over.load(Ordering::SeqCst) {
            let at = if turn % 2 == 0 { turn / 2 } else { usize::try_from(dice.below(100)).unwrap() };
            let given = toxics[at % toxics.len()];
            turn += 1;
            let way = ["upstream", "downstream", "both"][turn % 3];
            // A refusal of everybody closes the door, so that the kernel refuses.
            let share = if dice.chance(0.3) { 1.0 } else { 0.8 };
            let colon = if given.contains(':') { "," } else { ":" };
            self.add(proxy, &format!("{given}{colon}stream={way},toxicity={share},name=a"));
            self.add(proxy, "latency:latency=1,name=b,stream=both");
            thread::sleep(Duration::from_millis(2));
            for name in ["a", "b"] {
                let path = format!("/proxies/{proxy}/toxics/{name}");
                assert_eq!(ask(self.api, "DELETE", &path, "", "").status, 204);
            }
        }
    }

    fn add(&self, proxy: &str, given: &str) {
        let toxic = short(given, Protocol::Tcp).unwrap().json().to_string();
        let answer = ask(self.api, "POST", &format!("/proxies/{proxy}/toxics"), &toxic, "");
        assert_eq!(answer.status, 200, "{given}: {answer:?}");
    }

    /// The value of a line of the metrics.
    fn metric(&self, line: &str) -> u64 {
        let metrics = ask(self.api, "GET", "/metrics", "", "").body;
        let found = metrics.lines().find_map(|it| it.strip_prefix(line));
        found
            .and_then(|rest| rest.rsplit(' ').next())
            .unwrap_or_else(|| panic!("{line}: {metrics}"))
            .parse()
            .unwrap()
    }

    fn wait_until(&self, otherwise: &str, wanted: impl Fn(&Self) -> bool) {
        let deadline = Recorder::forgetful().deadline(LONG);
        while !wanted(self) {
            assert!(deadline.left().is_some(), "{otherwise}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// With no toxic left, everything that was held is delivered, and every connection comes to its end: there are no
    /// sockets but the three that listen.
    fn settle(&self) {
        self.wait_until("clients are left", |it| it.metric("netfault_clients") == 0);
        assert_eq!(self.metric("netfault_held_bytes"), 0);
        let id = self.program.child.id();
        // The last answer's own connection is closed a moment later.
        self.wait_until("sockets are left", |_| descriptors(id).sockets == 3);
    }

    /// Every byte of the proxy that loses nothing was received and sent, each way.
    fn account(&self, sent: u64) {
        for count in ["received", "sent"] {
            for way in ["upstream", "downstream"] {
                let line =
                    format!("toxiproxy_proxy_{count}_bytes_total{{direction=\"{way}\",proxy=\"sound\"");
                assert_eq!(self.metric(&line), sent, "{count} {way}");
            }
        }
    }
}

/// Sends something, half-closes, and gets all of it back, whatever comes and goes meanwhile.
fn behave(address: SocketAddr, dice: &mut Dice) -> u64 {
    let length = 1 + dice.below(30_000);
    let start = dice.below(251);
    let bytes: Vec<u8> = (start..start + length).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let mut stream = connect(address);
    stream.write_all(&bytes).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let (back, error) = read_to_end(&mut stream);
    assert!(error.is_none() && back == bytes, "{error:?} after {} of {length} bytes", back.len());
    length
}

/// Opens a connection, does something with it, and ends it somehow.
fn misbehave(address: SocketAddr, dice: &mut Dice) {
    // Refused, or reset before it was known to be there.
    let Ok(mut stream) = TcpStream::connect(address) else { return };
    let length = usize::try_from(dice.below(4000)).unwrap();
    // Whatever fails here is what the toxics are for.
    let _ = stream.write_all(&vec![b'x'; length]);
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let mut room = [0; 1024];
    match dice.below(5) {
        0 => reset(stream),
        1 => {
            let _ = stream.shutdown(Shutdown::Write);
            while stream.read(&mut room).is_ok_and(|length| length > 0) {}
        }
        2 => drop(stream),
        3 => {
            let _ = stream.read(&mut room);
            reset(stream);
        }
        _ => {
            let _ = stream.set_nonblocking(true);
            let _ = stream.write(&vec![b'y'; 100_000]);
            drop(stream);
        }
    }
}

#[expect(clippy::print_stdout, reason = "the figures are looked at")]
#[test]
fn ten_thousand_connections_leave_nothing_behind() {
    let mut soaked = Soaked::new();
    let id = soaked.program.child.id();
    soaked.settle();
    let before = descriptors(id);
    let first = soaked.soak(1);
    soaked.account(first);
    soaked.settle();
    let once = resident(id);
    let second = soaked.soak(2);
    soaked.account(first + second);
    soaked.settle();
    let (twice, after) = (resident(id), descriptors(id));
    assert!(after.pipes <= before.pipes + TUBES && after.others == before.others, "{before:?}, {after:?}");
    println!(
        "{} connections where something is lost, {} where nothing is ({} bytes each way); {once} bytes resident after \
         the first soak, {twice} after the second; {after:?}",
        soaked.metric("netfault_proxy_connections_total{proxy=\"rough\"}"),
        soaked.metric("netfault_proxy_connections_total{proxy=\"sound\"}"),
        first + second,
    );
    assert_eq!(soaked.metric("netfault_proxy_connections_total{proxy=\"sound\"}"), 2 * CONNECTIONS / SOUND);
    assert!(twice <= once + GROWTH, "{once} bytes resident after the first soak, {twice} after the second");
    // Nothing goes round and round: no time of the processor is used.
    let used = ticks(id);
    thread::sleep(Duration::from_millis(300));
    assert!(ticks(id) <= used + 2, "{} ticks in 300 ms", ticks(id) - used);
    // And nothing is on its way, so that the end is not waited for.
    let clock = Recorder::forgetful();
    Command::new("kill").arg(id.to_string()).status().unwrap();
    assert_eq!(soaked.program.child.wait().unwrap().code(), Some(0));
    assert!(clock.elapsed() < Duration::from_secs(3), "{:?}", clock.elapsed());
}
