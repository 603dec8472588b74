//! A name that did not become an address: what the name servers said themselves.

use super::case::Case;
use crate::failure::{Op, RESOLVER, Why};
use crate::fault::Fault;
use crate::trace::{Because, Confidence, Fact, Verdict};

/// Every name server that answered says that there is no such name, or no address of it.
pub(super) fn no_such_name(case: &Case) -> Option<Verdict> {
    let replies = Replies::of(case)?;
    if replies.codes.is_empty() && replies.silent.is_empty() {
        // Nobody was asked: only what getaddrinfo(3) said is known.
        let said = RESOLVER.iter().find(|code| code.name == "EAI_NONAME")?;
        return (replies.message == said.text)
            .then(|| Verdict::of(Fault::NoSuchName, Confidence::Consistent, case));
    }
    let none = |code: &&str| matches!(*code, "NXDOMAIN" | "NOERROR");
    let all = !replies.codes.is_empty() && replies.codes.iter().all(|(code, _)| none(code));
    all.then(|| replies.verdict(case, Fault::NoSuchName, &[Fault::ServerFailure, Fault::ResolverSilent]))
}

/// A name server answered that it cannot, or will not, tell; and none told more.
pub(super) fn server_failure(case: &Case) -> Option<Verdict> {
    let replies = Replies::of(case)?;
    let fails = |code: &str| !matches!(code, "NXDOMAIN" | "NOERROR");
    let all = !replies.codes.is_empty() && replies.codes.iter().all(|(code, _)| fails(code));
    all.then(|| replies.verdict(case, Fault::ServerFailure, &[Fault::NoSuchName, Fault::ResolverSilent]))
}

/// No name server answered, and none of their hosts said that there is none.
pub(super) fn resolver_silent(case: &Case) -> Option<Verdict> {
    let silent = Replies::of(case)?.silence(|errno| errno.is_none())?;
    let first = silent[0];
    Some(
        Verdict::of(Fault::ResolverSilent, Confidence::Proved, case)
            .because(silent)
            .rules_out(&[Fault::NoSuchName, Fault::ServerFailure], first),
    )
}

/// Where a name server should be there is none: its host said so by ICMP.
pub(super) fn no_name_server(case: &Case) -> Option<Verdict> {
    let refused = Replies::of(case)?.silence(|errno| errno == Some("ECONNREFUSED"))?;
    let first = refused[0];
    Some(
        Verdict::of(Fault::UdpPortUnreachable, Confidence::Proved, case)
            .because(refused)
            .rules_out(&[Fault::ResolverSilent, Fault::NoSuchName], first),
    )
}

/// A reply that is cut off, and could not be had over TCP.
pub(super) fn truncated_reply(case: &Case) -> Option<Verdict> {
    let ((), cut) = case.fact(|fact| match fact {
        Fact::DnsReply { truncated: true, .. } => Some(()),
        _ => None,
    })?;
    Replies::unresolved(case)?;
    Some(
        Verdict::of(Fault::TruncatedReply, Confidence::Proved, case)
            .because([cut])
            .rules_out(&[Fault::NoSuchName], cut),
    )
}

/// What the name servers said about a name that was not found.
struct Replies<'a> {
    message: &'a str,
    codes: Vec<(&'a str, Because)>,
    silent: Vec<(Option<&'a str>, Because)>,
}

impl<'a> Replies<'a> {
    /// `None` when it is no name that failed, when an address came after all, or when a reply is cut off.
    fn of(case: &Case<'a>) -> Option<Self> {
        let message = Self::unresolved(case)?;
        let mut replies = Self { message, codes: Vec::new(), silent: Vec::new() };
        for (fact, cite) in case.facts() {
            match fact {
                Fact::DnsReply { truncated: true, .. } => return None,
                Fact::DnsReply { addresses, .. } if !addresses.is_empty() => return None,
                Fact::DnsReply { code, .. } => replies.codes.push((code, cite)),
                Fact::DnsSilence { errno, .. } => replies.silent.push((errno.as_deref(), cite)),
                _ => {}
            }
        }
        Some(replies)
    }

    /// What was said of a name that has no address here; nothing where the time ran out.
    fn unresolved(case: &Case<'a>) -> Option<&'a str> {
        match &case.failure.why {
            _ if !matches!(case.failure.call.op, Op::Resolve | Op::Query) => None,
            Why::Unresolved { message, .. } => Some(message),
            Why::Deadline { .. } => Some(""),
            _ => None,
        }
    }

    /// What shows it, when nobody answered and every wait ended in the `wanted` way.
    fn silence(&self, wanted: impl Fn(Option<&str>) -> bool) -> Option<Vec<Because>> {
        let all = !self.silent.is_empty() && self.silent.iter().all(|(errno, _)| wanted(*errno));
        (all && self.codes.is_empty()).then(|| self.silent.iter().map(|(_, cite)| *cite).collect())
    }

    fn verdict(&self, case: &Case, fault: Fault, others: &[Fault]) -> Verdict {
        let cites: Vec<Because> = self.codes.iter().map(|(_, cite)| *cite).collect();
        let first = cites[0];
        Verdict::of(fault, Confidence::Proved, case).because(cites).rules_out(others, first)
    }
}
