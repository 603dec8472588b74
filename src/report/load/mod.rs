//! What a load found, for people: in a terminal and as a file for a browser.

mod text;

pub use text::text;

use super::run::html_of_load;
use crate::knowledge::Terms;
use crate::lang::Lang;
use crate::trace::{Latency, Loaded, Mode};

/// One HTML file, first shown in `lang`.
pub fn html(loaded: &Loaded, lang: Lang) -> String {
    html_of_load(loaded, lang)
}

/// The numbers around the latencies, each with its label.
pub(super) fn facts(loaded: &Loaded, terms: &Terms) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(asked) = loaded.asked_per_s {
        facts.push((terms.load_asked, format!("{asked}/s")));
    }
    facts.push((terms.load_driven, format!("{}/s", loaded.driven_per_s)));
    facts.push((terms.load_sent, loaded.sent.to_string()));
    facts.push((terms.answered, loaded.answered.to_string()));
    if let Some(strategy) = loaded.strategy {
        facts.push((terms.load_strategy, strategy.to_owned()));
        let (attempts, sent) = (loaded.attempts, loaded.sent.max(1));
        #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 requests")]
        let each = attempts as f64 / sent as f64;
        let each = terms.load_each.replace("{number}", &format!("{each:.2}"));
        facts.push((terms.load_attempts, format!("{attempts}, {each}")));
    }
    let failed: u64 = loaded.errors.iter().map(|error| error.count).sum();
    facts.push((terms.failed, failed.to_string()));
    if loaded.unanswered > 0 {
        facts.push((terms.load_unanswered, loaded.unanswered.to_string()));
    }
    if loaded.reconnections > 0 {
        facts.push((terms.load_reconnections, loaded.reconnections.to_string()));
    }
    if let Some(goodput) = loaded.goodput_per_s {
        facts.push((terms.load_goodput, goodput.to_string()));
    }
    if let Some(lag) = &loaded.lag_ms {
        facts.push((terms.load_lag, format!("p50 {} ms, p99 {} ms", lag.p50, lag.p99)));
    }
    facts
}

/// Why there are no latencies.
pub(super) fn note(loaded: &Loaded, terms: &Terms) -> Option<String> {
    if loaded.overloaded {
        let asked = loaded.asked_per_s.unwrap_or(loaded.driven_per_s);
        let said = terms.load_overloaded.replace("{driven}", &loaded.driven_per_s.to_string());
        return Some(said.replace("{asked}", &asked.to_string()) + " " + terms.load_overloaded_hint);
    }
    loaded.latency_ms.is_none().then(|| terms.load_nothing.to_owned())
}

/// The ranks, by name.
pub(super) fn rank_row(latency: &Latency) -> ([&'static str; 7], Vec<String>) {
    let Latency { min, p50, p90, p99, p99_9, max, mean } = latency;
    let values = [min, p50, p90, p99, p99_9, max, mean].map(|value| format!("{value:.3}"));
    (["min", "p50", "p90", "p99", "p99.9", "max", "mean"], values.into())
}

/// From when latencies are counted.
pub(super) fn ranked_from(loaded: &Loaded, terms: &Terms) -> &'static str {
    match loaded.mode {
        Mode::Open => terms.load_from_intended,
        Mode::Closed => terms.load_from_sending,
    }
}

/// The errors: family, errno, call and count.
pub(super) fn error_rows(loaded: &Loaded, terms: &Terms) -> Vec<Vec<String>> {
    let row = |error: &crate::trace::FailedSo| {
        vec![
            error
                .family
                .unwrap_or(if error.errno.is_some() {
                    terms.load_unknown_family
                } else {
                    terms.load_kept_back
                })
                .to_owned(),
            error.errno.clone().unwrap_or_else(|| terms.load_no_errno.to_owned()),
            error.call.to_owned(),
            error.count.to_string(),
        ]
    };
    loaded.errors.iter().map(row).collect()
}
