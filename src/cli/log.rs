//! The log on stderr: how much of it the user wants.

use super::args::Common;
use tracing::level_filters::LevelFilter;

/// Warnings; what happens with `-v`; every detail with `-vv`; nothing with `--quiet`.
pub(super) fn start(common: &Common) {
    let level = match common.verbose {
        0 if common.quiet => LevelFilter::OFF,
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(false);
    // It can only be that a log was started before, which then goes on.
    let _ = log.try_init();
}
