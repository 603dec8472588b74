//! Looks at a target of the user's own: makes the call that their program makes, reads the live system beside it, and
//! has the rules judge. It changes nothing: it sends at most what a connect sends (over UDP one empty datagram), and
//! binds for no longer than it takes to see that it can.

mod bind;
mod dns;
mod http;
mod page;
mod tcp;
mod udp;

pub use bind::bind;
pub use dns::dns;
pub use http::http;
pub use page::page;
pub use tcp::tcp;
pub use udp::udp;

use crate::diagnose;
use crate::evidence::Eyes;
use crate::failure::{Failure, Protocol};
use crate::socket::Socket;
use crate::trace::{Deadline, Diagnosis, Fact, Health, Reached, Recorder, Route, SocketRow};
use std::net::{IpAddr, SocketAddr};
use std::thread;

/// More addresses than this of one name are not looked at.
pub const MOST_ADDRESSES: usize = 64;

/// One look at one target: the trace, and what was seen.
struct Examination {
    recorder: Recorder,
    eyes: Eyes,
    by: Deadline,
}

/// What became of one address.
struct Found {
    /// The call that failed, if one did.
    failure: Option<Failure>,
    status: Health,
}

impl Found {
    fn healthy() -> Self {
        Self { failure: None, status: Health::Healthy }
    }

    fn failed(failure: Failure) -> Self {
        Self { failure: Some(failure), status: Health::Fault }
    }
}

impl Examination {
    fn new(recorder: &Recorder, by: &Deadline) -> Self {
        Self { recorder: recorder.clone(), eyes: Eyes::new(recorder), by: by.clone() }
    }

    /// Looks at every address, side by side.
    fn each(
        &self,
        addresses: &[SocketAddr],
        look: fn(&Self, SocketAddr) -> Found,
    ) -> Vec<(SocketAddr, Found)> {
        if addresses.len() > MOST_ADDRESSES {
            let left_out = addresses.len() - MOST_ADDRESSES;
            self.recorder.actor("resolver").note(&format!("{left_out} more addresses are not looked at"));
        }
        let addresses = &addresses[..addresses.len().min(MOST_ADDRESSES)];
        thread::scope(|scope| {
            let looks: Vec<_> =
                addresses.iter().map(|address| scope.spawn(move || look(self, *address))).collect();
            let looked = looks.into_iter().zip(addresses);
            looked.filter_map(|(look, address)| Some((*address, look.join().ok()?))).collect()
        })
    }

    /// Whether the address is this host's own. What no reader shows is not this host's.
    fn is_here(&self, address: IpAddr) -> bool {
        let routed = self.eyes.route(address);
        address.is_loopback() || matches!(routed, Ok(Fact::Route { route: Route::Local, .. }))
    }

    /// The socket table for a port; empty where no reader shows it.
    fn sockets(&self, protocol: Protocol, port: u16) -> Vec<SocketRow> {
        self.eyes.sockets(protocol, port).unwrap_or_default()
    }

    /// ICMP errors that came to `socket`.
    fn icmp_errors(&self, socket: &Socket, peer: SocketAddr) {
        // A socket without an error queue shows none; the rules then are less sure.
        let _ = self.eyes.icmp_errors(socket.as_inner(), peer);
    }

    /// The diagnosis, when each of `addresses` was looked at.
    fn diagnosis(self, protocol: Protocol, target: String, addresses: Vec<(SocketAddr, Found)>) -> Diagnosis {
        let (events, evidence) = (self.recorder.events(), self.eyes.seen());
        let reached: Vec<Reached> = addresses
            .into_iter()
            .map(|(address, found)| {
                let verdict = found.failure.map(|failure| diagnose::judge(&failure, &events, &evidence));
                let told = verdict.as_ref().is_none_or(|verdict| verdict.fault.is_some());
                let status = if told { found.status } else { Health::Inconclusive };
                Reached { address, status, verdict }
            })
            .collect();
        let rank = |one: &&Reached| {
            let confidence = one.verdict.as_ref().map(|verdict| verdict.confidence);
            (one.status == Health::Fault, one.status == Health::Inconclusive, confidence)
        };
        // Of equals the first: that is the one which programs meet.
        let worst = reached.iter().rev().max_by_key(rank);
        let status = worst.map_or(Health::Inconclusive, |one| one.status);
        let verdict = worst.and_then(|one| one.verdict.clone());
        let next = diagnose::next(
            protocol,
            worst.map(|one| one.address),
            status,
            verdict.as_ref(),
            &events,
            &evidence,
        );
        Diagnosis { target, status, verdict, addresses: reached, hops: Vec::new(), evidence, events, next }
    }
}
