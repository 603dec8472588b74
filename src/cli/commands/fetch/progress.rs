//! What a fetch is doing right now, on stderr, in one line that is written again and again where a person watches.

use crate::cli::terminal::Terminal;
use crate::knowledge;
use crate::report::{amount, one_line, rate};
use crate::trace::{Framing, Recorder, Response, What};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// What takes less than this needs no progress.
const SOON: Duration = Duration::from_millis(400);
/// How often the line is written.
const PAUSE: Duration = Duration::from_millis(100);

/// Of one fetch. Whoever moves the body only counts; another thread tells.
pub(super) struct Progress {
    terminal: Terminal,
    recorder: Recorder,
    /// Whether anybody wants to see it.
    shown: bool,
    bytes: AtomicU64,
    /// Bytes that the server announced, nothing when it did not.
    announced: AtomicU64,
    /// When the body began, in microseconds.
    since: AtomicU64,
}

impl Progress {
    /// None is needed where the body itself can be seen to come.
    pub(super) fn new(terminal: &Terminal, recorder: &Recorder, body_is_seen: bool) -> Self {
        Self {
            terminal: *terminal,
            recorder: recorder.clone(),
            shown: terminal.watched && !body_is_seen,
            bytes: AtomicU64::new(0),
            announced: AtomicU64::new(0),
            since: AtomicU64::new(0),
        }
    }

    /// A body is to come. How much of one that is packed is left cannot be told from what was unpacked.
    pub(super) fn expect(&self, response: &Response) {
        let is_plain = response.framing == Framing::ContentLength && response.content_encoding.is_none();
        self.announced.store(response.length.filter(|_| is_plain).unwrap_or_default(), Relaxed);
        let now = u64::try_from(self.recorder.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.since.store(now, Relaxed);
    }

    /// So many bytes came.
    pub(super) fn add(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Relaxed);
    }

    /// Nothing has come yet, after all.
    pub(super) fn start_over(&self) {
        self.bytes.store(0, Relaxed);
    }

    /// Does `work`, and tells how it goes on.
    pub(super) fn shown_while<T>(&self, work: impl FnOnce() -> T) -> T {
        if !self.shown {
            return work();
        }
        thread::scope(|scope| {
            let (done, ended) = mpsc::channel::<()>();
            scope.spawn(move || {
                let mut wait = SOON;
                while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    self.terminal.note(&format!("\r\u{1b}[K{}", self.line()));
                    wait = PAUSE;
                }
                if wait == PAUSE {
                    self.terminal.note("\r\u{1b}[K");
                }
            });
            let result = work();
            drop(done);
            result
        })
    }

    /// As much of it as fits beside the edge: a line that wraps is two.
    fn line(&self) -> String {
        let line = match self.bytes.load(Relaxed) {
            0 => self.call(),
            bytes => self.transfer(bytes),
        };
        let fits: String = line.chars().take(self.terminal.columns.saturating_sub(1)).collect();
        self.terminal.stderr_look.faint(&fits)
    }

    /// `12.3 MB of 67.1 MB (18 %), 85.2 MB/s`
    fn transfer(&self, bytes: u64) -> String {
        let terms = knowledge::terms(self.terminal.stderr_look.lang);
        let announced = match self.announced.load(Relaxed) {
            0 => String::new(),
            all => {
                let percent = u128::from(bytes) * 100 / u128::from(all);
                format!(" {} {} ({percent} %)", terms.of, amount(all, terms))
            }
        };
        let since = Duration::from_micros(self.since.load(Relaxed));
        let rate = rate(bytes, self.recorder.elapsed().saturating_sub(since));
        let rate = rate.map(|rate| format!(", {rate}")).unwrap_or_default();
        format!("{}{announced}{rate}", amount(bytes, terms))
    }

    /// `connect tcp 192.0.2.1:80  3.2 s`
    fn call(&self) -> String {
        let events = self.recorder.events();
        let begun = events.iter().rev().find_map(|event| match &event.what {
            What::Started(call) => Some((call.to_string(), event.at)),
            _ => None,
        });
        let Some((call, at)) = begun else { return String::new() };
        let waited = self.recorder.elapsed().saturating_sub(at).as_secs_f64();
        format!("{}  {waited:.1} s", one_line(&call, false))
    }
}
