//! What runs right now, on stderr: lines that are redrawn where a person watches, else a line for each of several runs
//! that ended. The report on stdout has them all.

use crate::cli::terminal::Terminal;
use crate::knowledge;
use crate::report::{Look, one_line};
use crate::scenario::played::RUNNER;
use crate::trace::{Event, Recorder, Run, RunStatus, What};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The lines are redrawn no more often than this.
const PAUSE: Duration = Duration::from_millis(80);

/// Of all runs.
pub(super) struct Progress {
    terminal: Terminal,
    clock: Recorder,
    total: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    running: Vec<Running>,
    begun: usize,
    ended: usize,
    /// How many lines are to be erased.
    drawn: usize,
    drawn_at: Duration,
}

struct Running {
    number: usize,
    name: String,
    since: Duration,
    step: String,
    programs: BTreeSet<String>,
}

impl Progress {
    /// Of so many runs.
    pub(super) fn new(terminal: &Terminal, total: usize) -> Self {
        Self { terminal: *terminal, clock: Recorder::forgetful(), total, state: Mutex::default() }
    }

    /// One begins; what is given stands for it.
    pub(super) fn begin(&self, name: &str) -> usize {
        let mut state = self.state();
        state.begun += 1;
        let number = state.begun;
        let name = one_line(name, false);
        let (since, step, programs) = (self.clock.elapsed(), String::new(), BTreeSet::new());
        state.running.push(Running { number, name, since, step, programs });
        self.redraw(&mut state);
        number
    }

    /// Something happened in one.
    pub(super) fn event(&self, number: usize, event: &Event) {
        let mut state = self.state();
        let Some(running) = state.running.iter_mut().find(|running| running.number == number) else { return };
        match &event.what {
            What::Step { text, .. } if event.actor == RUNNER => running.step = one_line(text, false),
            What::Launched { .. } => drop(running.programs.insert(event.actor.clone())),
            What::Exited { .. } => drop(running.programs.remove(&event.actor)),
            _ => return,
        }
        if self.clock.elapsed().saturating_sub(state.drawn_at) >= PAUSE {
            self.redraw(&mut state);
        }
    }

    /// One ended.
    pub(super) fn end(&self, number: usize, name: &str, run: &Run) {
        let mut state = self.state();
        state.running.retain(|running| running.number != number);
        state.ended += 1;
        if self.terminal.watched {
            self.redraw(&mut state);
        } else if self.total > 1 {
            self.terminal.note(&(ended(name, run, &self.terminal.stderr_look) + "\n"));
        }
    }

    /// All ended: nothing stays of what ran.
    pub(super) fn over(&self) {
        let mut state = self.state();
        state.running.clear();
        let erased = erase(&mut state);
        if self.terminal.watched {
            self.terminal.note(&erased);
        }
    }

    /// Draws what runs, where somebody watches.
    fn redraw(&self, state: &mut State) {
        if !self.terminal.watched {
            return;
        }
        state.drawn_at = self.clock.elapsed();
        let erased = erase(state);
        let lines = self.lines(state);
        state.drawn = lines.len();
        let below = lines.into_iter().map(|line| line + "\n");
        self.terminal.note(&(erased + &below.collect::<String>()));
    }

    fn lines(&self, state: &State) -> Vec<String> {
        let (look, columns) = (&self.terminal.stderr_look, self.terminal.columns);
        let mut lines: Vec<String> = state
            .running
            .iter()
            .map(|running| look.faint(&cut(&running.line(self.clock.elapsed()), columns)))
            .collect();
        if self.total > 1 && !lines.is_empty() {
            lines.push(look.faint(&cut(&format!("{}/{}", state.ended, self.total), columns)));
        }
        lines
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // Whoever panicked left a state that draws as well.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// `late-server  3.2 s  partition path  (client, server)`.
    fn line(&self, now: Duration) -> String {
        let seconds = now.saturating_sub(self.since).as_secs_f64();
        let programs: Vec<&str> = self.programs.iter().map(String::as_str).collect();
        let step = if self.step.is_empty() { String::new() } else { format!("  {}", self.step) };
        let programs =
            if programs.is_empty() { String::new() } else { format!("  ({})", programs.join(", ")) };
        format!("{}  {seconds:.1} s{step}{programs}", self.name)
    }
}

/// Up to the first of the lines that were drawn, and everything from there on (ECMA-48 CPL and ED).
fn erase(state: &mut State) -> String {
    match std::mem::take(&mut state.drawn) {
        0 => String::new(),
        lines => format!("\u{1b}[{lines}F\u{1b}[J"),
    }
}

/// As much of a line as fits beside the edge: a line that wraps is two, and would be erased by half. Letters outside of
/// ASCII may be wide.
fn cut(line: &str, columns: usize) -> String {
    let mut left = columns.saturating_sub(1);
    let fits = |letter: &char| {
        let width = if letter.is_ascii() { 1 } else { 2 };
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    };
    line.chars().take_while(fits).collect()
}

fn ended(name: &str, run: &Run, look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let name = one_line(name, false);
    let Some(end) = &run.end else { return format!("{}  {name}", look.doubtful(terms.interrupted)) };
    let word = match end.status {
        RunStatus::Passed => look.good(terms.passed),
        RunStatus::Failed => look.bad(terms.failed),
        RunStatus::Error => look.bad(terms.error),
        RunStatus::Unsupported => look.doubtful(terms.unsupported),
    };
    format!("{word}  {name} ({:.2} s)", end.seconds.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_never_reaches_the_edge_of_the_window() {
        assert_eq!(cut("late-server  3.2 s", 12), "late-server");
        assert_eq!(cut("late-server", 12), "late-server");
        assert_eq!(cut("延迟", 4), "延");
        assert_eq!(cut("anything", 0), "");
    }

    #[test]
    fn as_many_lines_are_erased_as_were_drawn() {
        let mut state = State { drawn: 3, ..State::default() };
        assert_eq!(erase(&mut state), "\u{1b}[3F\u{1b}[J");
        assert_eq!(erase(&mut state), "");
    }

    #[test]
    fn a_line_says_what_runs_where() {
        let running = Running {
            number: 1,
            name: "late".into(),
            since: Duration::from_secs(1),
            step: "partition path".into(),
            programs: BTreeSet::from(["client".to_owned(), "server".to_owned()]),
        };
        assert_eq!(
            running.line(Duration::from_millis(4250)),
            "late  3.2 s  partition path  (client, server)"
        );
    }
}
