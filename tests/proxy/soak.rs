//! Ten thousand connections, opened and killed in every way, under every toxic in turn and at random, while toxics come
//! and go: nothing is left over, and whoever lost nothing got every byte.

use crate::running::{Running, connect, echo, exchange, reset};
use netfault::failure::Protocol;
use netfault::impair::Dice;
use netfault::proxy::toxic::Kind;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

const CONNECTIONS: usize = 10_000;
const THREADS: usize = 8;
/// A client does not wait longer for a reply that a toxic may have swallowed.
const PATIENCE: Duration = Duration::from_millis(3);

/// A toxic of every kind for TCP, with attributes that make it do something.
const TOXICS: &[&str] = &[
    "latency:latency=1,jitter=1",
    "bandwidth:rate=100",
    "bandwidth:rate=0",
    "slow_close:delay=1",
    "timeout:timeout=1",
    "timeout:timeout=0",
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

#[test]
fn every_kind_of_toxic_is_in_the_soak() {
    for kind in Kind::all().filter(|kind| kind.on.contains(&Protocol::Tcp)) {
        let is_there = |given: &&str| given.split(':').next() == Some(kind.name);
        assert!(TOXICS.iter().any(is_there), "{} is missing", kind.name);
    }
}

/// Opens a connection, does something with it, and ends it somehow.
fn misbehave(address: std::net::SocketAddr, dice: &mut Dice) {
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

#[test]
fn ten_thousand_connections_leave_nothing_behind() {
    let running = Running::tcp(echo(), &[]);
    let hand = running.hand();
    let address = running.address;
    assert_eq!(exchange(&mut running.connect(), b"before"), b"before");
    running.wait_until("clients are left", |running| running.clients() == 0);
    let before = descriptors();
    let (over, opened) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|number| {
                let opened = &opened;
                scope.spawn(move || {
                    let mut dice = Dice::of(1, &["soak", &number.to_string()]);
                    while opened.fetch_add(1, Ordering::SeqCst) < CONNECTIONS {
                        misbehave(address, &mut dice);
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            let (mut dice, mut turn) = (Dice::new(2), 0);
            while !over.load(Ordering::SeqCst) {
                let at = if turn % 2 == 0 { turn / 2 } else { usize::try_from(dice.below(100)).unwrap() };
                let given = TOXICS[at % TOXICS.len()];
                turn += 1;
                let way = ["upstream", "downstream", "both"][turn % 3];
                let colon = if given.contains(':') { "," } else { ":" };
                hand.add(&format!("{given}{colon}stream={way},toxicity=0.8,name=a"));
                hand.add("latency:latency=1,name=b,stream=both");
                thread::sleep(Duration::from_millis(2));
                hand.remove("a");
                hand.remove("b");
            }
        });
        for worker in workers {
            worker.join().unwrap();
        }
        over.store(true, Ordering::SeqCst);
    });
    // With no toxic left, everything that was held is delivered, and every connection comes to its end.
    running.wait_until("clients are left", |running| running.clients() == 0);
    assert_eq!(running.control.ask(|relay| relay.held()).unwrap(), 0);
    let mut client = connect(address);
    assert_eq!(exchange(&mut client, b"still alive"), b"still alive");
    drop(client);
    running.wait_until("clients are left", |running| running.clients() == 0);
    // The threads of the echo close their ends a moment later.
    let mut after = descriptors();
    for _ in 0..1000 {
        if after <= before {
            break;
        }
        thread::sleep(Duration::from_millis(5));
        after = descriptors();
    }
    assert!(after <= before + 40, "{before} descriptors before, {after} after");
}

/// The descriptors of this process that are open, where that can be read.
fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}
