//! A page, fetched with the live system looked at around every call, and judged.

use crate::diagnose;
use crate::evidence::Eyes;
use crate::fetch::{Settings, Sink, Target, fetch};
use crate::trace::{Deadline, Fetched, Recorder};
use crate::witness;
use std::io;
use std::sync::Arc;

/// Fetches `target` by `by`, and gives the body to `sink`; what ended it is judged.
pub fn page(
    recorder: &Recorder,
    target: &Target,
    settings: &Settings,
    sink: &mut dyn Sink,
    by: &Deadline,
) -> io::Result<Fetched> {
    let eyes = Arc::new(Eyes::new(recorder));
    // Where nobody looks, a verdict is less sure.
    let _ = witness::watch_with(recorder, Arc::clone(&eyes));
    let mut fetched = fetch(recorder, &eyes, target, settings, sink, by)?;
    judge(&mut fetched);
    Ok(fetched)
}

/// Adds the verdict, and a command to go on with.
pub(super) fn judge(fetched: &mut Fetched) {
    let Fetched { url, hops, failure, events, evidence, .. } = &*fetched;
    let last = hops.last().map_or(url, |hop| &hop.url);
    let verdict = failure.as_ref().map(|failure| diagnose::judge(failure, events, evidence));
    let next = match failure {
        Some(failure) => diagnose::next_for_page(last, failure, verdict.as_ref(), evidence),
        None => "python3 YOUR_PROGRAM.py 2>&1 | netfault explain -".to_owned(),
    };
    (fetched.verdict, fetched.next) = (verdict, next);
}
