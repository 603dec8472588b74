//! A body as text: the character set is the one that the server names, else the one that the page names, else UTF-8
//! where the bytes are that, else what the web calls Latin-1 (WHATWG Encoding Standard).

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// How many characters are kept.
const CHARACTERS: usize = 500;
/// So many bytes have them in every character set.
pub(super) const BYTES: usize = 4 * CHARACTERS + 4;
/// In so many bytes a page has to name its character set (WHATWG HTML §13.2.3.2).
const NAMED_WITHIN: usize = 1024;

/// The first characters of a body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Beginning {
    /// The name of the character set; empty when the body is no text.
    pub(super) charset: String,
    pub(super) characters: String,
    /// Whether there were bytes that it has not.
    pub(super) replaced: bool,
    /// Whether there are more characters.
    pub(super) more: bool,
}

/// Reads the first characters of a body that began with `bytes`, of which `all` is whether they are all of it.
pub(super) fn read(bytes: &[u8], all: bool, content_type: Option<&str>) -> Beginning {
    let Some(encoding) = encoding(bytes, all, content_type) else {
        return Beginning { more: !bytes.is_empty(), ..Beginning::default() };
    };
    let mut text = String::with_capacity(3 * bytes.len() + 16);
    let (_, _, replaced) = encoding.new_decoder().decode_to_string(bytes, &mut text, all);
    let cut = text.char_indices().nth(CHARACTERS).map_or(text.len(), |(end, _)| end);
    let more = !all || cut < text.len();
    text.truncate(cut);
    Beginning { charset: encoding.name().to_ascii_lowercase(), characters: text, replaced, more }
}

/// The character set of a body that begins with `bytes`, of which `all` is whether they are all of it; `None` when it
/// is no text.
pub fn encoding(bytes: &[u8], all: bool, content_type: Option<&str>) -> Option<&'static Encoding> {
    let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
    if is_binary(&content_type) {
        return None;
    }
    let named = named_by_server(&content_type).or_else(|| named_by_page(bytes));
    Some(match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => named.unwrap_or_else(|| if is_utf8(bytes, all) { UTF_8 } else { WINDOWS_1252 }),
    })
}

fn is_binary(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let text_after_all = kind.ends_with("+xml") || kind.ends_with("+json");
    let binary = ["image/", "audio/", "video/", "font/"].iter().any(|family| kind.starts_with(family))
        || ["application/octet-stream", "application/zip", "application/gzip", "application/pdf"]
            .contains(&kind);
    binary && !text_after_all
}

fn named_by_server(content_type: &str) -> Option<&'static Encoding> {
    let parameter = content_type.split(';').skip(1).find_map(|part| part.trim().strip_prefix("charset="))?;
    Encoding::for_label(parameter.trim_matches('"').as_bytes())
}

/// `<meta charset=…>`, or the same in `<meta http-equiv="Content-Type" content="…; charset=…">`.
fn named_by_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(NAMED_WITHIN)]).to_ascii_lowercase();
    let meta = head.split("<meta").skip(1).find_map(|rest| {
        let element = rest.split('>').next()?;
        Some(element.split_once("charset=")?.1.to_owned())
    })?;
    let label: String = meta
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c))
        .collect();
    Encoding::for_label(label.as_bytes())
}

/// Whether the bytes are UTF-8; the last letter may be cut off where they are not all.
fn is_utf8(bytes: &[u8], all: bool) -> bool {
    std::str::from_utf8(bytes).err().is_none_or(|error| !all && error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8], content_type: &str) -> (String, String, bool) {
        let Beginning { charset, characters, replaced, .. } = read(bytes, true, Some(content_type));
        (charset, characters, replaced)
    }

    #[test]
    fn the_server_names_the_character_set() {
        let latin = |charset: &str| of(b"Caf\xe9", &format!("text/html; Charset={charset}"));
        assert_eq!(latin("ISO-8859-1"), ("windows-1252".to_owned(), "Café".to_owned(), false));
        assert_eq!(latin("\"utf-8\""), ("utf-8".to_owned(), "Caf\u{fffd}".to_owned(), true));
    }

    #[test]
    fn else_the_page_does() {
        let page = b"<html><head><META CHARSET='shift_jis'></head>\x82\xa0";
        let (charset, text, replaced) = of(page, "text/html");
        assert_eq!((charset.as_str(), text.ends_with('あ'), replaced), ("shift_jis", true, false));
        let (charset, ..) = of(b"<meta http-equiv=x content=\"text/html; charset=koi8-r\">", "text/html");
        assert_eq!(charset, "koi8-r");
    }

    #[test]
    fn else_it_is_utf_8_where_it_can_be() {
        assert_eq!(of("Café".as_bytes(), "text/html").0, "utf-8");
        assert_eq!(of(b"Caf\xe9", "text/plain"), ("windows-1252".to_owned(), "Café".to_owned(), false));
        assert_eq!(of(b"\xef\xbb\xbfa", "").1, "a");
        assert_eq!(read(b"Caf\xc3", false, None).charset, "utf-8");
    }

    #[test]
    fn five_hundred_characters_are_kept_and_none_of_a_picture() {
        let long = "é".repeat(600);
        let read = |bytes: &[u8]| {
            let beginning = read(bytes, true, None);
            (beginning.characters.chars().count(), beginning.more)
        };
        assert_eq!(read(long.as_bytes()), (500, true));
        assert_eq!(read(&long.as_bytes()[..1000]), (500, false));
        assert_eq!(of(b"\x89PNG", "image/png").1, "");
        assert_eq!(of(b"<svg/>", "image/svg+xml").1, "<svg/>");
    }
}
