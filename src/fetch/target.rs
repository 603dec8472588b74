//! What is to be fetched: a URL, or a bare name.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use url::{Host, Url};

/// A URL that can be fetched: `http` or `https`, a host, no user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    url: Url,
    host: String,
}

/// Why a text is no [`Target`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoTarget(String);

impl fmt::Display for NoTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::error::Error for NoTarget {}

impl Target {
    /// The whole URL, without a fragment.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// A name in ASCII (RFC 5891), or an address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port that is connected to.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(80)
    }

    /// Whether TLS is spoken.
    pub fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Where `location` leads from here (RFC 9110 §10.2.2).
    pub fn redirected_to(&self, location: &str) -> Result<Self, NoTarget> {
        let url = self.url.join(location).map_err(|error| NoTarget(format!("{location:?}: {error}")))?;
        Self::of(url)
    }

    fn of(mut url: Url) -> Result<Self, NoTarget> {
        if !["http", "https"].contains(&url.scheme()) {
            let scheme = url.scheme();
            return Err(NoTarget(format!("{scheme}: is not fetched here; expected http:// or https://")));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NoTarget(
                "the URL has user information before an @, which is not sent; leave it out".to_owned(),
            ));
        }
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(ip)) => ip.to_string(),
            Some(Host::Ipv6(ip)) => ip.to_string(),
            None => return Err(NoTarget("the URL has no host".to_owned())),
        };
        if url.port() == Some(0) {
            return Err(NoTarget("port 0 cannot be connected to; expected 1 to 65535".to_owned()));
        }
        url.set_fragment(None);
        Ok(Self { url, host })
    }
}

impl FromStr for Target {
    type Err = NoTarget;

    /// A URL, or a host with or without a port and a path, which is asked over HTTP.
    fn from_str(given: &str) -> Result<Self, NoTarget> {
        const SHAPE: &str = "expected one such as http://127.0.0.1:8080/ or example.org";
        if given.is_empty() || given.contains(char::is_whitespace) {
            return Err(NoTarget(format!("{given:?} is no URL; {SHAPE}")));
        }
        let whole = if given.contains("://") {
            given.to_owned()
        } else if given.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6()) {
            format!("http://[{given}]")
        } else {
            format!("http://{given}")
        };
        let url = Url::parse(&whole).map_err(|error| {
            let why = match error {
                url::ParseError::EmptyHost => "the host is missing".to_owned(),
                url::ParseError::InvalidPort => "a port is a number from 1 to 65535".to_owned(),
                other => other.to_string(),
            };
            NoTarget(format!("{given:?} is no URL: {why}; {SHAPE}"))
        })?;
        Self::of(url)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.url.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        text.parse::<Target>().map(|target| target.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_name_alone_is_asked_over_http() {
        assert_eq!(read("example.org").unwrap(), "http://example.org/");
        assert_eq!(read("localhost:8080/a?b#c").unwrap(), "http://localhost:8080/a?b");
        assert_eq!(read("::1").unwrap(), "http://[::1]/");
        assert_eq!(read("[::1]:8080").unwrap(), "http://[::1]:8080/");
        assert_eq!(read("HTTPS://Münch.EN/ä").unwrap(), "https://xn--mnch-0ra.en/%C3%A4");
        let target: Target = "https://example.org".parse().unwrap();
        assert_eq!((target.host(), target.port(), target.is_secure()), ("example.org", 443, true));
    }

    #[test]
    fn what_cannot_be_fetched_says_why() {
        for (given, said) in [
            ("", "is no URL"),
            ("http://", "the host is missing"),
            ("http://user:secret@example.org/", "user information"),
            ("http://example.org:70000/", "from 1 to 65535"),
            ("http://example.org:0/", "port 0"),
            ("ftp://example.org/", "expected http:// or https://"),
            ("http://256.1.1.1/", "is no URL"),
            ("http://[::1/", "is no URL"),
            ("two words", "is no URL"),
        ] {
            let why = read(given).unwrap_err();
            assert!(why.contains(said), "{given}: {why}");
        }
    }

    #[test]
    fn a_redirection_is_read_from_where_it_is_given() {
        let target: Target = "http://example.org/a/b".parse().unwrap();
        let to = |location| target.redirected_to(location).map(|target| target.to_string());
        assert_eq!(to("c"), Ok("http://example.org/a/c".to_owned()));
        assert_eq!(to("//other.test:81/"), Ok("http://other.test:81/".to_owned()));
        assert!(to("file:///etc/passwd").is_err());
    }
}
