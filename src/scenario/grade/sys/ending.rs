//! Where files have no mode, their ending says it.

use std::path::Path;

/// Whether it is a program.
pub(in crate::scenario::grade) fn is_executable(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("exe"))
}
