//! What each path and verb does.

use super::answer::{Answer, Said};
use super::{Options, Problem};
use crate::document::{Mistake, Mistakes, Node, Unknown, json};
use crate::proxy::spec::{change, spec, specs};
use crate::proxy::toxic::{self, toxics};
use crate::proxy::{Control, Ended, Relay, Spec};
use hyper::{Method, StatusCode};
use serde_json::{Value, json as object};

/// The version of Toxiproxy whose API this is. Ruby's client reads it as x.y.z.
const VERSION: &str = "2.12.0";

/// A request whose body has arrived.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a [String],
    pub(super) body: &'a str,
}

/// Whether there is something at this path; the verbs that it knows.
pub(super) fn verbs(path: &[&str], metrics: bool) -> Option<&'static [Method]> {
    const GET: &[Method] = &[Method::GET];
    const POST: &[Method] = &[Method::POST];
    const LIST: &[Method] = &[Method::GET, Method::POST];
    const ONE: &[Method] = &[Method::GET, Method::POST, Method::PATCH, Method::DELETE];
    match path {
        ["version" | "events"] => Some(GET),
        ["metrics"] if metrics => Some(GET),
        ["populate" | "reset"] => Some(POST),
        ["proxies"] | ["proxies", _, "toxics"] => Some(LIST),
        ["proxies", _] | ["proxies", _, "toxics", _] => Some(ONE),
        _ => None,
    }
}

/// Answers a request. Waits for the relay, and for the resolver where a request names a host.
pub(super) fn answer(asked: &Asked, control: &Control, options: &Options) -> Answer {
    let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
    let result = match (asked.method.as_str(), path.as_slice()) {
        ("GET", ["version"]) => {
            let body = object!({ "version": VERSION }).to_string();
            Ok(Answer::text(StatusCode::OK, "application/json;charset=utf-8", body))
        }
        ("GET", ["metrics"]) => metrics(control),
        ("POST", ["populate"]) => populate(asked, control, options),
        ("POST", ["reset"]) => ask(control, Relay::reset).map(|()| Answer::empty(StatusCode::NO_CONTENT)),
        ("GET", ["proxies"]) => ask(control, |relay| Ok(relay.list())).map(|all| Answer::ok(&all)),
        ("POST", ["proxies"]) => create(asked, control),
        ("GET", ["proxies", name]) => {
            let name = (*name).to_owned();
            ask(control, move |relay| relay.show(&name)).map(|proxy| Answer::ok(&proxy))
        }
        ("POST" | "PATCH", ["proxies", name]) => update(asked, name, control),
        ("DELETE", ["proxies", name]) => {
            let name = (*name).to_owned();
            ask(control, move |relay| relay.delete(&name)).map(|()| Answer::empty(StatusCode::NO_CONTENT))
        }
        ("GET", ["proxies", name, "toxics"]) => {
            let name = (*name).to_owned();
            ask(control, move |relay| relay.toxics(&name)).map(|all| Answer::ok(&all))
        }
        ("POST", ["proxies", name, "toxics"]) => add_toxic(asked, name, control),
        ("GET", ["proxies", name, "toxics", toxic]) => {
            let (name, toxic) = ((*name).to_owned(), (*toxic).to_owned());
            ask(control, move |relay| relay.toxic(&name, &toxic)).map(|toxic| Answer::ok(&toxic))
        }
        ("POST" | "PATCH", ["proxies", name, "toxics", toxic]) => change_toxic(asked, name, toxic, control),
        ("DELETE", ["proxies", name, "toxics", toxic]) => {
            let (name, toxic) = ((*name).to_owned(), (*toxic).to_owned());
            let removed = ask(control, move |relay| relay.remove_toxic(&name, &toxic));
            removed.map(|()| Answer::empty(StatusCode::NO_CONTENT))
        }
        _ => Ok(Answer::not_found()),
    };
    result.unwrap_or_else(|wrong| Answer::error(&wrong.said(options)))
}

/// Why a request was not done.
enum Wrong {
    Body(Vec<Mistake>),
    Problem(Problem),
    Ended,
}

impl Wrong {
    fn said(&self, options: &Options) -> Said {
        match self {
            Self::Body(mistakes) => Said::wrong(mistakes),
            Self::Problem(problem) => Said::problem(problem, &options.explain),
            Self::Ended => Said::new(StatusCode::SERVICE_UNAVAILABLE, "the proxy is ending"),
        }
    }
}

impl From<Problem> for Wrong {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Vec<Mistake>> for Wrong {
    fn from(mistakes: Vec<Mistake>) -> Self {
        Self::Body(mistakes)
    }
}

impl From<Ended> for Wrong {
    fn from(_: Ended) -> Self {
        Self::Ended
    }
}

fn ask<T: Send + 'static>(
    control: &Control,
    what: impl FnOnce(&mut Relay) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Wrong> {
    Ok(control.ask(what)??)
}

/// The body as a tree.
fn body(asked: &Asked) -> Result<Node, Wrong> {
    json(asked.body).map_err(|mistake| {
        let place = mistake.place(asked.body);
        let what = format!("{} at line {} column {}", mistake.what, place.line, place.column);
        Wrong::Body(vec![Mistake::new(mistake.at, what)])
    })
}

fn metrics(control: &Control) -> Result<Answer, Wrong> {
    let text = control.ask(|relay| relay.metrics())?;
    Ok(Answer::text(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text))
}

fn create(asked: &Asked, control: &Control) -> Result<Answer, Wrong> {
    let wanted = spec(&body(asked)?, Unknown::Ignored)?.resolve()?;
    let made = ask(control, move |relay| relay.create(wanted))?;
    Ok(Answer::json(StatusCode::CREATED, &made))
}

fn update(asked: &Asked, name: &str, control: &Control) -> Result<Answer, Wrong> {
    let name = name.to_owned();
    let known = name.clone();
    ask(control, move |relay| relay.network(&known))?;
    let change = change(&body(asked)?)?.resolve()?;
    Ok(Answer::ok(&ask(control, move |relay| relay.update(&name, change))?))
}

fn populate(asked: &Asked, control: &Control, options: &Options) -> Result<Answer, Wrong> {
    let failed = |wrong: &Wrong, made| Answer::populate_error(&wrong.said(options), made);
    let wanted = body(asked)
        .and_then(|node| Ok(specs(&node, Unknown::Ignored)?))
        .and_then(|specs| Ok(specs.into_iter().map(Spec::resolve).collect::<Result<Vec<_>, _>>()?));
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(wrong) => return Ok(failed(&wrong, Vec::new())),
    };
    let (made, problem) = control.ask(move |relay| relay.populate(wanted))?;
    if let Some(problem) = problem {
        return Ok(failed(&Wrong::Problem(problem), made));
    }
    let made = if made.is_empty() { Value::Null } else { Value::Array(made) };
    Ok(Answer::json(StatusCode::CREATED, &object!({ "proxies": made })))
}

fn add_toxic(asked: &Asked, name: &str, control: &Control) -> Result<Answer, Wrong> {
    let name = name.to_owned();
    let known = name.clone();
    let network = ask(control, move |relay| relay.network(&known))?;
    let node = body(asked)?;
    let mut mistakes = Mistakes::default();
    let read = toxics(std::slice::from_ref(&node), network, Unknown::Ignored, &mut mistakes);
    let nothing = || vec![Mistake::new(0, "expected a toxic")];
    let toxic = mistakes.or(read)?.into_iter().next().ok_or_else(nothing)?;
    Ok(Answer::ok(&ask(control, move |relay| relay.add_toxic(&name, toxic))?))
}

fn change_toxic(asked: &Asked, name: &str, toxic: &str, control: &Control) -> Result<Answer, Wrong> {
    let (name, toxic) = (name.to_owned(), toxic.to_owned());
    let known = (name.clone(), toxic.clone());
    let kind = ask(control, move |relay| relay.kind(&known.0, &known.1))?;
    let change = toxic::change(kind, &body(asked)?)?;
    Ok(Answer::ok(&ask(control, move |relay| relay.change_toxic(&name, &toxic, &change))?))
}
