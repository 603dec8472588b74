//! Makes faults happen: for each one the stage is set, the naive program meets it, evidence is read while it
//! stands, the rules judge, and the hardened program recovers. One fault is one file under `faults/`.
//!
//! What can happen on this host's loopback happens there, on ports that the kernel chose, with sockets of this process.
//! What needs a network of several hosts happens in a process of its own, which is inside one. When this process ends,
//! however it ends, nothing is left.

mod company;
mod elsewhere;
mod eyes;
mod faults;
mod names;
mod network;
mod pages;
mod process;
mod stage;
mod trouble;

pub use stage::{Shown, Stage};
pub use trouble::Trouble;

use crate::diagnose;
use crate::fault::Fault;
use crate::trace::{Arm, Outcome, Status};
use crate::vnet;
use std::any::Any;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};
use std::thread;

/// What to make happen, and how.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The faults, in the order in which they are reported.
    pub faults: Vec<Fault>,
    /// Which programs to show.
    pub clients: Clients,
    /// On which network.
    pub network: Network,
    /// Where the randomness of retry delays comes from.
    pub seed: u64,
    /// The program that is started anew for what happens elsewhere: [`vnet::this_program`], if that is netfault.
    pub program: PathBuf,
}

/// Which programs meet the fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clients {
    /// Only the naive program: the fault is met and judged, nobody recovers.
    Naive,
    /// Only the recovery is reported; the fault still happens first and is judged.
    Hardened,
    /// Both.
    #[default]
    Both,
}

impl Clients {
    /// Every choice.
    pub const ALL: &[Self] = &[Self::Naive, Self::Hardened, Self::Both];

    /// The word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            Self::Hardened => "hardened",
            Self::Both => "both",
        }
    }
}

impl Network {
    /// Every choice.
    pub const ALL: &[Self] = &[Self::Auto, Self::Loopback, Self::Virtual];

    /// The word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Loopback => "loopback",
            Self::Virtual => "virtual",
        }
    }
}

/// Where a fault is made to happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// Loopback, where the fault can happen there; otherwise a network of several hosts.
    #[default]
    Auto,
    /// This host's loopback interface.
    Loopback,
    /// A network of several hosts.
    Virtual,
}

/// How often a fault is played anew because somebody else took its port.
const PLAYS: u32 = 3;

/// Plays share this process: most of them side by side, and one alone.
static TURN: RwLock<()> = RwLock::new(());

/// Makes every fault of `settings` happen, side by side; `done` hears of each as it ends. The outcomes come in
/// the order of `settings.faults`.
pub fn run(settings: &Settings, done: impl Fn(&Outcome) + Sync) -> Vec<Outcome> {
    let done = &done;
    // A program that is started has for a moment a copy of every descriptor: so they are started before anything else.
    let alone = TURN.write().unwrap_or_else(PoisonError::into_inner);
    let started: Vec<Started> = settings.faults.iter().map(|fault| start(*fault, settings)).collect();
    drop(alone);
    thread::scope(|scope| {
        let running: Vec<_> = started
            .into_iter()
            .map(|started| {
                scope.spawn(move || {
                    let outcome = started.outcome(settings);
                    done(&outcome);
                    outcome
                })
            })
            .collect();
        running
            .into_iter()
            .zip(&settings.faults)
            .map(|(thread, fault)| {
                thread.join().unwrap_or_else(|panic| ended_early(*fault, Status::Failed, message_of(&*panic)))
            })
            .collect()
    })
}

/// Every fault that this version can make happen on this platform, family by family.
pub fn playable() -> impl Iterator<Item = Fault> {
    Fault::ALL.iter().copied().filter(|fault| vnet::EXISTS || !needs_network(*fault))
}

/// Whether a fault happens only on a network of several hosts.
pub fn needs_network(fault: Fault) -> bool {
    faults::home(fault).on_loopback().is_none()
}

/// A fault that is about to happen.
enum Started {
    /// Here, on loopback.
    Here(Fault, faults::Play),
    /// Here, on a network of several hosts.
    OnNetwork(Fault, faults::Home),
    /// In another process.
    Elsewhere(elsewhere::Started),
    /// It will not.
    Not(Box<Outcome>),
}

fn start(fault: Fault, settings: &Settings) -> Started {
    let home = faults::home(fault);
    match (settings.network, home.on_loopback()) {
        (Network::Loopback, None) => {
            let needs = "a network of several hosts, which loopback is not: --network auto";
            Started::Not(Box::new(ended_early(fault, Status::Unsupported, needs.into())))
        }
        (Network::Auto | Network::Loopback, Some(play)) => Started::Here(fault, play),
        _ if vnet::is_inside() => Started::OnNetwork(fault, home),
        _ => elsewhere::start(fault, settings).map_or_else(Started::Not, Started::Elsewhere),
    }
}

impl Started {
    fn outcome(self, settings: &Settings) -> Outcome {
        match self {
            Self::Here(fault, play) => perform(fault, settings, play),
            Self::OnNetwork(fault, home) => perform(fault, settings, |stage| home.on_network(stage)),
            Self::Elsewhere(started) => started.outcome(settings),
            Self::Not(outcome) => *outcome,
        }
    }
}

/// Plays until no stranger takes the stage's port, at most [`PLAYS`] times.
fn perform(fault: Fault, settings: &Settings, play: impl Fn(&Stage) -> Result<Shown, Trouble>) -> Outcome {
    let (_beside, _alone) = if faults::needs_to_be_alone(fault) {
        (None, Some(TURN.write().unwrap_or_else(PoisonError::into_inner)))
    } else {
        (Some(TURN.read().unwrap_or_else(PoisonError::into_inner)), None)
    };
    let mut left = PLAYS;
    let (stage, played) = loop {
        let stage = Stage::new(settings.seed, settings.clients != Clients::Naive);
        let played = play(&stage);
        left -= 1;
        if left == 0 || !matches!(played, Err(Trouble::PortTaken { .. })) {
            break (stage, played);
        }
    };
    let (recorder, evidence) = stage.strike();
    let (seconds, events) = (recorder.elapsed(), recorder.events());
    match played {
        Ok(shown) => {
            let verdict = diagnose::judge(&shown.met, &events, &evidence);
            let judged_as_itself = verdict.fault == Some(fault);
            let recovered = shown.hardened.as_ref().is_none_or(|arm| arm.ok);
            let all_passed = shown.checks.iter().all(|check| check.passed);
            let as_promised = judged_as_itself && recovered && all_passed;
            Outcome {
                fault,
                status: if as_promised { Status::Reproduced } else { Status::Failed },
                seconds,
                naive: (settings.clients != Clients::Hardened).then(|| Arm::failed(shown.met, 1)),
                hardened: shown.hardened,
                verdict: Some(verdict),
                checks: shown.checks,
                evidence,
                events,
                reason: None,
            }
        }
        Err(trouble) => {
            let (status, reason) = match trouble {
                Trouble::Unsupported { needs } => (Status::Unsupported, needs),
                Trouble::PortTaken { address } => {
                    (Status::Failed, format!("somebody else took {address}, {PLAYS} times in a row"))
                }
                Trouble::Broke { why } => (Status::Failed, why),
            };
            Outcome { seconds, evidence, events, ..ended_early(fault, status, reason) }
        }
    }
}

fn ended_early(fault: Fault, status: Status, reason: String) -> Outcome {
    Outcome {
        fault,
        status,
        seconds: std::time::Duration::ZERO,
        naive: None,
        hardened: None,
        verdict: None,
        checks: Vec::new(),
        evidence: Vec::new(),
        events: Vec::new(),
        reason: Some(reason),
    }
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("internal error: {}", text.unwrap_or("a panic without a message"))
}
