//! The catalogue as one HTML file that needs nothing else: no script, no network. Both languages are in it; the
//! switch is a pair of radio buttons that the style sheet looks at.

use super::{chapters, index, title_of};
use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::numbers;
use crate::report::page::parts::Part;
use std::fmt::Write;

const STYLE: &str = include_str!("style.css");

/// The catalogue, first shown in `first`.
pub fn html(first: Lang) -> String {
    let title = knowledge::terms(first).handbook;
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{first}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n"
    );
    for lang in Lang::ALL {
        let checked = if *lang == first { " checked" } else { "" };
        let _ = writeln!(
            page,
            "<input type=\"radio\" name=\"lang\" id=\"in-{lang}\"{checked}><label for=\"in-{lang}\">{}</label>",
            lang.own_name()
        );
    }
    let _ = write!(page, "<header>{}</header>\n<nav>{}</nav>\n<main>\n", in_each(heading), in_each(contents));
    body(&mut page);
    let _ = write!(page, "<section id=\"errors\">{}</section>\n</main>\n</body>\n</html>\n", in_each(errors));
    page
}

/// What `write` makes, in every language.
fn in_each(write: impl Fn(Lang) -> String) -> String {
    let each: Vec<String> =
        Lang::ALL.iter().map(|lang| format!("<div lang=\"{lang}\">\n{}</div>\n", write(*lang))).collect();
    each.concat()
}

fn heading(lang: Lang) -> String {
    let terms = knowledge::terms(lang);
    format!("<h1>{}</h1>\n<p>{}</p>\n", escaped(terms.handbook), marked(terms.about))
}

fn contents(lang: Lang) -> String {
    let terms = knowledge::terms(lang);
    let mut list = format!("<h2>{}</h2>\n", escaped(terms.contents));
    for chapter in chapters(lang) {
        let mut pages = chapter.pages.iter().peekable();
        let own = pages.next_if(|(id, _)| *id == chapter.title);
        let title = escaped(chapter.title);
        match own {
            Some((id, parts)) => {
                let words = escaped(title_of(parts));
                let _ = writeln!(list, "<h3><a href=\"#{id}\">{title}</a> <small>{words}</small></h3>");
            }
            None => {
                let _ = writeln!(list, "<h3>{title}</h3>");
            }
        }
        list += "<ul>\n";
        for (id, parts) in pages {
            let name = id.split_once('/').map_or(*id, |(_, cause)| cause);
            let words = escaped(title_of(parts));
            let _ = writeln!(list, "<li><a href=\"#{id}\">{name}</a> <small>{words}</small></li>");
        }
        list += "</ul>\n";
    }
    let _ = writeln!(list, "<h3><a href=\"#errors\">{}</a></h3>", escaped(terms.errors));
    list
}

/// Every page once, under its id, with all languages in it: so a link leads there in any language.
fn body(page: &mut String) {
    let all: Vec<_> = Lang::ALL.iter().map(|lang| (*lang, chapters(*lang))).collect();
    let (_, first) = &all[0];
    for (number, chapter) in first.iter().enumerate() {
        for (place, (id, _)) in chapter.pages.iter().enumerate() {
            let _ = writeln!(page, "<article id=\"{id}\">");
            for (lang, chapters) in &all {
                let (_, parts) = &chapters[number].pages[place];
                let _ = writeln!(page, "<div lang=\"{lang}\">");
                for part in parts {
                    write_part(page, part, id, knowledge::terms(*lang));
                }
                *page += "</div>\n";
            }
            *page += "</article>\n";
        }
    }
}

fn write_part(page: &mut String, part: &Part, id: &str, terms: &Terms) {
    let _ = match part {
        Part::Title(name, words) => {
            writeln!(page, "<h2><a href=\"#{id}\">{name}</a> <small>{}</small></h2>", escaped(words))
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
            let links: Vec<String> = ids.iter().map(|id| format!("<a href=\"#{id}\">{id}</a>")).collect();
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

fn errors(lang: Lang) -> String {
    let terms = knowledge::terms(lang);
    let mut table = format!("<h2>{}</h2>\n<table>\n", escaped(terms.errors));
    for (code, page, apart) in index(lang) {
        let _ = writeln!(
            table,
            "<tr><th>{}</th><td><span class=\"numbers\">{}</span><br>{}</td><td><a href=\"#{page}\">{page}</a></td></tr>",
            code.name,
            escaped(&numbers(code)),
            marked(apart.unwrap_or(code.text))
        );
    }
    table + "</table>\n"
}

/// Paragraphs, and drawings between them.
fn paragraphs(text: &str) -> String {
    let blocks = text.trim_matches('\n').split("\n\n").filter(|block| !block.is_empty());
    let block = |block: &str| {
        if block.starts_with("  ") {
            format!("<pre class=\"drawing\">{}</pre>\n", escaped(block))
        } else {
            format!("<p>{}</p>\n", marked(block))
        }
    };
    blocks.map(block).collect()
}

/// With what stands between backticks as code.
fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts =
        parts.map(
            |(number, part)| {
                if number % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) }
            },
        );
    parts.collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
