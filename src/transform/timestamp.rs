//! A moment as the replies write it, formatted once and used for a whole second.

use super::CONFIRMATION;
use chrono::{DateTime, FixedOffset, SecondsFormat};

/// A moment of local time in both of its renderings, to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp {
    plain: String,
    rfc3339: String,
    confirmed: String,
    counted: String,
}

impl Timestamp {
    /// The second in which `moment` lies.
    pub fn new(moment: &DateTime<FixedOffset>) -> Self {
        let plain = moment.format("%Y-%m-%d %H:%M:%S").to_string();
        let rfc3339 = moment.to_rfc3339_opts(SecondsFormat::Secs, false);
        let confirmed = format!("{plain} | {CONFIRMATION}");
        let counted = format!(" karakter | {confirmed}");
        Self { plain, rfc3339, confirmed, counted }
    }

    /// `2025-04-10 10:20:12`
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// `2025-04-10T10:20:12+07:00`, RFC 3339.
    pub fn rfc3339(&self) -> &str {
        &self.rfc3339
    }

    /// `2025-04-10 10:20:12 | Data telah diproses`, the end of a reply.
    pub(super) fn confirmed(&self) -> &str {
        &self.confirmed
    }

    /// ` karakter | 2025-04-10 10:20:12 | Data telah diproses`, the end of a reply with a count.
    pub(super) fn counted(&self) -> &str {
        &self.counted
    }
}
