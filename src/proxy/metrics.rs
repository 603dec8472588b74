//! What is counted of each proxy.

use crate::impair::Direction;

/// Counters of toxics that are kept, those of toxics that are gone too.
const ACTS: usize = 1024;

/// Bytes of one direction.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moved {
    pub(super) received: u64,
    pub(super) sent: u64,
}

impl Moved {
    pub(super) fn received(&mut self, bytes: usize) {
        self.received += u64::try_from(bytes).unwrap_or(u64::MAX);
    }

    pub(super) fn sent(&mut self, bytes: usize) {
        self.sent += u64::try_from(bytes).unwrap_or(u64::MAX);
    }
}

/// What one proxy has done since it was made.
#[derive(Clone, Debug, Default)]
pub(super) struct Counters {
    up: Moved,
    down: Moved,
    /// Connections, or UDP clients, that came.
    pub(super) connections: u64,
    /// Those of which the server was not reached.
    pub(super) unreached: u64,
    /// Those that were turned away because there were too many.
    pub(super) turned_away: u64,
    /// Datagrams lost for want of room in a socket or a queue of ours.
    pub(super) overflow: u64,
    /// ICMP port unreachable that could not be passed on.
    pub(super) icmp_kept: u64,
    /// What toxics did: name and kind of the toxic, what, how often.
    pub(super) acts: Vec<(String, &'static str, &'static str, u64)>,
}

impl Counters {
    pub(super) fn moved(&mut self, way: Direction) -> &mut Moved {
        if way == Direction::Upstream { &mut self.up } else { &mut self.down }
    }

    pub(super) fn directions(&self) -> [(Direction, Moved); 2] {
        [(Direction::Upstream, self.up), (Direction::Downstream, self.down)]
    }

    pub(super) fn act(&mut self, toxic: &str, kind: &'static str, did: &'static str) {
        if let Some((.., count)) =
            self.acts.iter_mut().find(|(name, _, what, _)| name == toxic && *what == did)
        {
            *count += 1;
            return;
        }
        // The oldest counter goes, so that names that are new each time do not fill the memory.
        if self.acts.len() == ACTS {
            self.acts.remove(0);
        }
        self.acts.push((toxic.to_owned(), kind, did, 1));
    }
}
