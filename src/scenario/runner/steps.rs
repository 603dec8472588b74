//! Steps of the timeline: when they are due, and what they do.

use super::inbox::Message;
use super::life::Life;
use super::merge::Part;
use super::play::Play;
use super::process::Signal;
use super::trouble::Trouble;
use crate::examine;
use crate::failure::Protocol;
use crate::scenario::model::{Action, Step, When};
use crate::scenario::played::RUNNER;
use crate::trace::{Diagnosis, Recorder, What};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

/// How long a look at a program may take.
const LOOK: Duration = Duration::from_secs(2);

/// A step that was not taken yet.
#[derive(Debug)]
pub(super) struct Pending<'a> {
    pub(super) step: &'a Step,
    /// When it is taken; `None` until its event comes.
    pub(super) due: Option<Duration>,
}

impl Play<'_> {
    /// Takes the steps that are due, in the order of their times and then of the file.
    pub(super) fn take_steps(&mut self) -> Result<(), Trouble> {
        if self.began.is_none() {
            return Ok(());
        }
        let now = self.log.now();
        let due = |pending: &Pending| pending.due.filter(|due| *due <= now);
        while let Some((at, _)) = self
            .pending
            .iter()
            .enumerate()
            .filter_map(|(at, pending)| Some((at, due(pending)?)))
            .min_by_key(|(_, due)| *due)
        {
            let Pending { step, .. } = self.pending.remove(at);
            self.take(step)?;
        }
        self.give_up();
        Ok(())
    }

    /// Steps whose event can no longer come are not waited for.
    fn give_up(&mut self) {
        let mut hopeful: Vec<bool> = self.pending.iter().map(|pending| pending.due.is_some()).collect();
        loop {
            let starts = |name: &str| {
                let steps = self.pending.iter().zip(&hopeful).filter(|(_, hopeful)| **hopeful);
                let mut actions = steps.map(|(pending, _)| &pending.step.action);
                actions.any(|action| matches!(action, Action::Start(it) | Action::Rebind(it) if it == name))
            };
            let may_come = |pending: &Pending| match &pending.step.when {
                When::At(_) => true,
                When::Wrote { program, .. } | When::Ended { program, .. } => {
                    starts(program)
                        || self.roles.iter().any(|role| role.program.name == *program && !role.rests())
                }
            };
            let more: Vec<bool> = self
                .pending
                .iter()
                .zip(&hopeful)
                .map(|(pending, hopeful)| *hopeful || may_come(pending))
                .collect();
            if more == hopeful {
                break;
            }
            hopeful = more;
        }
        let mut hopeful = hopeful.into_iter();
        let (log, pending) = (&mut self.log, &mut self.pending);
        pending.retain(|pending| {
            let stays = hopeful.next().unwrap_or(true);
            if !stays {
                let what = words(&pending.step.action);
                log.note(RUNNER, format!("{what}: not taken, what it waits for can no longer come"));
            }
            stays
        });
    }

    fn take(&mut self, step: &Step) -> Result<(), Trouble> {
        let text = words(&step.action);
        self.log.tell(RUNNER, What::Step { text: text.clone(), name: step.name.clone() });
        let done = match &step.action {
            Action::Start(name) => self.step_start(name)?,
            Action::Stop(name) => self.end_program(name, Life::ask),
            Action::Kill(name) => self.end_program(name, |life, _| life.end()),
            Action::Pause(name) => self.send(name, Signal::Pause),
            Action::Resume(name) => self.send(name, Signal::Resume),
            Action::Rebind(name) => self.step_rebind(name)?,
            Action::Add { link, impairing } => self.links.add(link, impairing),
            Action::Change { link, impairing } => self.links.change(link, impairing),
            Action::Remove { link, name } => self.links.remove(link, name),
            Action::Partition(link) => self.links.partition(link),
            Action::Refuse(link) => self.links.refuse(link),
            Action::Heal(link) => self.links.heal(link),
            Action::Diagnose(name) => self.step_diagnose(name),
            Action::Down(host) => self.links.host(host, false),
            Action::Up(host) => self.links.host(host, true),
        };
        if let Err(why) = done {
            self.log.note(RUNNER, format!("{text}: {why}"));
        }
        Ok(())
    }

    fn role(&self, name: &str) -> Result<usize, String> {
        let found = self.roles.iter().position(|role| role.program.name == name);
        found.ok_or_else(|| format!("there is no program {name}"))
    }

    /// Ends a program that runs, or one that is about to be started again.
    fn end_program(&mut self, name: &str, end: impl FnOnce(&mut Life, Duration)) -> Result<(), String> {
        let role = self.role(name)?;
        let role = &mut self.roles[role];
        let comes_back = role.running().is_none() && !role.lives.is_empty() && role.start.is_some();
        if comes_back {
            role.start = None;
            return Ok(());
        }
        self.with_running(name, end)
    }

    /// Does something with a program that runs.
    fn with_running(&mut self, name: &str, act: impl FnOnce(&mut Life, Duration)) -> Result<(), String> {
        let (role, now) = (self.role(name)?, self.log.now());
        let life = self.roles[role].running().ok_or_else(|| format!("{name} does not run"))?;
        act(life, now);
        Ok(())
    }

    fn send(&mut self, name: &str, signal: Signal) -> Result<(), String> {
        self.with_running(name, |life, _| life.process.send(signal))
    }

    fn step_start(&mut self, name: &str) -> Result<Result<(), String>, Trouble> {
        let role = match self.role(name) {
            Ok(role) => role,
            Err(why) => return Ok(Err(why)),
        };
        if self.roles[role].running().is_some() {
            return Ok(Err(format!("{name} runs already")));
        }
        self.told_before_start(role)?;
        self.start(role).map(Ok)
    }

    fn step_rebind(&mut self, name: &str) -> Result<Result<(), String>, Trouble> {
        let role = match self.role(name) {
            Ok(role) => role,
            Err(why) => return Ok(Err(why)),
        };
        let now = self.log.now();
        if let Some(life) = self.roles[role].running() {
            life.ask(now);
            self.roles[role].rebinds = true;
            return Ok(Ok(()));
        }
        self.told_before_start(role)?;
        self.start(role)?;
        Ok(Err(format!("{name} did not run; it was started")))
    }

    /// The end of a start is told before the next one begins.
    fn told_before_start(&mut self, role: usize) -> Result<(), Trouble> {
        if self.roles[role].lives.last().is_some_and(|life| !life.is_over) {
            self.exited(role)?;
        }
        Ok(())
    }

    fn step_diagnose(&mut self, name: &str) -> Result<(), String> {
        let role = self.role(name)?;
        let address = self.places.reached(name).ok_or_else(|| format!("{name} listens on nothing"))?;
        for protocol in self.roles[role].program.listens.clone() {
            self.look(role, protocol, address)?;
        }
        Ok(())
    }

    /// Looks at an address in a thread of its own: it may take long, and the timeline goes on.
    fn look(&mut self, role: usize, protocol: Protocol, address: SocketAddr) -> Result<(), String> {
        let (clock, tells, site) = (self.clock.clone(), self.tells.clone(), self.site.clone());
        let host = self.roles[role].program.host.clone();
        let thread = thread::Builder::new().name("netfault-look".into()).spawn(move || {
            let (began, recorder) = (clock.elapsed(), Recorder::new());
            let (by, target) = (recorder.deadline(LOOK), format!("{protocol} {address}"));
            let found = site.on(&host, || match protocol {
                Protocol::Tcp => examine::tcp(&recorder, target, &[address], &by),
                Protocol::Udp => examine::udp(&recorder, target, &[address], &by),
            });
            // The run may be over.
            let _ = found
                .map(|found| tells.send(Message::Looked { role, protocol, began, found: Box::new(found) }));
        });
        thread.map_err(|error| error.to_string())?;
        self.looks += 1;
        Ok(())
    }

    pub(super) fn looked_at(&mut self, role: usize, protocol: Protocol, began: Duration, found: Diagnosis) {
        self.looks = self.looks.saturating_sub(1);
        let name = &self.roles[role].program.name;
        let fault = found.verdict.as_ref().and_then(|verdict| verdict.fault);
        let made_out = match (fault, &found.verdict) {
            (Some(fault), _) => fault.to_string(),
            (None, Some(_)) => "cannot be told".to_owned(),
            (None, None) => "healthy".to_owned(),
        };
        self.log.note(RUNNER, format!("{name} over {protocol}: {made_out}"));
        self.looked.push(Part::of_look(name, began, found));
    }
}

/// What a step does, in the words of the file.
fn words(action: &Action) -> String {
    match action {
        Action::Start(name) => format!("start {name}"),
        Action::Stop(name) => format!("stop {name}"),
        Action::Kill(name) => format!("kill {name}"),
        Action::Pause(name) => format!("pause {name}"),
        Action::Resume(name) => format!("resume {name}"),
        Action::Rebind(name) => format!("rebind {name}"),
        Action::Add { link, impairing } => format!("add {} on {link}", impairing.text),
        Action::Change { link, impairing } => format!("change {} on {link}", impairing.text),
        Action::Remove { link, name } => format!("remove {name} on {link}"),
        Action::Partition(link) => format!("partition {link}"),
        Action::Refuse(link) => format!("refuse {link}"),
        Action::Heal(link) => format!("heal {link}"),
        Action::Diagnose(name) => format!("diagnose {name}"),
        Action::Down(host) => format!("down {host}"),
        Action::Up(host) => format!("up {host}"),
    }
}
