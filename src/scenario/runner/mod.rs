//! Plays a scenario: starts its programs on this machine's loopback, does what its timeline says, and gives what
//! happened. It judges nothing.
//!
//! ```text
//! threads that see (streams, ends, links, looks) → inbox → one thread that decides (play) → Played
//! ```
//!
//! | | |
//! |-|-|
//! | `process/` | programs as the operating system has them |
//! | `stage` `places` `ports` `holder` `links` `site` | what is there before anything starts: folders, addresses, doors, hosts |
//! | `elsewhere` | a run on a virtual network, which takes a process of its own |
//! | `role` `life` `output` `readiness` | a program over the run, and one start of it |
//! | `play` `steps` `exits` `ending` | the timeline |
//! | `merge` | traces of several programs become one |

mod elsewhere;
mod ending;
mod exits;
mod holder;
mod inbox;
mod interrupt;
mod life;
mod links;
mod log;
mod merge;
mod on_the_way;
mod output;
mod places;
mod play;
mod ports;
mod process;
mod readiness;
mod role;
mod site;
mod stage;
mod steps;
mod trouble;

pub use interrupt::Interrupt;
pub use trouble::Trouble;

use super::model::{Network, Scenario, When};
use super::played::{BEGINS, Played, RUNNER};
use crate::trace::{Event, Recorder, What};
use crate::vnet;
use links::Links;
use log::Log;
use places::Places;
use play::Play;
use ports::Ports;
use role::Role;
use stage::Stage;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;
use steps::Pending;

/// How long a program may usually take to get ready.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How scenarios are played. One serves for many, also at the same time.
#[derive(Clone)]
pub struct Settings<'a> {
    /// This very program: what a scenario's own programs run, and what starts all others.
    pub netfault: PathBuf,
    /// Where the folders of the programs are made; the system's for temporary files, if `None`.
    pub folder: Option<PathBuf>,
    /// How long a program may take to get ready.
    pub patience: Duration,
    /// Ends the run.
    pub interrupt: Interrupt,
    /// Where every packet of a virtual network is written.
    pub pcap: Option<PathBuf>,
    /// Follows it: every event as soon as the runner knows of it. It is waited for.
    pub hear: &'a (dyn Fn(&Event) + Sync),
}

impl Settings<'_> {
    /// The usual ones; nobody follows the run.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            netfault: std::env::current_exe()?,
            folder: None,
            patience: PATIENCE,
            interrupt: Interrupt::new(),
            pcap: None,
            hear: &|_| {},
        })
    }
}

impl fmt::Debug for Settings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("netfault", &self.netfault).finish_non_exhaustive()
    }
}

/// Plays a scenario once. When this returns, however it does, none of its programs is there any more.
pub fn play(scenario: &Scenario, settings: &Settings) -> Result<Played, Trouble> {
    if scenario.network == Network::Virtual && !vnet::is_inside() {
        return elsewhere::play(scenario, settings);
    }
    // Given back last, when every program is gone.
    let mut ports = Ports::default();
    let mut play = Play::set_up(scenario, settings, &mut ports)?;
    play.warm_up()?;
    play.timeline()?;
    play.end()?;
    Ok(play.played())
}

/// What this process is to do when a run has started it for an errand of its own: launching a program within limits,
/// watching over a run, or playing one. `None` when it is an ordinary process. `words` are its arguments without its name; `input` and
/// `output` are its own.
pub fn errand(
    words: impl IntoIterator<Item = OsString>,
    input: impl io::Read,
    output: impl io::Write + Send,
) -> Option<ExitCode> {
    let mut words = words.into_iter();
    let is_one = words.next().is_some_and(|first| first == process::ERRAND);
    is_one.then(|| {
        let words: Vec<OsString> = words.collect();
        if words == [elsewhere::PLAY] && vnet::is_inside() {
            return elsewhere::errand(input, output);
        }
        process::errand(&words)
    })
}

impl<'a> Play<'a> {
    fn set_up(
        scenario: &'a Scenario,
        settings: &'a Settings<'a>,
        ports: &mut Ports,
    ) -> Result<Self, Trouble> {
        let on_loopback = scenario.network == Network::Loopback;
        let fixed = scenario.programs.iter().filter(|_| on_loopback).filter_map(|program| program.port);
        ports.fixed(&fixed.collect::<BTreeSet<u16>>(), &settings.interrupt)?;
        // Who waited for a turn has not run yet.
        let clock = Recorder::new();
        let mut log = Log::new(clock.clone(), settings.hear);
        let (tells, inbox) = mpsc::channel();
        settings.interrupt.attach(tells.clone());
        let mut places = Places::default();
        for program in scenario.programs.iter().filter(|program| on_loopback && !program.listens.is_empty()) {
            let port = match program.port {
                Some(port) => port,
                None => ports.free(program.address)?,
            };
            let address = SocketAddr::new(program.address, port);
            if program.port.is_some() {
                for protocol in &program.listens {
                    holder::is_there(&mut log, program, *protocol, address, &settings.interrupt)?;
                }
            }
            places.put(&program.name, address);
        }
        let stage = Stage::set(settings)?;
        for program in &scenario.programs {
            stage.furnish(scenario, program)?;
        }
        let (links, site) = Links::open(scenario, settings, &mut places, ports, &clock, tells.clone())?;
        if let Some(note) = site.note() {
            log.note(RUNNER, note);
        }
        Ok(Self {
            roles: scenario.programs.iter().map(Role::new).collect(),
            links,
            site,
            stage,
            scenario,
            settings,
            clock,
            log,
            inbox,
            tells,
            places,
            pending: scenario.steps.iter().map(|step| Pending { step, due: None }).collect(),
            began: None,
            is_closing: false,
            looks: 0,
            looked: Vec::new(),
            evidence: Vec::new(),
        })
    }

    /// Starts the programs that are there from the beginning, one after the other.
    fn warm_up(&mut self) -> Result<(), Trouble> {
        for role in 0..self.roles.len() {
            let program = self.roles[role].program;
            if program.listens.is_empty() || program.start != Some(Duration::ZERO) {
                continue;
            }
            self.start(role)?;
            while !self.roles[role].is_settled() {
                self.may_go_on()?;
                self.turn(None)?;
            }
        }
        Ok(())
    }

    fn timeline(&mut self) -> Result<(), Trouble> {
        let began = self.log.now();
        self.began = Some(began);
        self.log.tell_of(began, RUNNER, What::Step { text: BEGINS.to_owned(), name: None });
        for role in &mut self.roles {
            let is_there = !role.is_client() && role.program.start == Some(Duration::ZERO);
            if !is_there {
                role.start = role.program.start.map(|start| began + start);
            }
        }
        for pending in &mut self.pending {
            if let When::At(at) = pending.step.when {
                pending.due = Some(began + at);
            }
        }
        let end = began + self.scenario.limit;
        while !self.is_done() && self.log.now() < end {
            self.may_go_on()?;
            self.turn(Some(end))?;
        }
        self.may_go_on()
    }

    /// Whether all clients have ended and all steps were taken. Without a client, every program has to have had its
    /// start.
    fn is_done(&self) -> bool {
        let mut clients = self.roles.iter().filter(|role| role.is_client()).peekable();
        let acted = if clients.peek().is_some() {
            clients.all(Role::rests)
        } else {
            self.roles.iter().all(Role::is_settled)
        };
        acted && self.pending.is_empty() && self.looks == 0
    }

    fn may_go_on(&mut self) -> Result<(), Trouble> {
        if !self.settings.interrupt.is_asked() {
            return Ok(());
        }
        self.end()?;
        Err(Trouble::Interrupted)
    }
}
