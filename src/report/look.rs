//! How text for people looks: its language, its width, and whether it has colours.

use crate::lang::Lang;
use colored::{ColoredString, Colorize};

/// Columns of a report that no terminal shows.
pub const WIDTH_OF_FILES: usize = 100;

/// The look of a text report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The language of what is said.
    pub lang: Lang,
    /// Columns that a line may take.
    pub width: usize,
    /// Whether there are colours.
    pub colour: bool,
    /// Whether drawings keep to ASCII.
    pub ascii: bool,
}

impl Look {
    /// The same without colours and as wide as files are.
    #[must_use]
    pub fn plain(self) -> Self {
        Self { colour: false, width: WIDTH_OF_FILES, ..self }
    }

    /// A heading or a name that the eye should find.
    pub fn strong(&self, text: &str) -> String {
        self.paint(text, Colorize::bold)
    }

    /// What went well.
    pub fn good(&self, text: &str) -> String {
        self.paint(text, |plain| plain.green().bold())
    }

    /// What went wrong.
    pub fn bad(&self, text: &str) -> String {
        self.paint(text, |plain| plain.red().bold())
    }

    /// What deserves a second look: not wrong, not certain.
    pub fn doubtful(&self, text: &str) -> String {
        self.paint(text, |plain| plain.yellow().bold())
    }

    /// A command that can be copied.
    pub fn command(&self, text: &str) -> String {
        self.paint(text, Colorize::cyan)
    }

    /// What may be skipped in reading.
    pub fn faint(&self, text: &str) -> String {
        self.paint(text, Colorize::dimmed)
    }

    fn paint(&self, text: &str, style: impl Fn(ColoredString) -> ColoredString) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        // `colored` asks the environment by itself; what the user wants was already decided at the door.
        colored::control::set_override(true);
        style(ColoredString::from(text)).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_there_when_asked_for_and_only_then() {
        let plain = Look { lang: Lang::En, width: 80, colour: false, ascii: false };
        let bright = Look { colour: true, ..plain };
        assert_eq!(plain.bad("refused"), "refused");
        assert_eq!(bright.bad("refused"), "\u{1b}[1;31mrefused\u{1b}[0m");
        assert_eq!(bright.faint(""), "");
    }
}
