//! What pages for a browser share: one file that needs nothing else, no script, no network. Both languages are in it;
//! the switch is a pair of radio buttons that the style sheet looks at. Whatever a page quotes is escaped here.

mod parts;

pub(super) use parts::{Place, write_part};

use super::visible::as_signs;
use crate::lang::Lang;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Colours, letters, the switch of languages, and how the parts of a page of the catalogue look.
const STYLE: &str = include_str!("style.css");

/// A whole file with this title and body, first shown in `first`. It may load nothing, and no other style than its own
/// holds: `style` comes after what all pages share.
pub(super) fn page(title: &str, style: &str, first: Lang, body: &str) -> String {
    let style = format!("\n{STYLE}{style}");
    let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{first}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <style>{style}</style>\n</head>\n<body>\n{}{body}</body>\n</html>\n",
        switch(first)
    )
}

fn switch(first: Lang) -> String {
    let mut switch = String::new();
    for lang in Lang::ALL {
        let checked = if *lang == first { " checked" } else { "" };
        let _ = writeln!(
            switch,
            "<input type=\"radio\" name=\"lang\" id=\"in-{lang}\"{checked}><label for=\"in-{lang}\">{}</label>",
            lang.own_name()
        );
    }
    switch
}

/// What `write` makes, in every language.
pub(super) fn in_each(write: impl Fn(Lang) -> String) -> String {
    let each: Vec<String> =
        Lang::ALL.iter().map(|lang| format!("<div lang=\"{lang}\">\n{}</div>\n", write(*lang))).collect();
    each.concat()
}

/// Paragraphs, and drawings between them.
pub(super) fn paragraphs(text: &str) -> String {
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
pub(super) fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts =
        parts.map(
            |(number, part)| {
                if number % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) }
            },
        );
    parts.collect()
}

/// As text and nothing else: no markup, and signs for characters that a browser would obey and not show.
pub(super) fn escaped(text: &str) -> String {
    as_signs(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
