//! A web server announces 100 bytes, sends 10 of them and closes in order; the client reads up to the end of the stream
//! and takes that for the page.

use crate::failure::Why;
use crate::peer::web_server::Says;
use crate::reproduce::pages::{WEB_SERVER, serving, url, whole};
use crate::reproduce::stage::{LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::Trouble;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor(WEB_SERVER), LOOPBACK_4)?;
    // The naive client has one, and so has the first attempt of the other.
    let server = stage.web_server(Says::ShortBody, 2);
    let met = serving(&listener, &server, 1, || {
        let page = stage.download_naively(address)?;
        let response = page.response()?;
        let (got, wanted) = ((page.bytes.len() - response.head_bytes) as u64, response.length);
        if wanted.is_none_or(|wanted| got >= wanted) {
            return Err(Trouble::broke("the whole body came"));
        }
        Ok(page.reject(Why::ShortBody { got, wanted }))
    })?;

    stage.recover(met, |_| {
        let fetched = serving(&listener, &server, 2, || stage.fetch(&url(address), &[]))?;
        whole(&fetched)
    })
}
