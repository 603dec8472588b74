//! Experiments about recovery as one HTML file: per case how every arm went over time, the number that the experiment
//! is about as bars, and the table of all numbers; then the claims and what there is to learn.

use super::picture::{self, bar, line, path, real, text};
use super::{STYLE, figure, heading, table};
use crate::knowledge::{self, Terms, Told};
use crate::lang::Lang;
use crate::report::recovery::{Found, columns, focus, written};
use crate::report::visible::in_json;
use crate::report::web::{self, escaped, in_each};
use crate::trace::{Measure, Recovery, RecoveryArm, RecoveryCase, Spread};
use std::fmt::Write;
use svg::Document;

/// Room for the names, for the chart, and beside it.
const LEFT: f64 = 150.0;
const WIDTH: f64 = 640.0;
const BESIDE: f64 = 110.0;
/// Height of an arm's strip, and of a bar with its room.
const STRIP: f64 = 48.0;
const BAR: f64 = 28.0;

/// The page, first shown in `first`.
pub(in crate::report) fn recovery(all: &[Recovery], first: Lang) -> String {
    let mut body = picture::patterns() + "<main>\n";
    for recovery in all {
        let _ = writeln!(body, "<article id=\"{}\">", recovery.experiment);
        body += &in_each(|lang| one(recovery, lang));
        body += &raw(recovery, first);
        body += "</article>\n";
    }
    body += "</main>\n";
    let title = match all {
        [only] => format!("netfault: {}", only.experiment),
        _ => "netfault recover run".to_owned(),
    };
    web::page(&title, STYLE, first, &body)
}

fn one(recovery: &Recovery, lang: Lang) -> String {
    let (terms, trial) = (knowledge::terms(lang), knowledge::trial(recovery.experiment));
    let told = trial.text(lang);
    let mut page = format!(
        "<h1>{} <small>{}</small></h1>\n<p>{}</p>\n",
        escaped(recovery.experiment),
        escaped(told.title),
        escaped(told.question)
    );
    let how = format!("{}, seed {}, {} {}", recovery.engine, recovery.seed, recovery.runs, terms.r_runs);
    let _ = writeln!(page, "<p class=\"about\">{}</p>", escaped(&how));
    page += &claims(recovery, told, terms);
    for case in &recovery.cases {
        page += &heading(case.name);
        let _ = writeln!(page, "<p>{}</p>", escaped(told.case(case.name)));
        page += &course(recovery, case, lang, terms);
        page += &bars(recovery, case, lang, terms);
        page += &arms(recovery, case, terms);
    }
    page += &heading(terms.r_learn);
    let _ = writeln!(page, "<p>{}</p>", escaped(told.learn));
    let _ = writeln!(page, "<p class=\"about\">{}: {}</p>", escaped(terms.r_source), escaped(trial.source));
    page
}

/// How many claims hold, and each with what was measured.
fn claims(recovery: &Recovery, told: &Told, terms: &Terms) -> String {
    let (held, all) = (recovery.held(), recovery.claims.len());
    let summary = terms.r_summary.replace("{held}", &held.to_string()).replace("{claims}", &all.to_string());
    let (class, mark) = if held == all { ("good", "✓") } else { ("bad", "✗") };
    let mut page = format!("<p><strong class=\"{class}\">{mark} {}</strong></p>\n<ul>\n", escaped(&summary));
    for claim in &recovery.claims {
        let (class, mark, word) =
            if claim.passed { ("good", "✓", terms.r_holds) } else { ("bad", "✗", terms.r_broken) };
        let sentence = told.claim(claim.key, &written(claim.unit, claim.limit, terms));
        let measured = written(claim.unit, claim.measured, terms);
        let _ = writeln!(
            page,
            "<li><span class=\"{class}\">{mark}</span> {} <small>{word}: {measured}</small></li>",
            escaped(&sentence)
        );
    }
    page += "</ul>\n";
    if !recovery.unchecked.is_empty() {
        let unchecked = format!("{}: {}", terms.r_not_checked, recovery.unchecked.join(", "));
        let _ = writeln!(page, "<p class=\"about\">{}</p>", escaped(&unchecked));
    }
    page
}

/// A strip for each arm: goodput as an area, attempts as a dashed line, trouble behind both.
fn course(recovery: &Recovery, case: &RecoveryCase, lang: Lang, terms: &Terms) -> String {
    let values = |arm: &RecoveryArm| [&arm.course.goodput_per_s[..], &arm.course.attempts_per_s[..]].concat();
    let most = case.arms.iter().flat_map(values).fold(0.0, f64::max);
    if most <= 0.0 {
        return String::new();
    }
    let id = format!("{}-{}-course-{lang}", recovery.experiment, case.name);
    let title = format!("{}, {}: {}", recovery.experiment, case.name, terms.r_over_time);
    let names: Vec<&str> = case.arms.iter().map(|arm| arm.strategy.as_str()).collect();
    let bottom = 10.0 + real(case.arms.len()) * STRIP;
    let mut drawn = picture::picture(&id, LEFT + WIDTH + BESIDE, bottom + 24.0, &title, &names.join(", "));
    for (from, until) in &case.troubles_s {
        let (x, to) = (place(*from, case), place(*until, case));
        drawn = drawn.add(bar(x, 4.0, ((to - x).max(1.0), bottom - 4.0), "stands", terms.r_trouble));
    }
    for (number, arm) in case.arms.iter().enumerate() {
        drawn = strip(drawn, arm, case, 10.0 + real(number) * STRIP, most);
    }
    for tenth in 0..=5_u32 {
        let at = case.lasts_s * f64::from(tenth) / 5.0;
        let label = written(Measure::Seconds, at, terms);
        drawn = drawn.add(text(place(at, case), bottom + 18.0, "middle", "time", &label));
    }
    let sample = |class: &str, word: &str| {
        let sample = Document::new().set("width", 28).set("height", 12).set("aria-hidden", "true");
        let sample = match class {
            "tries" => sample.add(path("M0,6 h28".to_owned(), class)),
            _ => sample.add(bar(0.0, 1.0, (28.0, 10.0), class, "")),
        };
        format!("<li>{sample} {}</li>\n", escaped(word))
    };
    let mut legend = sample("goodput", terms.r_goodput) + &sample("tries", terms.r_attempts_per_s);
    if !case.troubles_s.is_empty() {
        legend += &sample("stands", terms.r_trouble);
    }
    let legend = format!("<ul class=\"legend\">\n{legend}</ul>\n");
    heading_of_picture(terms.r_over_time) + &figure(&drawn.to_string(), &legend, &slots(case, terms), terms)
}

fn heading_of_picture(words: &str) -> String {
    format!("<h3>{}</h3>\n", escaped(words))
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

fn place(at: f64, case: &RecoveryCase) -> f64 {
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

/// The number that the experiment is about, with whiskers from its least to its most.
fn bars(recovery: &Recovery, case: &RecoveryCase, lang: Lang, terms: &Terms) -> String {
    let words = focus(recovery.focus, terms).unwrap_or(match recovery.focus {
        "goodput" => terms.r_goodput,
        _ => terms.r_attempts,
    });
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

/// All numbers of all arms, with what each kept to.
fn arms(recovery: &Recovery, case: &RecoveryCase, terms: &Terms) -> String {
    let columns = columns(terms);
    let mut headings = vec![terms.r_strategy];
    headings.extend(columns.iter().map(|(heading, _)| *heading));
    headings.push(terms.parameters);
    let row = |arm: &RecoveryArm| {
        let mut row = vec![arm.strategy.clone()];
        row.extend(columns.iter().map(|(_, number)| {
            let Some((unit, Spread { median, least, most })) = number(arm) else { return String::new() };
            let of = |value| written(unit, value, terms);
            if recovery.runs > 1 {
                format!("{} ({} .. {})", of(median), of(least), of(most))
            } else {
                of(median)
            }
        }));
        let params: Vec<String> = arm.params.iter().map(|(name, value)| format!("{name} {value}")).collect();
        row.push(params.join(", "));
        row
    };
    format!("<div class=\"scroll\">{}</div>\n", table(&headings, case.arms.iter().map(row)))
}

/// The same as the JSON for scripts.
fn raw(recovery: &Recovery, lang: Lang) -> String {
    let heading = in_each(|lang| escaped(knowledge::terms(lang).h_raw));
    let json = serde_json::to_string_pretty(&Found::new(recovery, lang)).unwrap_or_default();
    format!(
        "<section class=\"raw\">\n<details><summary>{heading}</summary>\n<pre>{}</pre></details>\n</section>\n",
        escaped(&in_json(&json))
    )
}
