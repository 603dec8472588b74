//! A world played with real sockets on loopback: servers and clients of this process, a thread for each server and
//! one for all clients, and an open load, through the fault proxy where something breaks on the way. What a strategy
//! decides is decided by `retry::Caller`, as in the simulation; connections are refused, reset and accepted by the
//! kernel.
//!
//! A run is bounded: it ends when all requests have ended, and at the latest when the last that came has had its
//! time. Latencies count from when a request should have been sent; a run whose requests were sent too late is no
//! measurement, and is told so.

mod account;
mod agenda;
mod clients;
mod door;
mod failed;
mod frame;
mod link;
mod pool;
mod scaled;
mod schedule;
mod server;
mod troubles;
mod wait;
mod way;
mod work;

pub use failed::Failed;
pub use schedule::{AT_ONCE, scale};

use super::{Arm, Measured, World, arrivals};
use account::Shown;
use clients::Clients;
use door::Door;
use fastrand::Rng;
use mio::{Poll, Waker};
use pool::Pool;
use server::Server;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use troubles::Troubles;
use wait::Clock;
use way::Way;
use work::{Keys, Ledger, Skew, Work};

/// A request that is sent so much later than intended says little about the strategy, unless a time-out is long
/// beside it.
const LAG: Duration = Duration::from_millis(10);

/// Requests that are to be sent at the same moment are sent one after another, each of which takes this long at most.
const EACH: Duration = Duration::from_micros(250);

/// How often a run is played that was late: another program may have had the processors for a moment.
const TRIES: u32 = 3;

/// Plays the world with this arm, `scale` times as long as it lasts in the world (0.1: ten times as fast). What is
/// measured is told in the time of the world. The seed decides arrivals and chances; the machine decides the rest.
pub fn run(world: &World, arm: &Arm, seed: u64, scale: f64) -> Result<Measured, Failed> {
    if world.backends.is_empty() {
        return Err(Failed::NoServer);
    }
    if !(scale.is_finite() && scale > 0.0) {
        return Err(Failed::Scale(scale));
    }
    let arrivals: Vec<_> = arrivals(world, seed).iter().map(|at| scaled::scaled(*at, scale)).collect();
    let (world, arm) = (scaled::world(world, scale), scaled::arm(arm, scale));
    let mut tries = 1;
    loop {
        let (shown, ledgers) = play(&world, &arm, seed, &arrivals)?;
        match in_time(&arrivals, &shown.lags, LAG.max(arm.strategy.timeout / 4)) {
            Ok(()) => return Ok(scaled::unscaled(account::settle(shown, &ledgers), scale)),
            Err(late) if tries == TRIES => return Err(late),
            Err(_) => tries += 1,
        }
    }
}

/// Refuses a run whose requests were sent too late.
fn in_time(arrivals: &[Duration], lags: &[Duration], tolerated: Duration) -> Result<(), Failed> {
    let mut before = 0;
    let late = lags.iter().enumerate().filter(|(number, lag)| {
        let is_same = *number > 0 && arrivals.get(number - 1) == arrivals.get(*number);
        before = if is_same { before + 1 } else { 0 };
        **lag > tolerated + EACH * before
    });
    let late = late.count();
    if late * 100 <= lags.len() {
        return Ok(());
    }
    let worst = lags.iter().max().copied().unwrap_or_default();
    let wanted = arrivals.last().copied().unwrap_or_default();
    let took = arrivals.iter().zip(lags).map(|(at, lag)| *at + *lag).max().unwrap_or_default();
    Err(Failed::Late { late, of: lags.len(), tolerated, worst, wanted, took })
}

fn play(world: &World, arm: &Arm, seed: u64, arrivals: &[Duration]) -> io::Result<(Shown, Vec<Ledger>)> {
    let doors: Vec<_> = world.backends.iter().map(|_| Door::new()).collect::<io::Result<_>>()?;
    let polls: Vec<_> = doors.iter().map(|_| Poll::new()).collect::<io::Result<_>>()?;
    let wakers: Vec<_> =
        polls.iter().map(|it| Waker::new(it.registry(), Server::WAKER)).collect::<io::Result<_>>()?;
    let announced: Vec<_> = doors.iter().map(|_| AtomicBool::new(false)).collect();
    let (over, keys, poll) = (AtomicBool::new(false), Keys::default(), Poll::new()?);
    let servers: Vec<_> = doors.iter().map(Door::address).collect();
    let mut way = Way::to(&servers, world, seed)?;
    let lines = Pool::new(poll.registry().try_clone()?, way.doors(), Way::hits_single_attempts(world));
    let clock = Clock::new();
    way.begin()?;
    let clients = Clients::new((world, arm), seed, clock.clone(), (poll, lines), &announced);
    thread::scope(|scope| {
        let mut servers = Vec::new();
        for (number, (door, poll)) in doors.into_iter().zip(polls).enumerate() {
            let troubles = Troubles::of(world, number);
            let skew = Skew(world.skew_s);
            let server = Server {
                poll,
                door,
                clock: clock.clone(),
                delay: world.network.delay,
                work: Work::new(world.backends[number], arm.admission, troubles.clone(), skew, keys.clone()),
                troubles,
                drain: arm.admission.drain,
                rng: Rng::with_seed(seed.wrapping_add(u64::try_from(number).unwrap_or_default() + 1)),
                announced: &announced[number],
                over: &over,
            };
            servers.push(scope.spawn(|| server.run()));
        }
        let shown = clients.run(arrivals, limit(world, arm));
        over.store(true, Ordering::Release);
        let woken: io::Result<()> = wakers.iter().try_for_each(Waker::wake);
        let ledgers = servers.into_iter().map(|server| server.join().map_err(|_| panicked())?);
        let ledgers = ledgers.collect::<io::Result<Vec<_>>>();
        woken?;
        Ok((shown?, ledgers?))
    })
}

/// When the run ends even if requests are under way.
fn limit(world: &World, arm: &Arm) -> Duration {
    let strategy = &arm.strategy;
    let all = strategy.timeout.saturating_mul(strategy.policy.attempts.get());
    world.lasts.saturating_add(strategy.total.unwrap_or(all))
}

fn panicked() -> io::Error {
    io::Error::other("a server of the run panicked")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_whose_requests_were_sent_late_is_no_measurement() {
        let lags = |late: usize| [vec![LAG; 200 - late], vec![LAG * 3; late]].concat();
        let arrivals: Vec<_> = (0..200).map(|number| LAG * number).collect();
        assert!(in_time(&arrivals, &lags(2), LAG).is_ok());
        let failed = in_time(&arrivals, &lags(3), LAG).unwrap_err().to_string();
        assert!(failed.contains("3 of 200 requests were sent more than 10.0 ms late"), "{failed}");
        assert!(failed.contains("the latest by 30.0 ms"), "{failed}");
        assert!(failed.contains("drove 99/s of 101/s"), "{failed}");
    }

    #[test]
    fn what_is_to_be_sent_at_one_moment_is_sent_one_after_another() {
        let at_once = vec![Duration::ZERO; 200];
        let lags: Vec<_> = (0..200).map(|number| LAG + EACH * number).collect();
        assert!(in_time(&at_once, &lags, LAG).is_ok());
        let apart: Vec<_> = (0..200).map(Duration::from_millis).collect();
        assert!(in_time(&apart, &lags, LAG).is_err());
    }
}
