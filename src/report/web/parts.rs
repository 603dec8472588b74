//! A page of the catalogue for a browser, part by part.

use super::{escaped, marked, paragraphs};
use crate::knowledge::Terms;
use crate::report::page::parts::Part;
use std::fmt::Write;

/// Where a page of the catalogue stands.
#[derive(Clone, Copy)]
pub(in crate::report) struct Place<'a> {
    /// The id under which it is linked; of a page that nothing leads to, none.
    pub(in crate::report) id: Option<&'a str>,
    /// Which pages are in the same file.
    pub(in crate::report) has: &'a dyn Fn(&str) -> bool,
}

/// Writes one part.
pub(in crate::report) fn write_part(page: &mut String, part: &Part, place: Place, terms: &Terms) {
    let _ = match part {
        Part::Title(name, words) => {
            let name =
                place.id.map_or_else(|| (*name).to_owned(), |id| format!("<a href=\"#{id}\">{name}</a>"));
            writeln!(page, "<h2>{name} <small>{}</small></h2>", escaped(words))
        }
        Part::Numbers(numbers) => writeln!(page, "<p class=\"numbers\">{}</p>", escaped(numbers)),
        Part::Paragraph(words) => writeln!(page, "{}", paragraphs(words)),
        Part::Section(label, words) => {
            writeln!(page, "<h3>{}</h3>\n<p>{}</p>", escaped(label), marked(words))
        }
        Part::Command(label, command) => {
            writeln!(page, "<h3>{}</h3>\n<pre>{}</pre>", escaped(label), escaped(command))
        }
        Part::Related(label, ids) => {
            let link = |id: &&str| {
                if (place.has)(id) {
                    format!("<a href=\"#{id}\">{id}</a>")
                } else {
                    format!("<code>{id}</code>")
                }
            };
            let links: Vec<String> = ids.iter().map(link).collect();
            writeln!(page, "<p class=\"related\">{}: {}</p>", escaped(label), links.join(", "))
        }
        Part::Causes(label, causes) => {
            let _ = writeln!(page, "<h3>{}</h3>\n<ol>", escaped(label));
            for cause in *causes {
                let _ = writeln!(page, "<li>{}\n<dl>", marked(cause.cause));
                for (label, words) in [(terms.check, cause.check), (terms.fix, cause.fix)] {
                    let _ = writeln!(page, "<dt>{}</dt><dd>{}</dd>", escaped(label), marked(words));
                }
                *page += "</dl></li>\n";
            }
            writeln!(page, "</ol>")
        }
        Part::Samples(label, samples) => {
            let _ = writeln!(page, "<h3>{}</h3>", escaped(label));
            for (language, code) in samples {
                let code = escaped(code.trim_matches('\n'));
                let _ = writeln!(page, "<p class=\"language\">{language}</p>\n<pre>{code}</pre>");
            }
            Ok(())
        }
    };
}
