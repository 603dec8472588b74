//! A name is looked up as the course module's `resolve_dns` does it: one hand-made query with the same number each time,
//! one name server, and the last four bytes of whatever comes are the address. It looks at neither the response code
//! nor the number of answers.

use crate::failure::{Call, Failure, Op, Protocol, Why};
use crate::socket::{Choice, Socket};
use crate::trace::Actor;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// The number of every query.
const ID: u16 = 0x1234;
/// A standard query, recursion desired.
const FLAGS: u16 = 0x0100;
/// The type A, and the class IN.
const ADDRESS_OF_THE_INTERNET: [u8; 4] = [0, 1, 0, 1];
/// The most that a datagram of DNS had, RFC 1035 §2.3.4.
const BUFFER: usize = 512;

/// Asks `server` for the IPv4 address of `name`, and takes what comes first, from whomever, for the reply. When nothing
/// comes within `patience`, all that its caller hears is that there is no address.
pub fn resolve(
    actor: &Actor,
    server: SocketAddr,
    name: &str,
    patience: Duration,
) -> Result<Ipv4Addr, Failure> {
    let began = actor.recorder().elapsed();
    let socket = Socket::new(actor, Protocol::Udp, server)?.with(Choice::ReadLimit(patience))?;
    socket.send_to(&query(name), server)?;
    let unresolved = |message: String| {
        let call = Call { peer: Some(server), ..Call::new(Op::Query, Protocol::Udp) };
        let why = Why::Unresolved { name: name.to_owned(), message };
        let elapsed = actor.recorder().elapsed().saturating_sub(began);
        actor.failed(Failure { call, why, elapsed })
    };
    let reply = match socket.receive_from(BUFFER) {
        Ok((reply, _)) => reply,
        Err(failure) if failure.is_timeout() => return Err(unresolved("no reply".to_owned())),
        Err(failure) => return Err(failure),
    };
    let length = reply.len();
    let last = reply.last_chunk::<4>();
    last.map(|four| Ipv4Addr::from(*four)).ok_or_else(|| unresolved(format!("a reply of {length} bytes")))
}

/// The query, byte by byte.
fn query(name: &str) -> Vec<u8> {
    let mut query: Vec<u8> = [ID, FLAGS, 1, 0, 0, 0].into_iter().flat_map(u16::to_be_bytes).collect();
    for label in name.split('.') {
        query.push(u8::try_from(label.len()).unwrap_or(u8::MAX));
        query.extend_from_slice(label.as_bytes());
    }
    query.push(0);
    query.extend(ADDRESS_OF_THE_INTERNET);
    query
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Recorder;
    use std::net::UdpSocket;
    use std::thread;

    /// What is made of a reply that ends in `tail`.
    fn made_of(tail: &'static [u8]) -> Result<Ipv4Addr, Failure> {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let answering = thread::spawn(move || {
            let mut query = [0; BUFFER];
            let (length, client) = server.recv_from(&mut query).unwrap();
            server.send_to(tail, client).unwrap();
            query[..length].to_vec()
        });
        let made = resolve(&Recorder::new().actor("client"), address, "a.test", Duration::from_secs(5));
        let asked = answering.join().unwrap();
        assert_eq!(
            asked,
            b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01"
        );
        made
    }

    #[test]
    fn the_last_four_bytes_are_taken_for_the_address_whatever_they_are() {
        assert_eq!(made_of(b"reply\xc0\x00\x02\x22").unwrap(), Ipv4Addr::new(192, 0, 2, 34));
        // Without an answer the question comes last: its type and its class.
        assert_eq!(
            made_of(b"\x12\x34\x81\x83 no such name\x00\x01\x00\x01").unwrap(),
            Ipv4Addr::new(0, 1, 0, 1)
        );
        assert!(matches!(made_of(b"no").unwrap_err().why, Why::Unresolved { .. }));
    }

    #[test]
    fn silence_is_no_address() {
        let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
        let server = silent.local_addr().unwrap();
        let actor = Recorder::new().actor("client");
        let failure = resolve(&actor, server, "a.test", Duration::from_millis(50)).unwrap_err();
        assert_eq!((failure.call.op, failure.call.peer), (Op::Query, Some(server)));
    }
}
