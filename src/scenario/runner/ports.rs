//! Ports for programs: free ones that nobody else is given, and fixed ones for which runs take turns.

use super::interrupt::Interrupt;
use super::process::{Reservation, reserve};
use super::trouble::Trouble;
use crate::evidence;
use crate::failure::Protocol;
use crate::socket::Socket;
use crate::trace::{Fact, Recorder};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How many ports are tried before there seems to be none.
const TRIES: usize = 500;
/// Between two looks whether another run has given a fixed port back.
const TURN: Duration = Duration::from_millis(20);
/// How long another run may keep it.
const LONGEST_TURN: Duration = Duration::from_secs(30 * 60);
/// Where the system does not tell which ports it gives out itself: below those of every system that is known.
const USUAL: RangeInclusive<u16> = 20_000..=32_000;

/// The ports that the runs of this process have.
static TAKEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// The ports of one run; given back when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Ports(Vec<Held>);

#[derive(Debug)]
struct Held {
    port: u16,
    _among_processes: Reservation,
}

impl Held {
    /// The port, unless another run has it.
    fn claim(port: u16) -> Option<Self> {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.contains(&port) {
            return None;
        }
        let reservation = reserve(port).ok()?;
        taken.insert(port);
        Some(Self { port, _among_processes: reservation })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        TAKEN.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.port);
    }
}

impl Ports {
    /// Takes fixed ports, all or none, when it is this run's turn.
    pub(super) fn fixed(&mut self, ports: &BTreeSet<u16>, interrupt: &Interrupt) -> Result<(), Trouble> {
        let by = Recorder::forgetful().deadline(LONGEST_TURN);
        loop {
            let claimed: Vec<Held> = ports.iter().map_while(|port| Held::claim(*port)).collect();
            if claimed.len() == ports.len() {
                self.0.extend(claimed);
                return Ok(());
            }
            drop(claimed);
            if interrupt.is_asked() {
                return Err(Trouble::Interrupted);
            }
            if by.left().is_none() {
                return Err(Trouble::broke(
                    format!("another run has one of the ports {ports:?} and does not end"),
                    format!("run lain memakai salah satu port {ports:?} dan tidak selesai"),
                ));
            }
            thread::sleep(TURN);
        }
    }

    /// A port that nobody uses on addresses of this family, over TCP and over UDP.
    pub(super) fn free(&mut self, ip: IpAddr) -> Result<u16, Trouble> {
        let range = outside_of_ephemeral();
        for _ in 0..TRIES {
            let port = fastrand::u16(range.clone());
            let Some(held) = Held::claim(port) else { continue };
            if is_free(port, ip) {
                self.0.push(held);
                return Ok(port);
            }
        }
        Err(Trouble::broke(
            format!("no free port was found on {ip} between {} and {}", range.start(), range.end()),
            format!("tidak ada port kosong di {ip} antara {} dan {}", range.start(), range.end()),
        ))
    }
}

/// Ports that the kernel does not give to clients, so that none of them is in the way later.
fn outside_of_ephemeral() -> RangeInclusive<u16> {
    let Ok((_, Fact::PortRange(range))) = evidence::port_range() else { return USUAL };
    if range.first > 20_000 {
        10_000..=range.first - 1
    } else if range.last < 60_000 {
        range.last + 1..=u16::MAX
    } else {
        USUAL
    }
}

fn is_free(port: u16, ip: IpAddr) -> bool {
    let any: IpAddr = if ip.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let actor = Recorder::forgetful().actor("ports");
    let binds = |protocol, ip| {
        let address = SocketAddr::new(ip, port);
        Socket::new(&actor, protocol, address).and_then(|socket| socket.bind(address)).is_ok()
    };
    [Protocol::Tcp, Protocol::Udp].into_iter().all(|protocol| binds(protocol, any) && binds(protocol, ip))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn no_two_runs_are_given_the_same_free_port() {
        let mut runs: Vec<Ports> = (0..8).map(|_| Ports::default()).collect();
        let ports: BTreeSet<u16> = runs
            .iter_mut()
            .flat_map(|run| [run.free(LOCALHOST).unwrap(), run.free(LOCALHOST).unwrap()])
            .collect();
        assert_eq!(ports.len(), 16);
        let ephemeral = evidence::port_range();
        if let Ok((_, Fact::PortRange(range))) = ephemeral {
            assert!(ports.iter().all(|port| !(range.first..=range.last).contains(port)), "{ports:?}");
        }
    }

    #[test]
    fn runs_that_want_one_fixed_port_take_turns() {
        let mut finder = Ports::default();
        let port = finder.free(LOCALHOST).unwrap();
        drop(finder);
        let (wanted, inside) = (BTreeSet::from([port]), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut ports = Ports::default();
                    ports.fixed(&wanted, &Interrupt::new()).unwrap();
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                    thread::sleep(Duration::from_millis(5));
                    inside.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
    }

    #[test]
    fn who_waits_for_a_turn_can_be_interrupted() {
        let mut first = Ports::default();
        let port = first.free(LOCALHOST).unwrap();
        let interrupt = Interrupt::new();
        interrupt.signal();
        let waited = Ports::default().fixed(&BTreeSet::from([port]), &interrupt);
        assert_eq!(waited, Err(Trouble::Interrupted));
    }
}
