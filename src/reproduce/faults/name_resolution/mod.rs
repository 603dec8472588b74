//! A name does not become an address. The naive program hardly notices: it takes the last bytes of whatever comes.

pub(super) mod no_such_name;
pub(super) mod resolver_silent;
pub(super) mod server_failure;
pub(super) mod truncated_reply;

use crate::trace::Resolved;

/// The addresses that were found, in words.
fn addresses(found: &Resolved) -> String {
    found.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
