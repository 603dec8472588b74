//! How long answers took: a histogram over a logarithmic axis, drawn by plotters, with the percentiles as lines. What
//! failed is apart. plotters knows colours, not classes: the style sheet finds what it drew by its colours, and gives
//! them light, dark, and a hatch.

use super::{figure, heading, table};
use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::run::exchanges::{Latencies, Measured, percentile};
use crate::report::run::words;
use crate::report::web::escaped;
use crate::trace::Run;
use plotters::prelude::*;
use std::time::Duration;

const SIZE: (u32, u32) = (860, 300);
/// Bars that a decade is divided into.
const PER_DECADE: f64 = 8.0;
/// The colours by which the style sheet knows what is what.
const GOOD: RGBColor = RGBColor(1, 1, 1);
const BAD: RGBColor = RGBColor(2, 2, 2);
pub(super) const INK: RGBColor = RGBColor(3, 3, 3);
pub(super) const GRID: RGBColor = RGBColor(4, 4, 4);
const RANK: RGBColor = RGBColor(5, 5, 5);

/// The section; nothing when there are too few answers.
pub(super) fn html(run: &Run, lang: Lang, id: &str) -> String {
    let Some(latencies) = Latencies::of(run) else { return String::new() };
    let terms = knowledge::terms(lang);
    let bins = Bins::of(&latencies);
    let at = |percent| Some((percent, percentile(&latencies.good, percent).map(milliseconds)?));
    let ranks: Vec<(usize, f64)> = [50, 90, 99].into_iter().filter_map(at).collect();
    let picture = draw(&bins, &ranks, terms).unwrap_or_default();
    let title = format!("{}: {}", words::name(run), terms.h_latency);
    let told =
        format!("{} {}, {} {}", latencies.good.len(), terms.answered, latencies.bad.len(), terms.failed);
    let picture = labelled(&picture, id, &title, &told);
    let measured = match latencies.measured {
        Measured::Exchanges => terms.measured_exchanges,
        Measured::Connects => terms.measured_connects,
    };
    let legend = format!(
        "<p class=\"bins\"><span class=\"good\">■</span> {} &#160; <span class=\"bad\">▨</span> {}</p>\n",
        escaped(terms.answered),
        escaped(terms.failed)
    );
    heading(terms.h_latency)
        + &format!("<p>{}</p>\n", escaped(measured))
        + &percentiles(&latencies, terms)
        + &figure(&picture, &legend, &rows(&bins, terms), terms)
}

/// Counts over spans of time that grow by the same factor.
pub(super) struct Bins {
    /// The ends of the spans in milliseconds: one more than there are counts.
    pub(super) ends: Vec<f64>,
    /// How many were answered, and how many failed.
    pub(super) counts: Vec<(u32, u32)>,
}

impl Bins {
    fn of(latencies: &Latencies) -> Self {
        let all = || latencies.good.iter().chain(&latencies.bad).map(|took| milliseconds(*took));
        let least = all().fold(f64::INFINITY, f64::min);
        let most = all().fold(0.0, f64::max);
        let first = (least.log10() * PER_DECADE).floor();
        let mut ends = vec![10_f64.powf(first / PER_DECADE)];
        let mut step = first;
        while ends.last().is_some_and(|end| *end <= most) {
            step += 1.0;
            ends.push(10_f64.powf(step / PER_DECADE));
        }
        let mut counts = vec![(0, 0); ends.len().saturating_sub(1)];
        let bin = |took: &Duration| ends.partition_point(|end| *end <= milliseconds(*took)).saturating_sub(1);
        for took in &latencies.good {
            counts[bin(took)].0 += 1;
        }
        for took in &latencies.bad {
            counts[bin(took)].1 += 1;
        }
        Self { ends, counts }
    }

    fn spans(&self) -> impl Iterator<Item = (f64, f64, u32, u32)> {
        self.ends
            .iter()
            .zip(self.ends.iter().skip(1))
            .zip(&self.counts)
            .map(|((from, to), (good, bad))| (*from, *to, *good, *bad))
    }
}

/// Nothing is shorter than a microsecond: clocks tell no less, and zero has no logarithm.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e3).max(1e-3)
}

/// The bars, and the ranks in milliseconds as lines.
pub(super) fn draw(
    bins: &Bins,
    ranks: &[(usize, f64)],
    terms: &Terms,
) -> Result<String, Box<dyn std::error::Error>> {
    let mut picture = String::new();
    {
        let root = SVGBackend::with_string(&mut picture, SIZE).into_drawing_area();
        let (first, last) = (bins.ends[0], bins.ends[bins.ends.len() - 1]);
        let most = bins.counts.iter().map(|(good, bad)| good + bad).max().unwrap_or(1);
        let mut chart = ChartBuilder::on(&root)
            .margin(8)
            .margin_top(26)
            .x_label_area_size(44)
            .y_label_area_size(56)
            .build_cartesian_2d((first..last).log_scale(), 0..most + most / 10 + 1)?;
        let labels = ("sans-serif", 13).into_font().color(&INK);
        chart
            .configure_mesh()
            .x_desc(terms.axis_latency)
            .y_desc(terms.axis_count)
            .x_label_formatter(&|at| shown(*at))
            .label_style(labels.clone())
            .axis_desc_style(labels.clone())
            .axis_style(INK)
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .draw()?;
        let bars = bins.spans().flat_map(|(from, to, good, bad)| {
            let good_bar = Rectangle::new([(from, 0), (to, good)], GOOD.filled());
            let bad_bar = Rectangle::new([(from, good), (to, good + bad)], BAD.filled());
            [(good > 0).then_some(good_bar), (bad > 0).then_some(bad_bar)].into_iter().flatten()
        });
        chart.draw_series(bars)?;
        let top = most + most / 10 + 1;
        for (percent, at) in ranks.iter().copied() {
            chart.draw_series([PathElement::new([(at, 0), (at, top)], RANK.stroke_width(2))])?;
            let (x, y) = chart.backend_coord(&(at, top));
            // Labels of lines that are close stand above each other.
            let up = if percent == 90 { 26 } else { 14 };
            root.draw(&Text::new(format!("p{percent}"), (x - 9, y - up), labels.clone()))?;
        }
        root.present()?;
    }
    Ok(picture)
}

/// The picture with a title and a description, which plotters does not write.
pub(super) fn labelled(picture: &str, id: &str, title: &str, told: &str) -> String {
    let Some((head, rest)) = picture.split_once('>') else { return String::new() };
    format!(
        "{head} role=\"img\" class=\"chart\" aria-labelledby=\"{id}-title {id}-told\">\n<title id=\"{id}-title\">{}</title>\n\
         <desc id=\"{id}-told\">{}</desc>{rest}",
        escaped(title),
        escaped(told)
    )
}

pub(super) fn shown(milliseconds: f64) -> String {
    Duration::try_from_secs_f64(milliseconds / 1e3).map(words::length).unwrap_or_default()
}

fn percentiles(latencies: &Latencies, terms: &Terms) -> String {
    let row = |name: &str, sorted: &[Duration]| {
        let of = |percent| percentile(sorted, percent).map_or_else(|| "–".to_owned(), words::length);
        vec![name.to_owned(), sorted.len().to_string(), of(50), of(90), of(99), of(100)]
    };
    let rows = [row(terms.answered, &latencies.good), row(terms.failed, &latencies.bad)];
    let ranks = table(&["", terms.axis_count, "p50", "p90", "p99", "max"], rows);
    format!("<div class=\"scroll\">{}</div>\n", ranks.replacen("<table>", "<table class=\"ranks\">", 1))
}

fn rows(bins: &Bins, terms: &Terms) -> String {
    let rows = bins
        .spans()
        .map(|(from, to, good, bad)| vec![shown(from), shown(to), good.to_string(), bad.to_string()]);
    table(&[terms.from, terms.until, terms.answered, terms.failed], rows)
}
