//! `bad-response`: a web server answers, and not with the page.

pub(super) mod error_status;
pub(super) mod no_reply;
pub(super) mod not_http;
pub(super) mod short_body;
pub(super) mod tls_handshake;
