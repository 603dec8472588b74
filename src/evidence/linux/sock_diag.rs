//! The kernel's socket table: one dump a family over `NETLINK_SOCK_DIAG`, without privilege. Layouts and numbers
//! are those of the kernel headers `inet_diag.h`, `sock_diag.h`, `netlink.h` and `tcp_states.h`.

use super::wire::{Cursor, Message, Truncated, attributes, messages};
use crate::failure::Protocol;
use crate::trace::{SocketRow, SocketState, TcpInfo};
use nix::libc::{AF_NETLINK, NETLINK_SOCK_DIAG};
use socket2::{Domain, Socket, Type};
use std::io::{self, Read as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::time::Duration;

const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLM_F_REQUEST: u16 = 0x01;
const NLM_F_DUMP_INTR: u16 = 0x10;
const NLM_F_DUMP: u16 = 0x300;
const NLMSG_NOOP: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;

const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const IPPROTO_TCP: u8 = 6;
const IPPROTO_UDP: u8 = 17;

/// States 1 to 13. Number 13, bound and inactive, is Linux 6.8's; older kernels ignore the bit.
const EVERY_STATE: u32 = 0x3ffe;
const INET_DIAG_REQ_BYTECODE: u16 = 1;
const INET_DIAG_BC_JMP: u8 = 1;
const INET_DIAG_BC_S_GE: u8 = 2;
const INET_DIAG_BC_S_LE: u8 = 3;
const INET_DIAG_BC_D_GE: u8 = 4;
const INET_DIAG_BC_D_LE: u8 = 5;
/// Length of the port filter.
const FILTER: u8 = 36;

const INET_DIAG_INFO: u16 = 2;
const INET_DIAG_SKV6ONLY: u16 = 11;
/// `idiag_timer` of a row that only waits to be forgotten (`TIME_WAIT`, orphaned `FIN_WAIT2`).
const TIMER_TIME_WAIT: u8 = 3;

/// A dump's datagrams are at most this long: the kernel's own limit (`netlink_recvmsg`).
const DATAGRAM: usize = 32 * 1024;
/// The kernel answers at once; a silence as long as this is a broken answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a dump is repeated that the kernel calls inconsistent.
const ATTEMPTS: u32 = 5;

/// Every socket of this network namespace whose local or peer port is `port`.
pub(super) fn sockets(protocol: Protocol, port: u16) -> io::Result<Vec<SocketRow>> {
    let netlink = Socket::new(Domain::from(AF_NETLINK), Type::RAW, Some(NETLINK_SOCK_DIAG.into()))?;
    netlink.set_read_timeout(Some(PATIENCE))?;
    let mut rows = dump(&netlink, AF_INET, protocol, port)?;
    rows.extend(dump(&netlink, AF_INET6, protocol, port)?);
    Ok(rows)
}

fn dump(mut netlink: &Socket, family: u8, protocol: Protocol, port: u16) -> io::Result<Vec<SocketRow>> {
    let mut datagram = vec![0; DATAGRAM];
    for attempt in 0..ATTEMPTS {
        let sequence = u32::from(family) << 8 | attempt;
        netlink.send(&request(sequence, family, protocol, port))?;
        let mut answer = Answer { sequence, protocol, port, rows: Vec::new(), interrupted: false };
        loop {
            let length = match netlink.read(&mut datagram) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                length => length?,
            };
            if answer.take(&datagram[..length])? {
                break;
            }
        }
        if !answer.interrupted {
            return Ok(answer.rows);
        }
    }
    Err(io::Error::other("the table changed during every dump"))
}

/// `struct nlmsghdr`, `struct inet_diag_req_v2`, and the filter as an attribute.
fn request(sequence: u32, family: u8, protocol: Protocol, port: u16) -> Vec<u8> {
    const LENGTH: u8 = 72 + 4 + FILTER;
    let protocol = match protocol {
        Protocol::Tcp => IPPROTO_TCP,
        Protocol::Udp => IPPROTO_UDP,
    };
    let extensions = 1 << (INET_DIAG_INFO - 1);
    let mut bytes = Vec::with_capacity(LENGTH.into());
    bytes.extend(u32::from(LENGTH).to_ne_bytes());
    bytes.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    bytes.extend((NLM_F_REQUEST | NLM_F_DUMP).to_ne_bytes());
    bytes.extend(sequence.to_ne_bytes());
    bytes.extend([0; 4]); // to the kernel
    bytes.extend([family, protocol, extensions, 0]);
    bytes.extend(EVERY_STATE.to_ne_bytes());
    bytes.extend([0; 48]); // any address
    bytes.extend(u16::from(4 + FILTER).to_ne_bytes());
    bytes.extend(INET_DIAG_REQ_BYTECODE.to_ne_bytes());
    bytes.extend(filter(port));
    bytes
}

/// The kernel's program for "local port or peer port is `port`": a `struct inet_diag_bc_op` says how far to jump
/// when its comparison holds and when not; to the end accepts the socket, four bytes further refuses it.
/// Equality is two comparisons, because kernels before 5.1 have no other.
fn filter(port: u16) -> impl Iterator<Item = u8> {
    let compare = |code: u8, otherwise: u16| [(code, 8, otherwise), (0, 0, port)];
    let local = [compare(INET_DIAG_BC_S_GE, 20), compare(INET_DIAG_BC_S_LE, 12)].concat();
    let found = [(INET_DIAG_BC_JMP, 4, 20)];
    let peer = [compare(INET_DIAG_BC_D_GE, 20), compare(INET_DIAG_BC_D_LE, 12)].concat();
    [&local[..], &found, &peer].concat().into_iter().flat_map(|(code, yes, no): (u8, u8, u16)| {
        let [low, high] = no.to_ne_bytes();
        [code, yes, low, high]
    })
}

/// What has come of one dump.
struct Answer {
    sequence: u32,
    protocol: Protocol,
    port: u16,
    rows: Vec<SocketRow>,
    /// The kernel says that the table changed meanwhile.
    interrupted: bool,
}

impl Answer {
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
                kind => return Err(invalid(&format!("a netlink message of type {kind}"))),
            }
        }
        Ok(false)
    }
}

/// The result that ends a dump: 0, or a negative errno.
fn outcome(message: &Message) -> io::Result<()> {
    match Cursor(message.payload).i32()? {
        0.. => Ok(()),
        errno => Err(io::Error::from_raw_os_error(errno.saturating_neg())),
    }
}

/// `struct inet_diag_msg` and its attributes.
fn row(protocol: Protocol, payload: &[u8]) -> io::Result<SocketRow> {
    let mut fixed = Cursor(payload);
    let [family, state, timer, _retransmits] = fixed.array()?;
    let (local_port, peer_port) = (fixed.port()?, fixed.port()?);
    let (local, peer) = (fixed.array()?, fixed.array()?);
    let interface = fixed.u32()?;
    fixed.bytes(8)?; // the cookie
    let address = |bytes, port| address(family, bytes, port, interface);
    let state = state_numbered(protocol, state).ok_or_else(|| invalid(&format!("socket state {state}")))?;
    let expires = Duration::from_millis(fixed.u32()?.into());
    let mut row = SocketRow {
        local: address(local, local_port)?,
        peer: address(peer, peer_port)?,
        state,
        expires: (timer == TIMER_TIME_WAIT).then_some(expires),
        recv_queue: fixed.u32()?,
        send_queue: fixed.u32()?,
        uid: fixed.u32()?,
        inode: fixed.u32()?,
        v6only: None,
        tcp: None,
    };
    for attribute in attributes(fixed.0) {
        match attribute? {
            (INET_DIAG_SKV6ONLY, value) => row.v6only = Some(Cursor(value).u8()? != 0),
            (INET_DIAG_INFO, value) if is_connection(state) => row.tcp = tcp_info(value, &row).ok(),
            _ => {}
        }
    }
    Ok(row)
}

/// The kernel keeps IPv4 addresses in the first of four words.
fn address(family: u8, bytes: [u8; 16], port: u16, interface: u32) -> io::Result<SocketAddr> {
    let [a, b, c, d, ..] = bytes;
    match family {
        AF_INET => Ok((Ipv4Addr::new(a, b, c, d), port).into()),
        AF_INET6 => {
            let address = Ipv6Addr::from(bytes);
            // Only a link-local address needs to say on which interface it is meant, RFC 4007 §6.
            let scope = if address.is_unicast_link_local() { interface } else { 0 };
            Ok(SocketAddrV6::new(address, port, 0, scope).into())
        }
        _ => Err(invalid(&format!("a socket of family {family}"))),
    }
}

fn state_numbered(protocol: Protocol, number: u8) -> Option<SocketState> {
    Some(match number {
        1 => SocketState::Established,
        2 => SocketState::SynSent,
        3 | 12 => SocketState::SynRecv,
        4 => SocketState::FinWait1,
        5 => SocketState::FinWait2,
        6 => SocketState::TimeWait,
        // The only closed TCP sockets in the table are those that bit 13 asked for.
        7 if protocol == Protocol::Tcp => SocketState::BoundInactive,
        7 => SocketState::Unconnected,
        8 => SocketState::CloseWait,
        9 => SocketState::LastAck,
        10 => SocketState::Listen,
        11 => SocketState::Closing,
        13 => SocketState::BoundInactive,
        _ => return None,
    })
}

fn is_connection(state: SocketState) -> bool {
    !matches!(state, SocketState::Listen | SocketState::BoundInactive | SocketState::Unconnected)
}

/// `struct tcp_info`, linux/tcp.h, which only ever grew at its end: Linux 4.19 has all of these fields.
///
/// The kernel's own counters take a SYN and a FIN for a byte, so the bytes are counted here from what was sent: less
/// what was sent again, less what is still on its way.
fn tcp_info(value: &[u8], row: &SocketRow) -> Result<TcpInfo, Truncated> {
    let at = |offset| value.get(offset..).map(Cursor).ok_or(Truncated);
    let (acknowledged, received) = (at(120)?.u64()?, at(128)?.u64()?);
    let unsent = u64::from(at(144)?.u32()?);
    let (sent, sent_again) = (at(200)?.u64()?, at(208)?.u64()?);
    let fin_is_on_its_way =
        matches!(row.state, SocketState::FinWait1 | SocketState::Closing | SocketState::LastAck)
            && unsent == 0;
    let fin_came = matches!(row.state, SocketState::CloseWait | SocketState::Closing | SocketState::LastAck);
    let on_their_way =
        u64::from(row.send_queue).saturating_sub(unsent).saturating_sub(u64::from(fin_is_on_its_way));
    Ok(TcpInfo {
        unacknowledged: at(24)?.u32()?,
        total_retransmissions: at(100)?.u32()?,
        bytes_acknowledged: sent.saturating_sub(sent_again).saturating_sub(on_their_way).min(acknowledged),
        bytes_received: received.saturating_sub(u64::from(fin_came)),
    })
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the kernel answered with {what}"))
}

impl From<Truncated> for io::Error {
    fn from(_: Truncated) -> Self {
        invalid("a message that is cut off")
    }
}
