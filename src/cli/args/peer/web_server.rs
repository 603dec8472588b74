//! What `netfault peer web-server` takes.

use super::super::values::one_of;
use super::ListenTcp;
use crate::peer::web_server::{Paper, Says, Settings};
use clap::Args;
use std::path::PathBuf;

/// What stands after its options.
pub(super) const MORE: &str = "\
One request a connection. The answers:
  page, chunked, until-close, gzip   the page: with its length, in chunks, up to the end, compressed
  latin-1, wrong-charset             the page in ISO-8859-1, which is said, or is not
  short-body, short-chunked          a body that ends before its end (bad-response/short-body)
  error                              a status that is no success (bad-response/error-status)
  not-http                           what an SSH server sends (bad-response/not-http)
  nothing                            the end of the connection (bad-response/no-reply)
  redirect, redirect-loop            elsewhere; and elsewhere again, without end
  binary-status, bad-chunk-size      what only looks like HTTP
  endless-headers, endless-body, gzip-bomb
                                     more than any client may take

With --tls its certificate is made anew each time it starts, by an authority that nobody trusts \
(bad-response/tls-handshake), unless told so: --authority writes what to trust.

Examples:
  netfault peer web-server --tcp 8080 --says short-body
  netfault peer web-server --tcp 8080 --says error --status 503 --first 2
  netfault peer web-server --tcp 8443 --tls expired
  netfault peer web-server --tcp 8443 --tls good --authority ca.pem
  curl --cacert ca.pem https://localhost:8443/";

/// The options of the web server.
#[derive(Debug, Args)]
pub(in crate::cli) struct WebServer {
    /// Where it listens.
    #[command(flatten)]
    pub listen: ListenTcp,
    /// What it answers
    #[arg(long, value_name = "WHAT", default_value = "page", value_parser = one_of(Says::ALL, Says::name))]
    pub says: Says,
    /// The status of --says error; with 429 and 503 it says when to come again (Retry-After: 1)
    #[arg(long, value_name = "CODE", default_value = "503", value_parser = clap::value_parser!(u16).range(400..=599))]
    pub status: u16,
    /// Where --says redirect leads; whoever asks for this gets the page
    #[arg(long, value_name = "PATH", default_value = "/page", value_parser = location)]
    pub location: String,
    /// Answer so many requests like that, and then give everyone the page [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub first: Option<u64>,
    /// Speak TLS, with a certificate that is good, or is not
    #[arg(long, value_name = "CERTIFICATE", value_parser = one_of(Paper::ALL, Paper::name))]
    pub tls: Option<Paper>,
    /// Write the certificate of the authority that signed the server's to this file, as PEM, for clients to trust
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub authority: Option<PathBuf>,
}

impl WebServer {
    /// What the server does.
    pub(in crate::cli) fn settings(&self) -> Settings {
        let Self { says, status, first, .. } = *self;
        Settings { says, status, location: self.location.clone(), first }
    }
}

/// What can stand in a header: `/page`, or a whole URL.
fn location(given: &str) -> Result<String, String> {
    if given.is_empty() || !given.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!("{given:?} cannot stand in a header; expected a path such as /page, or a URL"));
    }
    Ok(given.to_owned())
}
