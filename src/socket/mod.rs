//! Blocking sockets whose every call is written into a trace, and fails with a [`Failure`] that names the call
//! and its addresses. Does what socket2 does, no more; what socket2 cannot say is in `sys`.

mod deadline;
mod quiet;
mod stream;
mod sys;

pub use stream::Stream;

use crate::failure::{Call, Failure, Op, Protocol, Why};
use crate::trace::{Actor, Pending};
use socket2::{Domain, SockAddr, TcpKeepalive, Type};
use std::io::{self, Read as _};
use std::mem::MaybeUninit;
use std::net::{Shutdown, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

/// The shortest time-out that every platform tells from none: Windows counts whole milliseconds, and 0 is "wait
/// for ever".
const SHORTEST: Duration = Duration::from_millis(1);

/// A blocking socket of one actor.
#[derive(Debug)]
pub struct Socket {
    inner: socket2::Socket,
    actor: Actor,
    protocol: Protocol,
    read_limit: Option<Duration>,
    /// Whom it was connected to: the kernel forgets that when the connection breaks.
    met: OnceLock<SocketAddr>,
}

/// An option of a socket, set before it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// `SO_REUSEADDR`, socket(7).
    ReuseAddress,
    /// What makes a server's bind safe to repeat on this platform: `SO_REUSEADDR` on Unix,
    /// `SO_EXCLUSIVEADDRUSE` on Windows, where `SO_REUSEADDR` would let another program steal the port.
    ServerAddress,
    /// `IPV6_V6ONLY`, ipv6(7).
    V6Only(bool),
    /// `SO_RCVTIMEO`: after this long without data, `recv` and `accept` end with EAGAIN.
    ReadLimit(Duration),
    /// `SO_SNDTIMEO`.
    WriteLimit(Duration),
    /// `TCP_USER_TIMEOUT` (Linux): after this long without an answer, the kernel gives up with ETIMEDOUT.
    UserTimeout(Duration),
    /// `SO_KEEPALIVE`, tcp(7): after so long without a word from the other end the kernel asks, and again after so long;
    /// how often, the system decides.
    KeepAlive(Duration),
    /// `SO_REUSEPORT` (not on Windows), socket(7): sockets of one user may share the port, if each of them has it.
    ReusePort,
    /// `SO_LINGER` with a time of 0: closing throws away what was not sent, and sends a RST.
    ResetOnClose,
    /// `TCP_NODELAY`, tcp(7): what is sent leaves at once, in segments of its own.
    NoDelay,
    /// `O_NONBLOCK`: a call that would have to wait ends with EAGAIN.
    NonBlocking,
    /// `IP_LOCAL_PORT_RANGE` (Linux 6.3), ip(7): the first and last port that the kernel may choose for the socket.
    PortRange(u16, u16),
    /// `IP_RECVERR`/`IPV6_RECVERR` (Linux): keep ICMP errors in the error queue. Elsewhere it does nothing.
    KeepIcmpErrors,
}

impl Socket {
    /// A socket of the family of `address`, for `protocol`.
    pub fn new(actor: &Actor, protocol: Protocol, address: SocketAddr) -> Result<Self, Failure> {
        let kind = match protocol {
            Protocol::Tcp => Type::STREAM,
            Protocol::Udp => Type::DGRAM,
        };
        let pending = actor.start(Call::new(Op::Socket, protocol));
        match socket2::Socket::new(Domain::for_address(address), kind, None) {
            Ok(inner) => {
                pending.finish(None);
                Ok(Self { inner, actor: actor.clone(), protocol, read_limit: None, met: OnceLock::new() })
            }
            Err(error) => Err(pending.fail(&error, None)),
        }
    }

    /// A socket that a server may serve this address with: it can be bound again while old connections are in
    /// `TIME_WAIT`, and never robs a live holder. `SO_REUSEADDR` is for TCP alone: on a UDP socket of Linux it would
    /// let another program take the port over.
    pub fn bound_for_server(actor: &Actor, protocol: Protocol, address: SocketAddr) -> Result<Self, Failure> {
        let mut socket = Self::new(actor, protocol, address)?;
        if address.is_ipv6() {
            socket.set(Choice::V6Only(true))?;
        }
        if protocol == Protocol::Tcp || cfg!(windows) {
            socket.set(Choice::ServerAddress)?;
        }
        socket.bind(address)?;
        Ok(socket)
    }

    /// Sets `choice`, and gives the socket back for the next one.
    pub fn with(mut self, choice: Choice) -> Result<Self, Failure> {
        self.set(choice)?;
        Ok(self)
    }

    /// Sets `choice`.
    pub fn set(&mut self, choice: Choice) -> Result<(), Failure> {
        let set = match choice {
            Choice::ReuseAddress => self.inner.set_reuse_address(true),
            Choice::ServerAddress => sys::reserve_server_address(&self.inner),
            Choice::V6Only(only) => self.inner.set_only_v6(only),
            Choice::ReadLimit(limit) => {
                self.read_limit = Some(limit);
                self.inner.set_read_timeout(Some(limit.max(SHORTEST)))
            }
            Choice::WriteLimit(limit) => self.inner.set_write_timeout(Some(limit.max(SHORTEST))),
            Choice::ReusePort => sys::set_reuse_port(&self.inner),
            Choice::ResetOnClose => self.inner.set_linger(Some(Duration::ZERO)),
            Choice::NoDelay => self.inner.set_tcp_nodelay(true),
            Choice::NonBlocking => self.inner.set_nonblocking(true),
            Choice::PortRange(first, last) => sys::set_port_range(&self.inner, first, last),
            Choice::KeepAlive(idle) => {
                let probes = TcpKeepalive::new().with_time(idle).with_interval(idle);
                self.inner.set_tcp_keepalive(&probes)
            }
            Choice::UserTimeout(limit) => sys::set_user_timeout(&self.inner, limit),
            Choice::KeepIcmpErrors => sys::keep_icmp_errors(&self.inner),
        };
        set.map_err(|error| self.failed(self.start(Op::SetOption, None, None).fail(&error, None)))
    }

    /// bind(2). Port 0 asks for any free one; [`Self::local`] tells which it became.
    pub fn bind(&self, address: SocketAddr) -> Result<(), Failure> {
        let mut pending = self.start(Op::Bind, Some(address), None);
        let result = self.inner.bind(&address.into());
        if result.is_ok() {
            pending.call().local = self.local();
        }
        self.end(pending, result, None)
    }

    /// listen(2) with this backlog, which Linux clips to `net.core.somaxconn`.
    pub fn listen(&self, backlog: i32) -> Result<(), Failure> {
        let pending = self.start(Op::Listen, self.local(), None);
        self.end(pending, self.inner.listen(backlog), None)
    }

    /// accept(2).
    pub fn accept(&self) -> Result<Self, Failure> {
        let mut pending = self.start(Op::Accept, self.local(), None);
        match self.inner.accept() {
            Ok((inner, peer)) => {
                pending.call().peer = peer.as_socket();
                pending.finish(None);
                let met = peer.as_socket().map_or_else(OnceLock::new, OnceLock::from);
                let (actor, protocol) = (self.actor.clone(), self.protocol);
                Ok(Self { inner, actor, protocol, read_limit: None, met })
            }
            Err(error) => Err(self.failed(pending.fail(&error, self.read_limit))),
        }
    }

    /// connect(2), for as long as the kernel takes.
    pub fn connect(&self, peer: SocketAddr) -> Result<(), Failure> {
        self.keep_icmp_errors_for_witness(peer);
        let mut pending = self.start(Op::Connect, None, Some(peer));
        let result = self.inner.connect(&peer.into());
        self.remember(peer, &result);
        pending.call().local = self.local();
        self.end(pending, result, None)
    }

    /// connect(2), given up after `limit`; the attempt is over only when the socket is dropped.
    pub fn connect_within(&self, peer: SocketAddr, limit: Duration) -> Result<(), Failure> {
        self.keep_icmp_errors_for_witness(peer);
        let mut pending = self.start(Op::Connect, None, Some(peer));
        let result = self.inner.connect_timeout(&peer.into(), limit);
        self.remember(peer, &result);
        pending.call().local = self.local();
        self.end(pending, result, Some(limit))
    }

    /// send(2): gives the number of bytes that the kernel took, which may be fewer than all.
    pub fn send(&self, bytes: &[u8]) -> Result<usize, Failure> {
        let pending = self.start_sending(bytes, self.peer());
        self.moved(pending, self.inner.send(bytes), None)
    }

    /// Sends everything, call after call.
    pub fn send_all(&self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let sent = self.send(bytes)?;
            bytes = &bytes[sent..];
        }
        Ok(())
    }

    /// recv(2): gives what has arrived, at most `room` bytes; on a stream an empty answer is its end.
    pub fn receive(&self, room: usize) -> Result<Vec<u8>, Failure> {
        let pending = self.start(Op::Receive, self.local(), self.peer());
        let mut buffer = vec![0; room];
        let received = self.moved(pending, (&self.inner).read(&mut buffer), self.read_limit)?;
        buffer.truncate(received);
        Ok(buffer)
    }

    /// recv(2) with `MSG_PEEK`: waits for something to read, and leaves it there. The end of a stream counts as
    /// something.
    pub fn peek_within(&self, limit: Duration) -> Result<(), Failure> {
        let pending = self.start(Op::Receive, self.local(), self.peer());
        let mut byte = [MaybeUninit::uninit()];
        let waits = self.inner.set_read_timeout(Some(limit.max(SHORTEST)));
        self.end(pending, waits.and_then(|()| self.inner.peek(&mut byte)).map(drop), Some(limit))
    }

    /// sendto(2).
    pub fn send_to(&self, bytes: &[u8], peer: SocketAddr) -> Result<usize, Failure> {
        let pending = self.start_sending(bytes, Some(peer));
        self.moved(pending, self.inner.send_to(bytes, &peer.into()), None)
    }

    /// recvfrom(2): a datagram, cut to `room` bytes, and who sent it.
    pub fn receive_from(&self, room: usize) -> Result<(Vec<u8>, SocketAddr), Failure> {
        let mut pending = self.start(Op::Receive, self.local(), None);
        let mut buffer = vec![MaybeUninit::uninit(); room];
        match self.inner.recv_from(&mut buffer) {
            Ok((length, from)) => {
                let from = from.as_socket().unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], 0)));
                pending.call().peer = Some(from);
                pending.finish(Some(length));
                Ok((sys::initialised(&buffer[..length]), from))
            }
            Err(error) => Err(self.failed(pending.fail(&error, self.read_limit))),
        }
    }

    /// Half-close: no more bytes will be sent; the other end reads the end of the stream.
    pub fn finish_sending(&self) -> Result<(), Failure> {
        let pending = self.start(Op::Shutdown, self.local(), self.peer());
        self.end(pending, self.inner.shutdown(Shutdown::Write), None)
    }

    /// close(2).
    pub fn close(self) {
        let pending = self.start(Op::Close, self.local(), self.peer());
        drop(self.inner);
        pending.finish(None);
    }

    /// Closes the socket and sends through the number that was its descriptor, as a program does that keeps the
    /// number; gives the failure and the number. Only where no other thread can be given that number meanwhile.
    pub fn send_after_close(self, bytes: &[u8]) -> io::Result<(Failure, i32)> {
        let (local, peer) = (self.local(), self.peer());
        let Self { inner, actor, protocol, .. } = self;
        let call = |op| Call { local, peer, ..Call::new(op, protocol) };
        let number = sys::close_out_of_reach(inner)?;
        actor.start(call(Op::Close)).finish(None);
        let pending = actor.start(Call { asked: Some(bytes.len()), ..call(Op::Send) });
        match sys::send_to_number(number, bytes) {
            Ok(_) => Err(io::Error::other("a closed descriptor took bytes")),
            Err(error) => Ok((pending.fail(&error, None), number)),
        }
    }

    /// Writes down that what `op` gave cannot be used: a failure of which the kernel knows nothing.
    pub fn reject(&self, op: Op, why: Why) -> Failure {
        self.reject_about(op, self.peer(), why)
    }

    fn reject_about(&self, op: Op, peer: Option<SocketAddr>, why: Why) -> Failure {
        let call = Call { local: self.local(), peer, ..Call::new(op, self.protocol) };
        self.failed(self.actor.failed(Failure { call, why, elapsed: Duration::ZERO }))
    }

    /// The address the socket is bound to.
    pub fn local(&self) -> Option<SocketAddr> {
        self.inner.local_addr().ok().as_ref().and_then(SockAddr::as_socket)
    }

    /// The address the socket is, or was, connected to.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.met.get().copied()
    }

    fn remember(&self, peer: SocketAddr, connected: &io::Result<()>) {
        if connected.is_ok() {
            // A datagram socket may be connected anew; who was first is not asked for.
            let _ = self.met.set(peer);
        }
    }

    /// The socket itself, for readers of evidence.
    pub fn as_inner(&self) -> &socket2::Socket {
        &self.inner
    }

    /// The socket itself, for a server that records no more calls.
    pub fn into_inner(self) -> socket2::Socket {
        self.inner
    }

    /// Has the kernel keep ICMP errors for a witness to read, where that changes nothing else: from other hosts it
    /// would make errors of what the kernel only takes note of, ip(7).
    fn keep_icmp_errors_for_witness(&self, peer: SocketAddr) {
        if self.actor.is_witnessed() && peer.ip().is_loopback() {
            // Without them a verdict is less sure.
            let _ = sys::keep_icmp_errors(&self.inner);
        }
    }

    /// Writes down how a call ended.
    fn end(&self, pending: Pending, result: io::Result<()>, limit: Option<Duration>) -> Result<(), Failure> {
        match result {
            Ok(()) => {
                pending.finish(None);
                Ok(())
            }
            Err(error) => Err(self.failed(pending.fail(&error, limit))),
        }
    }

    /// Writes down how a call that moves bytes ended.
    fn moved(
        &self,
        pending: Pending,
        result: io::Result<usize>,
        limit: Option<Duration>,
    ) -> Result<usize, Failure> {
        match result {
            Ok(bytes) => {
                pending.finish(Some(bytes));
                Ok(bytes)
            }
            Err(error) => Err(self.failed(pending.fail(&error, limit))),
        }
    }

    /// Lets a witness see the socket as the failure left it.
    fn failed(&self, failure: Failure) -> Failure {
        self.actor.show(&failure, self);
        failure
    }

    fn start_sending(&self, bytes: &[u8], peer: Option<SocketAddr>) -> Pending {
        let asked = Some(bytes.len());
        self.actor.start(Call { local: self.local(), peer, asked, ..Call::new(Op::Send, self.protocol) })
    }

    fn start(&self, op: Op, local: Option<SocketAddr>, peer: Option<SocketAddr>) -> Pending {
        self.actor.start(Call { local, peer, ..Call::new(op, self.protocol) })
    }
}

/// Raises this process' limit of open files as far as it may by itself.
pub fn allow_many_descriptors() -> io::Result<()> {
    sys::raise_descriptor_limit()
}
