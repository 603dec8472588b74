//! `netfault proxy`: faults between two programs, until a signal ends it.

use super::cause::cannot_bind;
use super::mistakes::told;
use crate::cli::args;
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{self, Terminal};
use crate::cli::trace;
use crate::failure::Protocol;
use crate::lang::Lang;
use crate::proxy::api::{self, Explanation, Options};
use crate::proxy::config::{self, Syntax};
use crate::proxy::toxic::{self, Toxic};
use crate::proxy::{self, Control, Heard, Limits, Relay, Settings, Spec, Totals};
use crate::socket::{self, Socket};
use crate::trace::{Event, Recorder, ndjson_line};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, TrySendError};
use std::thread::{self, JoinHandle};

/// The port of Toxiproxy's API.
const PORT: u16 = 8474;

/// The name of the proxy of the short form.
const NAME: &str = "proxy";

/// Events that may wait for a slow reader of stdout.
const WAITING: usize = 65_536;

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Proxy, terminal: &Terminal) -> Result<Exit, Problem> {
    let lang = terminal.look.lang;
    let wanted = wanted(args)?;
    if let Err(error) = socket::allow_many_descriptors() {
        tracing::warn!(%error, "cannot raise the limit of open files");
    }
    let mut limits = Limits::default();
    if let Some(most) = args.max_connections {
        limits.connections = usize::try_from(most).unwrap_or(usize::MAX);
    }
    let (control, relay) = Relay::start(Settings { seed: args.seed, limits })
        .map_err(|error| Problem::io("wait for sockets", &error))?;
    let writer = args.events.then(|| write_events(&control, args.seed)).transpose()?;
    let mut ready = Vec::new();
    for spec in wanted {
        let name = spec.name.clone();
        let label = if args.listen.is_some() && name == NAME { String::new() } else { format!(" {name}") };
        let made = spec.resolve().and_then(|spec| {
            let made = control.ask(move |relay| relay.create(spec).and_then(|_| relay.address(&name)));
            made.unwrap_or(Err(proxy::Problem::NoProxy))
        });
        let (protocol, address) = made.map_err(|problem| cannot_make(&problem, lang))?;
        ready.push(format!("listening {protocol} {address}{label}\n"));
    }
    if let Some(address) = api_address(args) {
        let listener = listen(address, lang)?;
        let address = listener.local_addr().unwrap_or(address);
        let options =
            Options { metrics: args.metrics, explain: Arc::new(move |failure| explain(failure, lang)) };
        api::start(listener, control.clone(), options)
            .map_err(|error| Problem::io("serve the control API", &error))?;
        ready.insert(0, format!("listening api {address}\n"));
    }
    end_on_signal(&control)?;
    let ready = ready.concat();
    if args.events {
        terminal.progress(ready.trim_end());
    } else {
        terminal::put(&ready)?;
    }
    drop(control);
    let ended = relay.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let totals = ended.map_err(|error| Problem::io("wait for sockets", &error))?;
    if let Some(writer) = writer {
        writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    } else {
        terminal::put(&summary(totals))?;
    }
    Ok(Exit::Success)
}

fn summary(Totals { connections, up, down }: Totals) -> String {
    let s = if connections == 1 { "" } else { "s" };
    format!("relayed {connections} connection{s}, {up} bytes upstream, {down} bytes downstream\n")
}

fn api_address(args: &args::Proxy) -> Option<SocketAddr> {
    args.api.or_else(|| args.listen.is_none().then(|| (Ipv4Addr::LOCALHOST, PORT).into()))
}

/// The first signal drains, the second ends at once.
fn end_on_signal(control: &Control) -> Result<(), Problem> {
    let control = control.clone();
    let handled = ctrlc::set_handler(move || {
        // When the relay has ended there is nothing left to end.
        let _ = control.tell(Relay::drain);
    });
    handled.map_err(|error| Problem::new(Exit::Internal, format!("cannot wait for signals: {error}")))
}

/// The proxies of the file and of the short form.
fn wanted(args: &args::Proxy) -> Result<Vec<Spec>, Problem> {
    let mut wanted = args.config.as_deref().map(read).transpose()?.unwrap_or_default();
    if let (Some(listen), Some(upstream)) = (args.listen, &args.upstream) {
        let network = if args.udp { Protocol::Udp } else { Protocol::Tcp };
        proxy::check_address(upstream).map_err(|wrong| usage(format!("--upstream {wrong}")))?;
        let mut toxics: Vec<Toxic> = Vec::new();
        for given in &args.toxic {
            let toxic = toxic::short(given, network).map_err(|wrong| {
                usage(format!("--toxic {given:?}: {wrong}"))
                    .hint("`netfault proxy --help` lists every toxic.")
            })?;
            if toxics.iter().any(|other| other.name == toxic.name) {
                let hint = "Give each a name of its own: name=SOMETHING.";
                return Err(
                    usage(format!("--toxic {given:?}: there is a toxic {:?} already", toxic.name)).hint(hint)
                );
            }
            toxics.push(toxic);
        }
        let (listen, upstream) = (listen.to_string(), upstream.clone());
        wanted.push(Spec { name: NAME.to_owned(), network, listen, upstream, enabled: true, toxics });
    }
    Ok(wanted)
}

fn usage(message: String) -> Problem {
    Problem::new(Exit::Usage, message)
}

/// Reads a file of proxies; what is wrong with it is told with the lines.
fn read(path: &Path) -> Result<Vec<Spec>, Problem> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        let problem = Problem::io(format_args!("read {shown}"), &error);
        Problem { exit: Exit::Usage, ..problem }
    })?;
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let syntax = if is_toml { Syntax::Toml } else { Syntax::Json };
    config::read(&text, syntax).map_err(|mistakes| {
        let told: Vec<String> = mistakes.iter().map(|mistake| told(mistake, path, &text)).collect();
        usage(told.join("\n"))
    })
}

fn cannot_make(problem: &proxy::Problem, lang: Lang) -> Problem {
    match problem {
        proxy::Problem::Listen(failure) => cannot_bind(failure, lang),
        proxy::Problem::ProxyExists => usage("two proxies have the same name".to_owned()),
        proxy::Problem::Wrong(what) | proxy::Problem::Name(what) => usage(what.clone()),
        other => Problem::new(Exit::Internal, format!("{other:?}")),
    }
}

fn listen(address: SocketAddr, lang: Lang) -> Result<TcpListener, Problem> {
    let actor = Recorder::forgetful().actor("api");
    let socket = Socket::bound_for_server(&actor, Protocol::Tcp, address)
        .and_then(|socket| socket.listen(128).map(|()| socket))
        .map_err(|failure| cannot_bind(&failure, lang))?;
    Ok(socket.into_inner().into())
}

fn explain(failure: &crate::failure::Failure, lang: Lang) -> Explanation {
    let problem = cannot_bind(failure, lang);
    Explanation { why: problem.why, next: problem.commands.into_iter().next_back() }
}

/// Writes events to stdout in a thread of its own: the relay never waits for whoever reads them.
fn write_events(control: &Control, seed: u64) -> Result<JoinHandle<Result<(), Problem>>, Problem> {
    terminal::put(&ndjson_line(&trace::header(&Recorder::forgetful(), seed)))?;
    let (lines, written) = mpsc::sync_channel(WAITING);
    let hear = move |event: &Event| {
        let Ok(line) = serde_json::to_string(event) else { return Heard::Full };
        match lines.try_send(line) {
            Ok(()) => Heard::Yes,
            Err(TrySendError::Full(_)) => Heard::Full,
            Err(TrySendError::Disconnected(_)) => Heard::Gone,
        }
    };
    // If the relay is gone, whoever waits for it is told why.
    let _ = control.tell(move |relay| relay.listen(Box::new(hear)));
    let thread = thread::Builder::new().name("netfault-events".into());
    thread.spawn(move || put_lines(&written)).map_err(|error| Problem::io("write events", &error))
}

/// All lines that wait are written together.
fn put_lines(lines: &Receiver<String>) -> Result<(), Problem> {
    while let Ok(first) = lines.recv() {
        let mut all = first + "\n";
        for line in lines.try_iter().take(1000) {
            all.push_str(&line);
            all.push('\n');
        }
        terminal::put(&all)?;
    }
    Ok(())
}
