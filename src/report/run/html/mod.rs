//! Runs as one HTML file.
use crate::lang::Lang;
use crate::trace::Run;

/// Runs as one HTML file.
pub fn html(_runs: &[Run], _lang: Lang, _reproducible: bool) -> String {
    String::new()
}
