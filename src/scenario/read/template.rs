//! Texts with placeholders: `{client}`, `{line.count}`, `{server.addr}`; `{{` and `}}` are braces. Knows no values.

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// As it stands, its braces single.
    Plain(String),
    /// What stands between two braces: a name, or a name, a dot and a field.
    Word(&'a str),
}

/// A brace that neither begins nor ends a placeholder and is not double, with what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stray<'a>(pub(super) &'a str);

/// The parts of a text, and what is wrong with it.
pub(super) fn pieces(text: &str) -> (Vec<Piece<'_>>, Vec<Stray<'_>>) {
    let (mut pieces, mut strays, mut plain) = (Vec::new(), Vec::new(), String::new());
    let mut rest = text;
    while let Some(place) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(place);
        plain.push_str(before);
        if from.starts_with("{{") || from.starts_with("}}") {
            plain.push_str(&from[..1]);
            rest = &from[2..];
        } else if let Some(word) = word_at(from) {
            if !plain.is_empty() {
                pieces.push(Piece::Plain(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Word(word));
            rest = &from[word.len() + 2..];
        } else {
            let stray = shown(from);
            strays.push(Stray(stray));
            rest = &from[if stray.ends_with('}') { stray.len() } else { 1 }..];
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    (pieces, strays)
}

/// Every `{name.field}` in a text in which braces mean nothing else.
pub(super) fn dotted(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices('{').filter_map(|(place, _)| word_at(&text[place..])?.split_once('.'))
}

/// Whether a text can be a name: letters, digits, `-` and `_`, beginning with a letter.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// The word of the placeholder with which `from` begins.
fn word_at(from: &str) -> Option<&str> {
    let (word, _) = from.strip_prefix('{')?.split_once('}')?;
    let is_word = match word.split_once('.') {
        Some((name, field)) => is_name(name) && is_name(field),
        None => is_name(word),
    };
    is_word.then_some(word)
}

/// A stray brace and a little of what follows it: up to the other brace, or a few letters.
fn shown(from: &str) -> &str {
    let end = from.char_indices().nth(20).map_or(from.len(), |(place, _)| place);
    let near = &from[..end];
    match near.find('}') {
        Some(place) => &near[..=place],
        None => near,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Piece<'_> {
        Piece::Plain(text.to_owned())
    }

    #[test]
    fn placeholders_are_found_and_double_braces_are_braces() {
        let (found, strays) = pieces("a{b}{{c}}{d-1.addr}");
        assert_eq!(found, [plain("a"), Piece::Word("b"), plain("{c}"), Piece::Word("d-1.addr")]);
        assert!(strays.is_empty());
        assert_eq!(pieces("").0, []);
    }

    #[test]
    fn a_single_brace_is_a_stray() {
        for (text, stray) in
            [("[0-9]{4}x", "{4}"), ("{ a }", "{ a }"), ("{", "{"), ("a}", "}"), ("{a.b.c}", "{a.b.c}")]
        {
            assert_eq!(pieces(text).1[0], Stray(stray), "{text}");
        }
    }
}
