//! What differs from platform to platform, behind the same names.

#[cfg(not(unix))]
mod absent;
#[cfg(unix)]
mod errand;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(unix)]
mod unix;
#[cfg(all(unix, not(target_os = "linux")))]
mod unmarked;

#[cfg(not(unix))]
pub(in crate::scenario::runner) use absent::{Process, Reservation, Warden, belongs, errand, reserve, sweep};
#[cfg(unix)]
pub(in crate::scenario::runner) use errand::errand;
#[cfg(target_os = "linux")]
use linux as marks;
#[cfg(unix)]
pub(in crate::scenario::runner) use marks::{Reservation, belongs, reserve, sweep};
#[cfg(unix)]
pub(in crate::scenario::runner) use unix::{Process, Warden};
#[cfg(all(unix, not(target_os = "linux")))]
use unmarked as marks;
