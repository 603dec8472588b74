//! Facts read from the live system, each with its source. In JSON `{"source":…,"field":…,"value":…,"at":…}`.

use super::SocketRow;
use super::facts::{Descriptors, IcmpError, Options, OwnSocket, PortRange, Process, Route, Waiting};
use super::web::{Certificate, Request, Response};
use crate::failure::{Protocol, seconds};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// One fact, where it was read, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it was read.
    pub source: Source,
    /// When, since the start of the trace, in seconds.
    #[serde(with = "seconds")]
    pub at: Duration,
    /// What it says.
    #[serde(flatten)]
    pub fact: Fact,
}

/// The readers of the live system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Linux `NETLINK_SOCK_DIAG`, `sock_diag(7)`: the kernel's own socket table.
    SockDiag,
    /// Linux `NETLINK_ROUTE`, rtnetlink(7): the kernel's routing decision.
    Rtnetlink,
    /// Linux `/proc`, proc(5).
    Procfs,
    /// The socket's error queue, `MSG_ERRQUEUE`, ip(7).
    ErrorQueue,
    /// getsockopt(2) and its like on a socket of this program.
    Getsockopt,
    /// The same on a socket of another program, borrowed by `pidfd_getfd(2)`.
    PidfdGetfd,
    /// A call that was made only to look, such as a trial bind.
    Probe,
    /// How a child process ended, wait(2).
    Wait,
    /// The platform's list of listening processes.
    Listeners,
    /// The system's resolver, getaddrinfo(3).
    Getaddrinfo,
    /// A name server, RFC 1035.
    Dns,
    /// The counters of the fault proxy.
    Proxy,
    /// The record of a virtual network.
    Network,
    /// What an HTTP server sent, RFC 9112.
    Http,
    /// What came in a TLS handshake, RFC 8446.
    Tls,
    /// The file of names that is asked before any name server, hosts(5).
    Hosts,
    /// The environment of this process, environ(7).
    Environment,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "field", content = "value", rename_all = "kebab-case")]
pub enum Fact {
    /// Every socket of this network namespace whose local or peer port is `port`: the complete answer to one
    /// question, so an empty list proves absence.
    Sockets {
        /// Which table was asked.
        protocol: Protocol,
        /// The port that was asked for.
        port: u16,
        /// Both families, every state.
        rows: Vec<SocketRow>,
    },
    /// Whether this kernel's table has TCP sockets that are bound and do not listen; Linux before 6.8 hides them.
    BoundSockets {
        /// Whether it has.
        shown: bool,
    },
    /// The process that holds the socket with this inode.
    Holder(Process),
    /// A socket that is held, though by no process that this user may see.
    HiddenHolder {
        /// The user who owns the socket.
        uid: u32,
        /// The socket's inode; never 0.
        inode: u32,
    },
    /// A socket that a process holds, from a list that leaves out what this user may not see: it proves presence, and
    /// never absence.
    Listed {
        /// The transport.
        protocol: Protocol,
        /// The socket's own address.
        local: SocketAddr,
        /// The process.
        pid: u32,
        /// Its name.
        name: String,
    },
    /// Options that the holder of a socket set on it.
    Options(Options),
    /// Everything in the error queue of a socket that talked to `peer`; an empty list says that no ICMP error came.
    IcmpErrors {
        /// The other end.
        peer: SocketAddr,
        /// In the order in which they came.
        errors: Vec<IcmpError>,
    },
    /// Where packets to an address go.
    Route {
        /// The address.
        to: IpAddr,
        /// Where they go.
        route: Route,
    },
    /// The addresses of this host's interfaces.
    Addresses(Vec<IpAddr>),
    /// What the socket of a failed call says of itself.
    OwnSocket(OwnSocket),
    /// Bytes that wait to be read.
    Waiting(Waiting),
    /// A port that another transport has free.
    PortFree {
        /// The transport.
        protocol: Protocol,
        /// The address that a bind would get.
        address: SocketAddr,
    },
    /// Whether a socket with this option could be bound to an address that is taken.
    BindsWith {
        /// `SO_REUSEADDR` or `SO_REUSEPORT`, socket(7).
        option: String,
        /// The address.
        address: SocketAddr,
        /// Whether it could.
        works: bool,
    },
    /// The ports that a socket is given by the kernel.
    PortRange(PortRange),
    /// Ports below this one need a privilege (`net.ipv4.ip_unprivileged_port_start`).
    UnprivilegedPorts {
        /// The first that needs none.
        from: u16,
    },
    /// Whether the thread of a call has a capability, capabilities(7).
    Capability {
        /// Its name.
        name: String,
        /// Whether it is in the effective set.
        effective: bool,
    },
    /// The descriptors of a process.
    Descriptors(Descriptors),
    /// Whether a number is that of an open descriptor of this process.
    Descriptor {
        /// The number.
        number: i32,
        /// Whether it is open.
        open: bool,
    },
    /// What getaddrinfo(3) gives for a name: the hosts file, a cache, name servers.
    Lookup {
        /// The name.
        name: String,
        /// Its addresses.
        addresses: Vec<IpAddr>,
    },
    /// What a name server answered on the wire.
    DnsReply {
        /// The name server.
        server: SocketAddr,
        /// The name that it was asked for.
        #[serde(default)]
        name: String,
        /// What it was asked for: `A` or `AAAA`.
        kind: String,
        /// Its response code.
        code: String,
        /// Where the name leads to other names (CNAME), in their order.
        #[serde(default)]
        aliases: Vec<String>,
        /// The addresses in the answer.
        addresses: Vec<IpAddr>,
        /// How the reply came.
        over: Protocol,
        /// Whether it is cut off.
        truncated: bool,
    },
    /// A name server that gave no answer.
    DnsSilence {
        /// The name server.
        server: SocketAddr,
        /// The name that it was asked for.
        #[serde(default)]
        name: String,
        /// What it was asked for.
        kind: String,
        /// The errno with which the wait ended; none when the time ran out.
        errno: Option<String>,
    },
    /// Something that came where a name server's reply was waited for, and is no reply to the question.
    DnsIgnored {
        /// The name server.
        server: SocketAddr,
        /// The name that it was asked for.
        name: String,
        /// What it was asked for.
        kind: String,
        /// Why it does not count.
        because: String,
    },
    /// What the hosts file says of a name; no address when it does not have it.
    HostsFile {
        /// The name.
        name: String,
        /// Its addresses there.
        addresses: Vec<IpAddr>,
    },
    /// An environment variable that has other programs go through a proxy.
    ProxyVariable {
        /// Its name: `http_proxy`.
        name: String,
        /// The proxy.
        value: String,
    },
    /// An HTTP request that was sent.
    Request(Request),
    /// The head of an HTTP response.
    Response(Response),
    /// What came first on a connection, and is not what was expected there.
    FirstBytes {
        /// The other end.
        peer: SocketAddr,
        /// The bytes, as Rust writes byte strings.
        bytes: String,
        /// What begins so, where that is known: `SSH`, `a TLS alert`, `HTTP`.
        looks_like: Option<String>,
    },
    /// The certificate that a TLS server showed.
    Certificate(Certificate),
    /// How often something happened between two readings of a counter of this network namespace, whoever did it.
    Counted {
        /// The counter's name in `/proc/net/netstat` or `/proc/net/snmp`.
        counter: String,
        /// How often.
        times: u64,
    },
    /// A process that is there still.
    Lives {
        /// Its process id.
        pid: u32,
    },
    /// A process that is no more.
    Ended {
        /// Its process id.
        pid: u32,
        /// The number of the signal that ended it; `None` when it ended by itself, or nobody can tell.
        signal: Option<i32>,
    },
    /// What a link of a scenario let through in all.
    Relayed {
        /// The link.
        link: String,
        /// Connections, or UDP clients, that came.
        connections: u64,
        /// Bytes that were delivered to the server.
        upstream: u64,
        /// Bytes that were delivered to the client.
        downstream: u64,
    },
}
