//! What an expectation comes to, and how wanted and seen values are put into words.

use crate::scenario::model::{Bounds, Window};
use std::fmt;
use std::time::Duration;

/// An expectation beside what was seen.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) want: String,
    pub(super) got: String,
    /// `None` when it cannot be told.
    pub(super) passed: Option<bool>,
    /// `seq` of the events that show it.
    pub(super) because: Vec<usize>,
}

impl Found {
    pub(super) fn new(want: impl Into<String>, got: impl Into<String>, passed: bool) -> Self {
        Self { want: want.into(), got: got.into(), passed: Some(passed), because: Vec::new() }
    }

    /// The events that show it; of many the last ones.
    #[must_use]
    pub(super) fn because(mut self, events: impl IntoIterator<Item = usize>) -> Self {
        self.because = events.into_iter().collect();
        let more = self.because.len().saturating_sub(SHOWN);
        self.because.drain(..more);
        self
    }
}

/// More events than this make nobody wiser.
const SHOWN: usize = 20;

/// An expectation of something that is not there.
pub(super) fn missed(want: impl Into<String>, got: impl Into<String>) -> Found {
    Found::new(want, got, false)
}

/// An expectation of which nobody can tell, and why not.
pub(super) fn untold(want: impl Into<String>, why: impl Into<String>) -> Found {
    Found { passed: None, ..Found::new(want, why, false) }
}

/// `3 attempts`, `1 attempt`.
pub(super) fn counted(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// A duration as a person reads it: whole milliseconds, or microseconds below one.
pub(super) fn duration(duration: Duration) -> humantime::FormattedDuration {
    let (nanos, milli) = (duration.subsec_nanos(), 1_000_000);
    let unit = if duration < Duration::from_millis(1) { 1000 } else { milli };
    humantime::format_duration(Duration::new(duration.as_secs(), nanos / unit * unit))
}

/// A number as JSON and the counts of a run have it.
pub(super) fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl Window {
    /// Whether something that took so long lies in it.
    pub fn contains(&self, span: Duration) -> bool {
        self.not_before.is_none_or(|earliest| span.saturating_add(self.tolerance) >= earliest)
            && self.within.is_none_or(|latest| span <= latest.saturating_add(self.tolerance))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.not_before, self.within) {
            (Some(earliest), Some(latest)) => write!(f, "{} to {}", duration(earliest), duration(latest))?,
            (Some(earliest), None) => write!(f, "at least {}", duration(earliest))?,
            (None, Some(latest)) => write!(f, "at most {}", duration(latest))?,
            (None, None) => f.write_str("at all")?,
        }
        if self.tolerance.is_zero() { Ok(()) } else { write!(f, " (± {})", duration(self.tolerance)) }
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.at_least, self.at_most) {
            (least, Some(most)) if least == most => write!(f, "{least}"),
            (0, Some(most)) => write!(f, "at most {most}"),
            (least, Some(most)) => write!(f, "{least} to {most}"),
            (least, None) => write!(f, "at least {least}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn bounds_and_windows_read_as_what_they_mean() {
        let bounds = |at_least, at_most| Bounds { at_least, at_most }.to_string();
        assert_eq!(bounds(3, Some(3)), "3");
        assert_eq!(bounds(0, Some(3)), "at most 3");
        assert_eq!(bounds(2, Some(3)), "2 to 3");
        assert_eq!(bounds(2, None), "at least 2");
        let window = |not_before, within, tolerance| Window { not_before, within, tolerance }.to_string();
        assert_eq!(window(None, Some(MS(2000)), MS(200)), "at most 2s (± 200ms)");
        assert_eq!(window(Some(MS(1)), Some(MS(2)), MS(0)), "1ms to 2ms");
        assert_eq!(window(Some(MS(1)), None, MS(0)), "at least 1ms");
        assert_eq!(duration(Duration::from_nanos(1_234_567_890)).to_string(), "1s 234ms");
        assert_eq!(duration(Duration::from_nanos(45_678)).to_string(), "45us");
    }

    proptest! {
        #[test]
        fn a_window_ends_exactly_where_its_tolerance_does(
            earliest in 0u64..5_000, length in 0u64..5_000, tolerance in 0u64..1_000, span in 0u64..12_000,
        ) {
            let latest = earliest + length;
            let window = Window {
                not_before: Some(MS(earliest)), within: Some(MS(latest)), tolerance: MS(tolerance),
            };
            let wanted = span + tolerance >= earliest && span <= latest + tolerance;
            prop_assert_eq!(window.contains(MS(span)), wanted);
        }

        #[test]
        fn the_edges_of_a_window_belong_to_it(latest in 0u64..5_000, tolerance in 0u64..1_000) {
            let window = Window { not_before: None, within: Some(MS(latest)), tolerance: MS(tolerance) };
            let edge = MS(latest + tolerance);
            prop_assert!(window.contains(edge));
            prop_assert!(!window.contains(edge + Duration::from_nanos(1)));
        }

        #[test]
        fn the_edges_of_bounds_belong_to_them(least in 0u64..100, more in 0u64..100) {
            let bounds = Bounds { at_least: least, at_most: Some(least + more) };
            prop_assert!(bounds.contains(least) && bounds.contains(least + more));
            prop_assert!(!bounds.contains(least + more + 1));
            prop_assert!(least == 0 || !bounds.contains(least - 1));
        }
    }
}
