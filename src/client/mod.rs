//! The hardened client.
