//! The certificates in a file: issuers to trust. Reads bytes; whose file it is, it does not know.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::parse_x509_certificate;

/// Every certificate in `file` in DER: it is PEM (RFC 7468) with one or more, or DER itself. Tells what it is
/// instead when it has none.
pub fn issuers(file: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    if is_certificate(file) {
        return Ok(vec![file.to_vec()]);
    }
    let mut found = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(file) {
        let certificate = certificate.map_err(|error| format!("its PEM is broken: {error}"))?;
        if !is_certificate(&certificate) {
            return Err(format!("what stands as its certificate number {} is none", found.len() + 1));
        }
        found.push(certificate.to_vec());
    }
    if found.is_empty() {
        return Err(match other_section(file) {
            Some(kind) => format!("it holds a {kind} and no certificate"),
            None => "it holds no certificate".to_owned(),
        });
    }
    Ok(found)
}

fn is_certificate(der: &[u8]) -> bool {
    parse_x509_certificate(der).is_ok_and(|(rest, _)| rest.is_empty())
}

/// What a PEM file without certificates holds, in its own words: `PRIVATE KEY`.
fn other_section(file: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(file);
    let begin = text.lines().find_map(|line| line.trim().strip_prefix("-----BEGIN "))?;
    let kind = begin.strip_suffix("-----")?;
    let is_plain = kind.len() < 40 && kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b' ');
    is_plain.then(|| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::issuers;
    use base64::prelude::{BASE64_STANDARD, Engine as _};

    fn made() -> (String, Vec<u8>) {
        let issuer = rcgen::generate_simple_self_signed(["issuer.test".to_owned()]).unwrap();
        let der = issuer.cert.der().to_vec();
        (pem("CERTIFICATE", &der), der)
    }

    fn pem(kind: &str, der: &[u8]) -> String {
        format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", BASE64_STANDARD.encode(der))
    }

    #[test]
    fn every_certificate_of_a_file_is_read() {
        let ((one, first), (two, second)) = (made(), made());
        assert_eq!(issuers(format!("text before\n{one}{two}").as_bytes()), Ok(vec![first.clone(), second]));
        assert_eq!(issuers(&first), Ok(vec![first]));
    }

    #[test]
    fn a_file_without_one_says_what_it_is() {
        let key = pem("PRIVATE KEY", b"nobody reads it");
        assert_eq!(issuers(key.as_bytes()), Err("it holds a PRIVATE KEY and no certificate".to_owned()));
        assert_eq!(issuers(b""), Err("it holds no certificate".to_owned()));
        assert_eq!(issuers(b"\xff\0\n"), Err("it holds no certificate".to_owned()));
        let broken = "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n";
        assert!(issuers(broken.as_bytes()).unwrap_err().starts_with("its PEM is broken"));
        let nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(issuers(nonsense.as_bytes()).unwrap_err().contains("number 1 is none"));
    }
}
