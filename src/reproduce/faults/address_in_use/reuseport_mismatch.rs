//! Workers share a port with `SO_REUSEPORT`; another one comes without the option.

use super::ask;
use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{LOOPBACK_4, Recovery, Shown, Stage, errno_of};
use crate::reproduce::trouble::Trouble;
use crate::socket::{Choice, Socket};
use crate::trace::Check;
use std::net::SocketAddr;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let first = stage.actor("first worker");
    let (worker, address) = stage.bound_with(&first, Tcp, LOOPBACK_4, &[Choice::ReusePort])?;
    worker.listen(1)?;
    let met = ask(stage, Tcp, address)?;

    stage.recover(met, |checks| {
        let second = stage.actor("second worker");
        let other_option = errno_of(&Stage::server(&second, address));
        checks.push(Check::equal("reuse-address-instead", "EADDRINUSE", other_option));
        checks.push(Check::equal("only-the-second", "EADDRINUSE", only_the_second(stage)?));
        let sharing = Socket::new(&second, Tcp, address)?.with(Choice::ReusePort)?;
        sharing.bind(address)?;
        sharing.listen(1)?;
        Ok(Recovery { result: format!("both listen on {address}"), attempts: 1, met: None })
    })
}

/// The other way round: who came first does not share.
fn only_the_second(stage: &Stage) -> Result<String, Trouble> {
    let (_plain, address): (_, SocketAddr) = stage.listener(&stage.actor("plain server"), LOOPBACK_4)?;
    let sharing = Socket::new(&stage.actor("second worker"), Tcp, address)?.with(Choice::ReusePort)?;
    Ok(errno_of(&sharing.bind(address)))
}
