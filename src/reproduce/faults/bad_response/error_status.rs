//! A web server is overloaded and says so, with status 503 and when to come again; the client takes its text for the
//! page.

use crate::failure::Why;
use crate::peer::web_server::Says;
use crate::reproduce::pages::{WEB_SERVER, serving, url, whole};
use crate::reproduce::stage::{LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::trace::{Check, Fetched};
use std::time::Duration;

/// What the server asks for with `Retry-After`.
const ASKED: Duration = Duration::from_secs(1);

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor(WEB_SERVER), LOOPBACK_4)?;
    // The naive client gets one, and so does the first attempt of the other.
    let server = stage.web_server(Says::Error, 2);
    let met = serving(&listener, &server, 1, || {
        let page = stage.download_naively(address)?;
        let code = page.response()?.status;
        Ok(page.reject(Why::Status { code }))
    })?;

    stage.recover(met, |checks| {
        let fetched = serving(&listener, &server, 2, || stage.fetch(&url(address), &[]))?;
        let waited = if waited(&fetched) >= ASKED { "after 1 s or more" } else { "sooner" };
        checks.push(Check::equal("retry-after", "after 1 s or more", waited));
        whole(&fetched)
    })
}

/// From the end of the first attempt to the beginning of the second.
fn waited(fetched: &Fetched) -> Duration {
    let stages = |attempt: usize| fetched.hops.get(attempt).map_or(&[][..], |hop| &hop.stages);
    let ended = stages(0).last().map_or(Duration::ZERO, |stage| stage.at + stage.took);
    stages(1).first().map_or(Duration::ZERO, |stage| stage.at.saturating_sub(ended))
}
