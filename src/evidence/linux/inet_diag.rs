//! The request for a dump of the socket table, and its rows, as the kernel headers `linux/inet_diag.h`,
//! `linux/sock_diag.h` and `net/tcp_states.h` lay them out. Bytes in, rows out: it knows no socket.

use super::wire::{Cursor, Truncated, attributes};
use crate::failure::Protocol;
use crate::trace::{SocketRow, SocketState, TcpInfo};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::time::Duration;

/// `nlmsg_type` of the request and of every row.
pub(super) const SOCK_DIAG_BY_FAMILY: u16 = 20;
/// `NLM_F_REQUEST` and `NLM_F_DUMP` of linux/netlink.h.
const DUMP_REQUEST: u16 = 0x01 | 0x300;
const IPPROTO_TCP: u8 = 6;
const IPPROTO_UDP: u8 = 17;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
/// The kernel dumps one family at a time.
pub(super) const FAMILIES: [u8; 2] = [AF_INET, AF_INET6];
/// States 1 to 13. Number 13, bound and inactive, is Linux 6.8's; older kernels ignore the bit.
const EVERY_STATE: u32 = 0x3ffe;

const INET_DIAG_REQ_BYTECODE: u16 = 1;
const INET_DIAG_BC_JMP: u8 = 1;
const INET_DIAG_BC_S_GE: u8 = 2;
const INET_DIAG_BC_S_LE: u8 = 3;
const INET_DIAG_BC_D_GE: u8 = 4;
const INET_DIAG_BC_D_LE: u8 = 5;
const FILTER_LENGTH: u8 = 36;

const INET_DIAG_INFO: u16 = 2;
const INET_DIAG_SKV6ONLY: u16 = 11;
const INET_DIAG_CGROUP_ID: u16 = 21;
/// `idiag_timer` of a row that only waits to be forgotten (`TIME_WAIT`, orphaned `FIN_WAIT2`).
const TIMER_TIME_WAIT: u8 = 3;

/// `struct nlmsghdr`, `struct inet_diag_req_v2`, and the filter as an attribute.
pub(super) fn request(sequence: u32, family: u8, protocol: Protocol, port: u16) -> Vec<u8> {
    const LENGTH: u8 = 72 + 4 + FILTER_LENGTH;
    let protocol = match protocol {
        Protocol::Tcp => IPPROTO_TCP,
        Protocol::Udp => IPPROTO_UDP,
    };
    let extensions = 1 << (INET_DIAG_INFO - 1);
    let mut bytes = Vec::with_capacity(LENGTH.into());
    bytes.extend(u32::from(LENGTH).to_ne_bytes());
    bytes.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    bytes.extend(DUMP_REQUEST.to_ne_bytes());
    bytes.extend(sequence.to_ne_bytes());
    bytes.extend([0; 4]); // to the kernel
    bytes.extend([family, protocol, extensions, 0]);
    bytes.extend(EVERY_STATE.to_ne_bytes());
    bytes.extend([0; 48]); // any address
    bytes.extend(u16::from(4 + FILTER_LENGTH).to_ne_bytes());
    bytes.extend(INET_DIAG_REQ_BYTECODE.to_ne_bytes());
    bytes.extend(filter(port));
    bytes
}

/// The kernel's program for "local port or peer port is `port`": a `struct inet_diag_bc_op` says how far to jump
/// when its comparison holds and when not; to the end accepts the socket, four bytes further refuses it.
/// Equality is two comparisons, because old kernels have no other.
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

/// `struct inet_diag_msg` and its attributes.
pub(super) fn row(protocol: Protocol, payload: &[u8]) -> io::Result<SocketRow> {
    let mut fixed = Cursor(payload);
    let [family, state, timer, _retransmits] = fixed.array()?;
    let (local_port, peer_port) = (fixed.port()?, fixed.port()?);
    let (local, peer) = (fixed.array()?, fixed.array()?);
    let interface = fixed.u32()?;
    fixed.bytes(8)?; // the cookie
    let address = |bytes, port| address(family, bytes, port, interface);
    let state = state_numbered(protocol, state).ok_or_else(|| unknown("state", state))?;
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
        cgroup: None,
        tcp: None,
    };
    for attribute in attributes(fixed.0) {
        match attribute? {
            (INET_DIAG_SKV6ONLY, value) => row.v6only = Some(Cursor(value).u8()? != 0),
            (INET_DIAG_CGROUP_ID, value) => row.cgroup = Some(Cursor(value).u64()?),
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
        _ => Err(unknown("family", family)),
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

/// `struct tcp_info` of `linux/tcp.h`, which only ever grew at its end: Linux 4.19 has all of these fields.
///
/// The kernel's own counters take a SYN and a FIN for a byte, so payload is counted from what was sent: less what
/// was sent again, less what is on its way. The queue was read a moment before the rest; the kernel's counter keeps
/// that from claiming too much.
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
        repeats: *value.get(2).ok_or(Truncated)?,
        probes: *value.get(3).ok_or(Truncated)?,
        unacknowledged: at(24)?.u32()?,
        total_retransmissions: at(100)?.u32()?,
        bytes_acknowledged: sent.saturating_sub(sent_again).saturating_sub(on_their_way).min(acknowledged),
        bytes_received: received.saturating_sub(u64::from(fin_came)),
    })
}

fn unknown(what: &str, number: u8) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("a socket of {what} {number}, which this program does not know"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Protocol::{Tcp, Udp};
    use proptest::prelude::*;

    /// A row of an IPv4 socket with port 80, in `state`, with its attributes.
    fn payload(state: u8, timer: u8, attributes: &[u8]) -> Vec<u8> {
        let addresses =
            [&[0, 80, 1, 2, 127, 0, 0, 1][..], &[0; 12], &[10, 0, 0, 9], &[0; 12], &[0; 12]].concat();
        let numbers = [1500_u32, 3, 4, 1000, 77].map(u32::to_ne_bytes).concat();
        [&[AF_INET, state, timer, 0][..], &addresses, &numbers, attributes].concat()
    }

    fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
        let length = u16::try_from(4 + value.len()).unwrap();
        [&length.to_ne_bytes()[..], &kind.to_ne_bytes(), value].concat()
    }

    #[test]
    fn every_field_is_read_from_its_place() {
        let wanted = SocketRow {
            local: "127.0.0.1:80".parse().unwrap(),
            peer: "10.0.0.9:258".parse().unwrap(),
            state: SocketState::TimeWait,
            recv_queue: 3,
            send_queue: 4,
            uid: 1000,
            inode: 77,
            expires: Some(Duration::from_millis(1500)),
            v6only: None,
            cgroup: None,
            tcp: None,
        };
        assert_eq!(row(Tcp, &payload(6, TIMER_TIME_WAIT, &[])).unwrap(), wanted);
        assert_eq!(row(Tcp, &payload(1, 1, &[])).unwrap().expires, None, "a retransmission timer");
    }

    #[test]
    fn a_closed_socket_is_one_that_is_only_bound_for_tcp_and_an_ordinary_one_for_udp() {
        assert_eq!(row(Tcp, &payload(7, 0, &[])).unwrap().state, SocketState::BoundInactive);
        assert_eq!(row(Udp, &payload(7, 0, &[])).unwrap().state, SocketState::Unconnected);
    }

    #[test]
    fn tcp_info_counts_payload_only() {
        // One SYN and 9 of 10 bytes were acknowledged, 4 bytes went twice, 2 were never sent; 6 and a FIN came.
        let mut info = [0; 232];
        for (at, number) in [(24, 1_u64), (100, 2), (120, 10), (128, 7), (144, 2), (200, 14), (208, 4)] {
            info[at..at + 8].copy_from_slice(&number.to_ne_bytes());
        }
        (info[2], info[3]) = (1, 5);
        let mut socket = payload(8, 0, &attribute(INET_DIAG_INFO, &info));
        socket[60..64].copy_from_slice(&3_u32.to_ne_bytes());
        let wanted = TcpInfo {
            total_retransmissions: 2,
            unacknowledged: 1,
            bytes_acknowledged: 9,
            bytes_received: 6,
            probes: 5,
            repeats: 1,
        };
        assert_eq!(row(Tcp, &socket).unwrap().tcp, Some(wanted));
        let old_kernel = payload(8, 0, &attribute(INET_DIAG_INFO, &info[..200]));
        assert_eq!(row(Tcp, &old_kernel).unwrap().tcp, None);
    }

    #[test]
    fn a_link_local_address_says_on_which_interface() {
        let link_local = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 1).octets();
        assert_eq!(address(AF_INET6, link_local, 80, 3).unwrap().to_string(), "[fe80::1%3]:80");
        assert_eq!(address(AF_INET6, Ipv6Addr::LOCALHOST.octets(), 80, 3).unwrap().to_string(), "[::1]:80");
    }

    /// Runs a filter as the kernel does (`inet_diag_bc_run`).
    fn accepts(filter: &[u8], local: u16, peer: u16) -> bool {
        let mut at = 0;
        while let Some(&[code, yes, low, high, ..]) = filter.get(at..) {
            let compared = || u16::from_ne_bytes([filter[at + 6], filter[at + 7]]);
            let holds = match code {
                INET_DIAG_BC_JMP => false,
                INET_DIAG_BC_S_GE => local >= compared(),
                INET_DIAG_BC_S_LE => local <= compared(),
                INET_DIAG_BC_D_GE => peer >= compared(),
                INET_DIAG_BC_D_LE => peer <= compared(),
                _ => unreachable!(),
            };
            at += usize::from(if holds { yes.into() } else { u16::from_ne_bytes([low, high]) });
        }
        at == filter.len()
    }

    proptest! {
        #[test]
        fn the_filter_takes_what_has_the_port_on_either_side(port: u16, local in 0..3_u16, peer in 0..3_u16) {
            let program: Vec<u8> = filter(port).collect();
            prop_assert_eq!(program.len(), usize::from(FILTER_LENGTH));
            let near = |offset: u16| port.wrapping_sub(1).wrapping_add(offset);
            prop_assert_eq!(accepts(&program, near(local), near(peer)), local == 1 || peer == 1);
        }

        #[test]
        fn a_row_cut_anywhere_is_an_error(cut in 0..72_usize) {
            prop_assert!(row(Tcp, &payload(1, 0, &[])[..cut]).is_err());
        }

        #[test]
        fn any_attributes_are_survived(state in 0..16_u8, kind in 0..24_u16, value: Vec<u8>, noise: Vec<u8>) {
            let _ = row(Tcp, &payload(state, 0, &[attribute(kind, &value), noise].concat()));
        }
    }
}
