//! How a number of the arms goes with a number of the experiment: a line for each arm, drawn by plotters. The style
//! sheet knows the lines by their colours, as it does those of a histogram.

use super::histogram::{GRID, INK, labelled};
use super::{figure, table};
use crate::knowledge::Terms;
use crate::lang::Lang;
use crate::report::recovery::{against, named, written};
use crate::report::web::escaped;
use crate::trace::{Recovery, RecoverySweep};
use plotters::prelude::*;
use std::error::Error;
use std::fmt::Write;

const SIZE: (u32, u32) = (860, 300);
/// The colours by which the style sheet knows the lines.
const LINES: [RGBColor; 4] =
    [RGBColor(16, 16, 16), RGBColor(17, 17, 17), RGBColor(18, 18, 18), RGBColor(19, 19, 19)];

/// The section.
pub(super) fn html(recovery: &Recovery, sweep: &RecoverySweep, lang: Lang, terms: &Terms) -> String {
    let words = against(sweep, terms);
    let names: Vec<&str> = sweep.arms.iter().map(|(arm, _)| arm.as_str()).collect();
    let id = format!("{}-sweep-{lang}", recovery.experiment);
    let title = format!("{}: {words}", recovery.experiment);
    let picture = labelled(&draw(sweep, terms).unwrap_or_default(), &id, &title, &names.join(", "));
    let mut legend = String::new();
    for (name, colour) in names.iter().zip(LINES) {
        let RGBColor(shade, ..) = colour;
        let _ = writeln!(
            legend,
            "<li><svg class=\"chart\" width=\"28\" height=\"12\" aria-hidden=\"true\"><path d=\"M0,6 h28\" fill=\"none\" \
             stroke=\"#{shade:02X}{shade:02X}{shade:02X}\"/></svg> {}</li>",
            escaped(name)
        );
    }
    let mut headings = vec![sweep.key];
    headings.extend(&names);
    let rows = sweep.values.iter().enumerate().map(|(at, (_, value))| {
        let medians = sweep.arms.iter().map(|(_, medians)| medians.get(at).copied().unwrap_or(f64::NAN));
        std::iter::once(value.clone())
            .chain(medians.map(|median| written(sweep.unit, median, terms)))
            .collect()
    });
    let legend = super::course::legend_of(&legend);
    super::heading(&words) + &figure(&picture, &legend, &table(&headings, rows), terms)
}

fn draw(sweep: &RecoverySweep, terms: &Terms) -> Result<String, Box<dyn Error>> {
    let mut picture = String::new();
    {
        let root = SVGBackend::with_string(&mut picture, SIZE).into_drawing_area();
        let last = sweep.values.last().map_or(1.0, |(value, _)| *value);
        let all = sweep.arms.iter().flat_map(|(_, medians)| medians);
        let most = all.copied().filter(|median| median.is_finite()).fold(0.0, f64::max);
        let mut chart = ChartBuilder::on(&root)
            .margin(8)
            .margin_right(24)
            .x_label_area_size(44)
            .y_label_area_size(64)
            .build_cartesian_2d(0.0..last, 0.0..most * 1.1 + f64::MIN_POSITIVE)?;
        let labels = ("sans-serif", 13).into_font().color(&INK);
        let set = |at: &f64| {
            let known = sweep.values.iter().find(|(value, _)| (value - at).abs() < 1e-9);
            known.map_or_else(|| at.to_string(), |(_, written)| written.clone())
        };
        chart
            .configure_mesh()
            .x_desc(sweep.key)
            .y_desc(named(sweep.number, terms))
            .x_label_formatter(&set)
            .y_label_formatter(&|median| written(sweep.unit, *median, terms))
            .y_labels(6)
            .label_style(labels.clone())
            .axis_desc_style(labels)
            .axis_style(INK)
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .draw()?;
        for ((_, medians), colour) in sweep.arms.iter().zip(LINES) {
            let points = || sweep.values.iter().map(|(value, _)| *value).zip(medians.iter().copied());
            let points = || points().filter(|(_, median)| median.is_finite());
            chart.draw_series([PathElement::new(points().collect::<Vec<_>>(), colour.stroke_width(2))])?;
            chart.draw_series(points().map(|point| Circle::new(point, 3, colour.filled())))?;
        }
        root.present()?;
    }
    Ok(picture)
}
