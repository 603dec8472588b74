//! Pure rules: events and evidence in, verdict out.
