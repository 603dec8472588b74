//! The number that an experiment is about, an arm a bar, with whiskers from its least to its most.

use super::picture::{self, bar, line, real, text};
use super::{BESIDE, LEFT, WIDTH, figure, heading_of_picture, table};
use crate::knowledge::Terms;
use crate::lang::Lang;
use crate::report::recovery::{named, written};
use crate::trace::{Recovery, RecoveryArm, RecoveryCase, Spread};

/// Height of a bar with its room.
const BAR: f64 = 28.0;

/// The picture.
pub(super) fn html(recovery: &Recovery, case: &RecoveryCase, lang: Lang, terms: &Terms) -> String {
    let words = named(recovery.focus, terms);
    let id = format!("{}-{}-focus-{lang}", recovery.experiment, case.name);
    let most =
        case.arms.iter().map(|arm| arm.focus.1.most).filter(|most| most.is_finite()).fold(0.0, f64::max);
    let title = format!("{}, {}: {words}", recovery.experiment, case.name);
    let said = |arm: &RecoveryArm| written(arm.focus.0, arm.focus.1.median, terms);
    let told: Vec<String> = case.arms.iter().map(|arm| format!("{} {}", arm.strategy, said(arm))).collect();
    let height = 8.0 + real(case.arms.len()) * BAR;
    let mut drawn = picture::picture(&id, LEFT + WIDTH + BESIDE, height, &title, &told.join(", "));
    let wide = |value: f64| if most > 0.0 && value.is_finite() { WIDTH * value / most } else { 0.0 };
    for (number, arm) in case.arms.iter().enumerate() {
        let (y, Spread { median, least, most: top }) = (4.0 + real(number) * BAR, arm.focus.1);
        let middle = y + BAR / 2.0;
        let whiskers =
            [((least, top), 0.0), ((least, least), 5.0), ((top, top), 5.0)].map(|((from, to), half)| {
                line((LEFT + wide(from), middle - half), (LEFT + wide(to), middle + half), "whisker")
            });
        drawn = drawn
            .add(text(LEFT - 12.0, middle + 4.0, "end", "name", &arm.strategy))
            .add(bar(LEFT, y + 4.0, (wide(median), BAR - 8.0), "goodput", ""))
            .add(text(LEFT + wide(top) + 8.0, middle + 4.0, "start", "time", &said(arm)));
        for whisker in whiskers {
            drawn = drawn.add(whisker);
        }
    }
    let rows = case.arms.iter().map(|arm| {
        let (unit, Spread { median, least, most }) = arm.focus;
        let cells = [median, least, most].map(|value| written(unit, value, terms));
        std::iter::once(arm.strategy.clone()).chain(cells).collect()
    });
    let rows = table(&[terms.r_strategy, terms.r_median, terms.r_least, terms.r_most], rows);
    heading_of_picture(words) + &figure(&drawn.to_string(), "", &rows, terms)
}
