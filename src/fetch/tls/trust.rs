//! Whose certificates are taken.

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::sync::{Arc, Mutex, PoisonError};
use x509_parser::prelude::{FromDer, X509Certificate};

/// Whose certificates are taken: those that issuers of this platform and of the user have signed; or everybody's.
#[derive(Clone, Debug)]
pub(in crate::fetch) struct Trust {
    verifier: Option<Arc<WebPkiServerVerifier>>,
    checked: bool,
    pinned: Arc<Vec<Vec<u8>>>,
}

impl Trust {
    /// Reads the issuers that this platform trusts, and adds `more` of them, in DER.
    pub(in crate::fetch) fn new(checked: bool, more: &[Vec<u8>]) -> Self {
        let mut roots = RootCertStore::empty();
        if checked {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            roots.add_parsable_certificates(more.iter().map(|der| CertificateDer::from(der.as_slice())));
        }
        let provider = Arc::new(ring::default_provider());
        // Without any issuer nothing can be checked, and nothing is taken.
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().ok();
        Self { verifier, checked, pinned: Arc::new(more.to_vec()) }
    }

    /// Whether certificates are checked at all.
    pub(in crate::fetch) fn is_checked(&self) -> bool {
        self.checked
    }

    /// What looks at one handshake.
    pub(super) fn checker(&self) -> Arc<Checker> {
        Arc::new(Checker { trust: self.clone(), provider: ring::default_provider(), shown: Mutex::default() })
    }
}

/// Checks the certificate of one handshake, and remembers it.
#[derive(Debug)]
pub(super) struct Checker {
    trust: Trust,
    provider: CryptoProvider,
    shown: Mutex<Option<(Vec<u8>, usize)>>,
}

impl Checker {
    /// The certificate that the server showed, in DER, and how many it sent.
    pub(super) fn shown(&self) -> Option<(Vec<u8>, usize)> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Checker {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = (end_entity.to_vec(), intermediates.len() + 1);
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
        if !self.trust.checked {
            return Ok(ServerCertVerified::assertion());
        }
        if self.trust.pinned.iter().any(|der| der.as_slice() == end_entity.as_ref()) {
            return pinned(end_entity, server_name, now);
        }
        match &self.trust.verifier {
            Some(verifier) => {
                verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
            None => Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A certificate that the user named needs no issuer; its time and its name count all the same. The certificates that
/// labs make for themselves say that they may sign others, and rustls takes none of those from a server.
fn pinned(
    certificate: &CertificateDer<'_>,
    server_name: &ServerName<'_>,
    now: UnixTime,
) -> Result<ServerCertVerified, Error> {
    let refused = |error| Err(Error::InvalidCertificate(error));
    let Ok((_, read)) = X509Certificate::from_der(certificate) else {
        return refused(CertificateError::BadEncoding);
    };
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if seconds > read.validity().not_after.timestamp() {
        return refused(CertificateError::Expired);
    }
    if seconds < read.validity().not_before.timestamp() {
        return refused(CertificateError::NotValidYet);
    }
    if !super::certificate::names(&read).iter().any(|name| is_for(name, &server_name.to_str())) {
        return refused(CertificateError::NotValidForName);
    }
    Ok(ServerCertVerified::assertion())
}

/// Whether a name of a certificate, which may begin with `*.`, is that of the server (RFC 9525 §6.3).
fn is_for(name: &str, server: &str) -> bool {
    let (name, server) = (name.to_ascii_lowercase(), server.to_ascii_lowercase());
    let first_label_aside = server.split_once('.').map(|(_, rest)| rest);
    name == server || name.strip_prefix("*.").is_some_and(|rest| first_label_aside == Some(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_label() {
        assert!(is_for("example.test", "EXAMPLE.test"));
        assert!(is_for("*.example.test", "www.example.test"));
        assert!(!is_for("*.example.test", "a.www.example.test"));
        assert!(!is_for("*.example.test", "example.test"));
    }
}
