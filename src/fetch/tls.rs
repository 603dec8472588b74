//! TLS over a connected socket, RFC 8446, by rustls: the handshake, and why it failed where it did.

mod certificate;
mod trust;

use super::first_bytes::{Tapped, first_bytes};
use crate::evidence::Eyes;
use crate::failure::{Failure, Op, Refusal, Why};
use crate::trace::{Certificate, Fact, Secured, Source};
use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConfig, ClientConnection, Error, InvalidMessage};
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;

pub(super) use trust::Trust;

/// A TLS connection over a stream.
pub(super) struct Tls {
    connection: ClientConnection,
    pub(super) below: Tapped,
}

/// A handshake: what was seen of the other side, and the connection or what kept us from it.
pub(super) struct Handshake {
    pub(super) secured: Option<Secured>,
    pub(super) tls: Result<Tls, Failure>,
}

/// Makes a TLS connection with `host` over `below`; what the certificate says is kept by `eyes`, also when it is refused.
pub(super) fn handshake(eyes: &Eyes, mut below: Tapped, host: &str, trust: &Trust, now: &str) -> Handshake {
    let failed = |failure| Handshake { secured: None, tls: Err(failure) };
    let reject = |below: &Tapped, refusal, said: String| {
        below.socket().reject(Op::Receive, Why::Tls { refusal, said })
    };
    let Ok(name) = ServerName::try_from(host.to_owned()) else {
        return failed(reject(&below, Refusal::Other, format!("{host} cannot be the name of a TLS server")));
    };
    let checker = trust.checker();
    let config = match configuration(Arc::clone(&checker)) {
        Ok(config) => config,
        Err(error) => return failed(reject(&below, Refusal::Other, error.to_string())),
    };
    let mut connection = match ClientConnection::new(Arc::new(config), name) {
        Ok(connection) => connection,
        Err(error) => return failed(reject(&below, Refusal::Other, error.to_string())),
    };
    let mut done = Ok(());
    while connection.is_handshaking() && done.is_ok() {
        done = connection.complete_io(&mut below).map(drop);
    }
    let peer = below.socket().peer().unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], 0)));
    let shown = checker.shown().and_then(|(der, chain)| certificate::read(&der, chain, peer, host, now));
    if let Some(certificate) = &shown {
        eyes.keep((Source::Tls, Fact::Certificate(certificate.clone())));
    }
    match done {
        Ok(()) => {
            let version = connection.protocol_version().map_or("", |version| version.as_str().unwrap_or(""));
            let cipher = connection.negotiated_cipher_suite().map(|suite| suite.suite());
            let secured = Secured {
                version: version.replace('_', "."),
                cipher: cipher.and_then(|suite| suite.as_str()).unwrap_or("").to_owned(),
                certificate: shown,
                verified: trust.is_checked(),
            };
            Handshake { secured: Some(secured), tls: Ok(Tls { connection, below }) }
        }
        Err(error) => failed(why(eyes, &mut below, &error, shown.as_ref(), peer)),
    }
}

fn configuration(checker: Arc<trust::Checker>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.dangerous().with_custom_certificate_verifier(checker).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The failure behind what a handshake ended with.
fn why(
    eyes: &Eyes,
    below: &mut Tapped,
    error: &io::Error,
    shown: Option<&Certificate>,
    peer: SocketAddr,
) -> Failure {
    if let Some(failure) = below.failure() {
        return failure;
    }
    let reason = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let (refusal, said) = match reason {
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            (Refusal::Closed, "the other end closed during the handshake".to_owned())
        }
        None => (Refusal::Other, error.to_string()),
        Some(reason) => (refusal(reason, shown), said(reason, shown)),
    };
    if !matches!(
        refusal,
        Refusal::Expired
            | Refusal::NotYetValid
            | Refusal::WrongName
            | Refusal::UnknownIssuer
            | Refusal::SelfSigned
            | Refusal::Certificate
    ) && let Some(fact) = first_bytes(peer, below.began())
    {
        eyes.keep((Source::Tls, fact));
    }
    below.socket().reject(Op::Receive, Why::Tls { refusal, said })
}

fn refusal(reason: &Error, shown: Option<&Certificate>) -> Refusal {
    use rustls::AlertDescription::{HandshakeFailure, InsufficientSecurity, ProtocolVersion};
    let own = shown.is_some_and(|certificate| certificate.self_signed);
    match reason {
        Error::InvalidCertificate(error) => match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Refusal::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Refusal::NotYetValid
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Refusal::WrongName
            }
            // What is signed by itself often says, too, that it may sign others, and is refused for that.
            // An issuer of the same name may be known, whose key did not sign it.
            CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
            | CertificateError::Other(_)
                if own =>
            {
                Refusal::SelfSigned
            }
            CertificateError::UnknownIssuer => Refusal::UnknownIssuer,
            _ => Refusal::Certificate,
        },
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType
            | InvalidMessage::UnknownProtocolVersion
            | InvalidMessage::MessageTooLarge
            | InvalidMessage::InvalidEmptyPayload,
        ) => Refusal::NotTls,
        Error::AlertReceived(ProtocolVersion | HandshakeFailure | InsufficientSecurity)
        | Error::PeerIncompatible(_) => Refusal::NothingInCommon,
        Error::AlertReceived(_) => Refusal::Alert,
        _ => Refusal::Other,
    }
}

/// What is the matter, with what the certificate says.
fn said(reason: &Error, shown: Option<&Certificate>) -> String {
    match (refusal(reason, shown), shown) {
        (Refusal::Expired, Some(Certificate { not_after, .. })) => {
            format!("the certificate's time was over at {not_after}")
        }
        (Refusal::NotYetValid, Some(Certificate { not_before, .. })) => {
            format!("the certificate's time begins only at {not_before}")
        }
        (Refusal::WrongName, Some(Certificate { asked, names, .. })) => {
            let names = if names.is_empty() { "no name".to_owned() } else { names.join(", ") };
            format!("the certificate is for {names}, not for {asked}")
        }
        (Refusal::UnknownIssuer, Some(Certificate { issuer, .. })) => {
            format!("nobody here knows {issuer}, who signed the certificate")
        }
        (Refusal::SelfSigned, Some(_)) => {
            "the certificate is signed by itself, and nobody here knows it".to_owned()
        }
        (Refusal::NotTls, _) => "the other end does not speak TLS".to_owned(),
        _ => reason.to_string(),
    }
}

impl Read for Tls {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        rustls::Stream::new(&mut self.connection, &mut self.below).read(buffer)
    }
}

impl Write for Tls {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        rustls::Stream::new(&mut self.connection, &mut self.below).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        rustls::Stream::new(&mut self.connection, &mut self.below).flush()
    }
}
