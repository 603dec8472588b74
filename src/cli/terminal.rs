//! Where results and errors go: the language, the colours and the shape that the user asked for.

use super::args::{Colour, Common, Format, Said};
use super::exit::{Exit, Problem};
use crate::lang::Lang;
use crate::report::{self, Look, WIDTH_OF_FILES};
use serde::Serialize;
use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Longer lines are hard to read, however wide the window.
const WIDEST: usize = 100;
/// Narrower, words no longer fit.
const NARROWEST: usize = 40;

/// What the user asked for about output.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    /// Of results.
    pub look: Look,
    /// Of errors and progress.
    pub stderr_look: Look,
    /// The shape of results.
    pub format: Format,
    /// Whether a person watches stderr.
    pub watched: bool,
}

impl Terminal {
    /// As the arguments, and then the environment, say.
    pub(super) fn new(common: &Common) -> Self {
        let lang = common.lang.unwrap_or_else(lang_of_environment);
        let width =
            terminal_size::terminal_size().map_or(WIDTH_OF_FILES, |(columns, _)| usize::from(columns.0));
        let width = width.clamp(NARROWEST, WIDEST);
        let choice = common.color.unwrap_or_default();
        let look = |terminal| Look { lang, width, colour: colours(choice, terminal) };
        let watched = io::stderr().is_terminal() && !common.quiet;
        Self {
            look: look(io::stdout().is_terminal()),
            stderr_look: look(io::stderr().is_terminal()),
            format: common.format.unwrap_or_default(),
            watched,
        }
    }

    /// Tells of progress on stderr, when a person watches.
    pub(super) fn progress(&self, line: &str) {
        if self.watched {
            tell(&format!("{line}\n"));
        }
    }

    /// Shows what clap says: help on stdout, a mistake on stderr.
    pub(super) fn usage(&self, said: &Said) -> Exit {
        if !said.is_mistake() {
            let shown = put(&said.text(self.look.colour));
            return shown.map_or_else(|problem| problem.exit, |()| Exit::Success);
        }
        tell(&said.text(self.stderr_look.colour));
        self.tell_in_json(&Told { error: &Problem::new(Exit::Usage, said.message()) });
        Exit::Usage
    }

    /// Tells what went wrong: on stderr in words, and in the JSON on stdout when JSON was asked for.
    pub(super) fn complain(&self, problem: &Problem) {
        self.complain_as(problem, &Told { error: problem });
    }

    /// Tells it on stderr only, for a command whose results say the same.
    pub(super) fn tell(&self, problem: &Problem) {
        tell(&problem.text(&self.stderr_look));
    }

    /// The same as [`Self::complain`], for a command whose JSON has other fields beside the error.
    pub(super) fn complain_as(&self, problem: &Problem, json: &impl Serialize) {
        tell(&problem.text(&self.stderr_look));
        self.tell_in_json(json);
    }

    fn tell_in_json(&self, json: &impl Serialize) {
        if self.format == Format::Json {
            // The error was already told; if stdout is gone too, nobody is left to tell.
            let _ = put(&report::json_line(json));
        }
    }
}

/// An error as scripts see it.
#[derive(Serialize)]
struct Told<'a> {
    error: &'a Problem,
}

/// Writes a result to stdout. A reader that has left, as `head` does, is no error.
pub(super) fn put(result: &str) -> Result<(), Problem> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(result.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Problem::io("write to stdout", &error)),
        _ => Ok(()),
    }
}

/// Writes to stderr. If that cannot be done, nobody is left to tell.
fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// A reply as one line: a line end inside it is written as an escape, so that the n-th line stays the n-th reply.
/// Unless the output is `raw`, so is every other character that a terminal would obey and not show: a hostile
/// server must not move the cursor, set the title or reverse the text.
pub(super) fn one_line(reply: &str, raw: bool) -> String {
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

/// Control characters (C0, DEL, C1), line and paragraph separators, and Unicode's bidirectional controls (UAX #9).
fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `--color` beats `NO_COLOR` (no-color.org), which beats `CLICOLOR_FORCE`, which beats what stdout is.
fn colours(choice: Colour, terminal: bool) -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if is_set("NO_COLOR") => false,
        Colour::Auto => {
            let forced = env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
            forced || (terminal && env::var_os("TERM").is_none_or(|term| term != "dumb"))
        }
    }
}

/// `NETFAULT_LANG`, else the locale as locale(7) orders it, else English.
fn lang_of_environment() -> Lang {
    ["NETFAULT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty())
        .and_then(|value| Lang::of_locale(&value))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_cannot_command_the_terminal() {
        let hostile = "a\x1b[2J\u{9b}1m\u{202e}b\tc\u{7f}";
        assert_eq!(one_line(hostile, false), "a\\u{1b}[2J\\u{9b}1m\\u{202e}b\tc\\u{7f}");
        assert_eq!(one_line(hostile, true), hostile);
        assert_eq!(one_line("Ünï 日本 ß", false), "Ünï 日本 ß");
    }

    #[test]
    fn a_reply_stays_one_line() {
        assert_eq!(one_line("IPIN\r\n | x", true), "IPIN\\r\\n | x");
    }
}
