//! A world played in virtual time: no sockets, no clock, no threads, the same bytes for the same seed. Every
//! decision of a client is `retry::Caller`'s and every decision of a server is `retry::Admission`'s; what stands
//! here is the time between them.

mod chance;
mod clock;
mod play;
mod servers;
mod work;

use super::{Arm, Measured, World};

/// Plays the world with this arm. The seed decides arrivals, service times and losses, each from a stream of its
/// own: two arms see the same arrivals.
pub fn run(world: &World, arm: &Arm, seed: u64) -> Measured {
    play::Play::new(world, arm, seed).played()
}
