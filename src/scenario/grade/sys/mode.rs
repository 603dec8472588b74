//! Unix: the mode of the file says it, chmod(1).

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Whether anybody may run it.
pub(in crate::scenario::grade) fn is_executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|about| about.permissions().mode() & 0o111 != 0)
}
