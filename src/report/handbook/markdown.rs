//! The catalogue as Markdown (`CommonMark` with tables). Links lead to the ids of pages.

use super::{Chapter, chapters, index, title_of};
use crate::knowledge;
use crate::lang::Lang;
use crate::report::numbers;
use crate::report::page::parts::Part;
use std::fmt::Write;

/// The catalogue in `lang`.
pub fn markdown(lang: Lang) -> String {
    let terms = knowledge::terms(lang);
    let chapters = chapters(lang);
    let mut text = format!("# {}\n\n{}\n\n## {}\n\n", terms.handbook, terms.about, terms.contents);
    for chapter in &chapters {
        contents(&mut text, chapter);
    }
    let _ = writeln!(text, "- [{}](#errors)", terms.errors);
    for chapter in &chapters {
        let _ = write!(text, "\n## {}\n", chapter.title);
        for (id, parts) in &chapter.pages {
            let _ = write!(text, "\n<a id=\"{id}\"></a>\n");
            for part in parts {
                text.push('\n');
                write_part(&mut text, part, terms);
            }
        }
    }
    let _ = write!(text, "\n<a id=\"errors\"></a>\n\n## {}\n\n", terms.errors);
    text += "| | | | |\n|-|-|-|-|\n";
    for (code, page, apart) in index(lang) {
        let _ = writeln!(
            text,
            "| {} | {} | [{page}](#{page}) | {} |",
            code.name,
            cell(&numbers(code)),
            cell(apart.unwrap_or(code.text))
        );
    }
    text
}

fn contents(text: &mut String, chapter: &Chapter) {
    let _ = writeln!(text, "- {}", chapter.title);
    for (id, parts) in &chapter.pages {
        let _ = writeln!(text, "  - [{id}](#{id}): {}", escaped(title_of(parts)));
    }
}

fn write_part(text: &mut String, part: &Part, terms: &knowledge::Terms) {
    let _ = match part {
        Part::Title(name, words) => writeln!(text, "### {name}: {}", escaped(words)),
        Part::Numbers(numbers) => writeln!(text, "{numbers}  "),
        Part::Paragraph(words) => writeln!(text, "{}", drawn(words)),
        Part::Section(label, words) => writeln!(text, "**{label}.** {}", escaped(words)),
        Part::Command(label, command) => writeln!(text, "**{label}:** `{command}`"),
        Part::Related(label, ids) => {
            let links: Vec<String> = ids.iter().map(|id| format!("[{id}](#{id})")).collect();
            writeln!(text, "**{label}:** {}", links.join(", "))
        }
        Part::Causes(label, causes) => {
            let _ = writeln!(text, "**{label}**\n");
            for (number, cause) in causes.iter().enumerate() {
                let _ = writeln!(text, "{}. {}", number + 1, escaped(cause.cause));
                let _ = writeln!(text, "   - {}: {}", terms.check, escaped(cause.check));
                let _ = writeln!(text, "   - {}: {}", terms.fix, escaped(cause.fix));
            }
            Ok(())
        }
        Part::Samples(label, samples) => {
            let _ = writeln!(text, "**{label}**");
            for (language, code) in samples {
                let code = code.trim_matches('\n');
                let _ = writeln!(text, "\n```{}\n{code}\n```", language.to_lowercase());
            }
            Ok(())
        }
    };
}

/// Drawings, the lines that begin with two blanks, become code.
fn drawn(words: &str) -> String {
    let lines = words.trim_matches('\n').lines();
    let lines = lines.map(|line| if line.starts_with("  ") { format!("  {line}") } else { escaped(line) });
    lines.collect::<Vec<_>>().join("\n")
}

/// What Markdown would take for markup; code between backticks is left alone.
fn escaped(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(number, part)| {
        if number % 2 == 1 {
            return format!("`{part}`");
        }
        let mut plain = String::with_capacity(part.len());
        for letter in part.chars() {
            if "*_<>[]#|\\".contains(letter) {
                plain.push('\\');
            }
            plain.push(letter);
        }
        plain
    });
    parts.collect()
}

/// In a table a bar ends the cell, in code too.
fn cell(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts =
        parts.map(
            |(number, part)| {
                if number % 2 == 1 { format!("`{}`", part.replace('|', "\\|")) } else { escaped(part) }
            },
        );
    parts.collect()
}
