//! What a failure says about trying again.

use crate::failure::{Failure, Op, Why};

/// Errors that say that the request itself is wrong here: without a change the next attempt fails as this one.
const PERMANENT: &[&str] = &[
    "EPERM",
    "EBADF",
    "EACCES",
    "EINVAL",
    "ENOTSOCK",
    "EDESTADDRREQ",
    "EMSGSIZE",
    "EPROTOTYPE",
    "ENOPROTOOPT",
    "EPROTONOSUPPORT",
    "ESOCKTNOSUPPORT",
    "EOPNOTSUPP",
    "EAFNOSUPPORT",
];

/// Whether the next attempt may end otherwise.
pub(super) fn may_pass(failure: &Failure) -> bool {
    match &failure.why {
        Why::Errno(errno) => !PERMANENT.contains(&errno.name.as_ref()),
        Why::Deadline { .. } | Why::Closed | Why::SelfConnected => true,
        Why::TooLong { .. }
        | Why::NotUtf8
        | Why::Partial { .. }
        | Why::Stranger { .. }
        | Why::Unresolved { .. }
        | Why::NotHttp { .. }
        | Why::ShortBody { .. }
        | Why::Status { .. }
        | Why::Redirected { .. }
        | Why::Undecodable { .. }
        | Why::Tls { .. } => false,
    }
}

/// Whether the server may have got the request all the same. A refusal says that it has not.
pub(super) fn may_have_arrived(failure: &Failure) -> bool {
    matches!(failure.call.op, Op::Send | Op::Receive) && !failure.is("ECONNREFUSED")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Call, Code, Errno, Platform, Protocol};
    use std::time::Duration;

    fn failed(op: Op, why: Why) -> Failure {
        let call = Call::new(op, Protocol::Tcp);
        Failure { call, why, elapsed: Duration::ZERO }
    }

    fn errno(name: &str) -> Why {
        Why::Errno(Errno::here(Code::named(name).unwrap().number(Platform::HERE).unwrap()))
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        for name in ["ECONNREFUSED", "ETIMEDOUT", "EAGAIN", "ECONNRESET", "EHOSTUNREACH", "EMFILE"] {
            assert!(may_pass(&failed(Op::Connect, errno(name))), "{name}");
        }
        for name in ["EACCES", "EMSGSIZE", "EAFNOSUPPORT", "EINVAL"] {
            assert!(!may_pass(&failed(Op::Connect, errno(name))), "{name}");
        }
        assert!(!may_pass(&failed(Op::Receive, Why::TooLong { most: 1 })));
    }

    #[test]
    fn every_permanent_error_is_in_the_table() {
        for name in PERMANENT {
            assert!(Code::named(name).is_some_and(|code| code.name == *name), "{name}");
        }
    }

    #[test]
    fn only_a_request_that_was_sent_and_not_refused_may_have_arrived() {
        assert!(!may_have_arrived(&failed(Op::Connect, errno("ETIMEDOUT"))));
        assert!(!may_have_arrived(&failed(Op::Receive, errno("ECONNREFUSED"))));
        assert!(may_have_arrived(&failed(Op::Receive, errno("ECONNRESET"))));
        assert!(may_have_arrived(&failed(Op::Send, errno("EPIPE"))));
    }
}
