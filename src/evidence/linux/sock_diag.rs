//! The kernel's socket table: one dump a family over `NETLINK_SOCK_DIAG`, `sock_diag(7)`, without privilege.
//! An answer is complete or it is an error: half a table would prove absence where there is none.

use super::inet_diag::{FAMILIES, SOCK_DIAG_BY_FAMILY, request, row};
use super::wire::{Cursor, Message, Truncated, messages};
use crate::failure::Protocol;
use crate::trace::SocketRow;
use nix::libc::{AF_NETLINK, NETLINK_SOCK_DIAG};
use socket2::{Domain, Socket, Type};
use std::io::{self, Read as _};
use std::time::Duration;

// linux/netlink.h
const NLM_F_DUMP_INTR: u16 = 0x10;
const NLMSG_NOOP: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;

/// The kernel makes no datagram of a dump longer than this (`netlink_recvmsg`, `net/netlink/af_netlink.c`).
const DATAGRAM: usize = 32 * 1024;
/// The kernel answers at once; a silence as long as this is a broken answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a dump is made that the kernel calls inconsistent.
const ATTEMPTS: u32 = 5;
/// Bounds a dump: a million datagrams hold many times the sockets that a machine can have.
const MOST_DATAGRAMS: u32 = 1 << 20;

/// Every socket of this network namespace whose local or peer port is `port`.
pub(super) fn sockets(protocol: Protocol, port: u16) -> io::Result<Vec<SocketRow>> {
    let netlink = Socket::new(Domain::from(AF_NETLINK), Type::RAW, Some(NETLINK_SOCK_DIAG.into()))?;
    netlink.set_read_timeout(Some(PATIENCE))?;
    let mut rows = Vec::new();
    for family in FAMILIES {
        rows.extend(dump(&netlink, family, protocol, port)?);
    }
    Ok(rows)
}

fn dump(netlink: &Socket, family: u8, protocol: Protocol, port: u16) -> io::Result<Vec<SocketRow>> {
    for attempt in 0..ATTEMPTS {
        let mut answer = Answer::new(protocol, port, u32::from(family) << 8 | attempt);
        netlink.send(&request(answer.sequence, family, protocol, port))?;
        read_all(netlink, &mut answer)?;
        if !answer.interrupted {
            return Ok(answer.rows);
        }
    }
    Err(io::Error::other("the table changed during every dump"))
}

fn read_all(mut netlink: &Socket, answer: &mut Answer) -> io::Result<()> {
    let mut datagram = vec![0; DATAGRAM];
    for _ in 0..MOST_DATAGRAMS {
        match netlink.read(&mut datagram) {
            Ok(length) if answer.take(&datagram[..length])? => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("the dump has no end"))
}

/// What has come of one dump.
#[derive(Debug)]
struct Answer {
    sequence: u32,
    protocol: Protocol,
    port: u16,
    rows: Vec<SocketRow>,
    /// The kernel says that the table changed meanwhile.
    interrupted: bool,
}

impl Answer {
    fn new(protocol: Protocol, port: u16, sequence: u32) -> Self {
        Self { sequence, protocol, port, rows: Vec::new(), interrupted: false }
    }

    /// Takes in one datagram; `true` at the end of the dump.
    fn take(&mut self, datagram: &[u8]) -> io::Result<bool> {
        for message in messages(datagram) {
            let message = message?;
            if message.sequence != self.sequence {
                continue;
            }
            self.interrupted |= message.flags & NLM_F_DUMP_INTR != 0;
            match message.kind {
                NLMSG_NOOP => {}
                NLMSG_DONE => return outcome(&message).map(|()| true),
                NLMSG_ERROR => outcome(&message)?,
                SOCK_DIAG_BY_FAMILY => {
                    let row = row(self.protocol, message.payload)?;
                    let wanted = row.local.port() == self.port || row.peer.port() == self.port;
                    self.rows.extend(wanted.then_some(row));
                }
                kind => return Err(io::Error::other(format!("a netlink message of type {kind}"))),
            }
        }
        Ok(false)
    }
}

#[cfg(fuzzing)]
pub(super) fn read_any_bytes(protocol: Protocol, bytes: &[u8]) {
    let sequence = bytes.get(8..12).and_then(|four| four.try_into().ok()).map_or(0, u32::from_ne_bytes);
    let _ = Answer::new(protocol, 80, sequence).take(bytes);
    let _ = row(protocol, bytes);
}

/// The result that ends a dump: 0, or a negative errno.
fn outcome(message: &Message) -> io::Result<()> {
    match Cursor(message.payload).i32()? {
        0.. => Ok(()),
        errno => Err(io::Error::from_raw_os_error(errno.saturating_neg())),
    }
}

impl From<Truncated> for io::Error {
    fn from(_: Truncated) -> Self {
        Self::new(io::ErrorKind::UnexpectedEof, "a netlink message that is cut off")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Protocol::Tcp;
    use proptest::prelude::*;

    const SEQUENCE: u32 = 7;

    fn message(kind: u16, flags: u16, sequence: u32, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(16 + payload.len()).unwrap().to_ne_bytes();
        let header =
            [&length[..], &kind.to_ne_bytes(), &flags.to_ne_bytes(), &sequence.to_ne_bytes(), &[0; 4]];
        [&header.concat(), payload].concat()
    }

    fn answer() -> Answer {
        Answer::new(Tcp, 80, SEQUENCE)
    }

    #[test]
    fn a_dump_ends_with_done() {
        assert!(answer().take(&message(NLMSG_DONE, 0, SEQUENCE, &[0; 4])).unwrap());
        assert!(
            !answer().take(&message(NLMSG_DONE, 0, SEQUENCE + 1, &[0; 4])).unwrap(),
            "that of an earlier dump"
        );
        assert!(!answer().take(&[]).unwrap());
    }

    #[test]
    fn a_refusal_carries_the_errno_of_the_kernel() {
        for kind in [NLMSG_ERROR, NLMSG_DONE] {
            let refusal = message(kind, 0, SEQUENCE, &(-2_i32).to_ne_bytes());
            assert_eq!(answer().take(&refusal).unwrap_err().raw_os_error(), Some(2));
        }
        assert!(answer().take(&message(NLMSG_ERROR, 0, SEQUENCE, &i32::MIN.to_ne_bytes())).is_err());
    }

    #[test]
    fn an_inconsistent_dump_is_known_as_one() {
        let mut answer = answer();
        answer.take(&message(NLMSG_DONE, NLM_F_DUMP_INTR, SEQUENCE, &[0; 4])).unwrap();
        assert!(answer.interrupted);
    }

    #[test]
    fn a_cut_or_unknown_message_is_an_error_and_not_an_end() {
        for bad in
            [message(SOCK_DIAG_BY_FAMILY, 0, SEQUENCE, &[2; 71]), message(99, 0, SEQUENCE, &[]), vec![0; 3]]
        {
            answer().take(&bad).unwrap_err();
        }
    }

    proptest! {
        #[test]
        fn any_payload_is_survived(kind in prop::sample::select(&[1, 2, 3, 20][..]), payload: Vec<u8>, noise: Vec<u8>) {
            let datagram = [message(kind, 0, SEQUENCE, &payload), noise].concat();
            let _ = answer().take(&datagram);
        }
    }
}
