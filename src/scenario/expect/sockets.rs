//! `sockets`: what a program left in the socket table.

use super::found::{Found, untold, wide};
use super::seen::Seen;
use crate::failure::Protocol;
use crate::scenario::model::Bounds;
use crate::trace::{Fact, SocketRow, SocketState};

/// How many sockets of the program's port were in this state when the timeline ended. A connection has a row at either
/// end; the one that counts is the program's own.
pub(super) fn check(state: SocketState, times: &Bounds, program: &str, seen: Seen<'_>) -> Found {
    let want = format!("{state}: {times}");
    let Some(port) = seen.played.addresses.get(program).and_then(|addresses| addresses.first()) else {
        return untold(want, format!("{program} has no address"));
    };
    let port = port.port();
    let tables: Vec<&[SocketRow]> = [Protocol::Tcp, Protocol::Udp]
        .into_iter()
        .filter_map(|protocol| last_reading(port, protocol, seen))
        .collect();
    if tables.is_empty() {
        return untold(want, "the socket table was not read; this platform may have no reader for it");
    }
    let own: Vec<&SocketRow> =
        tables.iter().flat_map(|rows| rows.iter()).filter(|row| row.local.port() == port).collect();
    let number = own.iter().filter(|row| row.state == state).count();
    let got = if own.is_empty() { format!("no socket on port {port}") } else { told(&own) };
    Found::new(want, got, times.contains(wide(number)))
}

fn last_reading(wanted: u16, of: Protocol, seen: Seen<'_>) -> Option<&[SocketRow]> {
    seen.played.evidence.iter().rev().find_map(|evidence| match &evidence.fact {
        Fact::Sockets { protocol, port, rows } if *port == wanted && *protocol == of => Some(rows.as_slice()),
        _ => None,
    })
}

/// `LISTEN: 1, TIME_WAIT: 3`.
fn told(rows: &[&SocketRow]) -> String {
    let mut states: Vec<(SocketState, usize)> = Vec::new();
    for row in rows {
        match states.iter_mut().find(|(state, _)| *state == row.state) {
            Some((_, number)) => *number += 1,
            None => states.push((row.state, 1)),
        }
    }
    states.iter().map(|(state, number)| format!("{state}: {number}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::stage::Run;
    use super::*;
    use crate::scenario::model::Expectation;
    use crate::trace::{Evidence, Source};
    use std::time::Duration;

    fn row(state: SocketState, local: &str) -> SocketRow {
        SocketRow {
            local: local.parse().unwrap(),
            peer: "127.0.0.1:9000".parse().unwrap(),
            state,
            recv_queue: 0,
            send_queue: 0,
            uid: 0,
            inode: 0,
            expires: None,
            v6only: None,
            cgroup: None,
            tcp: None,
        }
    }

    fn read(readings: Vec<(Protocol, Vec<SocketRow>)>) -> Run {
        let mut run = Run::of([]);
        run.address("server", "127.0.0.1:9000");
        for (protocol, rows) in readings {
            let fact = Fact::Sockets { protocol, port: 9000, rows };
            run.played.evidence.push(Evidence { source: Source::SockDiag, at: Duration::ZERO, fact });
        }
        run
    }

    fn wants(state: SocketState, number: u64) -> Expectation {
        Expectation::Sockets { state, times: Bounds::exactly(number) }
    }

    #[test]
    fn the_rows_of_the_last_reading_count() {
        let own = "127.0.0.1:9000";
        let run = read(vec![
            (Protocol::Tcp, vec![row(SocketState::TimeWait, own); 5]),
            (Protocol::Tcp, vec![row(SocketState::Listen, own), row(SocketState::TimeWait, own)]),
            (Protocol::Udp, vec![row(SocketState::Unconnected, own)]),
        ]);
        assert_eq!(run.found(&wants(SocketState::TimeWait, 1), "server").passed, Some(true));
        assert_eq!(run.found(&wants(SocketState::Unconnected, 1), "server").passed, Some(true));
        let missed = run.found(&wants(SocketState::CloseWait, 1), "server");
        assert_eq!(missed.passed, Some(false));
        assert_eq!(missed.got, "LISTEN: 1, TIME_WAIT: 1, UNCONNECTED: 1");
    }

    #[test]
    fn the_end_of_the_client_is_not_the_servers() {
        let run = read(vec![(Protocol::Tcp, vec![row(SocketState::TimeWait, "127.0.0.1:40000")])]);
        let found = run.found(&wants(SocketState::TimeWait, 1), "server");
        assert_eq!((found.passed, found.got.as_str()), (Some(false), "no socket on port 9000"));
        assert_eq!(run.found(&wants(SocketState::TimeWait, 0), "server").passed, Some(true));
    }

    #[test]
    fn a_table_that_nobody_read_tells_nothing() {
        assert_eq!(read(Vec::new()).found(&wants(SocketState::TimeWait, 0), "server").passed, None);
        assert_eq!(read(Vec::new()).found(&wants(SocketState::TimeWait, 0), "other").passed, None);
    }
}
