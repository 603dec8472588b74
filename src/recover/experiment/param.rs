//! The numbers of an experiment that its user may change.

use crate::fault::nearest;
use crate::trace::RecoveryChange;
use std::fmt;
use std::time::Duration;

/// A number of an experiment: its name, what it counts, and what it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Param {
    /// Its name in `--set`.
    pub key: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// What it is unless set; durations in milliseconds.
    pub default: f64,
    /// The least it may be.
    pub least: f64,
    /// The most it may be.
    pub most: f64,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Time, written as `250ms` or `2s`.
    Duration,
    /// So many a second.
    PerSecond,
    /// A share of a whole.
    Share,
    /// Things that come whole.
    Count,
}

/// The numbers that were set; all others have their defaults.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(Vec<(&'static str, f64)>);

/// Why something cannot be set.
#[derive(Clone, Debug, PartialEq)]
pub enum Wrong {
    /// The experiment has no such number.
    Unknown {
        /// What was written.
        key: String,
        /// What may have been meant.
        nearest: Option<&'static str>,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// It cannot be that.
    Value {
        /// What it is.
        param: Param,
        /// What was written.
        given: String,
    },
}

impl Param {
    /// A duration in milliseconds, at most ten minutes.
    pub const fn millis(key: &'static str, default: f64) -> Self {
        Self { key, unit: Unit::Duration, default, least: 1.0, most: 600_000.0 }
    }

    /// A rate, at most 10 000 a second.
    pub const fn per_s(key: &'static str, default: f64) -> Self {
        Self { key, unit: Unit::PerSecond, default, least: 0.1, most: 10_000.0 }
    }

    /// The same, which may be nothing.
    #[must_use]
    pub const fn or_none(self) -> Self {
        Self { least: 0.0, ..self }
    }

    /// A share above nothing.
    pub const fn share(key: &'static str, default: f64) -> Self {
        Self { key, unit: Unit::Share, default, least: 0.000_1, most: 1.0 }
    }

    /// A count from one.
    pub const fn count(key: &'static str, default: f64) -> Self {
        Self { key, unit: Unit::Count, default, least: 1.0, most: 10_000.0 }
    }

    /// The number that these words stand for, when it may be that.
    fn read(&self, given: &str) -> Option<f64> {
        let number = match self.unit {
            Unit::Duration => humantime::parse_duration(given).ok()?.as_secs_f64() * 1000.0,
            Unit::Count => f64::from(given.parse::<u32>().ok()?),
            Unit::PerSecond | Unit::Share => given.parse().ok()?,
        };
        (self.least..=self.most).contains(&number).then_some(number)
    }

    /// A number of this one's, as it is written.
    pub fn written(&self, number: f64) -> String {
        match self.unit {
            Unit::Duration => humantime::format_duration(duration(number)).to_string(),
            _ => number.to_string(),
        }
    }
}

impl Values {
    /// Reads `key=value` pairs.
    pub fn read<'a>(
        params: &'static [Param],
        set: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Wrong> {
        let mut values = Self::default();
        for (key, given) in set {
            let Some(param) = params.iter().find(|param| param.key == key) else {
                let known: Vec<&str> = params.iter().map(|param| param.key).collect();
                let nearest = nearest(key, known.iter().map(|key| (*key, *key))).first().copied();
                return Err(Wrong::Unknown { key: key.to_owned(), nearest, known });
            };
            let number =
                param.read(given).ok_or_else(|| Wrong::Value { param: *param, given: given.to_owned() })?;
            values.0.push((param.key, number));
        }
        Ok(values)
    }

    /// These, and this one as well.
    pub(in crate::recover) fn with(&self, param: &Param, number: f64) -> Self {
        let mut values = self.clone();
        values.0.push((param.key, number));
        values
    }

    /// Those that are not what they are unless set.
    pub(in crate::recover) fn changes(&self, params: &[Param]) -> Vec<RecoveryChange> {
        let changed = params.iter().filter(|param| self.number(param).to_bits() != param.default.to_bits());
        let change = |param: &Param| RecoveryChange {
            key: param.key,
            value: param.written(self.number(param)),
            default: param.written(param.default),
        };
        changed.map(change).collect()
    }

    /// The number; the last one that was set counts.
    pub fn number(&self, param: &Param) -> f64 {
        let set = self.0.iter().rev().find(|(key, _)| *key == param.key);
        set.map_or(param.default, |(_, number)| *number)
    }

    /// The number as time.
    pub fn time(&self, param: &Param) -> Duration {
        duration(self.number(param))
    }

    /// The number as a count.
    pub fn count(&self, param: &Param) -> u32 {
        // bounded by the parameter: nothing is cut off
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 10 000")]
        let count = self.number(param).round() as u32;
        count
    }
}

fn duration(millis: f64) -> Duration {
    Duration::try_from_secs_f64(millis / 1000.0).unwrap_or_default()
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { key, nearest: Some(nearest), .. } => {
                write!(f, "there is no {key:?} to set; did you mean {nearest}?")
            }
            Self::Unknown { key, nearest: None, known } => {
                write!(f, "there is no {key:?} to set; there are {}", known.join(", "))
            }
            Self::Value { param, given } => {
                let kind = match param.unit {
                    Unit::Duration => "a duration such as 250ms",
                    Unit::PerSecond => "a number a second",
                    Unit::Share => "a share",
                    Unit::Count => "a whole number",
                };
                let (least, most) = (param.written(param.least), param.written(param.most));
                write!(f, "{given:?} is no value of {}: expected {kind} from {least} to {most}", param.key)
            }
        }
    }
}
