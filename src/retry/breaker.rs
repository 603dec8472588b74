//! The circuit breaker (Michael Nygard, "Release It!"): closed it lets calls pass, open it refuses them at once,
//! half-open it lets a few probe.

use super::Parameter;
use super::window::Window;
use std::time::Duration;

/// When a circuit opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Breaker {
    /// Opens after so many failures one after the other, as Envoy's outlier detection does.
    Consecutive {
        /// Failures that open it.
        failures: u32,
        /// How long it stays open.
        open_for: Duration,
        /// Probes that must all succeed before it closes.
        probes: u32,
    },
    /// Opens when so great a share of the calls in a window failed.
    Rate {
        /// Share of failures that opens it.
        share: f64,
        /// The window.
        window: Duration,
        /// With fewer calls in the window it stays closed.
        least: u32,
        /// How long it stays open.
        open_for: Duration,
        /// Probes that must all succeed before it closes.
        probes: u32,
    },
}

impl Breaker {
    /// When it opens and closes, in the names of the parameters.
    pub const fn formula(self) -> &'static str {
        match self {
            Self::Consecutive { .. } => {
                "opens after `failures` in a row, for open_for; then closes when `probes` succeed, opens when one fails"
            }
            Self::Rate { .. } => {
                "opens when failed ≥ share × calls ≥ share × least in a window; then as many probes must succeed"
            }
        }
    }

    pub(super) fn parameters(self) -> Vec<Parameter> {
        let duration = |duration| humantime::format_duration(duration).to_string();
        match self {
            Self::Consecutive { failures, open_for, probes } => vec![
                ("failures", failures.to_string()),
                ("open_for", duration(open_for)),
                ("probes", probes.to_string()),
            ],
            Self::Rate { share, window, least, open_for, probes } => vec![
                ("share", share.to_string()),
                ("window", duration(window)),
                ("least", least.to_string()),
                ("open_for", duration(open_for)),
                ("probes", probes.to_string()),
            ],
        }
    }
}

/// The state of a circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Calls pass.
    Closed,
    /// Calls are refused until then.
    Open {
        /// When probes may pass.
        until: Duration,
    },
    /// Probes pass.
    HalfOpen {
        /// Probes that may still start.
        left: u32,
        /// Successes that are still missing.
        missing: u32,
    },
}

impl State {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open { .. } => "open",
            Self::HalfOpen { .. } => "half-open",
        }
    }
}

/// A circuit that a [`Breaker`] opens and closes.
#[derive(Clone, Debug)]
pub struct Circuit {
    breaker: Breaker,
    state: State,
    in_a_row: u32,
    /// Calls and failures.
    calls: Window<2>,
    opened: u32,
    /// Grows with every change of state.
    epoch: Epoch,
}

/// Between two changes of a circuit's state: what began before a change says nothing about what came after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Epoch(u32);

impl Circuit {
    /// A closed circuit.
    pub fn of(breaker: Breaker) -> Self {
        let window = match breaker {
            Breaker::Consecutive { .. } => Duration::ZERO,
            Breaker::Rate { window, .. } => window,
        };
        Self {
            breaker,
            state: State::Closed,
            in_a_row: 0,
            calls: Window::of(window),
            opened: 0,
            epoch: Epoch(0),
        }
    }

    /// The state at `now`.
    pub fn state(&mut self, now: Duration) -> State {
        if let State::Open { until } = self.state
            && now >= until
        {
            let probes = self.probes();
            self.state = State::HalfOpen { left: probes, missing: probes };
            self.epoch.0 += 1;
        }
        self.state
    }

    /// How often it opened.
    pub fn opened(&self) -> u32 {
        self.opened
    }

    /// Lets a call pass, or not; when the circuit is half-open the call is one of its probes. [`Self::ended`]
    /// wants the epoch back.
    pub fn lets_pass(&mut self, now: Duration) -> Option<Epoch> {
        match self.state(now) {
            State::Closed => {}
            State::Open { .. } => return None,
            State::HalfOpen { left, missing } => {
                self.state = State::HalfOpen { left: left.checked_sub(1)?, missing };
            }
        }
        Some(self.epoch)
    }

    /// A call that passed in that epoch has ended.
    pub fn ended(&mut self, now: Duration, epoch: Epoch, succeeded: bool) {
        match self.state(now) {
            _ if epoch != self.epoch => {}
            State::Closed => self.count(now, succeeded),
            State::Open { .. } => {}
            State::HalfOpen { .. } if !succeeded => self.open(now),
            State::HalfOpen { left, missing } => match missing.saturating_sub(1) {
                0 => self.close(),
                missing => self.state = State::HalfOpen { left, missing },
            },
        }
    }

    fn count(&mut self, now: Duration, succeeded: bool) {
        self.in_a_row = if succeeded { 0 } else { self.in_a_row + 1 };
        self.calls.add(now, [1.0, f64::from(u8::from(!succeeded))]);
        let opens = match self.breaker {
            Breaker::Consecutive { failures, .. } => self.in_a_row >= failures,
            Breaker::Rate { share, least, .. } => {
                let [calls, failed] = self.calls.sums(now);
                calls >= f64::from(least) && failed >= share * calls
            }
        };
        if opens && !succeeded {
            self.open(now);
        }
    }

    fn open(&mut self, now: Duration) {
        let (Breaker::Consecutive { open_for, .. } | Breaker::Rate { open_for, .. }) = self.breaker;
        self.state = State::Open { until: now.saturating_add(open_for) };
        self.opened += 1;
        self.epoch.0 += 1;
    }

    fn close(&mut self) {
        *self = Self { opened: self.opened, epoch: Epoch(self.epoch.0 + 1), ..Self::of(self.breaker) };
    }

    fn probes(&self) -> u32 {
        let (Breaker::Consecutive { probes, .. } | Breaker::Rate { probes, .. }) = self.breaker;
        probes
    }
}
