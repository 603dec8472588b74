//! `netfault fetch`: a page on stdout or in a file, and on stderr every stage on the way to it.

mod naive;
mod problem;
mod progress;
mod shown;
mod sink;

use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::output::Output;
use crate::cli::terminal::{Terminal, put};
use crate::cli::trace;
use crate::examine;
use crate::fetch::{self, Settings};
use crate::knowledge;
use crate::report;
use crate::resolver;
use crate::trace::{Body, Fetched, Recorder};
use progress::Progress;
use serde::Serialize;
use sink::{Away, Place};
use std::fs;
use std::io::{self, ErrorKind, IsTerminal};
use std::path::Path;

/// How many redirections are followed.
const REDIRECTS: usize = 5;

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Fetch, terminal: &Terminal) -> Result<Exit, Problem> {
    if args.naive && terminal.format != Format::Text {
        return Err(Problem::new(
            Exit::Usage,
            "--naive prints what the naive program prints, and that is text",
        )
        .hint("Leave --format out, or --naive."));
    } else if args.naive {
        return naive::run(args);
    }
    let settings = settings(args)?;
    let place = place(args, terminal)?;
    let recorder = trace::saving(Recorder::new(), args.trace.as_deref(), args.retrying.seed)?;
    let by = recorder.deadline(args.timeout);
    let progress = Progress::new(terminal, &recorder, place.is_seen());
    let mut away = Away::new(place, &progress);
    let ended = progress
        .shown_while(|| examine::page(&recorder, &args.target, &settings, &mut away, &by))
        .and_then(|found| away.end().map(|()| found));
    match ended {
        Ok(found) => finish(&found, away.into_place(), terminal),
        // The reader has left, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Success),
        Err(error) => Err(away.into_place().failed(&error)),
    }
}

fn settings(args: &args::Fetch) -> Result<Settings, Problem> {
    let servers = (!args.resolver.is_empty()).then(|| args.resolver.clone());
    Ok(Settings {
        resolver: resolver::Settings { servers, families: args.families() },
        connect: args.connect_timeout,
        longest_body: args.max_bytes,
        redirects: REDIRECTS,
        verify: !args.insecure_no_tls_verify,
        trusted: args.cacert.as_deref().map(issuers).transpose()?.unwrap_or_default(),
        policy: args.retrying.policy(),
    })
}

/// The certificates in a file.
fn issuers(file: &Path) -> Result<Vec<Vec<u8>>, Problem> {
    let bytes = fs::read(file).map_err(|error| {
        let problem = Problem::io(format_args!("read {}", file.display()), &error);
        Problem { exit: Exit::Usage, ..problem }
    })?;
    fetch::issuers(&bytes).map_err(|why| {
        Problem::new(Exit::Usage, format!("no issuer can be read from {}: {why}", file.display()))
            .hint("--cacert takes the certificate of an issuer in PEM: its first line is -----BEGIN CERTIFICATE-----.")
    })
}

/// Where the body goes as it comes.
fn place(args: &args::Fetch, terminal: &Terminal) -> Result<Place, Problem> {
    Ok(match &args.output {
        Some(path) => Place::File(Output::to(path)?.open()?),
        None if !args.all => Place::Nowhere,
        None if terminal.format == Format::Json => Place::Memory(Vec::new()),
        None => Place::stdout(io::stdout().is_terminal()),
    })
}

/// Shows what came of it.
fn finish(found: &Fetched, place: Place, terminal: &Terminal) -> Result<Exit, Problem> {
    let problem = problem::of(found, terminal.look.lang);
    if terminal.format == Format::Json {
        let told = Told { found: &with_body(found, &place), error: problem.as_ref() };
        if let Some(problem) = &problem {
            terminal.tell(problem);
        }
        put(&report::json(&told))?;
    } else {
        if let (Place::Nowhere, Some(body)) = (&place, &found.body) {
            preview(body, terminal)?;
        }
        terminal.note(&report::fetched(found, &terminal.stderr_look));
        if let Some(problem) = &problem {
            terminal.tell(problem);
        }
    }
    match (place, problem) {
        (_, Some(problem)) => Ok(problem.exit),
        (Place::File(draft), None) => draft.finish().map(|()| Exit::Success),
        _ => Ok(Exit::Success),
    }
}

/// The first characters of a body, as a text that ends with a line end.
fn preview(body: &Body, terminal: &Terminal) -> Result<(), Problem> {
    let terms = knowledge::terms(terminal.stderr_look.lang);
    if body.charset.is_empty() && body.bytes > 0 {
        terminal.note(&format!("{}\n", terms.not_text));
    }
    if body.text.is_empty() {
        return Ok(());
    }
    let text = report::text_of(&body.text, !io::stdout().is_terminal());
    put(&(if text.ends_with('\n') { text } else { text + "\n" }))?;
    if body.more {
        let number = body.text.chars().count().to_string();
        terminal.note(&format!("{}\n", terms.first_characters.replace("{number}", &number)));
    }
    Ok(())
}

/// The same with the whole body as its text, where it was kept.
fn with_body(found: &Fetched, place: &Place) -> Fetched {
    let mut found = found.clone();
    if let (Some(body), Place::Memory(bytes)) = (&mut found.body, place)
        && let Some(encoding) = encoding_rs::Encoding::for_label(body.charset.as_bytes())
    {
        let (text, _, replaced) = encoding.decode(bytes);
        (body.text, body.replaced, body.more) = (text.into_owned(), replaced, false);
    }
    found
}

/// What scripts get.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    found: &'a Fetched,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Problem>,
}
