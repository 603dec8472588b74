//! The one thread through which every packet passes: it takes frames at one end of a link, decides, and puts them in at
//! the other, at once or when their time has come.

mod cutting;
mod packets;
pub(super) mod told;
pub(super) mod wire;

use super::port::{Intake, Port};
use crate::impair::{Effect, Rule};
use crate::trace::Recorder;
use crate::vnet::Counts;
use crate::vnet::filter::Filter;
use packets::{Going, Spare};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::net::IpAddr;
use std::num::NonZeroU64;
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError};
use std::time::Duration;
use told::Witnesses;
use wire::Wire;

/// What the thread is told. Each order is answered when it is carried out.
#[derive(Debug)]
pub(super) enum Order {
    /// The rules of a link.
    Rules(usize, Vec<(String, Rule)>, SyncSender<()>),
    /// The filters of a link.
    Filters(usize, Vec<(String, Filter)>, SyncSender<()>),
    /// Whether the host at each port is there.
    There(Vec<bool>, SyncSender<()>),
    /// What each direction has done: two a link, upstream first.
    Counts(SyncSender<Vec<Counts>>),
}

/// A frame that waits, with what precedes it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: Duration,
    /// What came first goes first.
    number: u64,
    /// Where it came in; it goes out at the other end.
    from: usize,
    frame: Vec<u8>,
}

/// The thread's belongings. Ports come in pairs: those of a link, and what comes in at one goes out at the other.
pub(super) struct Forwarder {
    clock: Recorder,
    ports: Vec<Port>,
    /// By the port at which packets come in.
    wires: Vec<Wire>,
    /// The addresses of the host at each port.
    addresses: Vec<Vec<IpAddr>>,
    /// Whether the host at each port is there.
    there: Vec<bool>,
    waiting: BinaryHeap<Reverse<Due>>,
    count: u64,
    orders: Receiver<Order>,
    woken: OwnedFd,
    witnesses: Witnesses,
    /// How much too late the kernel wakes this thread, of late: it asks to be woken so much earlier.
    lateness: Duration,
    /// Filled anew for each packet.
    effects: Vec<(usize, Effect)>,
    /// Filled anew for each batch.
    going: Vec<Going>,
    spare: Spare,
}

/// After a sleep as long as this a processor takes a while to wake: then the rest is slept too.
const LONG: Duration = Duration::from_millis(1);

/// The other port of a link.
const fn across(port: usize) -> usize {
    port ^ 1
}

impl Forwarder {
    pub(super) fn new(
        clock: Recorder,
        ports: Vec<Port>,
        wires: Vec<Wire>,
        addresses: Vec<Vec<IpAddr>>,
        orders: Receiver<Order>,
        woken: OwnedFd,
        witnesses: Witnesses,
    ) -> Self {
        Self {
            there: vec![true; ports.len()],
            clock,
            ports,
            wires,
            addresses,
            waiting: BinaryHeap::new(),
            count: 0,
            orders,
            woken,
            witnesses,
            lateness: Duration::ZERO,
            effects: Vec::new(),
            going: Vec::new(),
            spare: Spare::default(),
        }
    }

    /// Works until nobody can give orders any more.
    pub(super) fn run(mut self) -> io::Result<()> {
        // Where it cannot be set, delays are 50 µs longer.
        let _ = rustix::thread::set_current_timer_slack(NonZeroU64::new(1));
        let mut intake = Intake::new();
        let mut ready = Vec::with_capacity(self.ports.len());
        loop {
            let told = self.wait(&mut ready)?;
            if told && !self.obey() {
                return Ok(());
            }
            // What was released, or is due, goes before what comes now.
            self.give_out();
            for port in ready.drain(..) {
                self.take_in(&mut intake, port);
            }
            self.give_out();
        }
    }

    /// Waits until frames or orders come, or a frame's time has come. Gives whether there are orders, and the ports that
    /// have frames.
    fn wait(&mut self, ready: &mut Vec<usize>) -> io::Result<bool> {
        let next = self.waiting.peek().map_or(Duration::MAX, |Reverse(due)| due.at);
        let now = self.clock.elapsed();
        let left = (next != Duration::MAX)
            .then(|| next.saturating_sub(now))
            .map(|left| if left > LONG { left.saturating_sub(self.lateness.min(LONG)) } else { left });
        let limit = left.map(|left| Timespec {
            tv_sec: left.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: left.subsec_nanos().into(),
        });
        let mut descriptors: Vec<PollFd> = Vec::with_capacity(1 + self.ports.len());
        descriptors.push(PollFd::from_borrowed_fd(self.woken.as_fd(), PollFlags::IN));
        descriptors
            .extend(self.ports.iter().map(|port| PollFd::from_borrowed_fd(port.as_fd(), PollFlags::IN)));
        match poll(&mut descriptors, limit.as_ref()) {
            Ok(0) => {
                if let Some(left) = left.filter(|left| *left > LONG) {
                    let late = self.clock.elapsed().saturating_sub(now + left);
                    self.lateness = (7 * self.lateness + late) / 8;
                }
            }
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(false),
            Err(errno) => return Err(errno.into()),
        }
        let (woken, ports) = descriptors.split_at(1);
        ready.extend(
            ports.iter().enumerate().filter(|(_, port)| !port.revents().is_empty()).map(|(at, _)| at),
        );
        Ok(!woken[0].revents().is_empty())
    }

    /// Carries out what was ordered; `false` when there is nobody left who orders.
    fn obey(&mut self) -> bool {
        let mut count = [0; 8];
        // Read to make it silent again; whatever was ordered is in the channel.
        let _ = rustix::io::read(&self.woken, &mut count);
        loop {
            match self.orders.try_recv() {
                Ok(order) => self.carry_out(order),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn carry_out(&mut self, order: Order) {
        // Whoever ordered may have gone: then nobody is told.
        match order {
            Order::Rules(link, rules, done) => {
                let now = self.clock.elapsed();
                for port in [2 * link, 2 * link + 1] {
                    self.wires[port].set_rules(&rules, now);
                }
                self.release(link, now);
                let _ = done.send(());
            }
            Order::Filters(link, filters, done) => {
                for port in [2 * link, 2 * link + 1] {
                    self.wires[port].set_filters(&filters);
                }
                let _ = done.send(());
            }
            Order::There(there, done) => {
                self.there = there;
                let _ = done.send(());
            }
            Order::Counts(to) => {
                let _ = to.send(self.wires.iter().map(|wire| wire.counts).collect());
            }
        }
    }

    /// What waits on a link waits no longer.
    fn release(&mut self, link: usize, now: Duration) {
        let all = std::mem::take(&mut self.waiting).into_vec();
        self.waiting = all
            .into_iter()
            .map(|Reverse(due)| {
                let at = if due.from / 2 == link { due.at.min(now) } else { due.at };
                Reverse(Due { at, ..due })
            })
            .collect();
    }
}
