//! The programs as a student first writes them.
