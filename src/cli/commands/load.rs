//! `netfault load`: puts load on a server, tells each second how it goes, and what came of it.

use super::cause::no_reply;
use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{self, Terminal};
use crate::knowledge;
use crate::load::{self, Drive, Progress, Settings};
use crate::report;
use crate::resolver;
use crate::trace::{Loaded, Recorder};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The rate when none is given.
const RATE: f64 = 100.0;
/// How long the search for an address may take.
const RESOLVING: Duration = Duration::from_secs(5);

/// Runs the command. Ctrl-C ends it with what is known by then; a second one ends it at once.
pub(in crate::cli) fn run(args: &args::Load, terminal: &Terminal) -> Result<Exit, Problem> {
    let stop = Arc::new(AtomicBool::new(false));
    let signalled = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if signalled.swap(true, Ordering::Relaxed) {
            Exit::Interrupted.now();
        }
    })
    .map_err(|error| Problem::new(Exit::Internal, format!("cannot wait for signals: {error}")))?;
    let settings = settings(args, terminal)?;
    let shown = terminal.watched;
    let loaded = load::run(&settings, &stop, &mut |progress| {
        if shown {
            terminal.note(&format!("\r\u{1b}[K{}", line(progress, terminal)));
        }
    });
    if shown {
        terminal.note("\r\u{1b}[K");
    }
    let loaded = loaded.map_err(|error| Problem::io("put load on the server", &error))?;
    terminal::put(&match terminal.format {
        Format::Json => report::json(&loaded),
        Format::Html => report::load::html(&loaded, terminal.look.lang),
        _ => report::load::text(&loaded, &terminal.look),
    })?;
    Ok(exit(&loaded))
}

fn settings(args: &args::Load, terminal: &Terminal) -> Result<Settings, Problem> {
    let recorder = Recorder::new();
    let by = recorder.deadline(RESOLVING);
    let actor = recorder.actor("load");
    let found = resolver::resolve(&actor, args.protocol, &args.to.host, args.to.port, &by)
        .map_err(|failure| no_reply(failure.to_string(), &failure, terminal.look.lang))?;
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    // A name that has both is asked over IPv4, which every server of the course listens on.
    let peer = found.iter().find(|address| address.is_ipv4()).or(found.first());
    let peer = *peer.ok_or_else(|| Problem::new(Exit::Fault, format!("{} has no address", args.to)))?;
    Ok(Settings {
        peer,
        protocol: args.protocol,
        drive: args.concurrency.map_or(Drive::Rate(args.rate.unwrap_or(RATE), args.arrivals), |most| {
            Drive::Concurrency(count(most))
        }),
        duration: args.duration,
        timeout: args.timeout,
        connections: args.connections.map(count),
        strategy: args.strategy,
        text: args.text.clone(),
        seed: args.seed,
    })
}

fn exit(loaded: &Loaded) -> Exit {
    if loaded.interrupted {
        Exit::Interrupted
    } else if loaded.overloaded || loaded.sent == 0 {
        Exit::Unsupported
    } else if loaded.answered < loaded.sent {
        Exit::Fault
    } else {
        Exit::Success
    }
}

/// `3 s: 300 requests, 298 answered, 2 failed`, as much of it as fits.
fn line(progress: Progress, terminal: &Terminal) -> String {
    let terms = knowledge::terms(terminal.stderr_look.lang);
    let line = format!(
        "{} s: {} {}, {} {}, {} {}",
        progress.elapsed.as_secs(),
        progress.sent,
        terms.load_sent,
        progress.answered,
        terms.answered,
        progress.failed,
        terms.failed
    );
    let fits: String = line.chars().take(terminal.columns.saturating_sub(1)).collect();
    terminal.stderr_look.faint(&fits)
}
