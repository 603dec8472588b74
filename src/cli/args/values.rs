//! How single values are read, and what is said when they cannot be.

use crate::failure::Protocol;
use crate::fetch;
use crate::vnet::fit_name;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ipnet::IpNet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// A host and a port as they were written: `127.0.0.1:12345`, `[::1]:12345`, `localhost:12345`, or a bare port,
/// which means 127.0.0.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// A name, or an address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl Address {
    /// The address, when the host is one and not a name.
    pub(crate) fn literal(&self) -> Option<SocketAddr> {
        Some(SocketAddr::new(self.host.parse().ok()?, self.port))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        const SHAPE: &str = "expected HOST:PORT such as 127.0.0.1:12345, [::1]:12345 or a bare port";
        if let Ok(address) = given.parse::<SocketAddr>() {
            return Ok(Self { host: with_scope(address), port: address.port() });
        }
        if let Some((host, port)) = given.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
            let (ip, interface) = host.split_once('%').unwrap_or((host, ""));
            if ip.parse::<Ipv6Addr>().is_ok() && !interface.is_empty() {
                return Ok(Self { host: host.to_owned(), port: port_of(port)? });
            }
        }
        if given.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6()) {
            return Err(format!("an IPv6 address with a port needs brackets: [{given}]:12345"));
        }
        let (host, port) = match given.rsplit_once(':') {
            Some((host, port)) => (host, port),
            None if !given.is_empty() && given.bytes().all(|byte| byte.is_ascii_digit()) => {
                return Ok(Self { host: Ipv4Addr::LOCALHOST.to_string(), port: port_of(given)? });
            }
            None => return Err(format!("the port is missing; {SHAPE}")),
        };
        if host.is_empty() || host.contains([':', '[', ']', '/', ' ']) {
            return Err(format!("{host:?} is not a host; {SHAPE}"));
        }
        if host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && host.parse::<Ipv4Addr>().is_err()
        {
            return Err(format!(
                "{host} is not an IPv4 address: four numbers from 0 to 255, with dots between"
            ));
        }
        Ok(Self { host: host.to_owned(), port: port_of(port)? })
    }
}

/// The host, with the number of its interface where it has one.
fn with_scope(address: SocketAddr) -> String {
    match address {
        SocketAddr::V6(v6) if v6.scope_id() != 0 => format!("{}%{}", v6.ip(), v6.scope_id()),
        _ => address.ip().to_string(),
    }
}

fn port_of(given: &str) -> Result<u16, String> {
    given.parse().map_err(|_| format!("{given:?} is not a port: a port is a number from 0 to 65535"))
}

/// A server that is to be asked: a port that one can ask, and for link-local addresses the interface.
pub(super) fn peer(given: &str) -> Result<Address, String> {
    let address: Address = given.parse()?;
    if address.port == 0 {
        return Err(
            "port 0 means any free port, which only a server can ask for; expected 1 to 65535".to_owned()
        );
    }
    let lacks_scope = address.host.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_unicast_link_local());
    if lacks_scope {
        return Err(format!(
            "{0} is a link-local address: it needs the interface too, as in [{0}%eth0]:{1}",
            address.host, address.port
        ));
    }
    Ok(address)
}

/// A name to look up.
pub(super) fn name(given: &str) -> Result<String, String> {
    if given.parse::<IpAddr>().is_ok() {
        return Err(format!("{given} is an address already; expected a name such as example.org"));
    }
    if let Some((scheme, rest)) = given.split_once("://") {
        let host = rest.split(['/', ':', '?']).next().unwrap_or(rest);
        return Err(format!("{scheme}:// begins an URL; the name in it is {host}"));
    }
    if given.is_empty() || given.contains(['/', ':', ' ']) {
        return Err(format!("{given:?} is not a name; expected one such as example.org"));
    }
    crate::resolver::name(given).map_err(|why| format!("{given:?} is not a name: {why}"))?;
    Ok(given.to_owned())
}

/// What can be fetched.
pub(super) fn url(given: &str) -> Result<fetch::Target, String> {
    given.parse().map_err(|why: fetch::NoTarget| why.to_string())
}

/// A name server: an address, with or without a port.
pub(super) fn name_server(given: &str) -> Result<SocketAddr, String> {
    const PORT: u16 = 53;
    let bare = given.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, PORT));
    given.parse().or(bare).map_err(|_| {
        format!(
            "{given:?} is not the address of a name server; expected one such as 192.0.2.53 or [::1]:5353"
        )
    })
}

/// An address to listen on: no names, because a name may stand for several.
pub(super) fn listen_address(given: &str) -> Result<SocketAddr, String> {
    let address: Address = given.parse()?;
    address.literal().ok_or_else(|| {
        format!(
            "{:?} is a name; a server listens on addresses: 127.0.0.1:{1} or [::1]:{1}",
            address.host, address.port
        )
    })
}

/// A duration as humantime writes it, longer than nothing.
pub(super) fn duration(given: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(given)
        .map_err(|error| format!("{error}; expected a duration with a unit, such as 250ms, 2s or 1m 30s"))?;
    if duration.is_zero() {
        Err("a limit of no time at all can never be kept".to_owned())
    } else {
        Ok(duration)
    }
}

/// A seed.
pub(super) fn seed(given: &str) -> Result<u64, String> {
    given.parse().map_err(|_| "a seed is a whole number from 0 to 18446744073709551615".to_owned())
}

/// What a virtual network is called.
pub(super) fn network_name(given: &str) -> Result<String, String> {
    let fits = !given.is_empty() && fit_name(given) == given;
    fits.then(|| given.to_owned()).ok_or_else(|| "a name is up to 64 letters, digits, -, _ and .".to_owned())
}

/// A file for a result. Elsewhere `-` is stdout; here that is where results go unless a file is named.
pub(super) fn result_file(given: &str) -> Result<PathBuf, String> {
    if given == "-" {
        return Err(
            "- is no file; results go to stdout without this option (a whole page with --all)".to_owned()
        );
    }
    Ok(PathBuf::from(given))
}

/// A network, or one address of it.
pub(super) fn network(given: &str) -> Result<IpNet, String> {
    let one_address = given.parse::<IpAddr>().map(IpNet::from);
    given.parse::<IpNet>().or(one_address).map_err(|_| {
        format!("{given:?} is not a network; expected an address, a slash and a length: 192.168.1.0/24 or fd00::/8")
    })
}

/// The transports that a client speaks.
pub(super) const PROTOCOLS: &[Protocol] = &[Protocol::Tcp, Protocol::Udp];

/// The word for one.
pub(super) const fn protocol_name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}

/// One of a few words, each of which stands for a value.
pub(super) fn one_of<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    name: impl Fn(T) -> &'static str + Copy + Send + Sync + 'static,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(move |value| name(*value)))
        .try_map(move |word| named(all, name, &word).ok_or("no such word"))
}

/// The value that a word stands for.
pub(super) fn named<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, word: &str) -> Option<T> {
    all.iter().copied().find(|value| name(*value) == word)
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Colour {
    /// As `NO_COLOR` and `CLICOLOR_FORCE` say, else when a terminal reads.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Colour {
    /// Every choice.
    pub(crate) const ALL: &[Self] = &[Self::Auto, Self::Always, Self::Never];

    /// The word on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// The shape of results on stdout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For scripts.
    Json,
    /// One file for a browser.
    Html,
    /// For a repository or a wiki.
    Markdown,
    /// For a CI system.
    Junit,
    /// Who sent what to whom, as arrows.
    Sequence,
    /// A trace, to be rendered again.
    Ndjson,
}

impl Format {
    /// Every format.
    pub(crate) const ALL: &[Self] =
        &[Self::Text, Self::Json, Self::Html, Self::Markdown, Self::Junit, Self::Sequence, Self::Ndjson];

    /// Those of runs of scenarios.
    pub(crate) const OF_RUNS: &[Self] = &[Self::Text, Self::Json, Self::Junit, Self::Html, Self::Sequence];

    /// Those of a load.
    pub(crate) const OF_MEASURES: &[Self] = &[Self::Text, Self::Json, Self::Html];

    /// Those of graded submissions.
    pub(crate) const OF_GRADES: &[Self] = &[Self::Text, Self::Json, Self::Junit];

    /// Those that every command has.
    pub(crate) const COMMON: &[Self] = &[Self::Text, Self::Json];

    /// Those of the handbook.
    pub(crate) const HANDBOOK: &[Self] = &[Self::Text, Self::Json, Self::Html, Self::Markdown];

    /// Those of a saved trace.
    pub(crate) const RENDERED: &[Self] =
        &[Self::Text, Self::Json, Self::Junit, Self::Html, Self::Sequence, Self::Ndjson];

    /// The word on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Junit => "junit",
            Self::Sequence => "sequence",
            Self::Ndjson => "ndjson",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(given: &str) -> String {
        given.parse::<Address>().unwrap_err()
    }

    #[test]
    fn an_address_is_read_in_every_way_people_write_it() {
        for (given, shown) in [
            ("12345", "127.0.0.1:12345"),
            ("127.0.0.1:0", "127.0.0.1:0"),
            ("[::1]:12345", "[::1]:12345"),
            ("localhost:80", "localhost:80"),
        ] {
            assert_eq!(given.parse::<Address>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said() {
        assert!(refused("127.0.0.1:70000").contains("\"70000\" is not a port"));
        assert!(refused("70000").contains("not a port"));
        assert!(refused("localhost").contains("port is missing"));
        assert!(refused("::1").contains("[::1]:12345"));
        assert!(refused("256.1.1.1:80").contains("not an IPv4 address"));
        assert!(refused(":80").contains("not a host"));
        assert!(refused("").contains("port is missing"));
        assert!(listen_address("localhost:80").unwrap_err().contains("127.0.0.1:80"));
    }

    #[test]
    fn a_duration_needs_a_unit_and_some_time() {
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert!(duration("2").unwrap_err().contains("with a unit, such as"));
        assert!(duration("soon").unwrap_err().contains("expected a duration"));
        assert!(duration("0s").is_err());
    }
}
