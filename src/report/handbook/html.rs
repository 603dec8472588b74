//! The catalogue as one HTML file.

use super::{chapters, index, title_of};
use crate::knowledge;
use crate::lang::Lang;
use crate::report::numbers;
use crate::report::web::{self, Place, escaped, in_each, marked, write_part};
use std::fmt::Write;

const STYLE: &str = include_str!("style.css");

/// The catalogue, first shown in `first`.
pub fn html(first: Lang) -> String {
    let mut page =
        format!("<header>{}</header>\n<nav>{}</nav>\n<main>\n", in_each(heading), in_each(contents));
    body(&mut page);
    let _ = write!(page, "<section id=\"errors\">{}</section>\n</main>\n", in_each(errors));
    web::page(knowledge::terms(first).handbook, STYLE, first, &page)
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
                    write_part(page, part, Place { id: Some(id), has: &|_| true }, knowledge::terms(*lang));
                }
                *page += "</div>\n";
            }
            *page += "</article>\n";
        }
    }
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
