//! Windows: a server asks for exclusive use of its address, because `SO_REUSEADDR` there means "steal"
//! (Microsoft: Using `SO_REUSEADDR` and `SO_EXCLUSIVEADDRUSE`).

use socket2::Socket;
use std::io;
use std::os::windows::io::AsRawSocket;
use windows_sys::Win32::Networking::WinSock::{SO_EXCLUSIVEADDRUSE, SOCKET, SOL_SOCKET, setsockopt};

/// `SO_EXCLUSIVEADDRUSE`.
pub(in crate::socket) fn reserve_server_address(socket: &Socket) -> io::Result<()> {
    let on = 1_i32.to_ne_bytes();
    // SAFETY: the handle is open for as long as `socket` is borrowed, and the value outlives the call.
    let failed = unsafe {
        setsockopt(socket.as_raw_socket() as SOCKET, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, on.as_ptr(), 4)
    };
    if failed == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Not there.
pub(in crate::socket) fn set_reuse_port(_: &Socket) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
