//! The way from the clients to the servers: straight, or through the fault proxy where the world breaks something on
//! it. Connections are reset and replies lost by the proxy's toxics, as between any two programs.

use crate::failure::Protocol;
use crate::proxy::toxic::{self, Toxic};
use crate::proxy::{Control, Limits, Problem, Relay, Settings, Spec, Totals};
use crate::recover::{Network, Trouble, What, World};
use std::io;
use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::Duration;

/// The doors through which clients reach the servers. The proxy ends when this is dropped.
pub(super) struct Way {
    doors: Vec<SocketAddr>,
    toxics: Vec<Vec<Toxic>>,
    relay: Option<(Control, JoinHandle<io::Result<Totals>>)>,
}

impl Way {
    /// The way to these servers. Nothing goes wrong on it before it [begins](Self::begin).
    pub(super) fn to(servers: &[SocketAddr], world: &World, seed: u64) -> io::Result<Self> {
        let toxics: Vec<_> =
            (0..servers.len()).map(|server| toxics(world, server)).collect::<io::Result<_>>()?;
        if toxics.iter().all(Vec::is_empty) {
            return Ok(Self { doors: servers.to_vec(), toxics, relay: None });
        }
        let (control, thread) = Relay::start(Settings { seed, limits: Limits::default() })?;
        let mut way = Self { doors: Vec::new(), toxics, relay: Some((control.clone(), thread)) };
        for (number, server) in servers.iter().enumerate() {
            let name = number.to_string();
            let spec = Spec {
                name: name.clone(),
                network: Protocol::Tcp,
                listen: SocketAddr::new(server.ip(), 0).to_string(),
                upstream: server.to_string(),
                enabled: true,
                toxics: Vec::new(),
            };
            let spec = spec.resolve().map_err(|problem| refused(&problem))?;
            let made = control.ask(move |relay| relay.create(spec).and_then(|_| relay.address(&name)));
            let (_, door) = made.map_err(|_| ended())?.map_err(|problem| refused(&problem))?;
            way.doors.push(door);
        }
        Ok(way)
    }

    /// Where clients go, server by server.
    pub(super) fn doors(&self) -> Vec<SocketAddr> {
        self.doors.clone()
    }

    /// Whether what happens on the way hits one attempt and not the next: then each needs a connection of its own, as
    /// the proxy draws its lots by connection.
    pub(super) fn hits_single_attempts(world: &World) -> bool {
        let Network { resets, lost_replies, .. } = world.network;
        let fails = |it: &Trouble| matches!(it.what, What::Fails(_));
        resets > 0.0 || lost_replies > 0.0 || world.troubles.iter().any(fails)
    }

    /// The run begins now: so do the times of what goes wrong.
    pub(super) fn begin(&mut self) -> io::Result<()> {
        let Some((control, _)) = &self.relay else { return Ok(()) };
        for (number, toxics) in self.toxics.drain(..).enumerate() {
            for toxic in toxics {
                let added = control.ask(move |relay| relay.add_toxic(&number.to_string(), toxic).map(drop));
                added.map_err(|_| ended())?.map_err(|problem| refused(&problem))?;
            }
        }
        Ok(())
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        if let Some((control, thread)) = self.relay.take() {
            // One that has ended already needs not be told.
            let _ = control.tell(Relay::end);
            let _ = thread.join();
        }
    }
}

/// What goes wrong on the way to one server.
fn toxics(world: &World, server: usize) -> io::Result<Vec<Toxic>> {
    let Network { delay, resets, lost_replies } = world.network;
    let (there, back) = (millis(delay), millis(delay * 2));
    let mut texts = Vec::new();
    if resets > 0.0 {
        texts.push(format!("reset_peer:name=resets,stream=upstream,timeout={back},toxicity={resets}"));
    }
    if lost_replies > 0.0 {
        texts.push(format!("blackhole:name=lost,stream=downstream,toxicity={lost_replies}"));
    }
    let here = world.troubles.iter().filter(|it| it.backend.is_none_or(|concerned| concerned == server));
    for (number, trouble) in here.enumerate() {
        let when =
            format!("name=trouble-{number},from={},until={}", millis(trouble.from), millis(trouble.until));
        match trouble.what {
            What::Blackhole => texts.push(format!("blackhole:stream=both,{when}")),
            What::Fails(share) => {
                texts.push(format!("reset_peer:stream=upstream,timeout={there},toxicity={share},{when}"));
            }
            What::Stall | What::Down | What::Restart => {}
        }
    }
    texts.iter().map(|text| toxic::short(text, Protocol::Tcp).map_err(io::Error::other)).collect()
}

/// Whole milliseconds, as toxics count.
fn millis(time: Duration) -> u64 {
    let whole = Duration::from_micros(500).saturating_add(time).as_millis();
    u64::try_from(whole).unwrap_or(u64::MAX)
}

fn refused(problem: &Problem) -> io::Error {
    io::Error::other(format!("the way to the servers could not be opened: {problem:?}"))
}

fn ended() -> io::Error {
    io::Error::other("the proxy on the way to the servers has ended")
}
