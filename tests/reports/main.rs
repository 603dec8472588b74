//! A run as every format tells it: what each says, that nothing in it is obeyed, and that a file or a schema can be
//! relied on. The traces beside this file are written by `make.py`.

mod command;
mod formats;
mod hostile;
mod html;
mod junit;

use netfault::lang::Lang;
use netfault::report::Look;
use netfault::trace::Run;
use std::path::{Path, PathBuf};

const LOOK: Look = Look { lang: Lang::En, width: 100, colour: false, ascii: false };

/// Every trace there is.
const TRACES: &[&str] = &[
    "passed",
    "failed",
    "faulty_link",
    "hostile",
    "many",
    "untraced",
    "broken_set_up",
    "unsupported",
    "cut_off",
    "proxy_events",
];

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports").join(format!("{name}.ndjson"))
}

fn trace(name: &str) -> Run {
    let text = std::fs::read_to_string(file(name)).unwrap();
    Run::read(&text).unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"))
}

fn all() -> Vec<Run> {
    TRACES.iter().map(|name| trace(name)).collect()
}
