//! Plays scenarios side by side, until all are done or Ctrl-C ends them.

use super::progress::Progress;
use crate::cli::exit::{Exit, Problem};
use crate::evidence;
use crate::lang::{Lang, Words};
use crate::scenario::account::{Came, account};
use crate::scenario::runner::{self, Settings, Trouble};
use crate::scenario::{Played, Scenario, pool};
use crate::trace::{Header, Host, Recorder, Run};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// What plays.
pub(super) struct Player {
    host: Host,
    stop: Arc<AtomicBool>,
    at_once: NonZeroUsize,
    progress: Progress,
}

impl Player {
    /// A player whom the first Ctrl-C stops; the second one ends the process.
    pub(super) fn new(at_once: Option<NonZeroUsize>, progress: Progress) -> Result<Self, Problem> {
        let stop = Arc::new(AtomicBool::new(false));
        let signalled = stop.clone();
        ctrlc::set_handler(move || {
            if signalled.swap(true, Ordering::SeqCst) {
                Exit::Interrupted.now();
            }
        })
        .map_err(|error| Problem::new(Exit::Internal, format!("cannot wait for signals: {error}")))?;
        let cores = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Ok(Self { host: evidence::host(), stop, at_once: at_once.unwrap_or_else(cores), progress })
    }

    /// What comes of each piece of work, in order. Those that had not begun when everything was stopped are `None`.
    pub(super) fn all<W: Sync>(&self, work: &[W], play: impl Fn(&W) -> Run + Sync) -> Vec<Option<Run>> {
        let runs = pool::side_by_side(work, self.at_once, |piece| (!self.is_stopped()).then(|| play(piece)));
        self.progress.over();
        runs
    }

    /// Plays one scenario, and judges it. `shown` is its name in the progress.
    pub(super) fn play(&self, scenario: &Scenario, shown: &str, replay: String) -> Run {
        let clock = Recorder::forgetful();
        let header = Header::new(scenario.seed, replay.clone(), clock.started(), self.host.clone());
        let line = self.progress.begin(shown);
        let settings = Settings { stop: self.stop.clone(), watch: &|event| self.progress.event(line, event) };
        let came = match runner::play(scenario, &settings) {
            Ok(played) if self.is_stopped() => Came::Stopped(played),
            Ok(played) => Came::Played(played),
            Err(_) if self.is_stopped() => Came::Stopped(Played::default()),
            Err(Trouble::Unsupported(needs)) => Came::Unsupported(needs),
            Err(Trouble::Broke(what)) => Came::Broke(what),
        };
        let run = account(scenario, header, replay, clock.elapsed(), came);
        self.progress.end(line, shown, &run);
        run
    }

    /// Whether Ctrl-C came.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
}

/// A term with what is filled in, in both languages.
pub(super) fn words(term: impl Fn(Lang) -> &'static str, filled: &[(&str, &str)]) -> Words {
    let fill = |lang| {
        filled
            .iter()
            .fold(term(lang).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    };
    Words { en: fill(Lang::En), id: fill(Lang::Id) }
}
