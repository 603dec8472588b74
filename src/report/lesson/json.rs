//! A lesson for scripts.

use crate::failure::Failure;
use crate::fault::{Family, Fault};
use crate::knowledge::{Point, Walk};
use crate::trace::Effect;
use serde::Serialize;

/// `{"lesson":…,"failure":{…},"choices":[…],"seed":[…]}`.
#[derive(Serialize)]
pub struct Lesson<'a> {
    #[serde(rename = "lesson")]
    id: &'static str,
    failure: &'a Failure,
    choices: Vec<Tried<'a>>,
    seed: &'static [Point],
}

/// What came of a choice.
#[derive(Serialize)]
struct Tried<'a> {
    #[serde(flatten)]
    effect: &'a Effect,
    /// The name of the errno of its failure.
    errno: Option<&'a str>,
    /// What the evidence says it was.
    fault: Option<Fault>,
    label: &'static str,
    teaches: &'static str,
}

impl<'a> Lesson<'a> {
    /// The lesson about `family`, with these effects.
    pub fn new(family: Family, walk: &Walk, failure: &'a Failure, effects: &'a [Effect]) -> Self {
        let tried = |effect: &'a Effect| {
            let told = walk.choice(effect.choice);
            Tried {
                effect,
                errno: effect.failure.as_ref().and_then(Failure::errno).map(|errno| errno.name.as_ref()),
                fault: effect.verdict.as_ref().and_then(|verdict| verdict.fault),
                label: told.map_or("", |told| told.label),
                teaches: told.map_or("", |told| told.teaches),
            }
        };
        Self { id: family.id(), failure, choices: effects.iter().map(tried).collect(), seed: walk.points }
    }
}
