//! What is wrong with a file, as its author is told.

use crate::cli::exit::{Exit, Problem};
use crate::document::Mistake;
use std::path::Path;
use std::{fs, io};

/// The file, the line and the column, what is wrong, and the line itself with a caret.
pub(super) fn told(mistake: &Mistake, path: &Path, text: &str) -> String {
    let place = mistake.place(text);
    let caret = place.to_string().replace('\n', "\n  ");
    format!("{}:{}:{}: {}\n  {caret}", path.display(), place.line, place.column, mistake.what)
}

/// The text of a file.
pub(super) fn text(file: &Path) -> Result<String, Problem> {
    let bytes = fs::read(file).map_err(|error| cannot_read(file, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|byte| *byte == b'\n').count();
        Problem::new(Exit::Usage, format!("{}: line {line}: the text is not UTF-8", file.display()))
    })
}

/// A file, or a folder, that cannot be read.
pub(super) fn cannot_read(path: &Path, error: &io::Error) -> Problem {
    let problem = Problem::io(format_args!("read {}", path.display()), error);
    Problem { exit: Exit::Usage, ..problem }
}
