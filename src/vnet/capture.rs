//! A capture file of a virtual network, pcapng: one interface an end of a link, the hosts' names, and what became of each
//! packet as its comment. <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html>

use super::packet::{ETHERNET, Offload};
use super::record::{Frame, Witness};
use super::topology::Topology;
use crate::impair::Direction;
use crate::trace::{Packet, Recorder};
use pcap_file::DataLink;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};
use pcap_file::pcapng::blocks::name_resolution::{Ipv4Record, Ipv6Record, NameResolutionBlock, Record};
use pcap_file::pcapng::{PcapNgBlock as _, PcapNgWriter};
use pcap_file::{PcapError, PcapResult};
use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::net::IpAddr;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, UNIX_EPOCH};

/// Frames that may wait to be written: what a fast host sends while a disk pauses.
const WAITING: usize = 16_384;
/// Bytes of a frame that its host left to a network card to cut: the headers and a little more. None on a wire is so
/// large.
const OF_UNCUT: usize = 256;
/// `if_tsresol`: times are in units of 10⁻⁹ s.
const NANOSECONDS: u8 = 9;

/// Writes every frame to a file, in a thread of its own. When this is dropped, all are written.
#[derive(Debug)]
pub struct Capture {
    to: Option<SyncSender<Taken>>,
    /// When the network's clock stood at zero.
    started: Duration,
    /// Frames for which there was no room since the last one.
    missed: u64,
    writer: Option<JoinHandle<()>>,
}

/// A frame as it is written.
#[derive(Debug)]
struct Taken {
    interface: u32,
    at: Duration,
    length: u32,
    bytes: Vec<u8>,
    offload: Offload,
    packet: Option<Packet>,
    missed: u64,
}

impl Capture {
    /// Begins a capture of a network whose time is that of `clock`.
    pub fn begin(
        out: impl Write + Send + 'static,
        topology: &Topology,
        clock: &Recorder,
    ) -> io::Result<Self> {
        let mut writer = PcapNgWriter::new(BufWriter::new(out)).map_err(error)?;
        describe(&mut writer, topology).map_err(error)?;
        writer.get_mut().flush()?;
        let (to, taken) = sync_channel(WAITING);
        let writer = thread::Builder::new().name("capture".into()).spawn(move || write(writer, &taken))?;
        let started = clock.started().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Self { to: Some(to), started, missed: 0, writer: Some(writer) })
    }
}

impl Witness for Capture {
    fn saw(&mut self, frame: &Frame) {
        let Some(to) = &self.to else { return };
        let end = u32::from(frame.way == Direction::Downstream);
        let most = if frame.offload.segment.is_some() { OF_UNCUT } else { frame.bytes.len() };
        let taken = Taken {
            interface: u32::try_from(2 * frame.link).unwrap_or_default() + end,
            at: self.started + frame.at,
            length: u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX),
            bytes: frame.bytes[..most.min(frame.bytes.len())].to_vec(),
            offload: frame.offload,
            packet: frame.packet(),
            missed: self.missed,
        };
        match to.try_send(taken) {
            Ok(()) => self.missed = 0,
            Err(_) => self.missed += 1,
        }
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.to = None;
        if let Some(writer) = self.writer.take() {
            // It has nothing to tell any more.
            let _ = writer.join();
        }
    }
}

/// Interfaces and names.
fn describe<W: Write>(writer: &mut PcapNgWriter<W>, topology: &Topology) -> PcapResult<()> {
    for link in &topology.links {
        for end in &link.ends {
            let host = topology.hosts.get(end.host).map_or("", |host| host.name.as_str());
            let name = format!("{host}/{}", link.name);
            let about = format!("what {host} sends on the link {}", link.name);
            let block = InterfaceDescriptionBlock {
                linktype: DataLink::ETHERNET,
                snaplen: 0,
                options: vec![
                    InterfaceDescriptionOption::IfName(name.into()),
                    InterfaceDescriptionOption::IfDescription(about.into()),
                    InterfaceDescriptionOption::IfTsResol(NANOSECONDS),
                ],
            };
            writer.write_block(&block.into_block())?;
        }
    }
    let mut records = Vec::new();
    for end in topology.links.iter().flat_map(|link| &link.ends) {
        let Some(host) = topology.hosts.get(end.host) else { continue };
        let names = || vec![Cow::from(host.name.clone())];
        records.extend(end.addresses().map(|address| match address {
            IpAddr::V4(ip) => {
                Record::Ipv4(Ipv4Record { ip_addr: ip.octets().to_vec().into(), names: names() })
            }
            IpAddr::V6(ip) => {
                Record::Ipv6(Ipv6Record { ip_addr: ip.octets().to_vec().into(), names: names() })
            }
        }));
    }
    let names = NameResolutionBlock { records, options: Vec::new() };
    writer.write_block(&names.into_block()).map(drop)
}

/// Writes what comes, and has it out whenever nothing more waits: who looks at the file while it grows sees all.
fn write<W: Write>(mut writer: PcapNgWriter<W>, taken: &Receiver<Taken>) {
    loop {
        let next = match taken.try_recv() {
            Err(TryRecvError::Empty) => {
                if writer.get_mut().flush().is_err() {
                    break;
                }
                taken.recv().ok()
            }
            next => next.ok(),
        };
        let Some(one) = next else { return };
        if let Err(error) = write_one(&mut writer, one) {
            tracing::warn!(%error, "the capture cannot be written any further");
            break;
        }
    }
    // A disk that is full ends the capture and not the network.
    taken.iter().for_each(drop);
}

fn write_one<W: Write>(writer: &mut PcapNgWriter<W>, taken: Taken) -> PcapResult<()> {
    let Taken { interface, at, length, mut bytes, offload, packet, missed } = taken;
    let mut comment = packet.as_ref().map(Packet::verdict).filter(|verdict| !verdict.is_empty());
    if let Some(segments) = packet.and_then(|packet| packet.segments) {
        let uncut = format!("{segments} segments that the host left to its network card to cut");
        comment = Some(comment.map_or_else(|| uncut.clone(), |verdict| format!("{verdict}; {uncut}")));
    } else if bytes.len() > ETHERNET {
        offload.complete(&mut bytes);
    }
    let mut options: Vec<EnhancedPacketOption> =
        comment.into_iter().map(|comment| EnhancedPacketOption::Comment(comment.into())).collect();
    if missed > 0 {
        options.push(EnhancedPacketOption::DropCount(missed));
    }
    let block = EnhancedPacketBlock {
        interface_id: interface,
        timestamp: at,
        original_len: length,
        data: bytes.into(),
        options,
    };
    writer.write_block(&block.into_block()).map(drop)
}

fn error(error: PcapError) -> io::Error {
    match error {
        PcapError::IoError(error) => error,
        error => io::Error::other(error.to_string()),
    }
}
