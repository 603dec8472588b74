//! A packet on a link of a virtual network, and what became of it there.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::SocketAddr;

/// One packet, as it came in at an end of a link; or one that the network made itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Packet {
    /// The host that put it on the link.
    pub from: String,
    /// The host at the link's other end.
    pub to: String,
    /// Which way that is: `upstream` or `downstream`.
    pub stream: String,
    /// Who sent it; port 0 where it has none.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
    /// What it carries: `tcp`, `udp`, `icmp`, or a protocol's number.
    pub protocol: String,
    /// TCP's flags: `SYN`, `PSH ACK`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flags: Option<String>,
    /// Type and code of ICMP (RFC 792) or `ICMPv6` (RFC 4443).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icmp: Option<(u8, u8)>,
    /// Bytes from the IP header on.
    pub bytes: usize,
    /// Bytes of data in it.
    pub payload: usize,
    /// Packets that a wire would carry, where the host left the cutting to its network card (GSO).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<usize>,
    /// What became of it.
    pub fate: Fate,
    /// What rules did to it, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub did: Vec<Did>,
}

/// What becomes of a packet on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It goes on to the other end.
    Passed,
    /// It does not.
    Dropped,
    /// It does not, and its sender is told.
    Answered,
    /// The network made it.
    Made,
}

/// What one rule did to a packet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Did {
    /// The name of the rule; empty when it was the link itself.
    pub rule: String,
    /// What was done: `delayed`, `dropped`, `answered`, …
    pub did: String,
    /// With what, or why, where that is more: `RST`, `a host is down`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// By how long, in seconds, when it was a delay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<f64>,
}

impl Packet {
    /// What it is, in the words of its protocol: `SYN`, `PSH ACK, 5 bytes`, `ICMP type 3 code 1`.
    pub fn words(&self) -> String {
        let kind = match (&self.flags, self.icmp) {
            (Some(flags), _) => flags.clone(),
            (None, Some((kind, code))) => {
                let version = if self.source.is_ipv6() { "ICMPv6" } else { "ICMP" };
                return format!("{version} type {kind} code {code}");
            }
            (None, None) => self.protocol.to_uppercase(),
        };
        if self.payload == 0 { kind } else { format!("{kind}, {} bytes", self.payload) }
    }

    /// What became of it, in words: `dropped by hole`; empty when it simply passed.
    pub fn verdict(&self) -> String {
        let told = |one: &Did| {
            let by = one.by.map(|by| format!(" {:.1} ms", by * 1000.0)).unwrap_or_default();
            let with = one.with.as_ref().map(|with| format!(" ({with})")).unwrap_or_default();
            let rule = if one.rule.is_empty() { String::new() } else { format!(" by {}", one.rule) };
            format!("{}{by}{rule}{with}", one.did)
        };
        let did: Vec<String> = self.did.iter().map(told).collect();
        match self.fate {
            Fate::Made if did.is_empty() => "made by the network".to_owned(),
            Fate::Dropped if did.is_empty() => "dropped".to_owned(),
            _ => did.join(", "),
        }
    }
}

impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |address: &SocketAddr| match address.port() {
            0 => address.ip().to_string(),
            _ => address.to_string(),
        };
        write!(f, "{} {} → {}", self.words(), end(&self.source), end(&self.destination))?;
        let verdict = self.verdict();
        if verdict.is_empty() { Ok(()) } else { write!(f, ": {verdict}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_reads_as_what_it_is_and_what_became_of_it() {
        let syn = Packet {
            from: "client".into(),
            to: "router".into(),
            stream: "upstream".into(),
            source: "10.1.0.1:4000".parse().unwrap(),
            destination: "10.1.0.2:80".parse().unwrap(),
            protocol: "tcp".into(),
            flags: Some("SYN".into()),
            icmp: None,
            bytes: 60,
            payload: 0,
            segments: None,
            fate: Fate::Dropped,
            did: vec![Did { rule: "hole".into(), did: "dropped".into(), with: None, by: None }],
        };
        assert_eq!(syn.to_string(), "SYN 10.1.0.1:4000 → 10.1.0.2:80: dropped by hole");
        let delayed = Did { rule: "slow".into(), did: "delayed".into(), with: None, by: Some(0.0205) };
        let data = Packet {
            flags: Some("PSH ACK".into()),
            payload: 5,
            fate: Fate::Passed,
            did: vec![delayed],
            ..syn.clone()
        };
        assert_eq!(data.to_string(), "PSH ACK, 5 bytes 10.1.0.1:4000 → 10.1.0.2:80: delayed 20.5 ms by slow");
        let error = Packet {
            source: "[fd00:1::2]:0".parse().unwrap(),
            destination: "[fd00:1::1]:0".parse().unwrap(),
            protocol: "icmp".into(),
            flags: None,
            icmp: Some((1, 3)),
            fate: Fate::Made,
            did: Vec::new(),
            ..syn
        };
        assert_eq!(error.to_string(), "ICMPv6 type 1 code 3 fd00:1::2 → fd00:1::1: made by the network");
        let json = serde_json::to_string(&error).unwrap();
        assert_eq!(serde_json::from_str::<Packet>(&json).unwrap(), error);
    }
}
