//! Toxics come, change and go while bytes are on their way, and no byte is lost or out of order.

use crate::running::{Running, echo, listener, pair};
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// So often toxics come, change and go.
const ROUNDS: usize = 60;

/// The byte that belongs to this place.
fn byte(at: usize) -> u8 {
    u8::try_from((at / 7 + at / 1024) % 251).unwrap()
}

/// Bytes that show where they belong.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(byte).collect()
}

#[test]
fn nothing_is_lost_or_reordered_while_toxics_come_and_go() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &[]);
    let (mut client, mut server) = pair(&running, &listener);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let over = &over;
        let sending = scope.spawn(move || {
            let mut sent = 0;
            while !over.load(Ordering::SeqCst) {
                let chunk: Vec<u8> = (sent..sent + 20_000).map(byte).collect();
                client.write_all(&chunk).unwrap();
                sent += chunk.len();
            }
            client.shutdown(Shutdown::Write).unwrap();
            sent
        });
        let receiving = scope.spawn(move || {
            let (mut received, mut room) = (0, vec![0; 65_536]);
            loop {
                let length = server.read(&mut room).unwrap();
                let expected = (received..received + length).map(byte);
                assert!(room[..length].iter().copied().eq(expected), "wrong bytes after {received}");
                received += length;
                if length == 0 {
                    return received;
                }
            }
        });
        for round in 0..ROUNDS {
            match round % 5 {
                0 => running.add("latency:latency=3,jitter=3,name=a,stream=upstream"),
                1 => running.add("slicer:average_size=3000,size_variation=2999,name=a,stream=upstream"),
                2 => running.add("bandwidth:rate=4000,name=a,stream=upstream"),
                3 => running.add("slow_close:delay=1,name=a,stream=upstream"),
                _ => running.add("reset_peer:timeout=600000,name=a,stream=upstream"),
            }
            running.add("latency:latency=1,name=b,stream=both");
            // Each round meets bytes on their way.
            let before = running.control.ask(|relay| relay.totals().up).unwrap();
            if round % 5 == 2 {
                running.change("a", r#"{"attributes": {"rate": 5000}}"#);
            }
            running.change("b", r#"{"attributes": {"latency": 2}, "toxicity": 0.5}"#);
            if round % 5 != 4 {
                let moves =
                    |running: &Running| running.control.ask(|relay| relay.totals().up).unwrap() > before;
                running.wait_until("nothing moves", moves);
            }
            running.remove("a");
            running.remove("b");
        }
        over.store(true, Ordering::SeqCst);
        assert_eq!(receiving.join().unwrap(), sending.join().unwrap());
    });
}

#[test]
fn much_in_both_directions_at_once_arrives_whole() {
    const LENGTH: usize = 16 * 1024 * 1024;
    for toxics in [&[][..], &["latency:latency=20,jitter=20,stream=both"], &["bandwidth:rate=200000"]] {
        let running = Running::tcp(echo(), toxics);
        let mut client = running.connect();
        let mut writer = client.try_clone().unwrap();
        let sent = pattern(LENGTH);
        let expected = sent.clone();
        let writing = thread::spawn(move || {
            writer.write_all(&sent).unwrap();
            writer.shutdown(Shutdown::Write).unwrap();
        });
        let mut received = Vec::new();
        client.read_to_end(&mut received).unwrap();
        writing.join().unwrap();
        assert!(received == expected, "{toxics:?}: the bytes differ");
        let totals = running.drain();
        assert_eq!((totals.up, totals.down), (LENGTH as u64, LENGTH as u64), "{toxics:?}");
    }
}
