//! A run as NDJSON: the header, then a line for each thing that happened, was read, judged or checked, in whichever
//! order they come; the end is the last. A trace that was cut off is as good as it goes.

use super::run::{Checked, End, Header, Judged, Run};
use super::{Event, Evidence, SCHEMA_VERSION};
use serde::{Deserialize, Serialize};

/// A line of a saved trace after its header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// Something that happened.
    Event(Event),
    /// Something that was read from the live system.
    Evidence(Evidence),
    /// What the rules say.
    Judged(Judged),
    /// An expectation.
    Checked {
        /// The expectation, and what was seen.
        check: Checked,
    },
    /// The last line.
    End {
        /// How it ended.
        end: End,
    },
}

/// Why a trace cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl Run {
    /// A run of which only the header is known.
    pub fn new(header: Header) -> Self {
        Self {
            header,
            events: Vec::new(),
            evidence: Vec::new(),
            verdicts: Vec::new(),
            checks: Vec::new(),
            end: None,
        }
    }

    /// Reads a saved trace. Its last line may be cut off.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let wrong = |number: usize, why: String| Unreadable { line: number + 1, why };
        let Some((number, first)) = lines.next() else { return Err(wrong(0, "the trace is empty".into())) };
        let header: Header = serde_json::from_str(first)
            .map_err(|error| wrong(number, format!("expected the header of a trace: {error}")))?;
        if header.schema_version > SCHEMA_VERSION {
            let version = header.schema_version;
            let why =
                format!("schema_version {version} is newer than {SCHEMA_VERSION}, which this program knows");
            return Err(wrong(number, why));
        }
        let mut run = Self::new(header);
        let mut lines = lines.peekable();
        while let Some((number, line)) = lines.next() {
            match serde_json::from_str(line) {
                Ok(line) => run.add(line),
                Err(_) if lines.peek().is_none() && !text.ends_with('\n') => {}
                Err(error) => {
                    return Err(wrong(
                        number,
                        format!("expected an event, evidence, a verdict or a check: {error}"),
                    ));
                }
            }
        }
        Ok(run)
    }

    fn add(&mut self, line: Line) {
        match line {
            Line::Event(event) => self.events.push(event),
            Line::Evidence(evidence) => self.evidence.push(evidence),
            Line::Judged(judged) => self.verdicts.push(judged),
            Line::Checked { check } => self.checks.push(check),
            Line::End { end } => self.end = Some(end),
        }
    }

    /// The whole as it is saved.
    pub fn ndjson(&self) -> String {
        let mut text = ndjson_line(&self.header);
        for event in &self.events {
            text += &ndjson_line(event);
        }
        for evidence in &self.evidence {
            text += &ndjson_line(evidence);
        }
        for judged in &self.verdicts {
            text += &ndjson_line(judged);
        }
        for check in &self.checks {
            text += &ndjson_line(&Line::Checked { check: check.clone() });
        }
        if let Some(end) = &self.end {
            text += &ndjson_line(&Line::End { end: end.clone() });
        }
        text
    }
}

/// A line of a saved trace. Every type that comes here has string keys and is written into memory, so that nothing
/// can fail.
pub fn ndjson_line(content: &impl Serialize) -> String {
    serde_json::to_string(content).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Call, Op, Protocol};
    use crate::lang::Words;
    use crate::trace::{Recorder, RunStatus, Source, Verdict};
    use std::time::Duration;

    fn run() -> Run {
        let recorder = Recorder::new();
        let pending = recorder.actor("client").start(Call::new(Op::Connect, Protocol::Tcp));
        // It fails with whatever the first errno of the platform is.
        let _ = pending.fail(&std::io::Error::from_raw_os_error(1), None);
        let header = Header {
            schema_version: SCHEMA_VERSION,
            seed: 7,
            command: "netfault scenario run x.toml".into(),
            started: 1.5,
            host: crate::trace::Host::default(),
            scenario: None,
        };
        let fact = crate::trace::Fact::Lives { pid: 1 };
        let evidence = Evidence { source: Source::Procfs, at: Duration::from_millis(2), fact };
        let check = Checked {
            name: Words::same("exit"),
            want: "0".into(),
            got: "1".into(),
            passed: Some(false),
            hint: None,
            points: Some(10),
            because: vec![1],
        };
        let end = End {
            status: RunStatus::Failed,
            seconds: Duration::from_millis(1500),
            reason: None,
            replay: "netfault scenario run x.toml --seed 7".into(),
        };
        Run {
            header,
            events: recorder.events(),
            evidence: vec![evidence],
            verdicts: vec![Judged { of: "client".into(), event: 1, verdict: Verdict::unknown(Vec::new()) }],
            checks: vec![check],
            end: Some(end),
        }
    }

    /// Times are kept to the microsecond.
    fn rounded(mut run: Run) -> Run {
        run = Run::read(&run.ndjson()).unwrap();
        run
    }

    #[test]
    fn a_run_is_read_back_as_it_was_saved() {
        let saved = rounded(run());
        assert_eq!(Run::read(&saved.ndjson()).unwrap(), saved);
        let before = run();
        assert_eq!((saved.events.len(), saved.evidence, saved.checks), (2, before.evidence, before.checks));
        assert_eq!((saved.verdicts, saved.end), (before.verdicts, before.end));
    }

    #[test]
    fn a_trace_that_was_cut_off_is_as_good_as_it_goes() {
        let whole = run().ndjson();
        let cut = &whole[..whole.len() - 20];
        let read = Run::read(cut).unwrap();
        assert_eq!((read.checks.len(), read.end), (1, None));
    }

    #[test]
    fn what_is_wrong_with_a_trace_is_said_with_its_line() {
        assert_eq!(Run::read("").unwrap_err().line, 1);
        assert!(Run::read("{}\n").unwrap_err().why.contains("header"));
        let newer = run().ndjson().replacen("\"schema_version\":1", "\"schema_version\":99", 1);
        assert!(Run::read(&newer).unwrap_err().why.contains("newer"));
        let garbled = run().ndjson().replacen("{\"source\"", "{\"sauce\"", 1);
        assert_eq!(Run::read(&garbled).unwrap_err().line, 4);
    }
}
