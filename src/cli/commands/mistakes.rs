//! What is wrong with a file, as its author is told.

use crate::document::Mistake;
use std::path::Path;

/// The file, the line and the column, what is wrong, and the line itself with a caret.
pub(super) fn told(mistake: &Mistake, path: &Path, text: &str) -> String {
    let place = mistake.place(text);
    let caret = place.to_string().replace('\n', "\n  ");
    format!("{}:{}:{}: {}\n  {caret}", path.display(), place.line, place.column, mistake.what)
}
