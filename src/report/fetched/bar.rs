//! A bar at its place in time.

use crate::trace::Stage;
use std::time::Duration;

/// How time becomes columns.
pub(super) struct Scale {
    /// Columns that there are.
    pub(super) width: usize,
    /// What all of them stand for.
    pub(super) whole: Duration,
    /// Whether only ASCII can be shown.
    pub(super) ascii: bool,
}

/// A column is divided into so many parts: the block elements of Unicode, U+2588 to U+258F.
const PARTS: u64 = 8;
/// The blocks that begin at the left, by the parts that they fill, from one to all.
const BLOCKS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

impl Scale {
    /// The bar of a stage, with the blanks before it; whatever took time at all is to be seen.
    pub(super) fn bar(&self, stage: &Stage) -> String {
        let parts = self.width as u64 * PARTS;
        let begin = self.part(stage.at).min(parts - 1);
        let end = self.part(stage.at + stage.took).clamp(begin + 1, parts);
        let (column, blanks) = (begin / PARTS, usize::try_from(begin / PARTS).unwrap_or_default());
        let filled = end.saturating_sub(column * PARTS);
        let (whole, rest) = (filled / PARTS, filled % PARTS);
        let mut bar = " ".repeat(blanks);
        if self.ascii {
            let columns = usize::try_from(filled.div_ceil(PARTS)).unwrap_or_default();
            let is_thin = end - begin < PARTS / 2;
            bar.push_str(&(if is_thin { "|".to_owned() } else { "#".repeat(columns) }));
            return bar;
        }
        // A bar that begins in the middle of a column and goes on: its right half.
        let late = begin % PARTS >= PARTS / 2;
        for number in 0..whole {
            bar.push(if number == 0 && late { '▐' } else { '█' });
        }
        let rest = if whole == 0 && late { (end - begin).min(PARTS - 1) } else { rest };
        if let Some(block) = usize::try_from(rest).ok().and_then(|rest| rest.checked_sub(1)) {
            bar.push(BLOCKS[block]);
        }
        bar
    }

    /// In which part a time is.
    fn part(&self, time: Duration) -> u64 {
        let parts = self.width as u128 * u128::from(PARTS);
        let whole = self.whole.as_nanos().max(1);
        u64::try_from((time.as_nanos() * parts + whole / 2) / whole).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::StageName;
    use proptest::prelude::*;

    fn bar(at: u64, took: u64, whole: u64, ascii: bool) -> String {
        let millis = Duration::from_millis;
        let stage = Stage { name: StageName::Body, at: millis(at), took: millis(took), ok: true };
        Scale { width: 10, whole: millis(whole), ascii }.bar(&stage)
    }

    #[test]
    fn a_bar_stands_at_its_place_and_is_as_long_as_its_time() {
        assert_eq!(bar(0, 100, 100, false), "██████████");
        assert_eq!(bar(50, 50, 100, false), "     █████");
        assert_eq!(bar(20, 25, 100, false), "  ██▌");
        assert_eq!(bar(25, 25, 100, false), "  ▐██");
        assert_eq!(bar(20, 25, 100, true), "  ###");
    }

    #[test]
    fn the_shortest_stage_is_seen() {
        assert_eq!(bar(0, 0, 100, false), "▏");
        assert_eq!(bar(100, 0, 100, false), "         ▐");
        assert_eq!(bar(30, 0, 100, true), "   |");
        assert_eq!(bar(0, 0, 0, false), "▏");
    }

    proptest! {
        #[test]
        fn no_bar_leaves_its_columns(at in 0_u64..1000, took in 0_u64..1000, more in 0_u64..1000, ascii: bool) {
            let drawn = bar(at, took, at + took + more, ascii);
            prop_assert!(drawn.chars().count() <= 10, "{drawn:?}");
            prop_assert!(!drawn.trim().is_empty());
            prop_assert!(!ascii || drawn.is_ascii());
        }
    }
}
