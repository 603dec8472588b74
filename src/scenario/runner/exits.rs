//! What follows from the end of a program: how it is told, and whether it is started again.

use super::play::Play;
use super::process::{Ending, NOT_STARTED};
use super::trouble::Trouble;
use crate::scenario::model::When;
use crate::trace::What;

impl Play<'_> {
    /// Tells that a program has ended, and starts it again where it has to be.
    pub(super) fn exited(&mut self, role: usize) -> Result<(), Trouble> {
        let now = self.log.now();
        let (name, own) = (&self.roles[role].program.name, self.roles[role].is_own());
        let last_words = self.log.last_words(name);
        let Some(life) = self.roles[role].lives.last_mut() else { return Ok(()) };
        life.is_over = true;
        let (at, ending) = life.ended.clone().unwrap_or((now, Ending::default()));
        let at = at.max(life.last_line);
        let not_started =
            (ending.code == Some(NOT_STARTED)).then(|| std::fs::read_to_string(&life.told).ok());
        let limit = life.limit.or_else(|| memory_ran_out(&ending, &last_words).then_some("memory"));
        let by_itself = !life.is_asked && limit.is_none();
        if let Some(why) = not_started.flatten() {
            self.log.tell_of(at, name, What::Note { text: format!("cannot start: {why}") });
            if own {
                let netfault = self.settings.netfault.display();
                return Err(Trouble::broke(
                    format!("{name}: cannot start {netfault}: {why}"),
                    format!("{name}: {netfault} tidak dapat dijalankan: {why}"),
                ));
            }
        }
        let limit = limit.map(str::to_owned);
        self.log.tell_of(at, name, What::Exited { code: ending.code, signal: ending.signal, limit });
        for step in &mut self.pending {
            if let When::Ended { program, delay } = &step.step.when
                && step.due.is_none()
                && program == name
            {
                step.due = Some(at + *delay);
            }
        }
        let role = &mut self.roles[role];
        if let Some(restart) =
            role.program.restart.filter(|restart| by_itself && role.restarts < restart.times)
        {
            role.restarts += 1;
            role.start = Some(at + restart.delay);
        }
        if std::mem::take(&mut role.rebinds) {
            role.start = Some(now);
        }
        Ok(())
    }
}

/// Whether a program failed because it got no more memory. The kernel ends none for that: it is told ENOMEM, and what
/// it makes of it are its last words.
fn memory_ran_out(ending: &Ending, last_words: &[String]) -> bool {
    const WORDS: &[&str] = &[
        "MemoryError",
        "Cannot allocate memory",
        "out of memory",
        "OutOfMemoryError",
        "std::bad_alloc",
        "memory allocation of",
        "heap limit Allocation failed",
    ];
    ending.code != Some(0) && last_words.iter().any(|line| WORDS.iter().any(|word| line.contains(word)))
}
