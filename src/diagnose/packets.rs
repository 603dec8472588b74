//! The questions that rules ask about packets seen on the way.

use super::case::Case;
use crate::trace::{Because, Fate, Packet, What};
use std::net::SocketAddr;
use std::time::Duration;

impl<'a> Case<'a> {
    /// The last packet to the other end, when a virtual network dropped each one that was sent to it while the call
    /// waited.
    pub(super) fn every_packet_lost(&self) -> Option<Because> {
        let mut packets = self.packets();
        packets.clone().all(|(packet, _)| packet.fate == Fate::Dropped).then_some(())?;
        packets.next_back().map(|(_, cite)| cite)
    }

    /// The last packet to the other end, when somebody on the way answered it.
    pub(super) fn answered_on_the_way(&self) -> Option<Because> {
        self.packets().next_back().filter(|(packet, _)| packet.fate == Fate::Answered).map(|(_, cite)| cite)
    }

    /// Whether a packet of the other end passed a link of a virtual network after this time, and before the failure.
    pub(super) fn was_heard_of(&self, peer: SocketAddr, since: Duration) -> bool {
        let meanwhile = since..=self.ended;
        self.events.iter().any(|event| {
            matches!(&event.what, What::Packet(packet)
                if meanwhile.contains(&event.at)
                    && packet.source == peer
                    && Some(packet.destination) == self.failure.call.local
                    && packet.fate == Fate::Passed)
        })
    }

    /// The packets of the call to its address that were seen on the way during it; where its own port is not known, those
    /// of others too.
    fn packets(&self) -> impl DoubleEndedIterator<Item = (&'a Packet, Because)> + Clone {
        let during = self.began..=self.ended;
        let (about, own) = (self.about, self.failure.call.local);
        let is_own = move |packet: &Packet| own.is_none_or(|own| own.port() == packet.source.port());
        self.events.iter().filter_map(move |event| match &event.what {
            What::Packet(packet)
                if Some(packet.destination) == about && is_own(packet) && during.contains(&event.at) =>
            {
                Some((&**packet, Because::Event(event.seq)))
            }
            _ => None,
        })
    }
}
