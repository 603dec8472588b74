//! Impairments: their decisions have the properties that their formulas promise, and a seed gives them again.

mod decisions;
mod formulas;
mod properties;
