//! A name: what programs get for it (getaddrinfo(3): hosts file, cache, name servers), and what each name server says
//! when it is asked on the wire.

use super::Examination;
use crate::diagnose;
use crate::failure::{Call, Failure, Op, Protocol, Why};
use crate::resolver::{self, Answer, Asking, Kind};
use crate::trace::{Deadline, Diagnosis, Fact, Health, Recorder, Source};
use std::net::{IpAddr, SocketAddr};
use std::thread;
use std::time::Duration;

/// How often a name server is asked that says nothing: one datagram may be lost.
const TIMES: usize = 2;
/// How long it may take each time.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How much longer than for a name server of the user's own getaddrinfo(3) is waited for, which asks others.
const A_MOMENT: Duration = Duration::from_millis(200);

/// Looks up `name`. Where `server` is given only that one is asked, and what it says counts; else the system's are
/// asked, and what programs get counts.
pub fn dns(recorder: &Recorder, name: &str, server: Option<SocketAddr>, by: &Deadline) -> Diagnosis {
    let examination = Examination::new(recorder, by);
    let servers = server.map_or_else(resolver::servers, |one| vec![one]);
    examination.look_into_hosts_file(name);
    let looked_up = match server {
        Some(server) => {
            let system = resolver::beside(name, by);
            let answers = examination.ask_servers(&servers, name, || ()).0;
            if let Ok(addresses) = system.recv_timeout(by.left().unwrap_or_default().min(A_MOMENT)) {
                examination.keep_lookup(name, addresses);
            }
            examination.judged_by_wire(name, server, &answers)
        }
        None => examination.ask_servers(&servers, name, || examination.look_up(name)).1,
    };
    let (events, evidence) = (recorder.events(), examination.eyes.seen());
    let verdict = looked_up.err().map(|failure| diagnose::judge(&failure, &events, &evidence));
    let status = match &verdict {
        None => Health::Healthy,
        Some(verdict) if verdict.fault.is_some() => Health::Fault,
        Some(_) => Health::Inconclusive,
    };
    let next = diagnose::next_for_name(name, verdict.as_ref(), server, &servers, &evidence);
    let target = format!("dns {name}");
    Diagnosis { target, status, verdict, addresses: Vec::new(), hops: Vec::new(), evidence, events, next }
}

impl Examination {
    /// What programs find before any name server is asked.
    fn look_into_hosts_file(&self, name: &str) {
        let fact = Fact::HostsFile { name: name.to_owned(), addresses: resolver::hosts(name) };
        self.eyes.keep((Source::Hosts, fact));
    }

    /// Asks all of them for both kinds, side by side, and does `beside` meanwhile.
    fn ask_servers<T>(
        &self,
        servers: &[SocketAddr],
        name: &str,
        beside: impl FnOnce() -> T,
    ) -> (Vec<Answer>, T) {
        thread::scope(|scope| {
            let pairs = servers.iter().flat_map(|server| Kind::ALL.map(|kind| (*server, kind)));
            let asking: Vec<_> = pairs
                .map(|(server, kind)| scope.spawn(move || self.ask_server(server, name, kind)))
                .collect();
            let beside = beside();
            (asking.into_iter().filter_map(|ask| ask.join().ok()?).collect(), beside)
        })
    }

    /// What programs get.
    fn look_up(&self, name: &str) -> Result<(), Failure> {
        let actor = self.recorder.actor("resolver");
        let looked_up = resolver::resolve(&actor, Protocol::Tcp, name, 0, &self.by);
        let addresses = looked_up.as_deref().unwrap_or_default().iter().map(SocketAddr::ip).collect();
        self.keep_lookup(name, addresses);
        looked_up.map(drop)
    }

    fn keep_lookup(&self, name: &str, addresses: Vec<IpAddr>) {
        self.eyes.keep((Source::Getaddrinfo, Fact::Lookup { name: name.to_owned(), addresses }));
    }

    /// What a name server says; `None` when there was no time to ask it.
    fn ask_server(&self, server: SocketAddr, text: &str, kind: Kind) -> Option<Answer> {
        let name = &resolver::name(text).ok()?;
        let actor = &self.recorder.actor(&format!("question to {server} for {}", kind.name()));
        let mut answer = None;
        for left in (1..=TIMES).rev() {
            let share = self.by.left()? / u32::try_from(left).unwrap_or(1);
            let patience = PATIENCE.min(share);
            let asking = Asking { actor, server, name, text, kind, patience, by: &self.by };
            answer = Some(resolver::ask(&asking, &mut |fact| drop(self.eyes.keep(fact))));
            if !matches!(answer, Some(Answer::Silent { errno: None })) {
                break;
            }
        }
        answer
    }

    /// What the one name server that was named makes of it.
    fn judged_by_wire(&self, name: &str, server: SocketAddr, answers: &[Answer]) -> Result<(), Failure> {
        if answers.iter().any(|answer| matches!(answer, Answer::Found { .. })) {
            return Ok(());
        }
        let surest = answers.iter().max_by_key(|answer| answer.sureness());
        let message = surest.map_or("no reply".to_owned(), Answer::message);
        let why = Why::Unresolved { name: name.to_owned(), message };
        let call = Call { peer: Some(server), ..Call::new(Op::Query, Protocol::Udp) };
        let failure = Failure { call, why, elapsed: Duration::ZERO };
        Err(self.recorder.actor("name server").failed(failure))
    }
}
