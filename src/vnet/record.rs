//! What happens on the links, frame by frame, for whoever wants to know: the trace, a capture file.

use super::packet::{Offload, Seen, Transport};
use super::topology::Topology;
use crate::impair::Direction;
use crate::trace::{Actor, Did, Fate, Packet, Recorder};
use std::net::SocketAddr;
use std::time::Duration;

/// Hears of every frame before it goes on. It is called by the one thread through which all of them pass, so it must not
/// wait.
pub trait Witness: Send {
    /// A frame came in at an end of a link, or was made there by the network.
    fn saw(&mut self, frame: &Frame);
}

/// A frame, and what becomes of it.
#[derive(Debug)]
pub struct Frame<'a> {
    /// On the network's clock.
    pub at: Duration,
    /// The link, by its place among the links.
    pub link: usize,
    /// The hosts at the two ends of the link.
    pub ends: [&'a str; 2],
    /// Which way it goes: upstream from the first end to the second.
    pub way: Direction,
    /// From the Ethernet header on.
    pub bytes: &'a [u8],
    /// What its host has left to a network card.
    pub(super) offload: Offload,
    /// What it carries; `None` for what makes a link work, such as ARP.
    pub seen: Option<&'a Seen>,
    /// What becomes of it.
    pub fate: Fate,
    /// What rules, or the filter that took it, did to it.
    pub did: Vec<Did>,
}

/// Writes every packet into a trace, as an event of its link.
#[derive(Debug)]
pub struct Traced(Vec<Actor>);

impl Traced {
    /// Into the trace of `recorder`.
    pub fn new(recorder: &Recorder, topology: &Topology) -> Self {
        Self(topology.links.iter().map(|link| recorder.actor(&format!("link {}", link.name))).collect())
    }
}

impl Witness for Traced {
    fn saw(&mut self, frame: &Frame) {
        if let (Some(packet), Some(link)) = (frame.packet(), self.0.get(frame.link)) {
            link.packet(packet);
        }
    }
}

impl Frame<'_> {
    /// The packet in it, as traces have it; `None` for what makes a link work.
    pub fn packet(&self) -> Option<Packet> {
        let seen = self.seen?;
        let [first, second] = self.ends;
        let (from_host, to_host) =
            if self.way == Direction::Downstream { (second, first) } else { (first, second) };
        let (from, to) = seen.ports.unwrap_or_default();
        Some(Packet {
            from: from_host.to_owned(),
            to: to_host.to_owned(),
            stream: self.way.name().to_owned(),
            source: SocketAddr::new(seen.source, from),
            destination: SocketAddr::new(seen.destination, to),
            protocol: match seen.transport {
                Transport::Tcp => "tcp".to_owned(),
                Transport::Udp => "udp".to_owned(),
                Transport::Icmp => "icmp".to_owned(),
                Transport::Other(number) => number.to_string(),
            },
            flags: seen.signals.map(|signals| signals.to_string()),
            icmp: seen.icmp,
            bytes: seen.length,
            payload: seen.payload,
            segments: self.offload.segment.map(|size| seen.payload.div_ceil(usize::from(size.max(1)))),
            fate: self.fate,
            did: self.did.clone(),
        })
    }
}
