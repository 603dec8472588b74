//! A name that did not become an address: what the name servers said themselves, of that name and its aliases.

use super::case::Case;
use crate::failure::{Op, RESOLVER, Why};
use crate::fault::Fault;
use crate::trace::{Because, Confidence, Fact, Verdict};
use std::net::SocketAddr;

/// More aliases than this in one reply have no end; nor have aliases after so many questions, and nobody asks more.
const MOST_ALIASES: usize = 16;
const MOST_QUESTIONS: usize = 8;

/// Every name server that answered says that there is no such name, or no address of it.
pub(super) fn no_such_name(case: &Case) -> Option<Verdict> {
    let said = Said::of(case)?;
    if said.everything.is_empty() {
        // Nobody was asked: only what getaddrinfo(3) said is known.
        let text = RESOLVER.iter().find(|code| code.name == "EAI_NONAME")?.text;
        return (said.message == text).then(|| Verdict::of(Fault::NoSuchName, Confidence::Consistent, case));
    }
    let (none, empty) = (said.that(|one| one == What::NoName), said.that(|one| one == What::NoAddress));
    let (fails, silent) = (said.that(What::fails), said.that(What::is_silent));
    // That there is no such name is said for every kind at once; that it has no address, for one.
    let is_sure = if none.is_empty() { silent.is_empty() } else { fails.is_empty() };
    if none.is_empty() && (empty.is_empty() || !fails.is_empty()) {
        return None;
    }
    let others = [Fault::ServerFailure, Fault::ResolverSilent];
    Some(said.verdict(Fault::NoSuchName, is_sure, [none, empty].concat(), &others))
}

/// A name server answered that it cannot, or will not, tell; and none told more.
pub(super) fn server_failure(case: &Case) -> Option<Verdict> {
    let said = Said::of(case)?;
    let fails = said.that(|one| one == What::Fails);
    if fails.is_empty() || !said.that(|one| matches!(one, What::NoName | What::Cut)).is_empty() {
        return None;
    }
    let is_sure = said.that(|one| one == What::NoAddress).is_empty();
    Some(said.verdict(Fault::ServerFailure, is_sure, fails, &[Fault::NoSuchName, Fault::ResolverSilent]))
}

/// No name server answered, and none of their hosts said that there is none.
pub(super) fn resolver_silent(case: &Case) -> Option<Verdict> {
    let said = Said::of(case)?;
    let silent = said.that(|one| one == What::Silent(None));
    let is_all = said.everything.iter().all(|(what, _)| what.is_silent());
    if silent.is_empty() || !is_all {
        return None;
    }
    let is_sure = silent.len() == said.everything.len();
    let others = [Fault::NoSuchName, Fault::ServerFailure];
    let verdict = said.verdict(Fault::ResolverSilent, is_sure, silent, &others).because(said.ignored);
    Some(match case.icmp() {
        Some(([], cite)) => verdict.because([cite]).rules_out(&[Fault::UdpPortUnreachable], cite),
        _ => verdict,
    })
}

/// Where a name server should be there is none: its host said so by ICMP.
pub(super) fn no_name_server(case: &Case) -> Option<Verdict> {
    let said = Said::of(case)?;
    // Windows has another word for it.
    let refused = said.that(|one| matches!(one, What::Silent(Some("ECONNREFUSED" | "ECONNRESET"))));
    let is_all = !refused.is_empty() && refused.len() == said.everything.len();
    let others = [Fault::ResolverSilent, Fault::NoSuchName];
    is_all.then(|| said.verdict(Fault::UdpPortUnreachable, true, refused, &others))
}

/// A reply that is cut off, and could not be had over TCP.
pub(super) fn truncated_reply(case: &Case) -> Option<Verdict> {
    let said = Said::of(case)?;
    let cut = said.that(|one| one == What::Cut);
    if cut.is_empty() || !said.that(|one| one == What::NoName).is_empty() {
        return None;
    }
    let is_sure = said.that(|one| one == What::Fails).is_empty();
    Some(said.verdict(Fault::TruncatedReply, is_sure, cut, &[Fault::NoSuchName, Fault::ResolverSilent]))
}

/// What one name server says in the end, asked for one kind of address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What<'a> {
    /// `NXDOMAIN`
    NoName,
    /// `NOERROR`, and nothing.
    NoAddress,
    /// It cannot tell, or what it tells leads nowhere.
    Fails,
    /// Its reply is cut off, and no whole one came.
    Cut,
    /// Nothing; the wait ended in this errno.
    Silent(Option<&'a str>),
}

impl What<'_> {
    fn fails(self) -> bool {
        matches!(self, Self::Fails | Self::Cut)
    }

    fn is_silent(self) -> bool {
        matches!(self, Self::Silent(_))
    }
}

/// What the name servers said about a name that was not found.
struct Said<'a> {
    case: &'a Case<'a>,
    message: &'a str,
    everything: Vec<(What<'a>, Because)>,
    ignored: Vec<Because>,
}

impl<'a> Said<'a> {
    /// `None` when it is no name that failed, or when an address came after all.
    fn of(case: &'a Case<'a>) -> Option<Self> {
        let (name, message) = unresolved(case)?;
        let mut said = Self { case, message, everything: Vec::new(), ignored: Vec::new() };
        let mut asked: Vec<(SocketAddr, &str)> = Vec::new();
        for (fact, cite) in case.facts() {
            let Some((about, server, kind)) = about(fact) else { continue };
            if !same(about, name) || !case.talked_to(server) {
                continue;
            }
            if matches!(fact, Fact::DnsIgnored { .. }) {
                said.ignored.push(cite);
            } else if !asked.contains(&(server, kind)) {
                asked.push((server, kind));
            }
        }
        for (server, kind) in asked {
            said.everything.push(in_the_end(case, name, server, kind)?);
        }
        Some(said)
    }

    /// What shows that one of `wanted` was said.
    fn that(&self, wanted: impl Fn(What<'a>) -> bool) -> Vec<Because> {
        self.everything.iter().filter(|(what, _)| wanted(*what)).map(|(_, cite)| *cite).collect()
    }

    fn verdict(&self, fault: Fault, is_sure: bool, cites: Vec<Because>, others: &[Fault]) -> Verdict {
        let confidence = if is_sure { Confidence::Proved } else { Confidence::Consistent };
        let first = cites.first().copied().unwrap_or(self.case.failed());
        Verdict::of(fault, confidence, self.case).because(cites).rules_out(others, first)
    }
}

/// Follows the aliases from `name` through what `server` said; `None` when there is an address at the end.
fn in_the_end<'a>(
    case: &Case<'a>,
    name: &str,
    server: SocketAddr,
    kind: &str,
) -> Option<(What<'a>, Because)> {
    let mut at = name;
    let mut last: Option<(What<'a>, Because)> = None;
    let mut been = vec![name];
    for _ in 0..MOST_QUESTIONS {
        let of_name = |fact: &'a Fact| {
            about(fact).filter(|(about, of, one)| same(about, at) && *of == server && *one == kind)
        };
        let Some((fact, cite)) = best(case, of_name) else { return last };
        let (what, aliases) = match fact {
            Fact::DnsReply { truncated: true, .. } => (What::Cut, &[][..]),
            Fact::DnsReply { addresses, code, .. } if code == "NOERROR" && !addresses.is_empty() => {
                return None;
            }
            Fact::DnsReply { code, aliases, .. } => match code.as_str() {
                "NXDOMAIN" => (What::NoName, &[][..]),
                "NOERROR" => (What::NoAddress, aliases.as_slice()),
                _ => (What::Fails, &[][..]),
            },
            Fact::DnsSilence { errno, .. } => (What::Silent(errno.as_deref()), &[][..]),
            _ => return last,
        };
        last = Some((what, cite));
        let Some(next) = aliases.last() else { return last };
        let is_endless =
            aliases.len() >= MOST_ALIASES || aliases.iter().any(|one| been.contains(&one.as_str()));
        if is_endless {
            return Some((What::Fails, cite));
        }
        been.extend(aliases.iter().map(String::as_str));
        at = next;
    }
    last.map(|(_, cite)| (What::Fails, cite))
}

/// Of what a name server said in answer to one question, what counts: a whole reply before a cut one, and a reply before
/// a silence.
fn best<'a, T>(case: &Case<'a>, wanted: impl Fn(&'a Fact) -> Option<T>) -> Option<(&'a Fact, Because)> {
    let worth = |fact: &Fact| match fact {
        Fact::DnsReply { truncated: false, .. } => 2,
        Fact::DnsReply { .. } => 1,
        _ => 0,
    };
    let answers = case.facts().filter(|(fact, _)| !matches!(fact, Fact::DnsIgnored { .. }));
    answers.filter(|(fact, _)| wanted(fact).is_some()).max_by_key(|(fact, _)| worth(fact))
}

/// Of which name, from which name server, for which kind of address.
fn about(fact: &Fact) -> Option<(&str, SocketAddr, &str)> {
    match fact {
        Fact::DnsReply { name, server, kind, .. }
        | Fact::DnsSilence { name, server, kind, .. }
        | Fact::DnsIgnored { name, server, kind, .. } => Some((name, *server, kind)),
        _ => None,
    }
}

fn same(one: &str, other: &str) -> bool {
    let plain = |name: &'_ str| name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    plain(one) == plain(other)
}

/// The name that has no address here, and what was said of it; nothing where the time ran out.
fn unresolved<'a>(case: &Case<'a>) -> Option<(&'a str, &'a str)> {
    match &case.failure.why {
        _ if !matches!(case.failure.call.op, Op::Resolve | Op::Query) => None,
        Why::Unresolved { name, message } => Some((name, message)),
        Why::Deadline { .. } => case.fact(looked_up).map(|(name, _)| (name, "")),
        _ => None,
    }
}

/// The name that getaddrinfo(3) had nothing for.
fn looked_up(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::Lookup { name, addresses } if addresses.is_empty() => Some(name),
        _ => None,
    }
}
