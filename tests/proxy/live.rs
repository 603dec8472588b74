//! Toxics come, change and go while bytes are on their way, and no byte is lost or out of order.

use crate::running::{Running, echo, listener, pair};
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::thread;

/// Bytes that show where they belong.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from((at / 7 + at / 1024) % 251).unwrap()).collect()
}

#[test]
fn nothing_is_lost_or_reordered_while_toxics_come_and_go() {
    const LENGTH: usize = 24 * 1024 * 1024;
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &[]);
    let (mut client, mut server) = pair(&running, &listener);
    let sent = pattern(LENGTH);
    let expected = sent.clone();
    thread::scope(|scope| {
        scope.spawn(move || {
            client.write_all(&sent).unwrap();
            client.shutdown(Shutdown::Write).unwrap();
        });
        let receiving = scope.spawn(move || {
            let mut received = Vec::with_capacity(LENGTH);
            server.read_to_end(&mut received).unwrap();
            received
        });
        let mut round = 0;
        while !receiving.is_finished() {
            round += 1;
            match round % 5 {
                0 => running.add("latency:latency=3,jitter=3,name=a,stream=upstream"),
                1 => running.add("slicer:average_size=3000,size_variation=2999,name=a,stream=upstream"),
                2 => running.add("bandwidth:rate=400000,name=a,stream=upstream"),
                3 => running.add("slow_close:delay=1,name=a,stream=upstream"),
                _ => running.add("reset_peer:timeout=600000,name=a,stream=upstream"),
            }
            running.add("latency:latency=1,name=b,stream=both");
            if round % 5 == 2 {
                running.change("a", r#"{"attributes": {"rate": 500000}}"#);
            }
            running.change("b", r#"{"attributes": {"latency": 2}, "toxicity": 0.5}"#);
            running.remove("a");
            running.remove("b");
        }
        assert!(round > 3, "the toxics came too late");
        assert!(receiving.join().unwrap() == expected, "the bytes differ");
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
