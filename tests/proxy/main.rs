//! The fault proxy between real sockets.

mod api;
mod config;
mod datagrams;
mod ends;
mod live;
mod mistakes;
#[cfg(target_os = "linux")]
mod process;
mod program;
mod running;
mod served;
#[cfg(target_os = "linux")]
mod soak;
#[cfg(target_os = "linux")]
mod soak_udp;
mod toxics;
