//! Name servers of the stage's own, and what its programs ask them.

use super::stage::{LOOPBACK_4, PATIENCE, PATIENCE_OF_NAIVE, Stage};
use super::trouble::Trouble;
use crate::evidence::Eyes;
use crate::failure::{Call, Failure, Op, Protocol, Why};
use crate::naive;
use crate::peer::Serve as _;
use crate::peer::name_server::{ADDRESSES, NameServer};
use crate::resolver::{self, Families, Kind, Settings};
use crate::socket::Socket;
use crate::trace::Resolved;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The name that everybody looks up; the domain is nobody's, RFC 6761 §6.2.
pub(super) const NAME: &str = "www.example.test";
/// How soon a server of the stage sees that the play is over.
const GLANCE: Duration = Duration::from_millis(20);
/// The longest datagram.
const LONGEST: usize = 65_535;

/// A name server of the stage.
pub(super) struct Waiting {
    pub(super) role: NameServer,
    pub(super) socket: Socket,
    pub(super) address: SocketAddr,
}

impl Stage {
    /// A name server on a free UDP port; it answers while [`Self::while_answering`] lasts.
    pub(super) fn name_server(&self, actor: &str, role: NameServer) -> Result<Waiting, Trouble> {
        let (socket, address) = self.bound(&self.actor(actor), Protocol::Udp, LOOPBACK_4)?;
        Ok(Waiting { role, socket, address })
    }

    /// Does `act`, while these name servers answer what they are asked.
    pub(super) fn while_answering<T>(
        servers: &[&Waiting],
        act: impl FnOnce() -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            for server in servers {
                scope.spawn(|| server.answer_until(&over));
            }
            let ends_servers = Ends(&over);
            let acted = act();
            drop(ends_servers);
            acted
        })
    }

    /// The naive program looks `name` up, and takes what comes for its address.
    pub(super) fn naive_look_up(&self, server: SocketAddr, name: &str) -> Result<Ipv4Addr, Failure> {
        naive::name::resolve(&self.actor("naive client"), server, name, PATIENCE_OF_NAIVE)
    }

    /// The naive program looks `name` up and takes for an address what is none. A question of the stage's own shows what
    /// the name server says, and that is why the name has no address.
    pub(super) fn naive_takes_another(&self, server: SocketAddr, name: &str) -> Result<Failure, Trouble> {
        let taken = self.naive_look_up(server, name)?;
        if ADDRESSES.contains(&IpAddr::V4(taken)) {
            return Err(Trouble::broke("the naive program met no fault"));
        }
        let asked = resolver::name(name).map_err(Trouble::broke)?;
        let by = self.recorder().deadline(PATIENCE);
        let reply = resolver::over_udp(&self.actor("probe"), server, &asked, Kind::A, &by)?;
        self.eyes().keep(reply.as_fact(server, name, Kind::A));
        let said = if reply.truncated { "that it is cut off (TC)".to_owned() } else { reply.code };
        let message = format!("{taken} is taken for it, the end of a reply that says {said}");
        let call = Call { peer: Some(server), ..Call::new(Op::Query, Protocol::Udp) };
        let why = Why::Unresolved { name: name.to_owned(), message };
        Ok(self.actor("naive client").failed(Failure { call, why, elapsed: Duration::ZERO }))
    }

    /// The hardened program looks `name` up at these name servers. What it sees is no evidence of what the naive one met.
    pub(super) fn look_up(&self, name: &str, servers: &[SocketAddr]) -> Result<Resolved, Failure> {
        let settings = Settings { servers: Some(servers.to_vec()), families: Families::V4 };
        let by = self.recorder().deadline(PATIENCE);
        let eyes = Eyes::new(self.recorder());
        resolver::find(&self.actor("hardened client"), &eyes, name, &settings, &by)
    }
}

impl Waiting {
    fn answer_until(&self, over: &AtomicBool) {
        while !over.load(Ordering::Relaxed) {
            // What cannot be read or sent is missed by the one who waits for it.
            if self.socket.comes_within(GLANCE).unwrap_or_default()
                && let Ok((question, client)) = self.socket.receive_from(LONGEST)
                && let Some(reply) = self.role.datagram(&question)
            {
                let _ = self.socket.send_to(&reply, client);
            }
        }
    }
}

/// Ends servers also when what was done beside them panics.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
