//! What the record of packets adds to the verdicts of programs, which did not see it: who answered a SYN, and that every
//! one was lost.

use super::merge::rewritten;
use crate::diagnose;
use crate::trace::{Because, Confidence, Event, Evidence, Judged, What};
use std::collections::HashMap;

/// The verdicts, each with the number of its part. One that was not proved is judged anew by what its part saw and by the
/// packets; it is replaced when they prove it.
pub(super) fn judged(
    verdicts: Vec<(usize, Judged)>,
    events: &[(usize, Event)],
    evidence: &[(usize, Evidence)],
) -> Vec<Judged> {
    let has_packets = events.iter().any(|(_, event)| is_packet(event));
    let mut views: HashMap<usize, View> = HashMap::new();
    let judge = |(number, judged): (usize, Judged)| {
        if !has_packets || judged.verdict.confidence == Confidence::Proved {
            return judged;
        }
        let view = views.entry(number).or_insert_with(|| View::of(number, events, evidence));
        view.judge(&judged).unwrap_or(judged)
    };
    verdicts.into_iter().map(judge).collect()
}

fn is_packet(event: &Event) -> bool {
    matches!(event.what, What::Packet(_))
}

/// What one part saw, and the packets, with numbers of their own.
struct View {
    events: Vec<Event>,
    evidence: Vec<Evidence>,
    /// The numbers that they have in the whole.
    of_events: Vec<usize>,
    of_evidence: Vec<usize>,
}

impl View {
    fn of(number: usize, events: &[(usize, Event)], evidence: &[(usize, Evidence)]) -> Self {
        let seen = || events.iter().filter(|(of, event)| *of == number || is_packet(event));
        let read = || evidence.iter().enumerate().filter(|(_, (of, _))| *of == number);
        Self {
            events: seen().enumerate().map(|(seq, (_, event))| Event { seq, ..event.clone() }).collect(),
            evidence: read().map(|(_, (_, one))| one.clone()).collect(),
            of_events: seen().map(|(_, event)| event.seq).collect(),
            of_evidence: read().map(|(at, _)| at).collect(),
        }
    }

    /// The verdict, when it is proved.
    fn judge(&self, judged: &Judged) -> Option<Judged> {
        let at = self.of_events.binary_search(&judged.event).ok()?;
        let failure = self.events[at].what.failure()?;
        let verdict = diagnose::judge(failure, &self.events, &self.evidence);
        let cites = |because| match because {
            Because::Event(seq) => self.of_events.get(seq).copied().map(Because::Event),
            Because::Evidence(at) => self.of_evidence.get(at).copied().map(Because::Evidence),
        };
        (verdict.confidence == Confidence::Proved)
            .then(|| Judged { verdict: rewritten(verdict, cites), ..judged.clone() })
    }
}
