//! What a failure says about sending the same request again.

use crate::failure::{Failure, Refusal, Why};
use crate::trace::Response;
use std::time::Duration;

/// Errors of the way to the server that may pass.
const MAY_PASS: &[&str] = &[
    "ECONNREFUSED",
    "ECONNRESET",
    "ECONNABORTED",
    "EPIPE",
    "ETIMEDOUT",
    "EAGAIN",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "EADDRNOTAVAIL",
    "EMFILE",
    "ENFILE",
];

/// Status codes by which a server says that it may be able to later, RFC 9110 §15 and RFC 6585 §4.
const LATER: &[u16] = &[429, 502, 503, 504];

/// Whether the next attempt may end otherwise.
pub(super) fn may_pass(failure: &Failure) -> bool {
    match &failure.why {
        Why::Errno(errno) => MAY_PASS.contains(&errno.name.as_ref()),
        Why::Deadline { .. } | Why::Closed | Why::SelfConnected | Why::ShortBody { .. } => true,
        Why::Status { code } => LATER.contains(code),
        Why::Tls { refusal, .. } => *refusal == Refusal::Closed,
        Why::TooLong { .. }
        | Why::NotUtf8
        | Why::Partial { .. }
        | Why::Stranger { .. }
        | Why::Unresolved { .. }
        | Why::NotHttp { .. }
        | Why::Redirected { .. }
        | Why::Undecodable { .. } => false,
    }
}

/// How long the server asks to wait, in seconds (RFC 9110 §10.2.3). Those that name a date are not asked for.
pub(super) fn asks_to_wait(response: &Response) -> Option<Duration> {
    if !LATER.contains(&response.status) {
        return None;
    }
    response.retry_after.as_deref()?.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Call, Code, Op, Protocol};

    #[test]
    fn every_error_that_may_pass_is_in_the_table() {
        for name in MAY_PASS {
            assert!(Code::named(name).is_some_and(|code| code.name == *name), "{name}");
        }
    }

    #[test]
    fn a_server_that_is_busy_is_asked_again_and_one_that_has_no_such_page_is_not() {
        let failed = |why| {
            let call = Call::new(Op::Receive, Protocol::Tcp);
            may_pass(&Failure { call, why, elapsed: Duration::ZERO })
        };
        assert!(failed(Why::Status { code: 503 }) && !failed(Why::Status { code: 404 }));
        assert!(failed(Why::ShortBody { got: 1, wanted: None }) && failed(Why::Closed));
        let refused = |refusal| failed(Why::Tls { refusal, said: String::new() });
        assert!(refused(Refusal::Closed) && !refused(Refusal::Expired));
    }
}
