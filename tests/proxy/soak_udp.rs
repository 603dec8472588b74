//! Thousands of UDP clients under every toxic for datagrams, while toxics come and go: nothing is left over once they
//! are idle, and where nothing was to be lost every datagram came back.

use crate::datagrams::{client_at, echo};
use crate::process::{descriptors, resident};
use crate::running::{Hand, Running};
use netfault::failure::Protocol;
use netfault::impair::Dice;
use netfault::proxy::Limits;
use netfault::proxy::toxic::Kind;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// Clients of one soak, half of them where nothing may be lost.
const CLIENTS: u64 = 6000;
const THREADS: u64 = 4;
/// Datagrams of one client.
const DATAGRAMS: u8 = 8;
const PATIENCE: Duration = Duration::from_millis(2);
/// What may be resident more after the second soak than after the first: had each client left as little as 350 bytes, it
/// would be seen.
const GROWTH: usize = 2 * 1024 * 1024;

/// A toxic of every kind for UDP, with attributes that make it do something.
const TOXICS: &[&str] = &[
    "latency:latency=1,jitter=1",
    "latency:latency=3600000",
    "bandwidth:rate=10",
    "bandwidth:rate=0",
    "timeout:timeout=1",
    "limit_data:bytes=100",
    "packet_loss:loss_rate=0.5",
    "loss:p=0.3,r=0.3",
    "duplicate:probability=0.5",
    "reorder:every=3,delay=1",
    "corrupt:probability=0.5",
    "refuse",
    "first_n:connections=5",
    "blackhole",
];

/// Those after which each datagram arrives once.
const LOSSLESS: &[&str] = &[
    "latency:latency=1,jitter=1",
    "latency:latency=3600000",
    "bandwidth:rate=5000",
    "bandwidth:rate=0",
    "reorder:every=3,delay=1",
];

#[test]
fn every_kind_of_toxic_for_datagrams_is_in_the_soak() {
    for kind in Kind::all().filter(|kind| kind.on.contains(&Protocol::Udp)) {
        let is_there = |given: &&str| given.split(':').next() == Some(kind.name);
        assert!(TOXICS.iter().any(is_there), "{} is missing", kind.name);
    }
}

/// Sends datagrams and does not care for what comes back.
fn misbehave(proxy: SocketAddr, dice: &mut Dice) {
    let socket = client_at(proxy);
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    for number in 0..DATAGRAMS {
        let length = usize::try_from(dice.below(1400)).unwrap();
        // A port that is refused is told by the next call.
        let _ = socket.send(&vec![number; length]);
    }
    if dice.chance(0.2) {
        let _ = socket.recv(&mut [0; 2048]);
    }
}

/// Sends datagrams, and gets each of them back once.
fn behave(proxy: SocketAddr, dice: &mut Dice) {
    let socket = client_at(proxy);
    let mut sent = HashMap::new();
    for number in 0..DATAGRAMS {
        let datagram = vec![number; 1 + usize::try_from(dice.below(500)).unwrap()];
        socket.send(&datagram).unwrap();
        sent.insert(number, datagram);
    }
    let mut room = [0; 2048];
    while !sent.is_empty() {
        let length =
            socket.recv(&mut room).unwrap_or_else(|error| panic!("{error}, {} are missing", sent.len()));
        assert_eq!(sent.remove(&room[0]).as_deref(), Some(&room[..length]));
    }
}

/// Adds and removes toxics until it is over.
fn stir(hand: &Hand, toxics: &[&str], seed: u64, over: &AtomicBool) {
    let (mut dice, mut turn) = (Dice::new(seed), 0);
    while !over.load(Ordering::SeqCst) {
        let at = if turn % 2 == 0 { turn / 2 } else { usize::try_from(dice.below(100)).unwrap() };
        let given = toxics[at % toxics.len()];
        turn += 1;
        let way = ["upstream", "downstream", "both"][turn % 3];
        // A refusal of everybody closes the door, so that the kernel refuses.
        let share = if dice.chance(0.3) { 1.0 } else { 0.8 };
        let colon = if given.contains(':') { "," } else { ":" };
        hand.add(&format!("{given}{colon}stream={way},toxicity={share},name=a"));
        thread::sleep(Duration::from_millis(2));
        hand.remove("a");
    }
}

fn soak(rough: &Running, sound: &Running, seed: u64) {
    let (over, begun) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        let (over, begun) = (&over, &begun);
        let (roughly, soundly) = (rough.address, sound.address);
        let client = move |number: u64| {
            let mut dice = Dice::of(seed, &["soak", &number.to_string()]);
            loop {
                match begun.fetch_add(1, Ordering::SeqCst) {
                    at if at >= CLIENTS => return,
                    at if at % 2 == 0 => behave(soundly, &mut dice),
                    _ => misbehave(roughly, &mut dice),
                }
            }
        };
        let clients: Vec<_> = (0..THREADS).map(|number| scope.spawn(move || client(number))).collect();
        let (rough, sound) = (rough.hand(), sound.hand());
        scope.spawn(move || stir(&rough, TOXICS, seed, over));
        scope.spawn(move || stir(&sound, LOSSLESS, seed, over));
        let ended: Vec<_> = clients.into_iter().map(thread::ScopedJoinHandle::join).collect();
        over.store(true, Ordering::SeqCst);
        for client in ended {
            client.unwrap();
        }
    });
    for running in [rough, sound] {
        running.wait_until("clients are left", |running| running.clients() == 0);
        assert_eq!(running.control.ask(|relay| relay.held()).unwrap(), 0);
    }
}

#[expect(clippy::print_stdout, reason = "the figures are looked at")]
#[test]
fn thousands_of_udp_clients_leave_nothing_behind() {
    let limits = Limits { clients: 8192, idle: Duration::from_millis(100), ..Limits::default() };
    let make = || Running::with(limits, Protocol::Udp, echo(), &[]).deaf();
    let (rough, sound) = (make(), make());
    let (id, before) = (std::process::id(), descriptors(std::process::id()));
    soak(&rough, &sound, 1);
    let (once, after) = (resident(id), descriptors(id));
    // The one with which ICMP is sent, where this process may have it, is kept.
    assert!(after.sockets <= before.sockets + 1, "{before:?} before, {after:?} after");
    soak(&rough, &sound, 2);
    let twice = resident(id);
    assert_eq!(descriptors(id), after);
    println!("{} clients; {once} bytes resident after the first soak, {twice} after the second", 2 * CLIENTS);
    assert!(twice <= once + GROWTH, "{once} bytes resident after the first soak, {twice} after the second");
}
