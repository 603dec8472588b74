//! How every arm went over time: goodput as an area, attempts as a dashed line, trouble behind both.

use super::lanes::ticks;
use super::picture::{self, bar, line, path, real, text};
use super::{BESIDE, LEFT, WIDTH, figure, heading_of_picture, table};
use crate::knowledge::Terms;
use crate::lang::Lang;
use crate::report::recovery::written;
use crate::report::web::escaped;
use crate::trace::{Measure, Recovery, RecoveryArm, RecoveryCase};
use std::fmt::Write;
use std::time::Duration;
use svg::Document;

/// Height of an arm's strip.
pub(super) const STRIP: f64 = 48.0;

/// A strip for each arm.
pub(super) fn html(recovery: &Recovery, case: &RecoveryCase, lang: Lang, terms: &Terms) -> String {
    let values = |arm: &RecoveryArm| [&arm.course.goodput_per_s[..], &arm.course.attempts_per_s[..]].concat();
    let most = case.arms.iter().flat_map(values).fold(0.0, f64::max);
    if most <= 0.0 {
        return String::new();
    }
    let id = format!("{}-{}-course-{lang}", recovery.experiment, case.name);
    let title = format!("{}, {}: {}", recovery.experiment, case.name, terms.r_over_time);
    let names: Vec<&str> = case.arms.iter().map(|arm| arm.strategy.as_str()).collect();
    let bottom = bottom(case.arms.len());
    let mut drawn = picture::picture(&id, LEFT + WIDTH + BESIDE, bottom + 24.0, &title, &names.join(", "));
    drawn = troubles(drawn, case, bottom, terms);
    for (number, arm) in case.arms.iter().enumerate() {
        drawn = strip(drawn, arm, case, top(number), most);
    }
    let drawn = axis(drawn, case, bottom);
    let mut legend = sample("goodput", terms.r_goodput) + &sample("tries", terms.r_attempts_per_s);
    if !case.troubles_s.is_empty() {
        legend += &sample("stands", terms.r_trouble);
    }
    heading_of_picture(terms.r_over_time)
        + &figure(&drawn.to_string(), &legend_of(&legend), &slots(case, terms), terms)
}

/// What a class of areas or lines means.
pub(super) fn sample(class: &str, word: &str) -> String {
    let sample = Document::new().set("width", 28).set("height", 12).set("aria-hidden", "true");
    let sample = match class {
        "tries" | "level" => sample.add(path("M0,6 h28".to_owned(), class)),
        _ => sample.add(bar(0.0, 1.0, (28.0, 10.0), class, "")),
    };
    format!("<li>{sample} {}</li>\n", escaped(word))
}

pub(super) fn legend_of(samples: &str) -> String {
    format!("<ul class=\"legend\">\n{samples}</ul>\n")
}

/// The upper end of a strip, and of what is below all of them.
pub(super) fn top(number: usize) -> f64 {
    10.0 + real(number) * STRIP
}

pub(super) fn bottom(strips: usize) -> f64 {
    top(strips)
}

/// The trouble behind all strips.
pub(super) fn troubles(mut drawn: Document, case: &RecoveryCase, bottom: f64, terms: &Terms) -> Document {
    for (from, until) in &case.troubles_s {
        let (x, to) = (place(*from, case), place(*until, case));
        drawn = drawn.add(bar(x, 4.0, ((to - x).max(1.0), bottom - 4.0), "stands", terms.r_trouble));
    }
    drawn
}

/// The times below them.
pub(super) fn axis(mut drawn: Document, case: &RecoveryCase, bottom: f64) -> Document {
    let lasts = Duration::try_from_secs_f64(case.lasts_s).unwrap_or_default();
    for (at, label) in ticks(lasts) {
        drawn = drawn.add(text(place(at.as_secs_f64(), case), bottom + 18.0, "middle", "time", &label));
    }
    drawn
}

fn strip(drawn: Document, arm: &RecoveryArm, case: &RecoveryCase, top: f64, most: f64) -> Document {
    let floor = top + STRIP - 6.0;
    let height = |value: f64| floor - (STRIP - 12.0) * value / most;
    let steps = |values: &[f64]| {
        let mut d = String::new();
        for (number, value) in values.iter().enumerate() {
            let (from, to) = (real(number) * arm.course.slot_s, real(number + 1) * arm.course.slot_s);
            let y = picture::number(height(*value));
            let _ = write!(
                d,
                "L{},{y} L{},{y} ",
                picture::number(place(from, case)),
                picture::number(place(to, case))
            );
        }
        d
    };
    let end = picture::number(place(real(arm.course.goodput_per_s.len()) * arm.course.slot_s, case));
    let (left, low) = (picture::number(LEFT), picture::number(floor));
    let area = format!("M{left},{low} {}L{end},{low} Z", steps(&arm.course.goodput_per_s));
    let tries = steps(&arm.course.attempts_per_s).replacen('L', "M", 1);
    drawn
        .add(line((LEFT, floor), (LEFT + WIDTH, floor), "grid"))
        .add(path(area, "goodput"))
        .add(path(tries, "tries"))
        .add(text(LEFT - 12.0, floor - 8.0, "end", "name", &arm.strategy))
        .add(text(LEFT + WIDTH + 8.0, height(most) + 10.0, "start", "time", &format!("{most:.0}/s")))
}

pub(super) fn place(at: f64, case: &RecoveryCase) -> f64 {
    LEFT + WIDTH * (at / case.lasts_s).clamp(0.0, 1.0)
}

/// The course as numbers.
fn slots(case: &RecoveryCase, terms: &Terms) -> String {
    let mut headings = vec![terms.from];
    headings.extend(case.arms.iter().map(|arm| arm.strategy.as_str()));
    let count = case.arms.first().map_or(0, |arm| arm.course.goodput_per_s.len());
    let row = |number: usize| {
        let slot = case.arms.first().map_or(0.0, |arm| arm.course.slot_s);
        let mut row = vec![written(Measure::Seconds, real(number) * slot, terms)];
        row.extend(case.arms.iter().map(|arm| {
            let of = |values: &[f64]| values.get(number).copied().unwrap_or_default();
            format!("{:.1} ({:.1})", of(&arm.course.goodput_per_s), of(&arm.course.attempts_per_s))
        }));
        row
    };
    let told = format!("{} ({})", terms.r_goodput, terms.r_attempts_per_s);
    format!("<p>{}</p>\n", escaped(&told)) + &table(&headings, (0..count).map(row))
}
