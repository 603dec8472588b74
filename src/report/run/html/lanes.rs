//! What everybody did over time, as a picture: a lane for each, bars for what lasted, lines across for steps of the plan.

use super::picture::{self, bar, line, real, text};
use super::{figure, heading, table};
use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::run::lanes::{Doing, Lane, Lanes, Span};
use crate::report::run::story::Story;
use crate::report::run::words;
use crate::report::web::escaped;
use crate::trace::Run;
use std::fmt::Write;
use std::time::Duration;
use svg::Document;

/// Room for the names, and for the chart.
const LEFT: f64 = 150.0;
const WIDTH: f64 = 740.0;
/// Above the lanes: the numbers of steps.
const TOP: f64 = 30.0;
const LANE: f64 = 50.0;
/// Spans that the table tells of.
const ROWS: usize = 300;

/// The section; nothing when nothing lasted.
pub(super) fn html(run: &Run, lang: Lang, id: &str) -> String {
    let terms = knowledge::terms(lang);
    let names: Vec<String> = Story::of(run, lang, 0).columns.into_iter().map(|column| column.name).collect();
    let apart = words::took(run).mul_f64(2.0 / WIDTH);
    let lanes = Lanes::of(run, &names, apart);
    if lanes.all.is_empty() || lanes.end.is_zero() {
        return String::new();
    }
    let title = format!("{}: {}", words::name(run), terms.h_lanes);
    let picture = picture(&lanes, id, &title, terms);
    heading(terms.h_lanes)
        + &figure(&picture.to_string(), &legend(&lanes, terms), &rows(&lanes, terms), terms)
}

fn picture(lanes: &Lanes, id: &str, title: &str, terms: &Terms) -> Document {
    let bottom = TOP + real(lanes.all.len()) * LANE;
    let told: Vec<&str> = lanes.all.iter().map(|lane| lane.name.as_str()).collect();
    let told = format!("{}; {} {}", told.join(", "), lanes.steps.len(), terms.steps);
    let mut picture = picture::picture(id, LEFT + WIDTH + 30.0, bottom + 36.0, title, &told);
    for (at, label) in ticks(lanes.end) {
        let x = place(at, lanes.end);
        picture = picture.add(line((x, TOP), (x, bottom), "grid")).add(text(
            x,
            bottom + 18.0,
            "middle",
            "time",
            &label,
        ));
    }
    for (number, lane) in lanes.all.iter().enumerate() {
        picture = draw(picture, lane, TOP + real(number) * LANE, lanes.end, terms);
    }
    let mut before = f64::NEG_INFINITY;
    for (number, (at, said)) in lanes.steps.iter().enumerate() {
        let x = place(*at, lanes.end);
        let step = picture::group("mark")
            .add(svg::node::element::Title::new(crate::report::visible::as_signs(said)));
        picture = picture.add(step.add(line((x, TOP - 6.0), (x, bottom), "step")));
        // Numbers that would lie on each other are left to the list.
        if x - before > 14.0 {
            picture = picture.add(text(x, TOP - 11.0, "middle", "number", &(number + 1).to_string()));
            before = x;
        }
    }
    picture
}

fn draw(mut picture: Document, lane: &Lane, y: f64, end: Duration, terms: &Terms) -> Document {
    let mut name: String = lane.name.chars().take(19).collect();
    if name.len() < lane.name.len() {
        name.push('…');
    }
    picture = picture.add(line((LEFT, y + LANE), (LEFT + WIDTH, y + LANE), "grid")).add(text(
        LEFT - 12.0,
        y + 30.0,
        "end",
        "name",
        &name,
    ));
    for span in &lane.spans {
        let (from, to) = (place(span.from, end), place(span.to, end));
        let (top, height) = match span.kind {
            Doing::Runs => (y + 8.0, 8.0),
            Doing::Stands | Doing::Impaired => (y + 4.0, LANE - 8.0),
            _ => (y + 20.0, 22.0),
        };
        let said = format!("{}: {}", words::at(span.from), told(span, terms));
        picture = picture.add(bar(from, top, ((to - from).max(1.5), height), class(span.kind), &said));
    }
    picture
}

fn place(at: Duration, end: Duration) -> f64 {
    LEFT + WIDTH * (at.as_secs_f64() / end.as_secs_f64()).min(1.0)
}

/// Round times, about eight of them.
pub(super) fn ticks(end: Duration) -> Vec<(Duration, String)> {
    let mut step = Duration::from_micros(1);
    let mut factors = [2, 5, 10].into_iter().cycle();
    let mut decade = step;
    while end.as_secs_f64() / step.as_secs_f64() > 8.0 {
        let factor = factors.next().unwrap_or(10);
        step = decade * factor;
        if factor == 10 {
            decade = step;
        }
    }
    let count = (0..=8_u32).map(|number| step * number).take_while(|at| *at <= end);
    count.map(|at| (at, words::length(at))).collect()
}

fn class(kind: Doing) -> &'static str {
    match kind {
        Doing::Runs => "runs",
        Doing::Stands => "stands",
        Doing::Impaired => "impaired",
        Doing::Works => "works",
        Doing::Fails => "fails",
        Doing::Waits => "waits",
        Doing::Harms => "harms",
    }
}

fn word(kind: Doing, terms: &Terms) -> &'static str {
    match kind {
        Doing::Runs => terms.runs_from_to,
        Doing::Stands => terms.stands,
        Doing::Impaired => terms.impaired,
        Doing::Works => terms.works,
        Doing::Fails => terms.fails,
        Doing::Waits => terms.waits,
        Doing::Harms => terms.harms,
    }
}

fn told(span: &Span, terms: &Terms) -> String {
    let what = if span.text.is_empty() { word(span.kind, terms) } else { &span.text };
    if span.count > 1 { format!("{what} (+{} {})", span.count - 1, terms.others) } else { what.to_owned() }
}

fn legend(lanes: &Lanes, terms: &Terms) -> String {
    use Doing::{Fails, Harms, Impaired, Runs, Stands, Waits, Works};
    let has = |kind| lanes.all.iter().any(|lane| lane.spans.iter().any(|span| span.kind == kind));
    let entry = |kind: Doing| {
        let sample = Document::new().set("width", 28).set("height", 12).set("aria-hidden", "true");
        let sample = sample.add(bar(0.0, 1.0, (28.0, 10.0), class(kind), ""));
        format!("<li>{sample} {}</li>\n", escaped(word(kind, terms)))
    };
    let kinds = [Runs, Stands, Impaired, Works, Fails, Waits, Harms].into_iter().filter(|kind| has(*kind));
    let entries: String = kinds.map(entry).collect();
    let mut steps = String::new();
    for (at, said) in &lanes.steps {
        let _ = writeln!(steps, "<li>{} <code>{}</code></li>", words::at(*at), escaped(said));
    }
    let steps = if steps.is_empty() { steps } else { format!("<ol class=\"steps\">\n{steps}</ol>\n") };
    format!("<ul class=\"legend\">\n{entries}</ul>\n{steps}")
}

fn rows(lanes: &Lanes, terms: &Terms) -> String {
    let of_lane = |lane: &Lane| -> Vec<Vec<String>> {
        let row = |span: &Span| {
            let (from, to) = (words::at(span.from), words::at(span.to));
            vec![lane.name.clone(), word(span.kind, terms).to_owned(), from, to, told(span, terms)]
        };
        lane.spans.iter().map(row).collect()
    };
    let rows = lanes.all.iter().flat_map(of_lane).take(ROWS);
    table(&[terms.who, terms.doing, terms.from, terms.until, terms.what], rows)
}
