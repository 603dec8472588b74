//! What a fault may borrow: actors that write into its trace, eyes on the live system, listeners on free ports.

use crate::diagnose;
use crate::evidence::{self, Absent};
use crate::failure::{Failure, Op, Protocol};
use crate::socket::{Choice, Socket};
use crate::trace::{Actor, Arm, Check, Event, Evidence, Fact, Recorder, SocketRow, Source, Verdict, What};
use crate::transform;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

/// IPv4 loopback.
pub(super) const LOOPBACK_4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// IPv6 loopback.
pub(super) const LOOPBACK_6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// What clients on the stage ask.
pub(super) const LINE: &str = "Ipin";
/// How long naive programs on the stage wait for a reply, where by themselves they would wait for ever.
pub(super) const PATIENCE_OF_NAIVE: Duration = Duration::from_millis(600);
/// How long the stage waits for anything it set in motion itself.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections that a listener of the stage may have waiting.
const BACKLOG: i32 = 16;
/// How many ports are looked at before the stage gives up finding one for itself.
const PORTS_TRIED: usize = 16;
/// Between two looks at the live system, which tells nobody when it changes.
const GLANCE: Duration = Duration::from_millis(10);

/// One fault's trace and evidence.
#[derive(Debug)]
pub struct Stage {
    recorder: Recorder,
    evidence: Mutex<Vec<Evidence>>,
    seed: u64,
    recovers: bool,
}

/// Why a fault could not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// This platform or this user lacks something.
    Unsupported {
        /// What it needs.
        needs: String,
    },
    /// The stage itself broke, or the fault did not happen.
    Broke {
        /// What went wrong.
        why: String,
    },
}

/// How someone recovered.
#[derive(Clone, Debug)]
pub(super) struct Recovery {
    /// What was got in the end: a reply, an address.
    pub result: String,
    /// Attempts that it took.
    pub attempts: u32,
    /// The last failure that was met on the way.
    pub met: Option<Failure>,
}

/// What was shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// How the naive program ended.
    pub met: Failure,
    /// What the hardened program, or the fix, made of it; `None` when nobody was to recover.
    pub hardened: Option<Arm>,
    /// What else had to hold.
    pub checks: Vec<Check>,
}

impl Stage {
    /// An empty stage. Without `recovers` nobody recovers on it.
    pub fn new(seed: u64, recovers: bool) -> Self {
        Self { recorder: Recorder::new(), evidence: Mutex::default(), seed, recovers }
    }

    /// The trace.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Where the randomness of retry delays comes from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Someone who acts on this stage.
    pub fn actor(&self, name: &str) -> Actor {
        self.recorder.actor(name)
    }

    /// A listener on a free port of `ip`, and its address.
    pub fn listener(&self, actor: &Actor, ip: IpAddr) -> Result<(Socket, SocketAddr), Trouble> {
        let (socket, address) = self.bound(actor, Protocol::Tcp, ip)?;
        socket.listen(BACKLOG)?;
        Ok((socket, address))
    }

    /// A socket on a free port of `ip`, and its address. An IPv6 socket takes IPv6 only.
    pub fn bound(
        &self,
        actor: &Actor,
        protocol: Protocol,
        ip: IpAddr,
    ) -> Result<(Socket, SocketAddr), Trouble> {
        self.bound_with(actor, protocol, ip, &[])
    }

    /// The same with options. It waits for nothing longer than the stage does. No other socket of either protocol and family has the port, so that what is seen
    /// of it is this fault's own.
    pub fn bound_with(
        &self,
        actor: &Actor,
        protocol: Protocol,
        ip: IpAddr,
        choices: &[Choice],
    ) -> Result<(Socket, SocketAddr), Trouble> {
        let any_port = SocketAddr::new(ip, 0);
        let v6_only = ip.is_ipv6().then_some(Choice::V6Only(true));
        for _ in 0..PORTS_TRIED {
            let mut socket =
                Socket::new(actor, protocol, any_port).map_err(|failure| no_family(ip, failure))?;
            let limit = Choice::ReadLimit(PATIENCE);
            for choice in choices.iter().copied().chain(v6_only).chain([limit]) {
                socket = socket.with(choice)?;
            }
            socket.bind(any_port).map_err(|failure| no_family(ip, failure))?;
            let address = socket.local().ok_or_else(|| Trouble::broke("a bound socket has no address"))?;
            let mut users = 0;
            for table in [Protocol::Tcp, Protocol::Udp] {
                let rows = rows_of(evidence::sockets(table, address.port())?.1);
                users += rows.iter().filter(|row| row.local.port() == address.port()).count();
            }
            // Kernels before 6.8 do not show a TCP socket that is bound and does not listen.
            if users <= 1 {
                return Ok((socket, address));
            }
        }
        Err(Trouble::broke(format!("{PORTS_TRIED} ports were tried, and each had another user")))
    }

    /// An address on `ip` whose port nobody uses.
    pub fn unused(&self, protocol: Protocol, ip: IpAddr) -> Result<SocketAddr, Trouble> {
        Ok(self.bound(&self.actor("stage"), protocol, ip)?.1)
    }

    /// What a hardened server does to listen on `address`: `SO_REUSEADDR`, or what is right on this platform.
    pub fn server(actor: &Actor, address: SocketAddr) -> Result<Socket, Failure> {
        let socket = Socket::new(actor, Protocol::Tcp, address)?.with(Choice::ServerAddress)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)?;
        Ok(socket)
    }

    /// Connects to `target` with a socket that keeps ICMP errors, only to see whether one comes.
    pub fn probe_connect(&self, target: SocketAddr) -> Result<(), Trouble> {
        let probe = Socket::new(&self.actor("probe"), Protocol::Tcp, target)?.with(Choice::KeepIcmpErrors)?;
        must_fail(probe.connect(target))?;
        self.icmp_errors(&probe, target)?;
        Ok(())
    }

    /// Reads the socket table for `port`, and keeps what it says.
    pub fn sockets(&self, protocol: Protocol, port: u16) -> Result<Vec<SocketRow>, Trouble> {
        let read = evidence::sockets(protocol, port)?;
        Ok(rows_of(self.keep(read)))
    }

    /// Reads the socket table for `port` until `wanted` holds of it, and keeps what it then says. `what` says in
    /// a few words what is waited for.
    pub fn sockets_when(
        &self,
        protocol: Protocol,
        port: u16,
        what: &str,
        wanted: impl Fn(&[SocketRow]) -> bool,
    ) -> Result<Vec<SocketRow>, Trouble> {
        let deadline = self.recorder.deadline(PATIENCE);
        loop {
            let read = evidence::sockets(protocol, port)?;
            if wanted(&rows_of(read.1.clone())) {
                return Ok(rows_of(self.keep(read)));
            }
            if deadline.left().is_none() {
                let seen = self.keep(read);
                return Err(Trouble::broke(format!("waited in vain for {what}; there were {seen}")));
            }
            thread::sleep(GLANCE);
        }
    }

    /// Finds out who holds the socket of `row`, and keeps the answer.
    pub fn holder(&self, row: &SocketRow) -> Result<Fact, Trouble> {
        Ok(self.keep(evidence::holder(row.inode, row.uid)?))
    }

    /// Reads the error queue of `socket`, which talked to `peer`, and keeps what came out.
    pub fn icmp_errors(&self, socket: &Socket, peer: SocketAddr) -> Result<Fact, Trouble> {
        Ok(self.keep(evidence::icmp_errors(socket.as_inner(), peer)?))
    }

    /// Keeps a fact that a call on this stage has shown.
    pub fn shown_by_probe(&self, fact: Fact) {
        self.keep((Source::Probe, fact));
    }

    /// Waits for an event for which `wanted` holds. `what` says in a few words what is waited for.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&Event) -> bool) -> Result<(), Trouble> {
        self.recorder
            .wait_for(PATIENCE, wanted)
            .map(drop)
            .ok_or_else(|| Trouble::broke(format!("waited in vain for {what}")))
    }

    /// Waits until `actor` waits in `op`: what is read from now on is read while the call is under way.
    pub fn wait_for_call(&self, actor: &str, op: Op) -> Result<(), Trouble> {
        self.wait_for(&format!("{actor} to call {}", op.name()), |event| {
            event.actor == actor && matches!(&event.what, What::Started(call) if call.op == op)
        })
    }

    /// Judges a failure by what has been seen so far.
    pub fn judge(&self, failure: &Failure) -> Verdict {
        let evidence = self.evidence.lock().unwrap_or_else(PoisonError::into_inner);
        diagnose::judge(failure, &self.recorder.events(), &evidence)
    }

    /// Lets someone recover from what was `met`, unless nobody is to.
    pub(super) fn recover(
        &self,
        met: Failure,
        recovery: impl FnOnce(&mut Vec<Check>) -> Result<Recovery, Trouble>,
    ) -> Result<Shown, Trouble> {
        let mut checks = Vec::new();
        if !self.recovers {
            return Ok(Shown { met, hardened: None, checks });
        }
        let began = self.recorder.elapsed();
        let Recovery { result, attempts, met: on_the_way } = recovery(&mut checks)?;
        let seconds = self.recorder.elapsed().saturating_sub(began);
        let arm = Arm::succeeded(result, attempts, on_the_way.or(Some(met.clone())), seconds);
        Ok(Shown { met, hardened: Some(arm), checks })
    }

    /// The play is over: the trace and the evidence.
    pub fn strike(self) -> (Recorder, Vec<Evidence>) {
        (self.recorder, self.evidence.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, (source, fact): (Source, Fact)) -> Fact {
        let mut evidence = self.evidence.lock().unwrap_or_else(PoisonError::into_inner);
        evidence.push(Evidence { source, at: self.recorder.elapsed(), fact: fact.clone() });
        fact
    }
}

/// The failure that had to come: without it there is nothing to show.
pub(super) fn must_fail<T>(result: Result<T, Failure>) -> Result<Failure, Trouble> {
    result.err().ok_or_else(|| Trouble::broke("the naive program met no fault"))
}

/// What a thread of the stage ended with.
pub(super) fn joined<T>(thread: ScopedJoinHandle<T>) -> Result<T, Trouble> {
    thread.join().map_err(|_| Trouble::broke("a thread of the stage panicked"))
}

/// The name of the errno of a failed call, or `ok`.
pub(super) fn errno_of<T>(result: &Result<T, Failure>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(failure) => {
            failure.errno().map_or_else(|| failure.to_string(), |errno| errno.name.clone().into_owned())
        }
    }
}

impl Trouble {
    /// The stage broke.
    pub fn broke(why: impl Into<String>) -> Self {
        Self::Broke { why: why.into() }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::broke(failure.to_string())
    }
}

impl From<Absent> for Trouble {
    fn from(absent: Absent) -> Self {
        Self::Unsupported { needs: absent.needs }
    }
}

/// What a server of the stage makes of a request: a transform without the time.
pub(super) fn answer(request: &str) -> String {
    format!("{} | {}", transform::invert_case(transform::trim(request)), transform::CONFIRMATION)
}

fn rows_of(fact: Fact) -> Vec<SocketRow> {
    match fact {
        Fact::Sockets { rows, .. } => rows,
        _ => Vec::new(),
    }
}

/// A host without an IP family has nothing to show about it.
fn no_family(ip: IpAddr, failure: Failure) -> Trouble {
    if failure.is("EADDRNOTAVAIL") || failure.is("EAFNOSUPPORT") {
        return Trouble::Unsupported { needs: format!("the address {ip} on this host") };
    }
    failure.into()
}
