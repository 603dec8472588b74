//! The kernel's routing decision for one address: `RTM_GETROUTE` over `NETLINK_ROUTE`, rtnetlink(7). Nothing is sent
//! to the address, and no privilege is needed.

use super::wire::{Cursor, attributes, messages};
use crate::failure::Errno;
use crate::trace::Route;
use nix::ifaddrs::{InterfaceAddress, getifaddrs};
use nix::libc::{AF_INET, AF_INET6, AF_NETLINK, NETLINK_ROUTE};
use nix::net::if_::{InterfaceFlags, if_indextoname};
use socket2::{Domain, Socket, Type};
use std::io::{self, Read as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

// linux/netlink.h, linux/rtnetlink.h
const NLM_F_REQUEST: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const RTM_NEWROUTE: u16 = 24;
const RTM_GETROUTE: u16 = 26;
const RTA_DST: u16 = 1;
const RTA_OIF: u16 = 4;
const RTA_GATEWAY: u16 = 5;
const RTA_PREFSRC: u16 = 7;

/// The kernel answers at once; a silence as long as this is a broken answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// Larger than any answer about one route.
const ANSWER: usize = 8 * 1024;
const SEQUENCE: u32 = 1;

/// Where packets to `address` go.
pub(super) fn to(address: IpAddr) -> io::Result<Route> {
    let mut netlink = Socket::new(Domain::from(AF_NETLINK), Type::RAW, Some(NETLINK_ROUTE.into()))?;
    netlink.set_read_timeout(Some(PATIENCE))?;
    netlink.send(&request(address))?;
    let mut answer = vec![0; ANSWER];
    let length = netlink.read(&mut answer)?;
    decided(&answer[..length])
}

/// Every address of an interface that is up; getifaddrs(3) asks with `RTM_GETADDR`.
pub(super) fn addresses() -> io::Result<Vec<IpAddr>> {
    let up = getifaddrs()?.filter(|interface| interface.flags.contains(InterfaceFlags::IFF_UP));
    let ip = |interface: InterfaceAddress| {
        let address = interface.address?;
        let v4 = address.as_sockaddr_in().map(|v4| IpAddr::V4(v4.ip()));
        v4.or_else(|| address.as_sockaddr_in6().map(|v6| IpAddr::V6(v6.ip())))
    };
    Ok(up.filter_map(ip).collect())
}

/// `struct nlmsghdr`, `struct rtmsg`, and the address as an attribute.
fn request(address: IpAddr) -> Vec<u8> {
    let (family, octets) = match address {
        IpAddr::V4(address) => (AF_INET, address.octets().to_vec()),
        IpAddr::V6(address) => (AF_INET6, address.octets().to_vec()),
    };
    let [family, ..] = family.to_le_bytes();
    let [size, bits] = if octets.len() == 4 { [4_u8, 32] } else { [16, 128] };
    let length = 16 + 12 + 4 + u32::from(size);
    let mut bytes = length.to_ne_bytes().to_vec();
    bytes.extend(RTM_GETROUTE.to_ne_bytes());
    bytes.extend(NLM_F_REQUEST.to_ne_bytes());
    bytes.extend(SEQUENCE.to_ne_bytes());
    bytes.extend([0; 4]); // to the kernel
    bytes.extend([family, bits, 0, 0, 0, 0, 0, 0]);
    bytes.extend([0; 4]); // flags
    bytes.extend((4 + u16::from(size)).to_ne_bytes());
    bytes.extend(RTA_DST.to_ne_bytes());
    bytes.extend(octets);
    bytes
}

/// The decision in the kernel's answer: a route, or the errno for having none.
fn decided(answer: &[u8]) -> io::Result<Route> {
    for message in messages(answer) {
        let message = message?;
        match message.kind {
            RTM_NEWROUTE => return route(message.payload),
            NLMSG_ERROR => {
                let code = Cursor(message.payload).i32()?.saturating_neg();
                return Ok(Route::None { errno: Errno::here(code).name.into_owned() });
            }
            _ => {}
        }
    }
    Err(io::Error::other("an answer without a route"))
}

#[cfg(fuzzing)]
pub(super) fn read_any_bytes(bytes: &[u8]) {
    let _ = (decided(bytes), route(bytes));
}

fn route(payload: &[u8]) -> io::Result<Route> {
    let mut fixed = Cursor(payload);
    let [_family, _, _, _, _table, _, _, kind] = fixed.array()?;
    fixed.bytes(4)?; // flags
    let (mut interface, mut gateway, mut source) = (None, None, None);
    for attribute in attributes(fixed.0) {
        match attribute? {
            (RTA_OIF, value) => interface = name_of(Cursor(value).u32()?),
            (RTA_GATEWAY, value) => gateway = address(value),
            (RTA_PREFSRC, value) => source = address(value),
            _ => {}
        }
    }
    // linux/rtnetlink.h, RTN_*; the errno of each as `fib_props` of net/ipv4/fib_semantics.c has it
    let none = |errno: &str| Route::None { errno: errno.to_owned() };
    Ok(match kind {
        1 => Route::Unicast { interface, gateway, source },
        2 => Route::Local,
        3..=5 => Route::Shared,
        6 => none("EINVAL"),
        7 => none("EHOSTUNREACH"),
        8 => none("EACCES"),
        _ => none("ENETUNREACH"),
    })
}

fn name_of(index: u32) -> Option<String> {
    if_indextoname(index).ok()?.into_string().ok()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = || <[u8; 4]>::try_from(bytes).ok().map(|octets| Ipv4Addr::from(octets).into());
    let v6 = || <[u8; 16]>::try_from(bytes).ok().map(|octets| Ipv6Addr::from(octets).into());
    v4().or_else(v6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(kind: u16, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(16 + payload.len()).unwrap().to_ne_bytes();
        [&length[..], &kind.to_ne_bytes(), &[0; 10], payload].concat()
    }

    #[test]
    fn a_refusal_is_a_route_to_nowhere() {
        let refused = message(NLMSG_ERROR, &(-101_i32).to_ne_bytes());
        assert_eq!(decided(&refused).unwrap(), Route::None { errno: "ENETUNREACH".into() });
    }

    #[test]
    fn the_router_and_the_source_are_read() {
        let mut payload = vec![2, 32, 0, 0, 254, 0, 0, 1, 0, 0, 0, 0];
        for (kind, octets) in [(RTA_GATEWAY, [10, 0, 0, 1]), (RTA_PREFSRC, [10, 0, 0, 9])] {
            payload.extend([&8_u16.to_ne_bytes()[..], &kind.to_ne_bytes(), &octets].concat());
        }
        let route = decided(&message(RTM_NEWROUTE, &payload)).unwrap();
        assert_eq!(route.to_string(), "through an interface without a name, router 10.0.0.1, from 10.0.0.9");
    }

    #[test]
    fn this_host_knows_itself() {
        assert_eq!(to(Ipv4Addr::LOCALHOST.into()).unwrap(), Route::Local);
    }

    proptest! {
        #[test]
        fn any_answer_is_survived(kind in prop::sample::select(&[2_u16, 3, 24][..]), payload: Vec<u8>, noise: Vec<u8>) {
            let _ = decided(&[message(kind, &payload), noise].concat());
        }
    }
}
