//! What stands below a sequence diagram: what its lines mean, and the same as a table.

use crate::knowledge::Terms;
use crate::report::run::html::picture::line;
use crate::report::run::html::table;
use crate::report::run::story::{Arrow, Drawn, Source, Story, Tip};
use crate::report::run::words;
use crate::report::web::escaped;
use svg::Document;

/// What the lines mean, of those that are there.
pub(super) fn legend(story: &Story, terms: &Terms) -> String {
    let arrows = || {
        story
            .moments
            .iter()
            .filter_map(|moment| if let Drawn::Arrow(arrow) = &moment.what { Some(arrow) } else { None })
    };
    let shown = [
        ("call", terms.source_call, arrows().any(|arrow| arrow.source == Source::Call)),
        ("link", terms.source_link, arrows().any(|arrow| arrow.source == Source::Link)),
        ("packet", terms.source_packet, arrows().any(|arrow| arrow.source == Source::Packet)),
        ("inferred", terms.source_inferred, arrows().any(|arrow| !arrow.left || arrow.tip == Tip::Inferred)),
    ];
    let entry = |(class, means, shown): &(&str, &str, bool)| {
        let sample = Document::new().set("width", 44).set("height", 8).set("aria-hidden", "true");
        let sample = sample.add(line((0.0, 4.0), (44.0, 4.0), &format!("arrow {class} plain")));
        if *shown { format!("<li>{sample} {}</li>\n", escaped(means)) } else { String::new() }
    };
    let entries: String = shown.iter().map(entry).collect();
    if entries.is_empty() { String::new() } else { format!("<ul class=\"legend\">\n{entries}</ul>\n") }
}

pub(super) fn rows(story: &Story, terms: &Terms) -> String {
    let name = |at: usize| story.columns.get(at).map_or(String::new(), |column| column.name.clone());
    let rows = story.moments.iter().map(|moment| {
        let (from, to, what, by) = match &moment.what {
            Drawn::Arrow(arrow) => {
                (name(arrow.from), name(arrow.to), arrow.label.clone(), seen(arrow, terms))
            }
            Drawn::Mark { on, text, source } => {
                (name(*on), String::new(), text.clone(), source_word(*source, terms).to_owned())
            }
            Drawn::Wait { on, text } => {
                (name(*on), String::new(), text.clone(), terms.socket_call.to_owned())
            }
            Drawn::Across { text } => (String::new(), String::new(), text.clone(), terms.runner.to_owned()),
            Drawn::Left { moments, until } => {
                let said = format!("… {moments} {} {}", terms.left_out, words::at(*until));
                (String::new(), String::new(), said, String::new())
            }
        };
        vec![words::at(moment.at), from, to, what, by]
    });
    table(&[terms.time, terms.who, terms.to, terms.what, terms.seen_by], rows)
}

fn source_word(source: Source, terms: &Terms) -> &'static str {
    match source {
        Source::Call => terms.socket_call,
        Source::Link => terms.tag_link,
        Source::Packet => terms.tag_packet,
        Source::Runner => terms.runner,
    }
}

/// Who saw an arrow, and which end of it nobody saw.
fn seen(arrow: &Arrow, terms: &Terms) -> String {
    let mut said = source_word(arrow.source, terms).to_owned();
    if !arrow.left {
        said.extend(["; ", terms.departure_inferred]);
    }
    if arrow.tip == Tip::Inferred {
        said.extend(["; ", terms.arrival_inferred]);
    }
    said
}
