//! Plays scenarios side by side, until all are done or Ctrl-C ends them.

use super::progress::Progress;
use crate::cli::exit::{Exit, Problem};
use crate::evidence;
use crate::lang::{Lang, Words};
use crate::scenario::account::{Came, account};
use crate::scenario::model::Command;
use crate::scenario::runner::{self, Interrupt, Settings, Trouble};
use crate::scenario::{Played, Scenario, pool};
use crate::trace::{Event, Header, Host, Recorder, Run};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

/// What plays.
pub(super) struct Player {
    host: Host,
    netfault: PathBuf,
    interrupt: Interrupt,
    at_once: NonZeroUsize,
    progress: Progress,
    /// Where the packets of the one run are written.
    pcap: Option<PathBuf>,
}

impl Player {
    /// A player whom Ctrl-C stops: at the first all programs are asked to end, at the second they are killed.
    pub(super) fn new(at_once: Option<NonZeroUsize>, progress: Progress) -> Result<Self, Problem> {
        let interrupt = Interrupt::new();
        let signalled = interrupt.clone();
        ctrlc::set_handler(move || signalled.signal())
            .map_err(|error| Problem::new(Exit::Internal, format!("cannot wait for signals: {error}")))?;
        let netfault =
            std::env::current_exe().map_err(|error| Problem::io("find the file of this program", &error))?;
        let cores = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let at_once = at_once.unwrap_or_else(cores);
        Ok(Self { host: evidence::host(), netfault, interrupt, at_once, progress, pcap: None })
    }

    /// The same, which writes the packets of its one run to a file.
    pub(super) fn writing_packets(self, to: Option<PathBuf>) -> Self {
        Self { pcap: to, ..self }
    }

    /// What comes of each piece of work, in order. Those that had not begun when everything was stopped are `None`.
    pub(super) fn all<W: Sync>(&self, work: &[W], play: impl Fn(&W) -> Run + Sync) -> Vec<Option<Run>> {
        let runs = pool::side_by_side(work, self.at_once, |piece| (!self.is_stopped()).then(|| play(piece)));
        self.progress.over();
        runs
    }

    /// Plays one scenario, and judges it; `judged` makes of the run what is to be told. `shown` is its name in the
    /// progress.
    pub(super) fn play(
        &self,
        scenario: &Scenario,
        shown: &str,
        replay: String,
        judged: impl FnOnce(Run) -> Run,
    ) -> Run {
        let clock = Recorder::forgetful();
        let header = Header::new(scenario.seed, replay.clone(), clock.started(), self.host.clone());
        let line = self.progress.begin(shown);
        let hear = |event: &Event| self.progress.event(line, event);
        let settings = Settings {
            netfault: self.netfault.clone(),
            folder: None,
            patience: runner::PATIENCE,
            interrupt: self.interrupt.clone(),
            pcap: self.pcap.clone(),
            hear: &hear,
        };
        let came = match runner::play(scenario, &settings) {
            Ok(played) => Came::Played(played),
            Err(Trouble::Interrupted) => Came::Stopped(Played::default()),
            Err(Trouble::Unsupported { needs }) => Came::Unsupported(needs),
            Err(Trouble::NotReady { program, why }) if is_judged(scenario, &program) => Came::Lacking(why),
            Err(Trouble::Broke { why } | Trouble::NotReady { why, .. }) => Came::Broke(why),
        };
        let run = judged(account(scenario, header, replay, clock.elapsed(), came));
        self.progress.end(line, shown, &run);
        run
    }

    /// Whether Ctrl-C came.
    pub(super) fn is_stopped(&self) -> bool {
        self.interrupt.is_asked()
    }
}

/// Whether it is somebody's work that is judged, and no part of the set-up.
fn is_judged(scenario: &Scenario, program: &str) -> bool {
    scenario.program(program).is_some_and(|program| matches!(program.run, Command::Other(_)))
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
