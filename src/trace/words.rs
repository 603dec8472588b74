//! Facts in words.

use super::{Evidence, Fact, Source};
use std::fmt;

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::SockDiag => "sock_diag",
            Self::Rtnetlink => "rtnetlink",
            Self::Procfs => "procfs",
            Self::ErrorQueue => "error queue",
            Self::Getsockopt => "getsockopt",
            Self::PidfdGetfd => "pidfd_getfd",
            Self::Probe => "probe",
            Self::Wait => "wait",
            Self::Listeners => "listeners",
            Self::Getaddrinfo => "getaddrinfo",
            Self::Dns => "dns",
            Self::Proxy => "proxy",
            Self::Network => "network",
            Self::Http => "http",
            Self::Tls => "tls",
            Self::Hosts => "hosts file",
            Self::Environment => "environment",
        })
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sockets { protocol, port, rows } => {
                write!(f, "{protocol} sockets on port {port}: ")?;
                list(f, rows, "none")
            }
            Self::BoundSockets { shown: true } => {
                f.write_str("this kernel shows sockets that are bound and do not listen")
            }
            Self::BoundSockets { shown: false } => {
                f.write_str("this kernel hides sockets that are bound and do not listen (Linux before 6.8)")
            }
            Self::Holder(process) => write!(f, "inode {} is held by {process}", process.inode),
            Self::HiddenHolder { uid, inode } => {
                write!(f, "inode {inode} of uid {uid} is held by no process that this user may see")
            }
            Self::Listed { protocol, local, pid, name } => {
                write!(f, "{protocol} {local} is held by pid {pid} ({name})")
            }
            Self::Options(options) => write!(f, "options of inode {}: {options}", options.inode),
            Self::IcmpErrors { peer, errors } => {
                write!(f, "for packets to {peer}: ")?;
                list(f, errors, "no ICMP error")
            }
            Self::Route { to, route } => write!(f, "{to}: {route}"),
            Self::Addresses(addresses) => {
                f.write_str("addresses of this host: ")?;
                list(f, addresses, "none")
            }
            Self::OwnSocket(socket) => write!(f, "the socket is {socket}"),
            Self::Waiting(waiting) => write!(f, "{waiting}"),
            Self::PortFree { protocol, address } => write!(f, "{protocol} {address} can be bound"),
            Self::BindsWith { option, address, works } => {
                let can = if *works { "can" } else { "cannot" };
                write!(f, "{address} {can} be bound with {option}")
            }
            Self::PortRange(range) => write!(f, "ports that the kernel gives out: {range}"),
            Self::UnprivilegedPorts { from } => write!(f, "net.ipv4.ip_unprivileged_port_start is {from}"),
            Self::Capability { name, effective: true } => write!(f, "{name} is there"),
            Self::Capability { name, effective: false } => write!(f, "{name} is missing"),
            Self::Descriptors(descriptors) => write!(f, "{descriptors}"),
            Self::Descriptor { number, open } => {
                write!(f, "descriptor {number} is {}", if *open { "open" } else { "not open" })
            }
            Self::Lookup { name, addresses } => {
                write!(f, "{name}: ")?;
                list(f, addresses, "no address")
            }
            Self::DnsReply { server, kind, code, aliases, addresses, over, truncated, .. } => {
                write!(f, "{server} answers {code} for {kind} over {over}: ")?;
                aliases.iter().try_for_each(|alias| write!(f, "alias of {alias}; "))?;
                list(f, addresses, "no address")?;
                f.write_str(if *truncated { ", cut off" } else { "" })
            }
            Self::DnsSilence { server, kind, errno, .. } => {
                write!(f, "{server} gives no answer for {kind}")?;
                errno.as_ref().map_or(Ok(()), |errno| write!(f, ": {errno}"))
            }
            Self::DnsIgnored { server, kind, because, .. } => {
                write!(f, "what came from {server} is no answer for {kind}: {because}")
            }
            Self::HostsFile { name, addresses } => {
                write!(f, "{name}: ")?;
                list(f, addresses, "not there")
            }
            Self::ProxyVariable { name, value } => write!(f, "{name} is {value}"),
            Self::Request(request) => write!(f, "{request}"),
            Self::Response(response) => write!(f, "{response}"),
            Self::FirstBytes { peer, bytes, looks_like } => {
                write!(f, "what came first from {peer} is {bytes}")?;
                looks_like.as_ref().map_or(Ok(()), |known| write!(f, ", as {known} begins"))
            }
            Self::Certificate(certificate) => write!(f, "{certificate}"),
            Self::Counted { counter, times } => write!(f, "{counter} rose by {times}"),
            Self::Lives { pid } => write!(f, "pid {pid} is there still"),
            Self::Ended { pid, signal: Some(signal) } => write!(f, "pid {pid} was ended by signal {signal}"),
            Self::Ended { pid, signal: None } => write!(f, "pid {pid} is no more"),
            Self::Relayed { link, connections, upstream, downstream } => {
                write!(f, "{link}: {connections} connections, {upstream} bytes up, {downstream} bytes down")
            }
        }
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T], none: &str) -> fmt::Result {
    let Some((first, rest)) = items.split_first() else { return f.write_str(none) };
    write!(f, "{first}")?;
    rest.iter().try_for_each(|item| write!(f, "; {item}"))
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.fact)
    }
}
