//! Makes faults happen: one fault a file.
