//! The end of a run: what is left is read, what runs is stopped, and what was written is gathered.

use super::life::Life;
use super::links::Links;
use super::log::Log;
use super::merge::{Part, merge};
use super::play::Play;
use super::process::Signal;
use super::trouble::Trouble;
use crate::evidence;
use crate::failure::Protocol;
use crate::scenario::played::{ENDS, Played, RUNNER};
use crate::trace::{Evidence, Fact, Recorder, Run, Source, What};
use std::fs;
use std::time::Duration;

/// How long ends may take that nothing can hold up.
const SOON: Duration = Duration::from_secs(3);

impl Play<'_> {
    /// Ends the timeline, and then all programs that run.
    pub(super) fn end(&mut self) -> Result<(), Trouble> {
        self.is_closing = true;
        self.log.tell(RUNNER, What::Step { text: ENDS.to_owned(), name: None });
        self.read_what_is_left();
        let now = self.log.now();
        for life in self.roles.iter_mut().flat_map(|role| &mut role.lives) {
            if life.is_running() {
                life.ask(now);
            } else {
                // Whom it left behind in its group.
                life.process.send(Signal::Ask);
            }
        }
        let by = now + super::life::GRACE + SOON;
        while self.lives().any(|life| !life.is_over) && self.log.now() < by {
            self.turn(Some(by))?;
            if self.settings.interrupt.is_urgent() {
                self.lives()
                    .filter(|life| life.is_running())
                    .for_each(|life| life.process.send(Signal::Kill));
            }
        }
        self.lives().for_each(|life| life.process.send(Signal::Kill));
        let groups: Vec<u32> = self.lives().map(|life| life.process.pid()).collect();
        let left = self.stage.sweep(&groups);
        if left > 0 {
            self.log.note(RUNNER, format!("{left} processes that programs had left behind were ended"));
        }
        self.last_lines(self.log.now() + SOON)
    }

    /// Nobody writes any more: what is on its way comes at once.
    fn last_lines(&mut self, by: Duration) -> Result<(), Trouble> {
        while self.lives().any(Life::may_speak) && self.log.now() < by {
            self.turn(Some(by))?;
        }
        Ok(())
    }

    fn lives(&self) -> impl Iterator<Item = &Life> {
        self.roles.iter().flat_map(|role| &role.lives)
    }

    /// Sockets on the ports of the programs, and what the links let through.
    fn read_what_is_left(&mut self) {
        let mut read: Vec<(Source, Fact)> = Vec::new();
        for program in self.roles.iter().map(|role| role.program) {
            let Some(address) = self.places.listens(&program.name) else { continue };
            // Where the platform does not show it, nothing can be told of it.
            let tables = self.site.on(&program.host, || {
                let of = |protocol: &Protocol| evidence::sockets(*protocol, address.port()).ok();
                program.listens.iter().filter_map(of).collect::<Vec<_>>()
            });
            read.extend(tables.unwrap_or_default());
        }
        read.extend(self.links.totals(self.scenario));
        let at = self.log.now();
        self.evidence.extend(read.into_iter().map(|(source, fact)| Evidence { source, at, fact }));
    }

    /// Everything that happened.
    pub(super) fn played(self) -> Played {
        let Self { roles, links, site, log, clock, looked, evidence, places, inbox, .. } = self;
        drop(site);
        let mut log = with_last_events(log, links, &inbox);
        let mut parts = Vec::new();
        for role in &roles {
            for life in &role.lives {
                parts.extend(traced(&role.program.name, life, &clock, &mut log));
            }
        }
        drop(roles);
        let mut all = vec![Part::of_runner(log.into_events(), evidence)];
        all.extend(looked);
        all.extend(parts);
        merge(all, &places)
    }
}

/// When the relay has ended, all that it told has come.
fn with_last_events<'a>(mut log: Log<'a>, links: Links, inbox: &super::inbox::Inbox) -> Log<'a> {
    drop(links);
    for message in inbox.try_iter() {
        if let super::inbox::Message::Link { at, event } = message {
            log.tell_of(at, &event.actor, event.what);
        }
    }
    log
}

/// What a program wrote down itself.
fn traced(program: &str, life: &Life, clock: &Recorder, log: &mut Log) -> Option<Part> {
    // A program that was ended at once has written none.
    let text = fs::read_to_string(life.trace.as_ref()?).ok().filter(|text| !text.is_empty())?;
    let ended = life.ended.as_ref().map_or_else(|| clock.elapsed(), |(at, _)| *at);
    match Run::read(&text) {
        Ok(run) => Some(Part::of_program(program, run, clock.started(), (life.launched, ended))),
        // Its header alone may be cut off.
        Err(_) if !text.contains('\n') => None,
        Err(unreadable) => {
            let text = format!("its trace cannot be read: line {}: {}", unreadable.line, unreadable.why);
            log.note(program, text);
            None
        }
    }
}
