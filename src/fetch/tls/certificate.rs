//! What a certificate says, RFC 5280.

use crate::trace::Certificate;
use chrono::{DateTime, SecondsFormat, Utc};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use x509_parser::prelude::{ASN1Time, FromDer, GeneralName, X509Certificate};

/// Reads a certificate in DER that `peer` showed when it was asked for `asked` at `seen`; `None` when it is none.
pub(super) fn read(
    der: &[u8],
    chain: usize,
    peer: SocketAddr,
    asked: &str,
    seen: &str,
) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    Some(Certificate {
        peer,
        asked: asked.to_owned(),
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        names: names(&certificate),
        not_before: written(certificate.validity().not_before),
        not_after: written(certificate.validity().not_after),
        seen: seen.to_owned(),
        self_signed: certificate.subject() == certificate.issuer(),
        chain,
    })
}

/// The host names and addresses that a certificate is for.
pub(super) fn names(certificate: &X509Certificate) -> Vec<String> {
    let alternatives = certificate.subject_alternative_name().ok().flatten();
    alternatives.iter().flat_map(|names| &names.value.general_names).filter_map(named).collect()
}

fn named(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(|octets| IpAddr::V4(Ipv4Addr::from(octets)));
            let v6 = || <[u8; 16]>::try_from(*bytes).map(|octets| IpAddr::V6(Ipv6Addr::from(octets)));
            v4.or_else(|_| v6()).ok().map(|ip| ip.to_string())
        }
        _ => None,
    }
}

fn written(time: ASN1Time) -> String {
    let time = DateTime::<Utc>::from_timestamp(time.timestamp(), 0).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
