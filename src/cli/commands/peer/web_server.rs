//! The web server of `netfault peer`: its certificate, made when it starts.

use crate::cli::args;
use crate::cli::exit::{Exit, Problem};
use crate::cli::output::Output;
use crate::peer::web_server::{Identity, WebServer};
use crate::trace::Recorder;
use std::net::Ipv6Addr;

/// The role, with the authority's certificate written to where a client reads it.
pub(super) fn role(args: &args::WebServer, recorder: &Recorder) -> Result<WebServer, Problem> {
    let output = args.authority.as_deref().map(Output::to).transpose()?;
    let identity = args.tls.map(|paper| Identity::new(paper, &names(args))).transpose();
    let identity = identity
        .map_err(|error| Problem::new(Exit::Internal, format!("cannot make a certificate: {error}")))?;
    if let (Some(output), Some(identity)) = (output, &identity) {
        output.write(&identity.authority_pem())?;
    }
    Ok(WebServer::new(recorder, args.settings(), identity))
}

/// What a client on this host may call the server.
fn names(args: &args::WebServer) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), Ipv6Addr::LOCALHOST.to_string()];
    for address in &args.listen.tcp {
        let ip = address.ip();
        if !ip.is_unspecified() && !names.contains(&ip.to_string()) {
            names.push(ip.to_string());
        }
    }
    names
}
