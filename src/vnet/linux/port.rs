//! The toolkit's end of a link: every frame that a host sends comes in here, and what is put in here reaches it.
//! Packet sockets, packet(7).

use crate::vnet::packet::OFFLOAD;
use nix::libc::{self, c_int, iovec, mmsghdr, sockaddr_ll, socklen_t};
use socket2::{Domain, Protocol, SockFilter, Socket, Type};
use std::io;
use std::mem::{size_of, zeroed};
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd};
use std::ptr;

/// Frames that one system call takes or gives at most.
pub(super) const BATCH: usize = 64;
#[expect(clippy::cast_possible_truncation, reason = "it is 64")]
const FRAMES: u32 = BATCH as u32;
/// The largest frame, with what precedes it: 64 KiB that are still to be cut, and their headers.
pub(super) const ROOM: usize = OFFLOAD + 14 + 4 + 65536;
/// What the kernel may hold for one end that is not read; it gives less where `rmem_max` is less.
const RECEIVE_BUFFER: usize = 8 << 20;

/// `BPF_RET | BPF_K`, `linux/bpf_common.h`.
const BPF_RETURN: u16 = 6;

// linux/socket.h, linux/if_ether.h, linux/if_packet.h
const AF_PACKET: u16 = 17;
const ETH_P_ALL: u16 = 3;
const PACKET_VNET_HDR: c_int = 15;
const PACKET_QDISC_BYPASS: c_int = 20;
const PACKET_IGNORE_OUTGOING: c_int = 23;

/// A packet socket on one interface.
#[derive(Debug)]
pub(super) struct Port(Socket);

impl Port {
    /// Takes every frame that arrives at the interface of this index.
    pub(super) fn open(index: u32) -> io::Result<Self> {
        // Bound to no protocol first: nothing of other interfaces comes in before it is bound to its own.
        let socket = Socket::new(Domain::PACKET, Type::RAW, Some(Protocol::from(0)))?;
        socket.set_nonblocking(true)?;
        socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
        for option in [PACKET_IGNORE_OUTGOING, PACKET_VNET_HDR, PACKET_QDISC_BYPASS] {
            set(&socket, option)?;
        }
        let address = sockaddr_ll {
            sll_family: AF_PACKET,
            sll_protocol: ETH_P_ALL.to_be(),
            sll_ifindex: index.cast_signed(),
            sll_hatype: 0,
            sll_pkttype: 0,
            sll_halen: 0,
            sll_addr: [0; 8],
        };
        // SAFETY: the address is whole and of the length that is given, and the kernel copies it.
        let bound = unsafe {
            libc::bind(socket.as_raw_fd(), ptr::from_ref(&address).cast(), length_of::<sockaddr_ll>())
        };
        if bound == 0 { Ok(Self(socket)) } else { Err(io::Error::last_os_error()) }
    }

    /// Hears no more of what arrives.
    pub(super) fn silence(&self) -> io::Result<()> {
        // bpf: return 0 bytes of the frame.
        self.0.attach_filter(&[SockFilter::new(BPF_RETURN, 0, 0, 0)])
    }

    /// Hears it again.
    pub(super) fn hear(&self) -> io::Result<()> {
        self.0.detach_filter()
    }

    /// Puts one frame in, without what precedes it: its checksums are there and it needs no cutting.
    pub(super) fn put(&self, frame: &[u8]) -> io::Result<()> {
        let header = [0_u8; OFFLOAD];
        let slices = [io::IoSlice::new(&header), io::IoSlice::new(frame)];
        self.0.send_vectored(&slices).map(drop)
    }
}

impl AsFd for Port {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// The length of a value, as the socket calls take it.
#[expect(clippy::cast_possible_truncation, reason = "of a few bytes")]
const fn length_of<T>() -> socklen_t {
    size_of::<T>() as socklen_t
}

fn set(socket: &Socket, option: c_int) -> io::Result<()> {
    let on: c_int = 1;
    // SAFETY: the option takes an int, which is there and of the length that is given; the kernel copies it.
    let done = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_PACKET,
            option,
            ptr::from_ref(&on).cast(),
            length_of::<c_int>(),
        )
    };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Room for the frames of one call.
pub(super) struct Intake {
    rooms: Vec<Vec<u8>>,
    lengths: [usize; BATCH],
    /// Frames of the next call.
    most: usize,
}

/// Bytes of one call, about: so many are still in the processor's cache when they are given on.
const CACHED: usize = 256 << 10;
/// A call takes so many frames however large they are.
const LEAST: usize = 4;

impl Intake {
    /// Empty.
    pub(super) fn new() -> Self {
        Self { rooms: (0..BATCH).map(|_| vec![0; ROOM]).collect(), lengths: [0; BATCH], most: BATCH }
    }

    /// Takes the frames that are there, at most [`BATCH`], and tells how many.
    pub(super) fn take(&mut self, port: &Port) -> io::Result<usize> {
        let mut slices = [iovec { iov_base: ptr::null_mut(), iov_len: 0 }; BATCH];
        for (slice, room) in slices.iter_mut().zip(&mut self.rooms) {
            *slice = iovec { iov_base: room.as_mut_ptr().cast(), iov_len: room.len() };
        }
        let mut headers = headers(&mut slices);
        // SAFETY: each header points to one slice, and each slice to a room of its length; all outlive the call.
        let count = unsafe {
            libc::recvmmsg(
                port.0.as_raw_fd(),
                headers.as_mut_ptr(),
                u32::try_from(self.most).unwrap_or(FRAMES),
                libc::MSG_DONTWAIT,
                ptr::null_mut(),
            )
        };
        let count = usize::try_from(count).map_err(|_| io::Error::last_os_error())?;
        for (length, header) in self.lengths.iter_mut().zip(&headers[..count]) {
            *length = header.msg_len as usize;
        }
        let bytes: usize = self.lengths[..count].iter().sum();
        self.most = (CACHED * count).checked_div(bytes).unwrap_or(BATCH).clamp(LEAST, BATCH);
        Ok(count)
    }

    /// A frame of the last call, with what precedes it.
    pub(super) fn frame(&self, at: usize) -> &[u8] {
        &self.rooms[at][..self.lengths[at]]
    }
}

/// Puts frames in, each with what precedes it, in order, and tells how many of them the kernel did not take: its queue
/// to the host is full, as that of a network card may be.
pub(super) fn put_all<'a>(port: &Port, frames: impl Iterator<Item = &'a [u8]>) -> usize {
    let mut lost = 0;
    let mut slices = [iovec { iov_base: ptr::null_mut(), iov_len: 0 }; BATCH];
    let mut frames = frames.peekable();
    while frames.peek().is_some() {
        let mut count = 0;
        for (slice, frame) in slices.iter_mut().zip(frames.by_ref().take(BATCH)) {
            *slice = iovec { iov_base: frame.as_ptr().cast_mut().cast(), iov_len: frame.len() };
            count += 1;
        }
        let mut headers = headers(&mut slices);
        let mut at = 0;
        while at < count {
            // SAFETY: each header points to one slice, and each slice to a frame of its length, which the kernel only
            // reads; all outlive the call.
            let sent = unsafe {
                libc::sendmmsg(
                    port.0.as_raw_fd(),
                    headers[at..].as_mut_ptr(),
                    u32::try_from(count - at).unwrap_or(FRAMES),
                    libc::MSG_DONTWAIT,
                )
            };
            if let Ok(sent) = usize::try_from(sent) {
                at += sent.max(1);
            } else {
                (at, lost) = (at + 1, lost + 1);
            }
        }
    }
    lost
}

fn headers(slices: &mut [iovec; BATCH]) -> [mmsghdr; BATCH] {
    std::array::from_fn(|at| {
        // SAFETY: every field is a number or a pointer, for which zero is a value.
        let mut header: mmsghdr = unsafe { zeroed() };
        header.msg_hdr.msg_iov = &raw mut slices[at];
        header.msg_hdr.msg_iovlen = 1;
        header
    })
}
