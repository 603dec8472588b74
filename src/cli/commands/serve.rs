//! `netfault serve`: the transform over TCP and UDP, hardened or naive, until a signal ends it.

use super::cause::cannot_bind;
use crate::cli::args;
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{self, Terminal};
use crate::cli::trace;
use crate::failure::{Failure, Protocol};
use crate::lang::Lang;
use crate::naive;
use crate::server::{self, Limits, Server, Settings, Shutdown};
use crate::trace::Actor;
use crate::transform;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::mpsc;
use std::thread;

/// The port of the course module.
const PORT: u16 = 12345;

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Serve, terminal: &Terminal) -> Result<Exit, Problem> {
    let lang = terminal.look.lang;
    let recorder = trace::recorder(args.trace.as_deref(), 0)?;
    if args.naive {
        serve_naively(args, &recorder.actor("naive server"), lang)
    } else {
        serve(args, &recorder.actor("server"), lang)
    }
}

fn serve(args: &args::Serve, actor: &Actor, lang: Lang) -> Result<Exit, Problem> {
    let server =
        bind(actor, &settings(args), is_default(args)).map_err(|failure| cannot_bind(&failure, lang))?;
    let shutdown = Shutdown::new();
    let signalled = shutdown.clone();
    ctrlc::set_handler(move || signalled.signal())
        .map_err(|error| Problem::new(Exit::Internal, format!("cannot wait for signals: {error}")))?;
    announce(&server.addresses())?;
    let summary = server.run(&shutdown).map_err(|error| Problem::io("serve", &error))?;
    terminal::put(&format!("{summary}\n"))?;
    Ok(Exit::Success)
}

/// Binds every address. One that nobody asked for may be missing: hosts without IPv6 serve IPv4 alone.
fn bind(actor: &Actor, settings: &Settings, is_default: bool) -> Result<Server, Failure> {
    match Server::bind_as(actor, settings.clone()) {
        Err(failure) if is_default && wants_ipv6(&failure) => {
            tracing::warn!(%failure, "no IPv6 loopback here: serves IPv4 alone");
            let mut settings = settings.clone();
            settings.tcp.retain(SocketAddr::is_ipv4);
            settings.udp.retain(SocketAddr::is_ipv4);
            Server::bind_as(actor, settings)
        }
        result => result,
    }
}

fn wants_ipv6(failure: &Failure) -> bool {
    let is_v6 = failure.call.address().is_some_and(|address| address.is_ipv6());
    failure.is("EAFNOSUPPORT") || (failure.is("EADDRNOTAVAIL") && is_v6)
}

/// One blocking thread a socket, and the first that fails ends the program, as it would the student's.
fn serve_naively(args: &args::Serve, actor: &Actor, lang: Lang) -> Result<Exit, Problem> {
    let settings = settings(args);
    let bound = |protocol, addresses: &[SocketAddr]| {
        let bind = match protocol {
            Protocol::Tcp => naive::server::bind_tcp,
            Protocol::Udp => naive::server::bind_udp,
        };
        addresses
            .iter()
            .filter(|address| !is_default(args) || address.is_ipv4())
            .map(|address| Ok((protocol, bind(actor, *address)?)))
            .collect::<Result<Vec<_>, Failure>>()
    };
    let mut sockets = bound(Protocol::Tcp, &settings.tcp).map_err(|failure| cannot_bind(&failure, lang))?;
    sockets.extend(bound(Protocol::Udp, &settings.udp).map_err(|failure| cannot_bind(&failure, lang))?);
    let addresses: Vec<_> =
        sockets.iter().filter_map(|(protocol, socket)| Some((*protocol, socket.local()?))).collect();
    announce(&addresses)?;
    let (ended, first_end) = mpsc::channel();
    for (protocol, socket) in sockets {
        let (ended, style) = (ended.clone(), settings.reply);
        thread::spawn(move || {
            let reply = |text: &str| transform::reply_to(text, style, &server::local_time());
            let failure = match protocol {
                Protocol::Tcp => naive::server::serve_tcp(&socket, reply),
                Protocol::Udp => naive::server::serve_udp(&socket, reply),
            };
            // Only the first end is waited for.
            let _ = ended.send(failure);
        });
    }
    drop(ended);
    match first_end.recv() {
        Ok(failure) => Err(Problem::failed(failure.to_string(), &failure, lang)),
        Err(mpsc::RecvError) => Err(Problem::new(Exit::Internal, "the naive server panicked")),
    }
}

/// One line a socket, once all of them are ready.
pub(super) fn announce(addresses: &[(Protocol, SocketAddr)]) -> Result<(), Problem> {
    let lines = addresses.iter().map(|(protocol, address)| format!("listening {protocol} {address}\n"));
    terminal::put(&lines.collect::<String>())
}

fn is_default(args: &args::Serve) -> bool {
    args.tcp.is_empty() && args.udp.is_empty()
}

fn settings(args: &args::Serve) -> Settings {
    let loopback = || vec![(Ipv4Addr::LOCALHOST, PORT).into(), (Ipv6Addr::LOCALHOST, PORT).into()];
    let (tcp, udp) =
        if is_default(args) { (loopback(), loopback()) } else { (args.tcp.clone(), args.udp.clone()) };
    let mut limits = Limits::default();
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    limits.connections = args.max_connections.map_or(limits.connections, count);
    limits.line = args.max_line.map_or(limits.line, count);
    limits.idle = args.idle_timeout.unwrap_or(limits.idle);
    let drain = args.drain.unwrap_or(Settings::default().drain);
    Settings { tcp, udp, model: args.model, reply: args.reply, limits, allow: args.allow.clone(), drain }
}
