//! The protocol without a socket: bytes and times in, replies out.

use super::*;
use chrono::DateTime;
use proptest::prelude::*;

const LIMITS: Limits = Limits {
    connections: 1,
    line: 16,
    idle: Duration::from_secs(60),
    delivery: Duration::from_secs(2),
    write: Duration::from_secs(5),
    quiet: Duration::from_millis(200),
};

/// A connection, its clock, and what it said.
struct Bench {
    connection: Connection,
    now: Duration,
    stamp: Timestamp,
    summary: Summary,
    out: Vec<u8>,
}

impl Bench {
    fn new() -> Self {
        let stamp = Timestamp::new(&DateTime::parse_from_rfc3339("2025-04-10T10:20:12+07:00").unwrap());
        let connection = Connection::new(Duration::ZERO, &LIMITS);
        Self { connection, now: Duration::ZERO, stamp, summary: Summary::default(), out: Vec::new() }
    }

    fn run<T>(&mut self, act: impl FnOnce(&mut Connection, &mut Step) -> T) -> T {
        let Self { connection, now, stamp, summary, out } = self;
        act(connection, &mut Step { limits: &LIMITS, style: Reply::Full, now: *now, stamp, summary, out })
    }

    fn receive(&mut self, bytes: &[u8]) {
        self.run(|connection, step| connection.receive(bytes, step));
    }

    /// Lets the time come at which the connection asked to be called.
    fn wait(&mut self) -> Expired {
        self.now = self.connection.due();
        self.run(Connection::expire)
    }

    /// The replies so far, each cut to its first field (or its code), and forgotten.
    fn replies(&mut self) -> Vec<String> {
        let text = String::from_utf8(std::mem::take(&mut self.out)).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'));
        text.lines().map(|line| line.split(" | ").next().unwrap().to_owned()).collect()
    }
}

#[test]
fn every_line_gets_its_reply_and_an_idle_connection_owns_nothing() {
    let mut bench = Bench::new();
    bench.receive(b"a\nb\r\n\n");
    assert_eq!(bench.replies(), ["A", "B", ""]);
    assert!(bench.connection.is_idle());
    bench.receive(b"half");
    assert!(!bench.connection.is_idle());
    bench.receive(b" line\n");
    assert_eq!(bench.replies(), ["HALF LINE"]);
    assert_eq!((bench.connection.held.capacity(), bench.connection.unsent.capacity()), (0, 0));
    assert_eq!(bench.summary.lines, 4);
}

#[test]
fn what_has_arrived_counts_as_a_line_after_a_quiet_time() {
    let mut bench = Bench::new();
    bench.receive(b"ipin");
    assert_eq!(bench.replies(), [""; 0]);
    assert_eq!(bench.connection.due(), LIMITS.quiet);
    assert_eq!(bench.wait(), Expired::Answered);
    assert_eq!(bench.replies(), ["IPIN"]);
    assert_eq!(bench.wait(), Expired::Over("idle"));
    assert_eq!(bench.now, LIMITS.quiet + LIMITS.idle);
}

#[test]
fn what_has_arrived_counts_as_a_line_at_the_end_of_the_stream() {
    let mut bench = Bench::new();
    bench.receive(b"a\nb");
    bench.run(Connection::end);
    assert_eq!(bench.replies(), ["A", "B"]);
    bench.run(Connection::end);
    assert_eq!(bench.replies(), [""; 0]);
}

#[test]
fn a_line_that_trickles_in_is_given_up_when_its_time_is_over() {
    let mut bench = Bench::new();
    while bench.now < LIMITS.delivery {
        bench.receive(b"x");
        assert!(bench.connection.due() <= LIMITS.delivery);
        bench.now += LIMITS.quiet.mul_f32(0.9);
    }
    assert_eq!(bench.run(Connection::expire), Expired::Over("too-slow"));
    assert_eq!(bench.replies(), ["ERR too-slow the line did not end in time"]);
}

#[test]
fn a_line_too_long_is_refused_once_and_the_next_one_answered() {
    let mut bench = Bench::new();
    bench.receive(&[b'x'; 17]);
    bench.receive(&[b'x'; 1000]);
    bench.receive(b"x\nnext\n");
    assert_eq!(bench.replies(), ["ERR too-long more than 16 bytes", "NEXT"]);
    bench.receive(&[b'x'; 16]);
    bench.receive(b"\r\n");
    assert_eq!(bench.replies(), ["X".repeat(16)]);
    assert_eq!(bench.summary.refused["too-long"], 1);
}

#[test]
fn after_a_line_too_long_a_quiet_time_ends_it_too() {
    let mut bench = Bench::new();
    bench.receive(&[b'x'; 100]);
    assert_eq!(bench.wait(), Expired::Answered);
    bench.receive(b"next");
    assert_eq!(bench.wait(), Expired::Answered);
    assert_eq!(bench.replies(), ["ERR too-long more than 16 bytes", "NEXT"]);
}

#[test]
fn replies_that_are_not_read_stop_the_answers_and_then_the_connection() {
    let mut bench = Bench::new();
    bench.receive(&b"\n".repeat(100_000));
    let made = bench.out.len();
    assert!((ENOUGH..ENOUGH + 1000).contains(&made), "{made} bytes of replies");
    assert!(bench.connection.has_backlog());
    bench.run(|connection, step| {
        let unsent = std::mem::take(step.out);
        connection.keep(&unsent, step);
    });
    assert_eq!(bench.connection.due(), LIMITS.write);
    assert_eq!(bench.wait(), Expired::Over("not-reading"));
}

#[test]
fn replies_that_are_read_late_are_all_made() {
    let mut bench = Bench::new();
    bench.receive(&b"\n".repeat(10_000));
    let mut got = bench.replies().len();
    while bench.connection.has_backlog() {
        bench.run(|connection, step| {
            connection.keep(b"reply", step);
            connection.took(5, step);
            connection.resume(step);
        });
        got += bench.replies().len();
    }
    assert_eq!(got, 10_000);
    assert!(bench.connection.is_idle());
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![3 => Just(b'\n'), 1 => Just(b'\r'), 12 => b'a'..=b'e', 1 => any::<u8>()];
    prop::collection::vec(byte, 0..300)
}

proptest! {
    #[test]
    fn any_split_of_the_bytes_gives_the_same_replies(
        bytes in stream(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let mut whole = Bench::new();
        whole.receive(&bytes);
        whole.run(Connection::end);

        let mut split = Bench::new();
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let mut from = 0;
        for cut in cuts.into_iter().chain([bytes.len()]) {
            split.receive(&bytes[from..cut]);
            from = cut;
        }
        split.run(Connection::end);
        prop_assert_eq!(split.replies(), whole.replies());
        prop_assert_eq!(split.summary, whole.summary);
    }

    #[test]
    fn memory_stays_within_the_limits_whatever_arrives(chunks in prop::collection::vec(stream(), 0..4)) {
        let mut bench = Bench::new();
        for chunk in chunks {
            bench.receive(&chunk);
            prop_assert!(bench.connection.held.len() <= LIMITS.line + 1);
        }
    }
}
