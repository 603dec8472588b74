//! Why a page was not had, as its user is told: the stage, the addresses, the reason, what to do.

use crate::cli::exit::{Exit, Problem};
use crate::failure::{Failure, Refusal, Why};
use crate::fault::{Family, Fault, Named};
use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::{one_line, reason, stage_name};
use crate::scenario::replay::quoted;
use crate::trace::{Confidence, Fact, Fetched, Hop, StageName};

/// What a user is told when it failed.
pub(super) fn of(found: &Fetched, lang: Lang) -> Option<Problem> {
    let failure = found.failure.as_ref()?;
    let hop = found.hops.last();
    let stage = hop.and_then(|hop| hop.stages.iter().find(|stage| !stage.ok)).map(|stage| stage.name);
    let message = one_line(&message(found, hop, stage, failure), false);
    let problem = Problem { exit: Exit::Fault, ..Problem::failed(message, failure, lang) };
    let mut problem = match named(found, stage, failure) {
        None => problem,
        Some(named) => {
            let page = knowledge::page(named).text(lang);
            Problem {
                why: Some(page.meaning.to_owned()),
                hint: page.causes.first().map(|cause| cause.fix.to_owned()),
                commands: vec![format!("netfault explain {}", named.id())],
                ..problem
            }
        }
    };
    if failure.is("EAGAIN") {
        (problem.errno, problem.code) = (None, None);
    }
    let terms = knowledge::terms(lang);
    if let Some(hint) = hint(found, failure, terms) {
        problem.hint = Some(hint.to_owned());
    }
    if matches!(failure.why, Why::TooLong { .. } | Why::Redirected { .. }) {
        problem.why = None;
    }
    problem.commands.push(format!("netfault diagnose http {}", quoted(&found.url)));
    Some(problem)
}

/// `cannot fetch URL: connect: connect tcp 127.0.0.1:80: Connection refused; …`
fn message(found: &Fetched, hop: Option<&Hop>, stage: Option<StageName>, failure: &Failure) -> String {
    let led = hop.filter(|hop| hop.url != found.url).map(|hop| format!(", which led to {}", hop.url));
    let what = format!("cannot fetch {}{}", found.url, led.unwrap_or_default());
    if let (Why::Status { code }, Some(response)) = (&failure.why, hop.and_then(|hop| hop.response.as_ref()))
    {
        return format!("{what}: {} answers {code} {}", response.peer, response.reason).trim_end().to_owned();
    }
    let stage = stage.map(|stage| format!("{}: ", stage_name(stage, knowledge::terms(Lang::En))));
    format!("{what}: {}{}", stage.unwrap_or_default(), what_failed(hop, failure).join("; "))
}

/// The call that failed; of several addresses each.
fn what_failed(hop: Option<&Hop>, failure: &Failure) -> Vec<String> {
    let tried = hop.iter().flat_map(|hop| &hop.tried).filter_map(|tried| tried.failure.as_ref());
    let each: Vec<&Failure> = tried.collect();
    if hop.is_some_and(|hop| hop.peer.is_none()) && !each.is_empty() {
        return each.into_iter().map(in_words).collect();
    }
    vec![in_words(failure)]
}

/// The number of an errno has a line of its own.
fn in_words(failure: &Failure) -> String {
    match &failure.why {
        Why::Errno(errno) if !failure.is("EAGAIN") => format!("{}: {}", failure.call, errno.message),
        _ => format!("{}: {}", failure.call, reason(failure)),
    }
}

/// The page that explains it: of the verdict, else of what the failure alone proves.
fn named(found: &Fetched, stage: Option<StageName>, failure: &Failure) -> Option<Named> {
    let verdict = found.verdict.as_ref().filter(|verdict| verdict.confidence != Confidence::Unknown);
    if let Some(fault) = verdict.and_then(|verdict| verdict.fault) {
        return Some(Named::Fault(fault));
    }
    let fault = match &failure.why {
        Why::Tls { .. } => Fault::TlsHandshake,
        Why::ShortBody { .. } => Fault::ShortBody,
        Why::Status { .. } => Fault::ErrorStatus,
        Why::NotHttp { .. } => Fault::NotHttp,
        Why::Closed if stage == Some(StageName::FirstByte) => Fault::NoReply,
        Why::Unresolved { .. } => return Some(Named::Family(Family::NameResolution)),
        Why::Redirected { .. } | Why::Undecodable { .. } | Why::TooLong { .. } => {
            return Some(Named::Family(Family::BadResponse));
        }
        _ if stage == Some(StageName::Name) => return Some(Named::Family(Family::NameResolution)),
        _ => return None,
    };
    Some(Named::Fault(fault))
}

/// What to do where this very command has the means.
fn hint(found: &Fetched, failure: &Failure, terms: &'static Terms) -> Option<&'static str> {
    Some(match &failure.why {
        // A head has a limit too, which is nobody's choice.
        Why::TooLong { .. } if found.body.is_some() => terms.hint_max_bytes,
        Why::Redirected { .. } => terms.hint_redirected,
        Why::Tls { refusal: Refusal::UnknownIssuer | Refusal::SelfSigned, .. } => terms.hint_cacert,
        Why::Tls { refusal: Refusal::Expired | Refusal::NotYetValid, .. } => terms.hint_date,
        Why::Tls { refusal: Refusal::WrongName, .. } => terms.hint_host,
        Why::Tls { refusal: Refusal::NotTls, .. } => terms.hint_plain,
        Why::NotHttp { .. } if speaks_tls(found) => terms.hint_secure,
        _ => return None,
    })
}

/// Whether what came first is how TLS begins.
fn speaks_tls(found: &Fetched) -> bool {
    found.evidence.iter().any(
        |one| matches!(&one.fact, Fact::FirstBytes { looks_like: Some(known), .. } if known.contains("TLS")),
    )
}
