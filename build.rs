//! Compiles the catalogue under `knowledge/` into the program.
fn main() {}
