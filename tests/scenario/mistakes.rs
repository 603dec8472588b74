//! What is said of a scenario that cannot be read.
