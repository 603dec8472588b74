//! One start of a program: its process, what it still may do, and how it ended.

use super::inbox::Message;
use super::output::{Allowance, Ear, feed};
use super::process::{Ending, Order, Pipes, Process, Signal};
use super::readiness::FIRST_GLANCE;
use super::site::Site;
use crate::scenario::model::{Program, Ready};
use crate::trace::Stream;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

/// How long a program that is asked to end may take.
pub(super) const GRACE: Duration = Duration::from_secs(2);
/// How long the end of a program is not told while lines of it may still be on their way: whoever has its streams may
/// live on.
const LAST_LINES: Duration = Duration::from_millis(200);

/// One start of a program.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) process: Process,
    pub(super) launched: Duration,
    /// The file that it writes its trace to.
    pub(super) trace: Option<PathBuf>,
    /// The file that says why it could not be started.
    pub(super) told: PathBuf,
    pub(super) readiness: Readiness,
    /// When and how it ended, once it has.
    pub(super) ended: Option<(Duration, Ending)>,
    /// Whether its end was told.
    pub(super) is_over: bool,
    /// The limit that it broke.
    pub(super) limit: Option<&'static str>,
    /// Whether somebody wanted it to end.
    pub(super) is_asked: bool,
    /// When it is killed if it has not ended.
    pub(super) kill: Option<Duration>,
    /// When its last line came.
    pub(super) last_line: Duration,
    /// Streams that may still give something.
    open_streams: usize,
    /// As long as it is there, the standard input does not end.
    _stdin: Option<mpsc::Sender<()>>,
}

/// Whether a program counts as started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readiness {
    /// It is looked at again at this time, and after so long.
    Awaited { at: Duration, glance: Duration },
    /// It does.
    Ready,
}

impl Life {
    /// Starts a program. The calling thread must live as long as the program does.
    pub(super) fn begin(
        program: &Program,
        site: &Site,
        order: &Arc<Order>,
        stdin: String,
        trace: Option<PathBuf>,
        ear: Ear,
    ) -> io::Result<Self> {
        let launched = ear.clock.elapsed();
        let (process, pipes) = site.start(&program.host, order)?;
        let Pipes { stdin: input, stdout, stderr } = pipes;
        let allowed = Allowance::of(program.limits.output);
        let mut open_streams = 0;
        if let Some(stdout) = stdout {
            ear.clone().listen(Stream::Stdout, stdout, allowed.clone())?;
            open_streams += 1;
        }
        if let Some(stderr) = stderr {
            ear.clone().listen(Stream::Stderr, stderr, allowed)?;
            open_streams += 1;
        }
        let open = input.map(|input| feed(input, stdin)).transpose()?;
        ear.wait(process.waiter())?;
        let readiness = match program.ready {
            Ready::Started => Readiness::Ready,
            Ready::Line(_) | Ready::Listening => {
                Readiness::Awaited { at: launched + FIRST_GLANCE, glance: FIRST_GLANCE }
            }
        };
        Ok(Self {
            process,
            launched,
            trace,
            told: order.told.clone(),
            readiness,
            ended: None,
            is_over: false,
            limit: None,
            is_asked: false,
            kill: None,
            last_line: launched,
            open_streams,
            _stdin: open.filter(|_| program.keeps_stdin_open),
        })
    }

    /// Whether its process is there.
    pub(super) fn is_running(&self) -> bool {
        self.ended.is_none()
    }

    /// SIGTERM to its group, SIGKILL a while later.
    pub(super) fn ask(&mut self, now: Duration) {
        self.is_asked = true;
        self.process.send(Signal::Ask);
        self.kill.get_or_insert(now + GRACE);
    }

    /// SIGKILL to its group.
    pub(super) fn end(&mut self) {
        self.is_asked = true;
        self.process.send(Signal::Kill);
    }

    /// Ends it for a limit that it broke.
    pub(super) fn over(&mut self, limit: &'static str) {
        if self.is_running() && self.limit.is_none() && !self.is_asked {
            self.limit = Some(limit);
            self.process.send(Signal::Kill);
        }
    }

    /// One of its streams has ended.
    pub(super) fn silent(&mut self) {
        self.open_streams = self.open_streams.saturating_sub(1);
    }

    /// Whether a line of it may still come.
    pub(super) fn may_speak(&self) -> bool {
        self.open_streams > 0
    }

    /// Whether its end can be told; until then, when it can be at the latest.
    pub(super) fn is_told_from(&self) -> Option<Duration> {
        let (at, _) = self.ended.as_ref().filter(|_| !self.is_over)?;
        Some(if self.open_streams == 0 { *at } else { *at + LAST_LINES })
    }
}

impl Ear {
    /// Has the end of the process told.
    fn wait(self, waiter: impl FnOnce() -> Ending + Send + 'static) -> io::Result<()> {
        thread::Builder::new().name("netfault-wait".into()).spawn(move || {
            let ending = waiter();
            // Nobody may be there to be told any more.
            let _ = self.tells.send(Message::Ended { who: self.who, at: self.clock.elapsed(), ending });
        })?;
        Ok(())
    }
}
