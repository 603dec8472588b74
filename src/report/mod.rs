//! One renderer a file: an outcome in, text or bytes out.
