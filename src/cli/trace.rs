//! `--trace FILE`: the trace of a program as it is made.

use super::exit::{Exit, Problem};
use crate::evidence;
use crate::scenario::replay::quoted;
use crate::trace::{Header, Recorder, ndjson_line};
use crate::witness;
use std::env;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

/// A recorder that writes everything to `file` as it happens, and around each call what the live system shows; without
/// a file one that only tells the time.
pub(super) fn recorder(file: Option<&Path>, seed: u64) -> Result<Recorder, Problem> {
    let recorder = saving(Recorder::forgetful(), file, seed)?;
    if file.is_some() {
        witness::watch(&recorder).map_err(|error| Problem::io("look at the live system", &error))?;
    }
    Ok(recorder)
}

/// `recorder`, which from now on writes to `file` too, where there is one.
pub(super) fn saving(recorder: Recorder, file: Option<&Path>, seed: u64) -> Result<Recorder, Problem> {
    let Some(path) = file else { return Ok(recorder) };
    let cannot = |error| {
        let problem = Problem::io(format_args!("write the trace {}", path.display()), &error);
        Problem { exit: Exit::Usage, ..problem }
    };
    let mut out = File::create(path).map_err(cannot)?;
    out.write_all(ndjson_line(&header(&recorder, seed)).as_bytes()).map_err(cannot)?;
    Ok(recorder.saving(Box::new(out)))
}

/// The header of what this process does.
pub(super) fn header(recorder: &Recorder, seed: u64) -> Header {
    Header::new(seed, command(), recorder.started(), evidence::host())
}

/// The command line of this process as it can be typed again.
fn command() -> String {
    let words = env::args_os().skip(1).map(|word| quoted(&word.to_string_lossy()));
    ["netfault".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}
