//! Whether the system runs a file as it is: every platform knows that in its own way.

#[cfg(not(unix))]
mod ending;
#[cfg(unix)]
mod mode;

#[cfg(not(unix))]
pub(super) use ending::is_executable;
#[cfg(unix)]
pub(super) use mode::is_executable;
