//! Where a request ends: a line of a stream, or a datagram.

/// The place of the first `\n` in `bytes`.
pub fn line_end(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n')
}

/// A line without the `\r` that some clients put before the `\n`.
pub fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The data of a datagram: one trailing line end (`\n` or `\r\n`) is not part of it.
pub fn datagram(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\n").map_or(bytes, without_return)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_end_of_a_datagram_is_not_data() {
        for (given, data) in
            [("a", "a"), ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a\r", "a\r"), ("\n", ""), ("", "")]
        {
            assert_eq!(datagram(given.as_bytes()), data.as_bytes(), "{given:?}");
        }
    }
}
