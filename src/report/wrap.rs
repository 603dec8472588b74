//! Breaks plain text into lines.

/// The lines of `text`, each of at most `width` characters unless one word alone is longer. Line ends in the text
/// stay; blanks at the start of a line stay too, so that drawings keep their shape. At least one line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let indent: String = paragraph.chars().take_while(|letter| *letter == ' ').collect();
        if paragraph.chars().count() <= width {
            lines.push(paragraph.trim_end().to_owned());
            continue;
        }
        let mut line = indent.clone();
        for word in paragraph.split_whitespace() {
            let longer = line.chars().count() + usize::from(line.len() > indent.len()) + word.chars().count();
            if longer > width && line.len() > indent.len() {
                lines.push(std::mem::replace(&mut line, indent.clone()));
            }
            if line.len() > indent.len() {
                line.push(' ');
            }
            line += word;
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;
    use proptest::prelude::*;

    #[test]
    fn words_move_to_the_next_line_and_drawings_stay() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("  client --> server\nnext", 40), ["  client --> server", "next"]);
        assert_eq!(wrap("  a list item that is long", 12), ["  a list", "  item that", "  is long"]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
        assert_eq!(wrap("", 10), [""]);
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_no_line_is_too_long(text in "[a-z ]{0,200}", width in 1_usize..50) {
            let lines = wrap(&text, width);
            let words: Vec<&str> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
            prop_assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
            for line in &lines {
                let one_word = line.split_whitespace().count() <= 1;
                prop_assert!(line.chars().count() <= width || one_word, "{:?}", line);
            }
        }
    }
}
