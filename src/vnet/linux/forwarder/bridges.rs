//! Links on which nothing happens to packets: the kernel carries them past this program, over a bridge that joins the
//! link's two ports, for as long as nobody asks for more. Where the kernel has no bridges this program carries them.

use crate::vnet::linux::FIRST_INTERFACE;
use crate::vnet::linux::netlink::{Netlink, Received};
use crate::vnet::linux::port::Port;
use crate::vnet::packet::ETHERNET;
use crate::vnet::{Broken, Counts};

/// The bridges of the middle, one a link.
pub(in crate::vnet::linux) struct Bridges {
    netlink: Netlink,
    links: Vec<Bridge>,
}

/// Whether the kernel carries a link.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bridge {
    /// It never did.
    Unmade,
    /// It cannot.
    Impossible,
    /// Not now.
    Down,
    /// It does, and this much of what came in at the two ports has been counted.
    Up([Received; 2]),
}

impl Bridges {
    /// For so many links; `netlink` speaks to the middle.
    pub(in crate::vnet::linux) fn new(netlink: Netlink, links: usize) -> Self {
        Self { netlink, links: vec![Bridge::Unmade; links] }
    }

    /// Whether the kernel carries this link.
    fn carries(&self, link: usize) -> bool {
        matches!(self.links[link], Bridge::Up(_))
    }

    /// Whether it may yet.
    pub(super) fn may_carry(&self, link: usize) -> bool {
        matches!(self.links[link], Bridge::Unmade | Bridge::Down)
    }

    /// Lets the kernel carry a link, whose ports these are, and tells whether it does: the interfaces of both hosts must
    /// be on. What comes in at this very moment may go both ways. A kernel that has no bridges is not asked again.
    pub(super) fn open(&mut self, link: usize, ports: &[Port]) -> bool {
        self.try_open(link, ports).unwrap_or_else(|_| {
            self.links[link] = Bridge::Impossible;
            false
        })
    }

    fn try_open(&mut self, link: usize, ports: &[Port]) -> Result<bool, Broken> {
        let [first, second] = indices(link);
        let before = [self.netlink.received(first)?, self.netlink.received(second)?];
        if !before.iter().all(|received| received.is_on) {
            return Ok(false);
        }
        let bridge = self.index(link);
        if self.links[link] == Bridge::Unmade {
            self.netlink.bridge(&format!("b{link}"), bridge)?;
            self.netlink.join(first, bridge)?;
            self.netlink.join(second, bridge)?;
            self.links[link] = Bridge::Down;
        }
        self.netlink.up(bridge)?;
        if let Err(error) = ports.iter().try_for_each(Port::silence) {
            self.netlink.down(bridge)?;
            return Err(Broken::new("setting the filter of a packet socket", error));
        }
        self.links[link] = Bridge::Up(before);
        Ok(true)
    }

    /// Takes a link back from the kernel; its wires get what it has carried.
    pub(super) fn close(
        &mut self,
        link: usize,
        ports: &[Port],
        counts: [&mut Counts; 2],
    ) -> Result<(), Broken> {
        if !self.carries(link) {
            return Ok(());
        }
        let broken = |error| Broken::new("taking the filter off a packet socket", error);
        ports.iter().try_for_each(Port::hear).map_err(broken)?;
        for port in indices(link) {
            self.netlink.disable(port)?;
        }
        self.count(link, counts)?;
        let bridge = self.index(link);
        self.netlink.down(bridge)?;
        self.links[link] = Bridge::Down;
        Ok(())
    }

    /// Adds what the kernel has carried since the last time.
    pub(super) fn count(&mut self, link: usize, counts: [&mut Counts; 2]) -> Result<(), Broken> {
        let Bridge::Up(before) = &mut self.links[link] else { return Ok(()) };
        for ((port, before), counts) in indices(link).into_iter().zip(before).zip(counts) {
            let now = self.netlink.received(port)?;
            let packets = now.packets.saturating_sub(before.packets);
            let bytes = now.bytes.saturating_sub(before.bytes);
            counts.packets += packets;
            counts.past += packets;
            counts.bytes += bytes.saturating_sub(packets * ETHERNET as u64);
            *before = now;
        }
        Ok(())
    }

    /// The index of a link's bridge: those of the ports come first.
    fn index(&self, link: usize) -> u32 {
        number(2 * self.links.len() + link)
    }
}

/// The indices of a link's ports.
fn indices(link: usize) -> [u32; 2] {
    [number(2 * link), number(2 * link + 1)]
}

fn number(at: usize) -> u32 {
    FIRST_INTERFACE + u32::try_from(at).unwrap_or_default()
}
