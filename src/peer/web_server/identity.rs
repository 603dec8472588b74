//! Certificates, good and bad, made on the spot by an authority of their own. Nothing of them is kept, and nobody trusts
//! the authority who is not told to.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use std::error::Error;
use std::fmt::Write as _;
use std::sync::Arc;

/// The name that a certificate for another server has.
const ANOTHER_NAME: &str = "wrong.example";
const AUTHORITY: &str = "netfault's own authority";

/// What is the matter with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Nothing: whoever trusts the authority trusts it.
    Good,
    /// It is signed with its own key.
    SelfSigned,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// It is for another server.
    WrongName,
}

impl Paper {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::Good, Self::SelfSigned, Self::Expired, Self::NotYetValid, Self::WrongName];

    /// The word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::SelfSigned => "self-signed",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::WrongName => "wrong-name",
        }
    }

    /// The first years in and after its time.
    const fn years(self) -> (i32, i32) {
        match self {
            Self::Good | Self::SelfSigned | Self::WrongName => (2020, 2100),
            Self::Expired => (2020, 2021),
            Self::NotYetValid => (2099, 2100),
        }
    }
}

/// What a server shows of itself in a handshake.
#[derive(Clone, Debug)]
pub struct Identity {
    config: Arc<ServerConfig>,
    authority: Vec<u8>,
}

impl Identity {
    /// A new key with a certificate for `names` (host names and addresses), at least one, by a new authority.
    pub fn new(paper: Paper, names: &[String]) -> Result<Self, Box<dyn Error>> {
        let key = KeyPair::generate()?;
        let names = if paper == Paper::WrongName { vec![ANOTHER_NAME.to_owned()] } else { names.to_vec() };
        let leaf = leaf(paper, names)?;
        let (certificate, authority) = if paper == Paper::SelfSigned {
            let own = leaf.self_signed(&key)?.der().to_vec();
            (own.clone(), own)
        } else {
            let (params, signer) = (authority()?, KeyPair::generate()?);
            let root = params.self_signed(&signer)?.der().to_vec();
            (leaf.signed_by(&key, &Issuer::new(params, signer))?.der().to_vec(), root)
        };
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(certificate)],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )?;
        Ok(Self { config: Arc::new(config), authority })
    }

    /// The authority's certificate in DER: what a client has to trust so that it trusts the server. Of a certificate that
    /// signed itself, that one.
    pub fn authority(&self) -> &[u8] {
        &self.authority
    }

    /// The same in PEM, RFC 7468.
    pub fn authority_pem(&self) -> String {
        let encoded = BASE64_STANDARD.encode(&self.authority);
        let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
        let mut rest = encoded.as_str();
        while !rest.is_empty() {
            // Base64 is ASCII, so every place is one between two characters.
            let (line, after) = rest.split_at(rest.len().min(64));
            let _ = writeln!(pem, "{line}");
            rest = after;
        }
        pem.push_str("-----END CERTIFICATE-----\n");
        pem
    }

    pub(super) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }
}

fn leaf(paper: Paper, names: Vec<String>) -> Result<CertificateParams, rcgen::Error> {
    let common_name = names.first().cloned().unwrap_or_default();
    let mut params = CertificateParams::new(names)?;
    let (from, to) = paper.years();
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    params.distinguished_name = named(&common_name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = paper != Paper::SelfSigned;
    Ok(params)
}

fn authority() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2100, 1, 1);
    params.distinguished_name = named(AUTHORITY);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_certificate_can_be_made_and_its_authority_is_pem() {
        for paper in Paper::ALL {
            let identity = Identity::new(*paper, &["localhost".into(), "127.0.0.1".into()]).unwrap();
            let pem = identity.authority_pem();
            let lines: Vec<&str> = pem.lines().collect();
            let inside = lines[1..lines.len() - 1].concat();
            assert_eq!(BASE64_STANDARD.decode(inside).unwrap(), identity.authority(), "{}", paper.name());
            assert!(lines.iter().all(|line| line.len() <= 64));
        }
    }

    #[test]
    fn a_name_that_no_certificate_can_have_is_an_error() {
        assert!(Identity::new(Paper::Good, &["münchen".into()]).is_err());
    }
}
