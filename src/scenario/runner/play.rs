//! A run under way: one thread hears what the others see, and does what is due. Programs are started by this thread
//! alone, as on Linux they die with it.

use super::Settings;
use super::inbox::{Inbox, Message, Sender, Who};
use super::life::{Life, Readiness};
use super::links::Links;
use super::log::Log;
use super::merge::Part;
use super::output::Ear;
use super::places::Places;
use super::readiness::{self, Known, LAST_GLANCE};
use super::role::Role;
use super::site::Site;
use super::stage::Stage;
use super::steps::Pending;
use super::trouble::Trouble;
use crate::lang::Words;
use crate::scenario::model::{Ready, Scenario, When};
use crate::trace::{Evidence, Recorder, Stream, What};
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

/// Nothing is due: until somebody tells something.
const LONG: Duration = Duration::from_secs(3600);

/// A run under way. Processes end before the links that they use, and these before the folders.
pub(super) struct Play<'a> {
    pub(super) roles: Vec<Role<'a>>,
    pub(super) links: Links,
    pub(super) site: Site,
    pub(super) stage: Stage,
    pub(super) scenario: &'a Scenario,
    pub(super) settings: &'a Settings<'a>,
    pub(super) clock: Recorder,
    pub(super) log: Log<'a>,
    pub(super) inbox: Inbox,
    pub(super) tells: Sender,
    pub(super) places: Places,
    /// Steps that were not taken yet.
    pub(super) pending: Vec<Pending<'a>>,
    /// When the timeline began.
    pub(super) began: Option<Duration>,
    /// Whether it has ended.
    pub(super) is_closing: bool,
    /// Looks at programs that are under way.
    pub(super) looks: usize,
    pub(super) looked: Vec<Part>,
    pub(super) evidence: Vec<Evidence>,
}

impl Play<'_> {
    /// Waits until something happens or is due, and does what follows from it.
    pub(super) fn turn(&mut self, until: Option<Duration>) -> Result<(), Trouble> {
        let due = self.dues().chain(until).min();
        let wait = due.map_or(LONG, |due| due.saturating_sub(self.log.now()));
        match self.inbox.recv_timeout(wait) {
            Ok(message) => {
                self.hear(message);
                while let Ok(message) = self.inbox.try_recv() {
                    self.hear(message);
                }
            }
            // This thread holds a sender itself.
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        for role in 0..self.roles.len() {
            self.look_after(role)?;
        }
        if !self.is_closing {
            self.take_steps()?;
        }
        Ok(())
    }

    /// Whenever something has to be done.
    fn dues(&self) -> impl Iterator<Item = Duration> {
        let lives = self.roles.iter().filter_map(|role| Some((role, role.lives.last()?)));
        let of_lives = lives.flat_map(|(role, life)| {
            let running = life.is_running();
            let look = match life.readiness {
                Readiness::Awaited { at, .. } if running => Some(at),
                _ => None,
            };
            let limit = self.time_limit(role, life).filter(|_| running && life.limit.is_none());
            [look, limit, life.kill.filter(|_| running), life.is_told_from()]
        });
        let starts = self.roles.iter().map(|role| role.start.filter(|_| !self.is_closing));
        let steps =
            self.pending.iter().map(|step| step.due.filter(|_| self.began.is_some() && !self.is_closing));
        of_lives.chain(starts).chain(steps).flatten()
    }

    /// When a program has run too long. Where its own limit is that of the whole, the end of the timeline comes first.
    fn time_limit(&self, role: &Role, life: &Life) -> Option<Duration> {
        let limit = role.program.limits.time;
        (limit < self.scenario.limit).then_some(life.launched + limit)
    }

    pub(super) fn hear(&mut self, message: Message) {
        match message {
            Message::Wrote { who, at, stream, text } => self.wrote(who, at, stream, text),
            Message::Silent { who } => self.life(who).silent(),
            Message::TooMuch { who } => self.life(who).over("output"),
            Message::Ended { who, at, ending } => self.life(who).ended = Some((at, ending)),
            Message::Link { at, event } => self.log.tell_of(at, &event.actor, event.what),
            Message::Looked { role, protocol, began, found } => self.looked_at(role, protocol, began, *found),
            Message::Interrupted => {}
        }
    }

    fn life(&mut self, who: Who) -> &mut Life {
        &mut self.roles[who.role].lives[who.life]
    }

    fn wrote(&mut self, who: Who, at: Duration, stream: Stream, text: String) {
        let program = self.roles[who.role].program;
        for step in &mut self.pending {
            if let When::Wrote { program: wanted, line, delay } = &step.step.when
                && step.due.is_none()
                && *wanted == program.name
                && line.is_match(&text)
            {
                step.due = Some(at + *delay);
            }
        }
        let is_ready = matches!(&program.ready, Ready::Line(line) if line.is_match(&text));
        let life = self.life(who);
        life.last_line = life.last_line.max(at);
        let becomes_ready = is_ready && life.readiness != Readiness::Ready;
        self.log.tell_of(at, &program.name, What::Wrote { stream, text });
        if becomes_ready {
            self.ready(who.role);
        }
    }

    /// Starts a program.
    pub(super) fn start(&mut self, role: usize) -> Result<(), Trouble> {
        let (who, program) = (Who { role, life: self.roles[role].lives.len() }, self.roles[role].program);
        self.roles[role].start = None;
        self.roles[role].rebinds = false;
        let (order, trace) = self.stage.order(program, &self.places, who.life);
        let stdin = self.places.fill(&program.stdin, program);
        let order = Arc::new(order);
        let ear = Ear { who, clock: self.clock.clone(), tells: self.tells.clone() };
        let begun = Life::begin(program, &self.site, &order, stdin, trace, ear);
        let life = begun.map_err(|error| {
            let name = &program.name;
            Trouble::lost(&format!("cannot start {name}"), &format!("{name} tidak dapat dijalankan"), &error)
        })?;
        self.stage.knows(&life.process);
        let launched = What::Launched { pid: life.process.pid(), command: order.words.clone() };
        self.log.tell_of(life.launched, &program.name, launched);
        self.roles[role].lives.push(life);
        Ok(())
    }

    /// Sees to one program.
    fn look_after(&mut self, role: usize) -> Result<(), Trouble> {
        let now = self.log.now();
        if self.roles[role].start.is_some_and(|at| at <= now) && !self.is_closing {
            self.start(role)?;
        }
        let limit = self.roles[role].lives.last().and_then(|life| self.time_limit(&self.roles[role], life));
        if let Some(life) = self.roles[role].running() {
            if limit.is_some_and(|limit| limit <= now) {
                life.over("time");
            }
            if life.kill.is_some_and(|kill| kill <= now) {
                life.kill = None;
                life.end();
            }
            self.await_ready(role, now)?;
        }
        if self.roles[role].lives.last().and_then(Life::is_told_from).is_some_and(|from| from <= now) {
            self.exited(role)?;
        }
        Ok(())
    }

    fn await_ready(&mut self, role: usize, now: Duration) -> Result<(), Trouble> {
        let Some(life) = self.roles[role].lives.last() else { return Ok(()) };
        let Readiness::Awaited { at, glance } = life.readiness else { return Ok(()) };
        if at > now || self.is_closing {
            return Ok(());
        }
        if matches!(self.roles[role].program.ready, Ready::Listening) && self.listens(role) {
            self.ready(role);
            return Ok(());
        }
        let patience = self.settings.patience;
        if now.saturating_sub(life.launched) >= patience {
            return Err(self.not_ready(role));
        }
        let glance = (2 * glance).min(LAST_GLANCE);
        if let Some(life) = self.roles[role].lives.last_mut() {
            life.readiness = Readiness::Awaited { at: now + glance, glance };
        }
        Ok(())
    }

    /// Whether a program listens on all that it has to.
    fn listens(&self, role: usize) -> bool {
        let role = &self.roles[role];
        let (Some(address), Some(life)) = (self.places.reached(&role.program.name), role.lives.last()) else {
            return true;
        };
        let mark = self.stage.mark_of(role.program);
        let known = Known { pid: life.process.pid(), mark: &mark, only_binds: role.only_binds() };
        let looked = self.site.on(&role.program.host, || {
            role.program.listens.iter().all(|protocol| readiness::listens(known, *protocol, address))
        });
        looked.unwrap_or(false)
    }

    fn ready(&mut self, role: usize) {
        let program = self.roles[role].program;
        if let Some(life) = self.roles[role].lives.last_mut() {
            life.readiness = Readiness::Ready;
        }
        self.log.note(&program.name, "is ready");
    }

    fn not_ready(&self, role: usize) -> Trouble {
        let program = self.roles[role].program;
        let (name, waited) = (&program.name, humantime::format_duration(self.settings.patience));
        let last = self.log.last_words(name).join("\n");
        let (en, id) = match &program.ready {
            Ready::Line(line) => {
                (format!("wrote no line like {line}"), format!("tidak menulis baris seperti {line}"))
            }
            Ready::Listening | Ready::Started => {
                let address =
                    self.places.listens(name).map(|address| address.to_string()).unwrap_or_default();
                (format!("did not listen on {address}"), format!("tidak listen di {address}"))
            }
        };
        let (wrote, menulis) = if last.is_empty() {
            ("; it wrote nothing".to_owned(), "; ia tidak menulis apa pun".to_owned())
        } else {
            (format!("; it wrote last:\n{last}"), format!("; yang terakhir ditulisnya:\n{last}"))
        };
        Trouble::NotReady {
            program: name.clone(),
            why: Words {
                en: format!("{name} {en} within {waited}, and did not end{wrote}"),
                id: format!("{name} {id} dalam {waited}, dan tidak berhenti{menulis}"),
            },
        }
    }
}
