//! Stub until the reports are here.
#![expect(missing_docs, reason = "a stub")]

use crate::lang::Lang;
use crate::report::Look;
use crate::trace::Run;
use serde::Serialize;

pub fn text(runs: &[Run], _look: &Look) -> String {
    format!("{} runs\n", runs.len())
}
pub fn json(runs: &[Run], _lang: Lang) -> impl Serialize {
    serde_json::json!({ "scenarios": runs.len() })
}
pub fn junit(_runs: &[Run], _lang: Lang) -> String {
    String::new()
}
pub fn html(_runs: &[Run], _lang: Lang, _reproducible: bool) -> String {
    String::new()
}
pub fn sequence(_run: &Run, _look: &Look) -> String {
    String::new()
}
