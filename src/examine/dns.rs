//! A name: what programs get for it (getaddrinfo(3): hosts file, cache, name servers), and what each name server says
//! when it is asked on the wire.

use super::Examination;
use crate::diagnose;
use crate::failure::{Call, Failure, Op, Protocol, Why};
use crate::resolver::{self, Kind, Reply};
use crate::trace::{Deadline, Diagnosis, Fact, Health, Recorder, Source};
use std::net::{IpAddr, SocketAddr};
use std::thread;
use std::time::Duration;

/// How long a name server may take; glibc gives it 5 s.
const PATIENCE: Duration = Duration::from_secs(3);

/// Looks up `name`. Where `server` is given only that one is asked, and what it says counts; else the system's are
/// asked, and what programs get counts.
pub fn dns(recorder: &Recorder, name: &str, server: Option<SocketAddr>, by: &Deadline) -> Diagnosis {
    let examination = Examination::new(recorder, by);
    let servers = server.map_or_else(resolver::servers, |one| vec![one]);
    let looked_up = thread::scope(|scope| {
        let asking: Vec<_> = servers
            .iter()
            .flat_map(|server| Kind::ALL.map(|kind| (*server, kind)))
            .map(|(server, kind)| {
                scope.spawn({
                    let examination = &examination;
                    move || examination.ask_server(server, name, kind)
                })
            })
            .collect();
        let looked_up = examination.look_up(name);
        let replies: Vec<Option<Reply>> = asking.into_iter().filter_map(|ask| ask.join().ok()).collect();
        match server {
            Some(_) => examination.judged_by_wire(name, &replies),
            None => looked_up,
        }
    });
    let (events, evidence) = (recorder.events(), examination.eyes.seen());
    let verdict = looked_up.err().map(|failure| diagnose::judge(&failure, &events, &evidence));
    let status = match &verdict {
        None => Health::Healthy,
        Some(verdict) if verdict.fault.is_some() => Health::Fault,
        Some(_) => Health::Inconclusive,
    };
    let next = diagnose::next_for_name(name, verdict.as_ref(), servers.first().copied());
    let target = format!("dns {name}");
    Diagnosis { target, status, verdict, addresses: Vec::new(), hops: Vec::new(), evidence, events, next }
}

impl Examination {
    /// What programs get.
    fn look_up(&self, name: &str) -> Result<(), Failure> {
        let actor = self.recorder.actor("resolver");
        let looked_up = resolver::resolve(&actor, Protocol::Tcp, name, 0, &self.by);
        let addresses = looked_up.as_deref().unwrap_or_default().iter().map(SocketAddr::ip).collect();
        self.eyes.keep((Source::Getaddrinfo, Fact::Lookup { name: name.to_owned(), addresses }));
        looked_up.map(drop)
    }

    /// What a name server says; `None` when it says nothing.
    fn ask_server(&self, server: SocketAddr, name: &str, kind: Kind) -> Option<Reply> {
        let asked = resolver::name(name).ok()?;
        let actor = self.recorder.actor(&format!("question to {server} for {}", kind.name()));
        let kind_name = kind.name().to_owned();
        match resolver::ask(&actor, server, &asked, kind, &self.by.or_within(PATIENCE)) {
            Ok(reply) => {
                let Reply { code, addresses, over, truncated } = reply.clone();
                self.eyes.keep((
                    Source::Dns,
                    Fact::DnsReply {
                        server,
                        name: name.to_owned(),
                        kind: kind_name,
                        code,
                        aliases: Vec::new(),
                        addresses,
                        over,
                        truncated,
                    },
                ));
                Some(reply)
            }
            Err(failure) => {
                let errno =
                    failure.errno().filter(|_| !failure.is_timeout()).map(|errno| errno.name.to_string());
                self.eyes.keep((
                    Source::Dns,
                    Fact::DnsSilence { server, name: name.to_owned(), kind: kind_name, errno },
                ));
                None
            }
        }
    }

    /// What the one name server that was named makes of it.
    fn judged_by_wire(&self, name: &str, replies: &[Option<Reply>]) -> Result<(), Failure> {
        let found = |reply: &Reply| reply.addresses.iter().any(|address: &IpAddr| !address.is_unspecified());
        if replies.iter().flatten().any(found) {
            return Ok(());
        }
        let said: Vec<&str> = replies.iter().flatten().map(|reply| reply.code.as_str()).collect();
        let message = said.first().map_or("no reply", |code| code).to_owned();
        let why = Why::Unresolved { name: name.to_owned(), message };
        let call = Call::new(Op::Query, Protocol::Udp);
        let failure = Failure { call, why, elapsed: Duration::ZERO };
        Err(self.recorder.actor("name server").failed(failure))
    }
}
