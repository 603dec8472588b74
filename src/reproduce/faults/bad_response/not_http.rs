//! On the port listens an SSH server and no web server; the client takes its greeting for the page.

use crate::failure::Why;
use crate::peer::web_server::Says;
use crate::reproduce::pages::{WEB_SERVER, serving, url, whole};
use crate::reproduce::stage::{LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::trace::{Check, Fact, Fetched};

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (ssh, wrong) = stage.listener(&stage.actor("SSH server"), LOOPBACK_4)?;
    let greeting = stage.web_server(Says::NotHttp, u64::MAX);
    let met = serving(&ssh, &greeting, 1, || {
        let page = stage.download_naively(wrong)?;
        let Some(Fact::FirstBytes { looks_like: Some(protocol), .. }) = &page.seen else {
            return Err(Trouble::broke("something else came than an SSH server sends"));
        };
        Ok(page.reject(Why::NotHttp { said: format!("it begins as {protocol} does") }))
    })?;

    stage.recover(met, |checks| {
        let refused = serving(&ssh, &greeting, 1, || stage.fetch(&url(wrong), &[]))?;
        checks.push(Check::equal("wrong-port", "not HTTP, asked once", outcome(&refused)));
        let (listener, right) = stage.listener(&stage.actor(WEB_SERVER), LOOPBACK_4)?;
        let server = stage.web_server(Says::Page, 1);
        whole(&serving(&listener, &server, 1, || stage.fetch(&url(right), &[]))?)
    })
}

fn outcome(fetched: &Fetched) -> String {
    match (&fetched.failure, fetched.hops.len()) {
        (Some(failure), 1) if matches!(failure.why, Why::NotHttp { .. }) => "not HTTP, asked once".to_owned(),
        (Some(failure), times) => format!("{failure}, asked {times} times"),
        (None, _) => "a page".to_owned(),
    }
}
