//! Case, length and blanks, with Python's meaning. ASCII, which most requests are, takes a path of its own.

/// `text` with the case of every character inverted, each by itself: upper case becomes lower, everything else
/// becomes upper (so titlecase and `ß` do, to `SS`), with the full mappings of Unicode's `SpecialCasing` that
/// hold in every language and context.
pub fn invert_case(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    invert_into(text, &mut out);
    String::from_utf8(out).expect("inverting text gives text")
}

/// Number of Unicode scalar values, which Python's `len` counts.
pub fn count(text: &str) -> usize {
    text.chars().count()
}

/// `text` without the blanks at both ends: Python's `str.strip()`.
pub fn trim(text: &str) -> &str {
    let solid = |end: Option<&u8>| end.is_some_and(u8::is_ascii_graphic);
    if solid(text.as_bytes().first()) && solid(text.as_bytes().last()) {
        return text;
    }
    text.trim_matches(is_blank)
}

/// Python's `str.isspace()`: Unicode's `White_Space` and the four ASCII separators U+001C to U+001F.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Appends `text` with its case inverted.
pub(super) fn invert_into(text: &str, out: &mut Vec<u8>) {
    if text.is_ascii() {
        out.extend(text.bytes().map(|byte| byte ^ (u8::from(byte.is_ascii_alphabetic()) << 5)));
        return;
    }
    let mut utf8 = [0; 4];
    let mut push = |c: char| out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes());
    for c in text.chars() {
        if c.is_uppercase() {
            c.to_lowercase().for_each(&mut push);
        } else {
            c.to_uppercase().for_each(&mut push);
        }
    }
}

/// Appends `number` in decimal digits.
pub(super) fn write_number(mut number: usize, out: &mut Vec<u8>) {
    let start = out.len();
    loop {
        out.push(b"0123456789"[number % 10]);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out[start..].reverse();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn inversion_is_pythons() {
        for (given, inverted) in [
            ("Halo Dunia 123!", "hALO dUNIA 123!"),
            ("ß", "SS"),
            ("ẞ", "ß"),
            ("İ", "i\u{307}"),
            ("ı", "I"),
            ("ǅ", "Ǆ"),
            ("ΟΔΟΣ", "οδοσ"),
            ("ς", "Σ"),
            ("ﬃ", "FFI"),
            ("\u{390}", "\u{399}\u{308}\u{301}"),
            ("漢字", "漢字"),
            ("ª", "ª"),
        ] {
            assert_eq!(invert_case(given), inverted, "{given}");
        }
    }

    #[test]
    fn blanks_are_pythons() {
        assert_eq!(trim("\u{1c}\u{1d}\u{1e}\u{1f}\u{85}\u{a0}\u{3000} a b \t\r\n\u{b}\u{c}"), "a b");
        assert_eq!(trim("\u{200b}a\u{feff}"), "\u{200b}a\u{feff}");
        assert_eq!(trim(" \n "), "");
    }

    proptest! {
        #[test]
        fn inverting_ascii_twice_gives_it_back(text in "[ -~]*") {
            prop_assert_eq!(invert_case(&invert_case(&text)), text);
        }

        #[test]
        fn the_ascii_path_does_what_the_long_path_does(text in "[\\x00-\\x7f]*") {
            let long = invert_case(&format!("{text}é"));
            prop_assert_eq!(invert_case(&text), long.strip_suffix('É').unwrap());
        }

        #[test]
        fn a_number_is_written_as_display_writes_it(number in any::<usize>()) {
            let mut out = Vec::new();
            write_number(number, &mut out);
            prop_assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
