//! ICMP errors that the kernel kept for a socket with `IP_RECVERR` or `IPV6_RECVERR`: recvmsg(2) with
//! `MSG_ERRQUEUE`, ip(7). TCP sockets keep those that come during the handshake, UDP sockets all.
//!
//! Each of them is also the socket's pending error, which the next call reports and clears. Taking the last one
//! out of the queue clears the pending error too (`sock_dequeue_err_skb`, net/core/skbuff.c). So a program that
//! shall see its errno makes its call first; the queue still holds the entry afterwards.

use crate::trace::IcmpError;
use nix::cmsg_space;
use nix::errno::Errno;
use nix::libc::{
    AF_INET, AF_INET6, SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6, sock_extended_err, sockaddr_in, sockaddr_in6,
};
use nix::sys::socket::{ControlMessageOwned, MsgFlags, getsockopt, recvmsg, sockopt};
use socket2::{Domain, Socket};
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::AsRawFd as _;

/// The kernel bounds the queue by the socket's receive buffer; this bounds the loop.
const MOST: usize = 4096;

/// Takes everything out of the queue, oldest first.
pub(super) fn drain(socket: &Socket) -> io::Result<Vec<IcmpError>> {
    let keeps = if socket.domain()? == Domain::IPV6 {
        getsockopt(socket, sockopt::Ipv6RecvErr)?
    } else {
        getsockopt(socket, sockopt::Ipv4RecvErr)?
    };
    if !keeps {
        return Err(io::Error::other("IP_RECVERR is not set"));
    }
    let mut errors = Vec::new();
    for _ in 0..MOST {
        match next(socket) {
            Ok(found) => errors.extend(found),
            Err(Errno::EAGAIN) => break,
            Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(errors)
}

/// The oldest entry; `None` in it when it tells of something else than ICMP.
fn next(socket: &Socket) -> nix::Result<Option<IcmpError>> {
    // The payload is the start of the datagram that was refused: not needed, so there is room for one byte.
    let mut byte = [0];
    let mut payload = [IoSliceMut::new(&mut byte)];
    let mut control = cmsg_space!((sock_extended_err, sockaddr_in6));
    let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
    let message = recvmsg::<()>(socket.as_raw_fd(), &mut payload, Some(&mut control), flags)?;
    Ok(message.cmsgs()?.find_map(|control| match control {
        ControlMessageOwned::Ipv4RecvErr(error, offender) => icmp(error, offender.and_then(v4)),
        ControlMessageOwned::Ipv6RecvErr(error, offender) => icmp(error, offender.and_then(v6)),
        _ => None,
    }))
}

fn icmp(error: sock_extended_err, offender: Option<IpAddr>) -> Option<IcmpError> {
    matches!(error.ee_origin, SO_EE_ORIGIN_ICMP | SO_EE_ORIGIN_ICMP6).then_some(IcmpError {
        code_on_socket: i32::try_from(error.ee_errno).unwrap_or(0),
        kind: error.ee_type,
        code: error.ee_code,
        offender,
    })
}

fn v4(address: sockaddr_in) -> Option<IpAddr> {
    let is_v4 = i32::from(address.sin_family) == AF_INET;
    is_v4.then(|| Ipv4Addr::from(address.sin_addr.s_addr.to_ne_bytes()).into())
}

fn v6(address: sockaddr_in6) -> Option<IpAddr> {
    let is_v6 = i32::from(address.sin6_family) == AF_INET6;
    is_v6.then(|| Ipv6Addr::from(address.sin6_addr.s6_addr).into())
}
