//! What helps against a fault, and what does not: tried for real, on this host's loopback, and measured. Knows no
//! language and prints nothing; what a user reads about it is in the catalogue.

pub mod lesson;
