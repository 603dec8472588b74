//! Text of others, made harmless: what a program wrote or a peer sent may hold anything, and must not move the cursor,
//! set the title, reverse the line or pass for markup.

use std::fmt::Write;

/// A reply as one line: a line end inside it is written as an escape, so that the n-th line stays the n-th reply.
/// Unless the output is `raw`, so is every other character that a terminal would obey and not show: a hostile
/// server must not move the cursor, set the title or reverse the text.
pub fn one_line(reply: &str, raw: bool) -> String {
    let mut line = String::with_capacity(reply.len());
    for character in reply.chars() {
        let ends_line = matches!(character, '\n' | '\r');
        if ends_line || (!raw && character != '\t' && is_obeyed(character)) {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// A text of several lines, such as a page, with its line ends. Unless the output is `raw`, what a terminal would obey
/// is written as an escape, and line ends are those of this system's terminals.
pub fn text_of(page: &str, raw: bool) -> String {
    if raw {
        return page.to_owned();
    }
    let lines: Vec<String> =
        page.split('\n').map(|line| one_line(line.strip_suffix('\r').unwrap_or(line), false)).collect();
    lines.join("\n")
}

/// The same for a report: everything that is obeyed and not shown is written as an escape.
pub(super) fn visible(text: &str) -> String {
    one_line(text, false)
}

/// The same for a console that has ASCII alone.
pub(super) fn in_ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '…' => plain.push_str("..."),
            '→' => plain.push_str("->"),
            '·' => plain.push('*'),
            _ if character.is_ascii() => plain.push(character),
            _ => plain.extend(character.escape_default()),
        }
    }
    plain
}

/// The names of the control characters, ISO 646. Unicode has pictures of them, for which few fonts have a shape.
const CONTROLS: [&str; 32] = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS",
    "US",
];

/// The same as signs that stand for the characters, for a page: the names of control characters, of others the number.
/// Line ends and tabs stay.
pub(super) fn as_signs(text: &str) -> String {
    let mut signs = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => signs.push(character),
            _ if is_obeyed(character) => {
                let name = CONTROLS.get(character as usize).map(|name| (*name).to_owned());
                let _ =
                    write!(signs, "⟨{}⟩", name.unwrap_or_else(|| format!("U+{:04X}", u32::from(character))));
            }
            _ => signs.push(character),
        }
    }
    signs
}

/// JSON in which such characters are written with JSON's own escapes: the same JSON to whoever reads it.
pub(super) fn in_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if character != '\n' && is_obeyed(character) {
            let _ = write!(text, "\\u{:04x}", u32::from(character));
        } else {
            text.push(character);
        }
    }
    text
}

/// Control characters (C0, DEL, C1), line and paragraph separators, Unicode's bidirectional controls (UAX #9), the byte
/// order mark, and what XML 1.0 has no place for. All of them have four digits.
fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(character, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\x1b[2J\u{9b}1m\u{202e}b\tc\u{7f}\0\u{ffff}";

    #[test]
    fn a_reply_cannot_command_the_terminal() {
        assert_eq!(one_line(HOSTILE, false), "a\\u{1b}[2J\\u{9b}1m\\u{202e}b\tc\\u{7f}\\u{0}\\u{ffff}");
        assert_eq!(one_line(HOSTILE, true), HOSTILE);
        assert_eq!(one_line("Ünï 日本 ß", false), "Ünï 日本 ß");
    }

    #[test]
    fn a_page_keeps_its_lines_and_commands_nothing() {
        assert_eq!(text_of("<p>\r\n\thi\x1b[2J\rx\n", false), "<p>\n\thi\\u{1b}[2J\\rx\n");
        assert_eq!(text_of("a\r\n\x1b", true), "a\r\n\x1b");
    }

    #[test]
    fn a_reply_stays_one_line() {
        assert_eq!(one_line("IPIN\r\n | x", true), "IPIN\\r\\n | x");
    }

    #[test]
    fn what_a_page_would_obey_is_shown_as_signs() {
        assert_eq!(as_signs(HOSTILE), "a⟨ESC⟩[2J⟨U+009B⟩1m⟨U+202E⟩b\tc⟨U+007F⟩⟨NUL⟩⟨U+FFFF⟩");
    }

    #[test]
    fn json_stays_the_same_json() {
        let json = serde_json::to_string(HOSTILE).unwrap();
        let shown = in_json(&json);
        assert!(!shown.chars().any(|character| character.is_control() || character == '\u{202e}'), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), HOSTILE);
    }

    #[test]
    fn a_console_of_ascii_gets_ascii() {
        assert_eq!(in_ascii("a → b … ß"), "a -> b ... \\u{df}");
    }
}
