//! Bytes from socket to socket without a copy, where the platform can.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(super) use linux::Tube;

#[cfg(not(target_os = "linux"))]
mod absent;
#[cfg(not(target_os = "linux"))]
pub(super) use absent::Tube;

/// Tubes that wait for somebody with much to move.
#[derive(Debug, Default)]
pub(in crate::proxy) struct Tubes(Vec<Tube>);

impl Tubes {
    /// More are closed.
    const MOST: usize = 16;

    /// An empty tube, if one can be had.
    pub(super) fn get(&mut self) -> Option<Tube> {
        self.0.pop().or_else(|| Tube::new().ok())
    }

    /// Takes an empty one back.
    pub(super) fn put(&mut self, tube: Tube) {
        if self.0.len() < Self::MOST && tube.bytes() == 0 {
            self.0.push(tube);
        }
    }
}
