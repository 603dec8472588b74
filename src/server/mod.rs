//! The hardened transform server.
