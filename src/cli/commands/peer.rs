//! `netfault peer`: a program that misbehaves, or puts load, in one well-defined way.

mod web_server;

use super::cause::cannot_bind;
use super::serve::announce;
use crate::cli::args::{self, ClientRole, Role, ServerRole, To};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::cli::trace;
use crate::failure::{Failure, Protocol};
use crate::lang::Lang;
use crate::peer::ask::{Answer, Asking};
use crate::peer::closer::Closer;
use crate::peer::drip::Drip;
use crate::peer::echo::Echo;
use crate::peer::fragments::Fragments;
use crate::peer::ledger::{Booking, Ledger};
use crate::peer::name_server::NameServer;
use crate::peer::resetter::Resetter;
use crate::peer::silent::Silent;
use crate::peer::slow::Slow;
use crate::peer::{self, Ended, Reply, Serve, Target};
use crate::report;
use crate::resolver;
use crate::server::local_time;
use crate::socket::{self, Socket};
use crate::trace::{Actor, Recorder};
use crate::transform;
use std::io::{self, IsTerminal as _};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

/// Connections that may wait until a server accepts them.
const BACKLOG: i32 = 1024;
/// Those of the server that never accepts.
const SHORT_BACKLOG: i32 = 1;
/// How many free ports are tried until one is free for both protocols.
const PORTS_TRIED: u32 = 16;
/// How long a client waits for its connection, where no time-out of its own is asked for.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a client says that was not told what.
const TEXT: &str = "Ipin";

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Peer, terminal: &Terminal) -> Result<Exit, Problem> {
    let lang = terminal.look.lang;
    let recorder = trace::recorder(args.trace.as_deref(), 0)?;
    if let Err(error) = socket::allow_many_descriptors() {
        tracing::warn!(%error, "cannot raise the limit of open files");
    }
    match &args.role {
        Role::Server(role) => serve(role, &recorder, lang),
        Role::Client(role) => call(role, &recorder, lang),
    }
}

/// What a server does with its sockets.
enum Does {
    Serve(Arc<dyn Serve>),
    NeverAccept,
    OnlyHold,
}

fn serve(role: &ServerRole, recorder: &Recorder, lang: Lang) -> Result<Exit, Problem> {
    let (name, addresses, does) = part(role, recorder)?;
    let actor = recorder.actor(name);
    let bind = |protocol, address| match does {
        Does::Serve(_) => peer::bind(&actor, protocol, address, BACKLOG),
        Does::NeverAccept => peer::bind(&actor, protocol, address, SHORT_BACKLOG),
        Does::OnlyHold => peer::hold(&actor, protocol, address),
    };
    let is_name_server = matches!(role, ServerRole::NameServer(_));
    let sockets = bound(&addresses, is_name_server, bind).map_err(|failure| cannot_bind(&failure, lang))?;
    let (signal, signalled) = mpsc::channel();
    // Who sends a second signal while the first ends the program asks for nothing else.
    let handled = ctrlc::set_handler(move || {
        let _ = signal.send(());
    });
    handled.map_err(|error| Problem::new(Exit::Internal, format!("cannot wait for signals: {error}")))?;
    let got: Vec<_> =
        sockets.iter().filter_map(|(protocol, socket)| Some((*protocol, socket.local()?))).collect();
    let mut held = Vec::new();
    for (protocol, socket) in sockets {
        match &does {
            Does::Serve(role) => {
                let role = Arc::clone(role);
                thread::Builder::new()
                    .name(format!("netfault-{protocol}"))
                    .spawn(move || peer::serve(protocol, &socket, role.as_ref()))
                    .map_err(|error| Problem::io("serve", &error))?;
            }
            Does::NeverAccept | Does::OnlyHold => held.push(socket),
        }
    }
    announce(&got)?;
    // The handler is never dropped, so this ends with a signal.
    let _ = signalled.recv();
    drop(held);
    Ok(Exit::Success)
}

/// A socket for each address. With `one_port` any free port is the same one for both protocols, as clients of a name
/// server take it to be.
fn bound(
    addresses: &[(Protocol, SocketAddr)],
    one_port: bool,
    bind: impl Fn(Protocol, SocketAddr) -> Result<Socket, Failure>,
) -> Result<Vec<(Protocol, Socket)>, Failure> {
    let mut left = PORTS_TRIED;
    loop {
        let mut sockets: Vec<(Protocol, Socket)> = Vec::new();
        let all: Result<(), Failure> = addresses.iter().try_for_each(|(protocol, address)| {
            let mut others = sockets.iter().filter(|(other, _)| other != protocol);
            let given =
                others.find_map(|(_, socket)| socket.local().filter(|local| local.ip() == address.ip()));
            let address = given.filter(|_| one_port && address.port() == 0).unwrap_or(*address);
            sockets.push((*protocol, bind(*protocol, address)?));
            Ok(())
        });
        left -= 1;
        match all {
            Ok(()) => return Ok(sockets),
            // Somebody has the port that was given for one protocol, for the other.
            Err(failure) if one_port && left > 0 && failure.is("EADDRINUSE") => {}
            Err(failure) => return Err(failure),
        }
    }
}

/// The name of a role, where it listens and what it does there.
type Part = (&'static str, Vec<(Protocol, SocketAddr)>, Does);

fn part(role: &ServerRole, recorder: &Recorder) -> Result<Part, Problem> {
    let reply =
        || -> Reply { Box::new(|text| transform::reply_to(text, transform::Reply::Full, &local_time())) };
    let serve = |role: Arc<dyn Serve>| Does::Serve(role);
    Ok(match role {
        ServerRole::Echo(listen) => ("echo", listen.addresses(), serve(Arc::new(Echo))),
        ServerRole::Silent(listen) => ("silent", listen.addresses(), serve(Arc::new(Silent))),
        ServerRole::Stuck(listen) => ("stuck", listen.addresses(), Does::NeverAccept),
        ServerRole::Slow { listen, delay } => {
            let slow = Slow { reply: reply(), delay: *delay };
            ("slow", listen.addresses(), serve(Arc::new(slow)))
        }
        ServerRole::Fragments { listen, size, pause } => {
            let fragments = Fragments { reply: reply(), size: *size, pause: *pause };
            ("fragments", listen.addresses(), serve(Arc::new(fragments)))
        }
        ServerRole::Closer(listen) => ("closer", listen.addresses(), serve(Arc::new(Closer))),
        ServerRole::Resetter { listen, pause } => {
            let resetter = Resetter { reply: reply(), pause: *pause };
            ("resetter", listen.addresses(), serve(Arc::new(resetter)))
        }
        ServerRole::Ledger { listen, keys } => {
            let ledger = Ledger::new(*keys, Box::new(print_booking));
            ("ledger", listen.addresses(), serve(Arc::new(ledger)))
        }
        ServerRole::WebServer(args) => {
            let role = web_server::role(args, recorder)?;
            ("web server", args.listen.addresses(), serve(Arc::new(role)))
        }
        ServerRole::NameServer(args) => {
            ("name server", args.listen.addresses(), serve(Arc::new(name_server(args))))
        }
        ServerRole::Holder(listen) => ("holder", listen.addresses(), Does::OnlyHold),
    })
}

fn name_server(args: &args::NameServer) -> NameServer {
    let mut server = NameServer::new(args.says);
    // The arguments have been read as names already.
    server.name = args.name.as_deref().and_then(|name| resolver::name(name).ok());
    server.alias = args.alias.as_deref().and_then(|name| resolver::name(name).ok());
    server.first = args.first;
    server.delay = args.delay.unwrap_or_default();
    if !args.address.is_empty() {
        server.addresses.clone_from(&args.address);
    }
    server
}

fn print_booking(booking: &Booking) {
    // A reader of the list that has left does not stop the service.
    let _ = put(&format!("booked {} {}\n", booking.number, line(&booking.request)));
}

fn call(role: &ClientRole, recorder: &Recorder, lang: Lang) -> Result<Exit, Problem> {
    match role {
        ClientRole::Idle { to, time } => {
            let actor = recorder.actor("idle");
            let target = found(&actor, to, lang)?;
            held(peer::idle::stay(&actor, target, PATIENCE, *time), lang)
        }
        ClientRole::Drip { to, every, time, text } => {
            let actor = recorder.actor("drip");
            let target = found(&actor, to, lang)?;
            let how = Drip { text: words(text), every: *every, time: *time, patience: PATIENCE };
            held(peer::drip::drip(&actor, target, &how), lang)
        }
        ClientRole::Ask { to, every, times, timeout, keep, text } => {
            let (text, timeout) = (words(text), *timeout);
            let how = Asking { text, every: *every, times: *times, timeout, keep: *keep };
            let actor = recorder.actor("ask");
            let target = found(&actor, to, lang)?;
            ask(&actor, target, &how)
        }
        ClientRole::Crowd { to, clients, timeout, text } => {
            let target = found(&recorder.actor("crowd"), to, lang)?;
            let clients = NonZeroU32::new(*clients).unwrap_or(NonZeroU32::MIN);
            let crowd = peer::crowd::come(recorder, target, clients, &words(text), *timeout);
            put(&format!("{crowd}\n"))?;
            Ok(if crowd.failures() == 0 { Exit::Success } else { Exit::Fault })
        }
    }
}

/// The first address of the server.
fn found(actor: &Actor, to: &To, lang: Lang) -> Result<Target, Problem> {
    let by = actor.recorder().deadline(PATIENCE);
    let addresses = resolver::resolve(actor, to.protocol, &to.to.host, to.to.port, &by)
        .map_err(|failure| Problem::failed(failure.to_string(), &failure, lang))?;
    Ok(Target { protocol: to.protocol, address: addresses[0] })
}

fn words(text: &[String]) -> String {
    if text.is_empty() { TEXT.to_owned() } else { text.join(" ").replace(['\r', '\n'], " ") }
}

/// Prints how a connection ended, whichever way; that there was none is an error.
fn held(ended: Result<Ended, Failure>, lang: Lang) -> Result<Exit, Problem> {
    let ended = ended.map_err(|failure| Problem::failed(failure.to_string(), &failure, lang))?;
    put(&format!("{ended}\n"))?;
    Ok(Exit::Success)
}

/// Prints each answer as it comes.
fn ask(actor: &Actor, target: Target, how: &Asking) -> Result<Exit, Problem> {
    let mut printed = Ok(());
    let all_ok = peer::ask::ask(actor, target, how, |answer: &Answer| {
        printed = put(&format!("{}\n", line(&answer.to_string())));
        printed.is_ok()
    });
    printed?;
    Ok(if all_ok { Exit::Success } else { Exit::Fault })
}

/// What came from outside, as one line.
fn line(text: &str) -> String {
    report::one_line(text, !io::stdout().is_terminal())
}
