//! Which links are left to the kernel, and when: those on which nothing happens to packets and nobody watches, once they
//! have carried so much that it is worth a bridge.

use super::Forwarder;
use super::bridges::Bridges;
use super::wire::Wire;
use crate::vnet::{Broken, Counts};
use std::time::Duration;

/// A link that has carried so much since it was last changed is busy.
const BUSY_BYTES: u64 = 32 << 20;
const BUSY_PACKETS: u64 = 50_000;
/// One on which nothing has come in for so long is quiet.
const QUIET: Duration = Duration::from_millis(50);

/// What is known of the links for it.
pub(in crate::vnet::linux) struct Past {
    /// `None` where every packet has to come through this program.
    bridges: Option<Bridges>,
    links: Vec<Link>,
    /// When to look for quiet links.
    look_at: Option<Duration>,
}

/// One link.
#[derive(Clone, Copy, Default)]
struct Link {
    /// Packets and bytes that it had carried when it was last changed.
    before: (u64, u64),
    /// When a frame last came in.
    last: Duration,
}

impl Past {
    /// For so many links; `bridges` is none where somebody watches.
    pub(in crate::vnet::linux) fn new(bridges: Option<Bridges>, links: usize) -> Self {
        Self { bridges, links: vec![Link::default(); links], look_at: None }
    }

    /// When the forwarder has to look, though nothing comes in.
    pub(super) fn look_at(&self) -> Duration {
        self.look_at.unwrap_or(Duration::MAX)
    }
}

impl Forwarder {
    /// A batch of frames came in on a link, all of them parts of TCP streams or not. A busy link is left to the kernel at
    /// such a batch, for TCP does not mind a segment that comes twice; otherwise when it is quiet.
    pub(super) fn note(&mut self, link: usize, now: Duration, is_stream: bool) {
        if self.past.bridges.is_none() {
            return;
        }
        self.past.links[link].last = now;
        if !self.is_plain(link) || !self.is_busy(link) {
            return;
        }
        if is_stream {
            self.leave(link);
        } else {
            self.past.look_at.get_or_insert(now + QUIET);
        }
    }

    /// Leaves the busy links that are quiet now to the kernel.
    pub(super) fn leave_quiet_links(&mut self) {
        let now = self.clock.elapsed();
        if now < self.past.look_at() {
            return;
        }
        self.past.look_at = None;
        for link in 0..self.past.links.len() {
            if !self.is_plain(link) || !self.is_busy(link) {
                continue;
            }
            if self.past.links[link].last + QUIET <= now {
                self.leave(link);
            } else {
                self.past.look_at = Some(now + QUIET);
            }
        }
    }

    /// Takes a link back from the kernel, if it carries it: something is to happen there.
    pub(super) fn take_back(&mut self, link: usize) -> Result<(), Broken> {
        let Some(bridges) = &mut self.past.bridges else { return Ok(()) };
        bridges.close(link, &self.ports[2 * link..][..2], counts(&mut self.wires, link))?;
        self.begin_again(link);
        Ok(())
    }

    /// Counts what the kernel has carried.
    pub(super) fn count_past(&mut self) -> Result<(), Broken> {
        let Some(bridges) = &mut self.past.bridges else { return Ok(()) };
        (0..self.past.links.len()).try_for_each(|link| bridges.count(link, counts(&mut self.wires, link)))
    }

    fn leave(&mut self, link: usize) {
        let Some(bridges) = &mut self.past.bridges else { return };
        if !bridges.open(link, &self.ports[2 * link..][..2]) {
            // A host may have its interface switched off: again when as much more has come.
            self.begin_again(link);
        }
    }

    /// Whether a link that this program carries has carried much.
    fn is_busy(&self, link: usize) -> bool {
        let (packets, bytes) = self.carried(link);
        let before = self.past.links[link].before;
        (packets - before.0 >= BUSY_PACKETS || bytes - before.1 >= BUSY_BYTES)
            && self.past.bridges.as_ref().is_some_and(|bridges| bridges.may_carry(link))
    }

    fn is_plain(&self, link: usize) -> bool {
        [2 * link, 2 * link + 1].iter().all(|port| self.there[*port] && self.wires[*port].is_plain())
    }

    fn begin_again(&mut self, link: usize) {
        self.past.links[link].before = self.carried(link);
    }

    fn carried(&self, link: usize) -> (u64, u64) {
        let [up, down] = [self.wires[2 * link].counts, self.wires[2 * link + 1].counts];
        (up.packets + down.packets, up.bytes + down.bytes)
    }
}

/// What a link's two directions have done.
fn counts(wires: &mut [Wire], link: usize) -> [&mut Counts; 2] {
    let (upstream, downstream) = wires[2 * link..].split_at_mut(1);
    [&mut upstream[0].counts, &mut downstream[0].counts]
}
