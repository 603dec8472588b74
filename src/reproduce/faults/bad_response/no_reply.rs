//! A web server takes the request and closes in order without a byte; to the client the page is an empty text.

use crate::failure::Protocol::Tcp;
use crate::failure::Why;
use crate::peer::web_server::Says;
use crate::reproduce::pages::{WEB_SERVER, serving, url, whole};
use crate::reproduce::stage::{LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::Trouble;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor(WEB_SERVER), LOOPBACK_4)?;
    // The naive client gets none, nor does the first attempt of the other.
    let server = stage.web_server(Says::Nothing, 2);
    let met = serving(&listener, &server, 1, || {
        let page = stage.download_naively(address)?;
        if !page.bytes.is_empty() {
            return Err(Trouble::broke("something came"));
        }
        let met = page.reject(Why::Closed);
        // The client still has its end, which shows that the other one closed, and what it took before.
        stage.sockets(Tcp, address.port())?;
        Ok(met)
    })?;

    stage.recover(met, |_| {
        let fetched = serving(&listener, &server, 2, || stage.fetch(&url(address), &[]))?;
        whole(&fetched)
    })
}
