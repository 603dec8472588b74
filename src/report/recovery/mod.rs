//! What an experiment about recovery found, for people and for scripts.

mod chart;
mod json;
mod text;

pub use json::Found;
pub use text::{summary, text};

use super::run::html_of_recovery;
use crate::knowledge::Terms;
use crate::lang::Lang;
use crate::trace::{Measure, Recovery, RecoveryArm, RecoveryChange, RecoverySweep, Spread};

/// One HTML file, first shown in `lang`.
pub fn html(all: &[Recovery], lang: Lang) -> String {
    html_of_recovery(all, lang)
}

/// A number of an arm, where it has it.
pub(super) type Of = fn(&RecoveryArm) -> Option<(Measure, Spread)>;

/// What every table of arms has, in its order: a heading, and the number.
pub(super) fn columns(terms: &Terms) -> [(&'static str, Of); 6] {
    [
        (terms.r_success, |arm| Some((Measure::Share, arm.success_rate))),
        (terms.r_goodput, |arm| Some((Measure::PerSecond, arm.goodput_per_s))),
        ("p50", |arm| Some((Measure::Millis, arm.p50_ms))),
        ("p99", |arm| Some((Measure::Millis, arm.p99_ms))),
        (terms.r_attempts, |arm| Some((Measure::Plain, arm.amplification))),
        (terms.r_back, |arm| Some((Measure::Seconds, arm.recovered_after_s?))),
    ]
}

/// What a number of an experiment is called.
pub(super) fn named(number: &str, terms: &Terms) -> &'static str {
    match number {
        "false_timeouts" => terms.r_false_timeouts,
        "peak" => terms.r_peak,
        "over_budget" => terms.r_over_budget,
        "refused_though_well" => terms.r_refused_though_well,
        "wasted" => terms.r_wasted,
        "doubled" => terms.r_doubled,
        "failures" => terms.r_failures,
        "attempts_per_s" => terms.r_attempts_per_s,
        "amplification" => terms.r_attempts,
        _ => terms.r_goodput,
    }
}

/// The heading of the number that an experiment is about; nothing when every table has it anyway.
pub(super) fn focus(number: &str, terms: &Terms) -> Option<&'static str> {
    let heading = named(number, terms);
    columns(terms).iter().all(|(known, _)| *known != heading).then_some(heading)
}

/// What was changed of the experiment, and that its sentences know nothing of that; nothing when nothing was.
pub(super) fn changed(recovery: &Recovery, terms: &Terms) -> Option<String> {
    let one =
        |it: &RecoveryChange| format!("{} = {} ({} {})", it.key, it.value, terms.r_instead_of, it.default);
    let all: Vec<String> = recovery.set.iter().map(one).collect();
    (!all.is_empty()).then(|| format!("{}: {}. {}", terms.r_changed, all.join(", "), terms.r_sentences))
}

/// What a sweep shows.
pub(super) fn against(sweep: &RecoverySweep, terms: &Terms) -> String {
    let number = named(sweep.number, terms);
    terms.r_against.replace("{number}", number).replace("{key}", sweep.key).replace("{case}", sweep.case)
}

/// A number as people write it. What never comes is infinite.
pub(super) fn written(unit: Measure, value: f64, terms: &Terms) -> String {
    if value.is_infinite() {
        return match unit {
            Measure::Millis => "-".to_owned(),
            _ => terms.r_never.to_owned(),
        };
    }
    match unit {
        Measure::Share => format!("{} %", digits(value * 100.0, 1)),
        Measure::PerSecond => format!("{}/s", digits(value, 1)),
        Measure::Millis if value >= 1000.0 => format!("{} s", digits(value / 1000.0, 2)),
        Measure::Millis => format!("{value:.0} ms"),
        Measure::Seconds => format!("{} s", digits(value, 2)),
        Measure::Times => format!("{}x", digits(value, 2)),
        Measure::Plain => digits(value, 2),
    }
}

/// At most so many digits behind the point, and none that is nothing.
fn digits(value: f64, most: usize) -> String {
    let written = format!("{value:.most$}");
    written.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge;

    #[test]
    fn numbers_are_written_with_their_units_and_no_digit_too_many() {
        let terms = knowledge::terms(Lang::En);
        for (unit, value, expected) in [
            (Measure::Share, 0.05, "5 %"),
            (Measure::Share, 0.9951, "99.5 %"),
            (Measure::Share, 0.0, "0 %"),
            (Measure::PerSecond, 100.0, "100/s"),
            (Measure::Millis, 400.0, "400 ms"),
            (Measure::Millis, 21_032.0, "21.03 s"),
            (Measure::Millis, f64::INFINITY, "-"),
            (Measure::Seconds, 0.75, "0.75 s"),
            (Measure::Seconds, f64::INFINITY, "never"),
            (Measure::Times, 3.0, "3x"),
            (Measure::Plain, 1.1, "1.1"),
            (Measure::Plain, 10.0, "10"),
        ] {
            assert_eq!(written(unit, value, terms), expected);
        }
    }
}
