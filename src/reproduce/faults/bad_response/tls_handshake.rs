//! A web server shows a certificate by an authority that this client does not know, and the handshake ends there. Who then
//! turns the check off lets in everybody; who trusts the authority lets in this server and no other.

use crate::failure::Why;
use crate::reproduce::pages::{WEB_SERVER, serving, whole};
use crate::reproduce::stage::{LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::trace::{Check, Fetched};
use std::net::SocketAddr;

const LET_IN: &str = "let in";
const REFUSED: &str = "refused";

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor(WEB_SERVER), LOOPBACK_4)?;
    let (server, authority) = stage.secure_web_server(address)?;
    let met = serving(&listener, &server, 1, || {
        let fetched = stage.fetch(&secure(address), &[])?;
        fetched.failure.ok_or_else(|| Trouble::broke("an unknown authority was trusted"))
    })?;

    stage.recover(met, |checks| {
        let (elsewhere, other) = stage.listener(&stage.actor("impostor"), LOOPBACK_4)?;
        let (impostor, _) = stage.secure_web_server(other)?;
        let trusted = [authority];
        let unverified = || stage.fetch_unverified(&secure(other));
        let let_in = serving(&elsewhere, &impostor, 1, unverified)?;
        checks.push(Check::equal("check-turned-off", LET_IN, outcome(&let_in)));
        let verified = || stage.fetch(&secure(other), &trusted);
        let refused = serving(&elsewhere, &impostor, 1, verified)?;
        checks.push(Check::equal("impostor", REFUSED, outcome(&refused)));
        let fetched = serving(&listener, &server, 1, || stage.fetch(&secure(address), &trusted))?;
        whole(&fetched)
    })
}

fn secure(server: SocketAddr) -> String {
    format!("https://{server}/")
}

fn outcome(fetched: &Fetched) -> String {
    match &fetched.failure {
        None => LET_IN.to_owned(),
        Some(failure) if matches!(failure.why, Why::Tls { .. }) => REFUSED.to_owned(),
        Some(failure) => failure.to_string(),
    }
}
