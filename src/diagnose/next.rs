//! One command to go on with, right for what was found.

use crate::failure::{Failure, Op, Platform, Protocol, Refusal, Why};
use crate::fault::Fault;
use crate::trace::{Because, Event, Evidence, Fact, Health, Process, Route, SocketRow, Verdict, overrides};
use std::net::{IpAddr, SocketAddr};

/// The command for a target at `address`.
pub fn next(
    protocol: Protocol,
    address: Option<SocketAddr>,
    status: Health,
    verdict: Option<&Verdict>,
    events: &[Event],
    evidence: &[Evidence],
) -> String {
    const PASTE: &str = "python3 YOUR_PROGRAM.py 2>&1 | netfault explain -";
    let (Some(address), false) = (address, status == Health::Healthy) else { return PASTE.to_owned() };
    let Some(fault) = verdict.and_then(|verdict| verdict.fault) else {
        let errno = verdict.and_then(|verdict| errno_behind(verdict, events));
        return errno.map_or_else(|| PASTE.to_owned(), |errno| format!("netfault explain {errno}"));
    };
    let seen = Seen { evidence, verdict };
    let (ip, port) = (address.ip(), address.port());
    let list = list(protocol, port);
    let sudo_list = if Platform::HERE == Platform::Windows { list.clone() } else { format!("sudo {list}") };
    match fault {
        Fault::LiveListener
        | Fault::WildcardOverlap
        | Fault::BoundNotListening
        | Fault::OutgoingConnection
        | Fault::Udp
        | Fault::ReuseportMismatch => match seen.holder() {
            Some(process) => format!("ps -o pid,user,lstart,args -p {}", process.pid),
            None if fault == Fault::BoundNotListening => format!("sudo netfault diagnose bind {address}"),
            None if fault == Fault::OutgoingConnection => format!("sudo ss -tanp 'sport = :{port}'"),
            None => sudo_list,
        },
        Fault::TimeWait => {
            let left = seen.rows(port).filter_map(|row| row.expires).max().unwrap_or_default();
            format!("sleep {} && netfault diagnose bind {address}", left.as_secs() + 1)
        }
        Fault::WrongFamily | Fault::WrongInterface => {
            let listener = seen.rows(port).find(|row| row.listens_on(port));
            let elsewhere = listener.map_or(address, |row| reachable(row.local));
            format!("netfault diagnose tcp {elsewhere}")
        }
        Fault::NoListener if seen.is_elsewhere(ip) => format!("ssh {ip} ss -ltnp 'sport = :{port}'"),
        Fault::NoListener if seen.rows(port).any(SocketRow::is_open) => {
            format!("netfault diagnose bind {address}")
        }
        Fault::NoListener | Fault::NotYetListening | Fault::UdpPortUnreachable => list,
        Fault::BacklogFull | Fault::StuckAccept | Fault::UdpSilence | Fault::AcceptWithoutDescriptor => {
            match seen.holder() {
                Some(process) if process.state == 'T' => format!("kill -CONT {}", process.pid),
                Some(process) if fault == Fault::AcceptWithoutDescriptor => {
                    format!("ls -l /proc/{}/fd", process.pid)
                }
                Some(process) => format!("ps -o pid,stat,wchan:20,args -p {}", process.pid),
                None => sudo_list,
            }
        }
        Fault::NotLocal => "ip -brief address".to_owned(),
        Fault::PrivilegedPort => {
            let high = SocketAddr::new(ip, port.saturating_add(8000));
            format!("netfault diagnose bind {high}")
        }
        Fault::EphemeralExhausted if port == 0 => "ss -s".to_owned(),
        Fault::EphemeralExhausted => format!("ss -tanp 'dst {} and dport = :{port}'", bracketed(ip)),
        Fault::NoRoute | Fault::Prohibited => format!("ip route get {ip}"),
        Fault::HostDown => format!("ip neighbour show {ip}"),
        Fault::ConnectBlackhole | Fault::FirewallReject if ip.is_loopback() => {
            "sudo nft list ruleset".to_owned()
        }
        Fault::ConnectBlackhole | Fault::FirewallReject => format!("ping -c 3 {ip}"),
        _ => format!("netfault explain {fault}"),
    }
}

/// The command for a name; `resolver` is the one name server that was to be asked, else `servers` were, those of this
/// system.
pub fn next_for_name(
    name: &str,
    verdict: Option<&Verdict>,
    resolver: Option<SocketAddr>,
    servers: &[SocketAddr],
    evidence: &[Evidence],
) -> String {
    let in_hosts_file = match Platform::HERE {
        Platform::Windows => format!("findstr /i {name} %SystemRoot%\\System32\\drivers\\etc\\hosts"),
        _ => format!("grep -n -i -w {name} /etc/hosts"),
    };
    let Some(fault) = verdict.and_then(|verdict| verdict.fault) else {
        return if overrides(evidence) { in_hosts_file } else { format!("getent ahosts {name}") };
    };
    let explain = format!("netfault explain {fault}");
    match (fault, servers) {
        (Fault::NoSuchName, _) => in_hosts_file,
        (Fault::ServerFailure, _) if resolver.is_some() => format!("netfault diagnose dns {name}"),
        (Fault::ServerFailure, [_, other, ..]) => format!("netfault diagnose dns {name} --resolver {other}"),
        (Fault::ResolverSilent | Fault::UdpPortUnreachable, [server, ..]) if server.ip().is_loopback() => {
            list(Protocol::Udp, server.port())
        }
        (Fault::UdpPortUnreachable, [server, ..]) => format!("netfault diagnose udp {server}"),
        (Fault::ResolverSilent | Fault::TruncatedReply, [server, ..]) => {
            format!("netfault diagnose tcp {server}")
        }
        _ => explain,
    }
}

/// The command for a page; `url` is the one whose request failed, `failure` what ended it.
pub fn next_for_page(
    url: &str,
    failure: &Failure,
    verdict: Option<&Verdict>,
    evidence: &[Evidence],
) -> String {
    let fault = verdict.and_then(|verdict| verdict.fault);
    let fact = |wanted: &dyn Fn(&Fact) -> bool| evidence.iter().any(|one| wanted(&one.fact));
    let speaks_tls = fact(&|fact| matches!(fact, Fact::Certificate(_)));
    let plain = fact(
        &|fact| matches!(fact, Fact::FirstBytes { looks_like: Some(known), .. } if known.starts_with("HTTP")),
    );
    let address = failure.call.peer.map(|peer| peer.to_string()).unwrap_or_default();
    match (&failure.why, url.strip_prefix("http://"), url.strip_prefix("https://")) {
        (Why::Unresolved { name, .. }, ..) => format!("netfault diagnose dns {name}"),
        _ if matches!(failure.call.op, Op::Resolve | Op::Query) => "netfault explain dns timeout".to_owned(),
        (Why::NotHttp { .. } | Why::Status { .. } | Why::Closed, Some(rest), _) if speaks_tls => {
            format!("netfault diagnose http https://{rest}")
        }
        (Why::Tls { refusal: Refusal::NotTls, .. }, _, Some(rest)) if plain => {
            format!("netfault diagnose http http://{rest}")
        }
        (Why::Tls { refusal: Refusal::NotTls | Refusal::Closed, .. }, ..) => {
            format!("netfault diagnose tcp {address}")
        }
        (Why::Tls { .. }, ..) => format!("openssl s_client -connect {address} -showcerts"),
        (Why::Status { .. } | Why::Redirected { .. }, ..) => format!("curl -v {url}"),
        (Why::NotHttp { .. }, ..) if failure.call.peer.is_some_and(|peer| peer.ip().is_loopback()) => {
            list(Protocol::Tcp, failure.call.peer.map_or(0, |peer| peer.port()))
        }
        _ if failure.call.op == Op::Connect && failure.call.peer.is_some() => {
            format!("netfault diagnose tcp {address}")
        }
        _ => fault.map_or_else(|| format!("curl -v {url}"), |fault| format!("netfault explain {fault}")),
    }
}

/// The name of the error that a verdict without a cause starts from.
fn errno_behind<'a>(verdict: &Verdict, events: &'a [Event]) -> Option<&'a str> {
    verdict.because.iter().find_map(|because| match because {
        Because::Event(seq) => Some(events.get(*seq)?.what.failure()?.errno()?.name.as_ref()),
        Because::Evidence(_) => None,
    })
}

/// What lists who waits for clients on a port, on this platform.
fn list(protocol: Protocol, port: u16) -> String {
    match (Platform::HERE, protocol) {
        (Platform::Linux, Protocol::Tcp) => format!("ss -ltnp 'sport = :{port}'"),
        (Platform::Linux, Protocol::Udp) => format!("ss -lunp 'sport = :{port}'"),
        (Platform::Windows, _) => format!("netstat -ano -p {protocol} | findstr :{port}"),
        (_, Protocol::Tcp) => format!("lsof -nP -iTCP:{port} -sTCP:LISTEN"),
        (_, Protocol::Udp) => format!("lsof -nP -iUDP:{port}"),
    }
}

/// What a verdict cites.
struct Seen<'a> {
    evidence: &'a [Evidence],
    verdict: Option<&'a Verdict>,
}

impl<'a> Seen<'a> {
    /// The process that the verdict names, else the only one that was found.
    fn holder(&self) -> Option<&'a Process> {
        let process = |evidence: &'a Evidence| match &evidence.fact {
            Fact::Holder(process) => Some(process),
            _ => None,
        };
        let cited = self.verdict.into_iter().flat_map(|verdict| &verdict.because).find_map(|because| {
            let Because::Evidence(position) = because else { return None };
            self.evidence.get(*position).and_then(process)
        });
        cited.or_else(|| self.evidence.iter().find_map(process))
    }

    /// Whether packets to the address leave this host.
    fn is_elsewhere(&self, ip: IpAddr) -> bool {
        self.evidence
            .iter()
            .any(|one| matches!(&one.fact, Fact::Route { to, route: Route::Unicast { .. } } if *to == ip))
    }

    /// Rows of the last reading of a port.
    fn rows(&self, wanted: u16) -> impl Iterator<Item = &'a SocketRow> {
        let last = self.evidence.iter().rev().find_map(|one| match &one.fact {
            Fact::Sockets { port, rows, .. } if *port == wanted => Some(rows),
            _ => None,
        });
        last.into_iter().flatten()
    }
}

/// A listener's address as a client asks for it: a wildcard is reached by the loopback address of its family.
fn reachable(listener: SocketAddr) -> SocketAddr {
    let ip = match listener.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listener.port())
}

fn bracketed(ip: IpAddr) -> String {
    if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() }
}
