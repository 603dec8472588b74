//! Stub until the language is here.

use super::Scenario;
use crate::document::Mistake;
use std::collections::BTreeMap;
use std::path::Path;

/// What whoever runs a scenario gives.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Parameters.
    pub set: BTreeMap<String, String>,
    /// The seed.
    pub seed: Option<u64>,
}

/// Reads a scenario.
pub fn read(_file: &Path, _text: &str, _given: &Given) -> Result<Scenario, Vec<Mistake>> {
    Err(vec![Mistake::new(0, "no reader")])
}
