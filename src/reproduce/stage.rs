//! What a fault may borrow: actors that write into its trace, eyes on the live system, listeners on free ports.

use super::trouble::{Trouble, no_family};
use crate::evidence::{self, Eyes, rows_of};
use crate::failure::{Failure, Op, Protocol};
use crate::socket::{Choice, Socket};
use crate::trace::{Actor, Arm, Check, Event, Evidence, Recorder, What};
use crate::transform;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// IPv4 loopback.
pub(super) const LOOPBACK_4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// Another address of IPv4 loopback, which Linux has without being told to.
pub(super) const ANOTHER_OWN: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
/// IPv6 loopback.
pub(super) const LOOPBACK_6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// What clients on the stage ask.
pub(super) const LINE: &str = "Ipin";
/// How long naive programs on the stage wait for a reply, where by themselves they would wait for ever.
pub(super) const PATIENCE_OF_NAIVE: Duration = Duration::from_millis(600);
/// How long the stage waits for anything it set in motion itself.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// Connections that a listener of the stage may have waiting.
const BACKLOG: i32 = 16;
/// How many ports are looked at before the stage gives up finding one for itself.
const PORTS_TRIED: usize = 16;

/// One fault's trace and evidence.
#[derive(Debug)]
pub struct Stage {
    pub(super) recorder: Recorder,
    pub(super) eyes: Eyes,
    seed: u64,
    recovers: bool,
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
        let recorder = Recorder::new();
        Self { eyes: Eyes::new(&recorder), recorder, seed, recovers }
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

    /// The same with options. It waits for nothing longer than the stage does. No other socket of either protocol
    /// and family has the port, so that what is seen of it is this fault's own.
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
        let seen = self.eyes.seen();
        (self.recorder, seen)
    }
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

/// Expects that the kernel gave a call this errno.
pub(super) fn is_errno(name: &str, errno: &str, failure: &Failure) -> Check {
    Check::equal(name, errno, errno_of::<()>(&Err(failure.clone())))
}

/// What a server of the stage makes of a request: a transform without the time.
pub(super) fn answer(request: &str) -> String {
    format!("{} | {}", transform::invert_case(transform::trim(request)), transform::CONFIRMATION)
}
