//! Asks one name server after the other, until one tells: who is silent is asked again, with more patience; who answers
//! that it cannot tell is not.

use super::{Answer, Asking, Kind, ask};
use crate::trace::{Deadline, Fact, Recorder, Source};
use hickory_proto::rr::Name;
use std::net::SocketAddr;
use std::time::Duration;

/// How long a name server may take to say something, the first time it is asked, the second, and so on.
const PATIENCE: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// What came of all of them, and who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settled {
    pub(super) answer: Answer,
    pub(super) server: SocketAddr,
}

impl Settled {
    pub(super) fn is_found(&self) -> bool {
        matches!(self.answer, Answer::Found { .. })
    }
}

/// Asks `servers` for the addresses of one kind; `tell` says whether somebody still waits for them. `None` when there was
/// nobody to ask, or nobody waits.
pub(super) fn settle(
    recorder: &Recorder,
    servers: &[SocketAddr],
    (name, text): (&Name, &str),
    kind: Kind,
    by: &Deadline,
    tell: &mut dyn FnMut((Source, Fact)) -> bool,
) -> Option<Settled> {
    let mut left: Vec<SocketAddr> = servers.to_vec();
    let (mut failed, mut silent) = (None, None);
    for patience in PATIENCE {
        let round = left.clone();
        for (asked, server) in round.iter().copied().enumerate() {
            let Some(time) = by.left() else { return failed.or(silent) };
            // Each gets a share of what is left, so that the last one is asked too.
            let share = time / u32::try_from(round.len() - asked).unwrap_or(u32::MAX);
            let actor = recorder.actor(&format!("question to {server} for {}", kind.name()));
            let asking =
                Asking { actor: &actor, server, name, text, kind, patience: patience.min(share), by };
            let mut wanted = true;
            let answer = ask(&asking, &mut |fact| wanted &= tell(fact));
            if !wanted {
                return None;
            }
            if !matches!(answer, Answer::Silent { errno: None }) {
                left.retain(|one| *one != server);
            }
            match answer {
                Answer::Found { .. } | Answer::Nothing { .. } => return Some(Settled { answer, server }),
                Answer::Fails { .. } => failed.get_or_insert(Settled { answer, server }),
                Answer::Silent { .. } => silent.get_or_insert(Settled { answer, server }),
            };
        }
    }
    failed.or(silent)
}
