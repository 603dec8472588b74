//! What helps against a fault, as `netfault recover` shows it.

#[cfg(target_os = "linux")]
mod lesson;
#[cfg(target_os = "linux")]
mod terminal;
