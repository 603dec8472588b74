//! Interfaces, addresses and routes, over `NETLINK_ROUTE`, rtnetlink(7).

use crate::vnet::Broken;
use ipnet::IpNet;
use netlink_packet_core::{
    NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST, NetlinkMessage, NetlinkPayload,
};
use netlink_packet_route::address::{AddressAttribute, AddressFlags, AddressHeaderFlags, AddressMessage};
use netlink_packet_route::link::{
    BridgePortState, InfoBridge, InfoBridgePort, InfoData, InfoKind, InfoPortData, InfoPortKind, InfoVeth,
    LinkAttribute, LinkFlags, LinkInfo, LinkMessage, State,
};
use netlink_packet_route::route::{
    RouteAddress, RouteAttribute, RouteMessage, RouteProtocol, RouteScope, RouteType,
};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};
use nix::libc::{AF_NETLINK, NETLINK_ROUTE};
use socket2::{Domain, Socket, Type};
use std::fs::File;
use std::io::{self, Read as _};
use std::net::IpAddr;
use std::os::fd::AsRawFd as _;
use std::time::Duration;

/// The kernel answers at once; a silence as long as this is a broken answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Room for an acknowledgement, which quotes the request, and for all that is told of an interface.
const ROOM: usize = 8 * 1024;
/// The loopback interface of every network namespace.
pub(super) const LOOPBACK: u32 = 1;

/// Asks the kernel, in the network namespace of the thread that opened it.
#[derive(Debug)]
pub(super) struct Netlink {
    socket: Socket,
    sequence: u32,
}

/// What has come in at an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Received {
    /// Whether it is on, and so is the other end of its cable.
    pub(super) is_on: bool,
    pub(super) packets: u64,
    /// From the Ethernet header on.
    pub(super) bytes: u64,
}

/// One end of a pair of interfaces that are joined by a cable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jack<'a> {
    pub(super) name: &'a str,
    pub(super) index: u32,
    pub(super) mac: [u8; 6],
}

impl Netlink {
    pub(super) fn open() -> Result<Self, Broken> {
        let broken = |error| Broken::new("opening netlink", error);
        let socket =
            Socket::new(Domain::from(AF_NETLINK), Type::RAW, Some(NETLINK_ROUTE.into())).map_err(broken)?;
        socket.set_read_timeout(Some(PATIENCE)).map_err(broken)?;
        Ok(Self { socket, sequence: 0 })
    }

    /// Makes a pair: `near` here, `far` in the network namespace of `place`.
    pub(super) fn pair(&mut self, near: Jack, far: Jack, place: &File, mtu: u32) -> Result<(), Broken> {
        let end = |jack: Jack| {
            let mut message = of(jack.index);
            message.attributes = vec![
                LinkAttribute::IfName(jack.name.to_owned()),
                LinkAttribute::Address(jack.mac.to_vec()),
                LinkAttribute::Mtu(mtu),
            ];
            message
        };
        let mut peer = end(far);
        peer.attributes.push(LinkAttribute::NetNsFd(place.as_raw_fd()));
        let mut message = end(near);
        message.attributes.push(LinkAttribute::LinkInfo(vec![
            LinkInfo::Kind(InfoKind::Veth),
            LinkInfo::Data(InfoData::Veth(InfoVeth::Peer(peer))),
        ]));
        self.ask(RouteNetlinkMessage::NewLink(message), NLM_F_CREATE | NLM_F_EXCL, "making a veth pair")
    }

    /// Switches an interface on.
    pub(super) fn up(&mut self, index: u32) -> Result<(), Broken> {
        let mut message = of(index);
        message.header.flags = LinkFlags::Up;
        message.header.change_mask = LinkFlags::Up;
        self.ask(RouteNetlinkMessage::SetLink(message), 0, "switching an interface on")
    }

    /// Switches an interface off.
    pub(super) fn down(&mut self, index: u32) -> Result<(), Broken> {
        let mut message = of(index);
        message.header.change_mask = LinkFlags::Up;
        self.ask(RouteNetlinkMessage::SetLink(message), 0, "switching an interface off")
    }

    /// Makes a bridge, which is off. It listens to nobody's membership and learns no addresses for long: it has two ports.
    pub(super) fn bridge(&mut self, name: &str, index: u32) -> Result<(), Broken> {
        let mut message = of(index);
        message.attributes = vec![
            LinkAttribute::IfName(name.to_owned()),
            LinkAttribute::LinkInfo(vec![
                LinkInfo::Kind(InfoKind::Bridge),
                LinkInfo::Data(InfoData::Bridge(vec![
                    InfoBridge::AgeingTime(0),
                    InfoBridge::MulticastSnooping(false),
                ])),
            ]),
        ];
        self.ask(RouteNetlinkMessage::NewLink(message), NLM_F_CREATE | NLM_F_EXCL, "making a bridge")
    }

    /// Makes an interface a port of a bridge.
    pub(super) fn join(&mut self, port: u32, bridge: u32) -> Result<(), Broken> {
        let mut message = of(port);
        message.attributes = vec![LinkAttribute::Controller(bridge)];
        self.ask(RouteNetlinkMessage::SetLink(message), 0, "joining a bridge")
    }

    /// Makes a port of a bridge forward nothing more.
    pub(super) fn disable(&mut self, port: u32) -> Result<(), Broken> {
        let mut message = of(port);
        let state = InfoBridgePort::State(BridgePortState::Disabled);
        message.attributes = vec![LinkAttribute::LinkInfo(vec![
            LinkInfo::PortKind(InfoPortKind::Bridge),
            LinkInfo::PortData(InfoPortData::BridgePort(vec![state])),
        ])];
        self.ask(RouteNetlinkMessage::SetLink(message), 0, "closing a port of a bridge")
    }

    /// What has come in at an interface.
    pub(super) fn received(&mut self, index: u32) -> Result<Received, Broken> {
        let what = "asking about an interface";
        let about = self.exchange(RouteNetlinkMessage::GetLink(of(index)), 0, what)?;
        let (mut is_on, mut counted) = (false, None);
        for attribute in about.map(|message| message.attributes).unwrap_or_default() {
            match attribute {
                LinkAttribute::OperState(state) => is_on = matches!(state, State::Up | State::Unknown),
                LinkAttribute::Stats64(counts) => counted = Some((counts.rx_packets, counts.rx_bytes)),
                _ => {}
            }
        }
        let (packets, bytes) =
            counted.ok_or_else(|| Broken::new(what, io::Error::from(io::ErrorKind::InvalidData)))?;
        Ok(Received { is_on, packets, bytes })
    }

    /// Gives an interface an address, at once: nobody else can have it (RFC 4862's detection takes a second).
    pub(super) fn address(&mut self, index: u32, net: IpNet) -> Result<(), Broken> {
        let mut message = AddressMessage::default();
        message.header.family = family(net.addr());
        message.header.prefix_len = net.prefix_len();
        message.header.index = index;
        message.header.flags = AddressHeaderFlags::Nodad;
        message.attributes = vec![
            AddressAttribute::Local(net.addr()),
            AddressAttribute::Address(net.addr()),
            AddressAttribute::Flags(AddressFlags::Nodad),
        ];
        self.ask(RouteNetlinkMessage::NewAddress(message), NLM_F_CREATE | NLM_F_EXCL, "giving an address")
    }

    /// Adds a route by way of `gateway`.
    pub(super) fn route(&mut self, to: IpNet, gateway: IpAddr) -> Result<(), Broken> {
        self.add_route(to, RouteType::Unicast, Some(gateway))
    }

    /// Adds a route that forbids: the kernel answers EACCES.
    pub(super) fn prohibit(&mut self, to: IpNet) -> Result<(), Broken> {
        self.add_route(to, RouteType::Prohibit, None)
    }

    fn add_route(&mut self, to: IpNet, kind: RouteType, gateway: Option<IpAddr>) -> Result<(), Broken> {
        let mut message = RouteMessage::default();
        message.header.address_family = family(to.addr());
        message.header.destination_prefix_length = to.prefix_len();
        message.header.table = nix::libc::RT_TABLE_MAIN;
        message.header.protocol = RouteProtocol::Static;
        message.header.scope = RouteScope::Universe;
        message.header.kind = kind;
        message.attributes = vec![RouteAttribute::Destination(RouteAddress::from(to.addr()))];
        message
            .attributes
            .extend(gateway.map(|gateway| RouteAttribute::Gateway(RouteAddress::from(gateway))));
        self.ask(RouteNetlinkMessage::NewRoute(message), NLM_F_CREATE | NLM_F_EXCL, "adding a route")
    }

    /// Sends a message and takes its acknowledgement.
    fn ask(&mut self, message: RouteNetlinkMessage, flags: u16, what: &'static str) -> Result<(), Broken> {
        self.exchange(message, flags, what).map(drop)
    }

    /// The same, with what is told of an interface before the acknowledgement.
    fn exchange(
        &mut self,
        message: RouteNetlinkMessage,
        flags: u16,
        what: &'static str,
    ) -> Result<Option<LinkMessage>, Broken> {
        self.sequence += 1;
        let mut request = NetlinkMessage::from(message);
        request.header.flags = NLM_F_REQUEST | NLM_F_ACK | flags;
        request.header.sequence_number = self.sequence;
        request.finalize();
        let mut bytes = vec![0; request.buffer_len()];
        request.serialize(&mut bytes);
        let broken = |error| Broken::new(what, error);
        let unreadable = |error| broken(io::Error::new(io::ErrorKind::InvalidData, error));
        self.socket.send(&bytes).map_err(broken)?;
        let mut room = vec![0; ROOM];
        let mut told = None;
        loop {
            let length = (&self.socket).read(&mut room).map_err(broken)?;
            let answer = NetlinkMessage::<RouteNetlinkMessage>::deserialize(&room[..length])
                .map_err(|error| unreadable(error.to_string()))?;
            match answer.payload {
                _ if answer.header.sequence_number != self.sequence => {}
                NetlinkPayload::Error(error) if error.code.is_none() => return Ok(told),
                NetlinkPayload::Error(error) => return Err(broken(error.to_io())),
                NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewLink(link)) => told = Some(link),
                _ => return Err(unreadable("no acknowledgement".to_owned())),
            }
        }
    }
}

/// A message about an interface.
fn of(index: u32) -> LinkMessage {
    let mut message = LinkMessage::default();
    message.header.index = index;
    message
}

fn family(address: IpAddr) -> AddressFamily {
    match address {
        IpAddr::V4(_) => AddressFamily::Inet,
        IpAddr::V6(_) => AddressFamily::Inet6,
    }
}
