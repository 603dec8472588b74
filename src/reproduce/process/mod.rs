//! What a play needs of processes: a limit on this one, a thread without privilege, another program that holds a
//! socket.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(not(target_os = "linux"))]
mod absent;
#[cfg(not(target_os = "linux"))]
use absent as platform;

pub(super) use platform::{FewDescriptors, Holder, without_port_privilege};
