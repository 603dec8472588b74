//! `netfault fetch --naive`: what the course module's program does and prints, so that the difference can be seen. Its
//! texts are the module's, in Indonesian, whatever the language is.

use crate::cli::args;
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::put;
use crate::cli::trace;
use crate::failure::{Failure, Why};
use crate::naive::{name, page};
use crate::report;
use crate::resolver;
use crate::trace::Actor;
use std::io::{self, IsTerminal};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// How long it waits for a name server; for the page it waits for ever.
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs it.
pub(super) fn run(args: &args::Fetch) -> Result<Exit, Problem> {
    let recorder = trace::recorder(args.trace.as_deref(), args.retrying.seed)?;
    let actor = recorder.actor("client");
    let Some(ip) = address(args, &actor)? else {
        say("Gagal mendapatkan alamat IP dari DNS.")?;
        return Ok(Exit::Fault);
    };
    say("\nMengunduh halaman web...")?;
    let server = SocketAddr::new(ip, args.target.port());
    say(&format!("Menghubungkan ke server web di {server}..."))?;
    let content = match page::get(&actor, server, None) {
        Ok(content) => {
            say("Respons HTTP diterima.")?;
            content
        }
        Err(failure) => {
            say(&format!("Error: {}", as_python_has_it(&failure)))?;
            String::new()
        }
    };
    // Nothing at all is no page to it either.
    if content.is_empty() {
        say("Gagal mengunduh halaman web.")?;
        return Ok(Exit::Fault);
    }
    let beginning: String = content.chars().take(page::PRINTED).collect();
    say("\nKonten Halaman Web:")?;
    say(&report::text_of(&beginning, !io::stdout().is_terminal()))?;
    Ok(Exit::Success)
}

/// The address that its `resolve_dns` comes to; an address in the URL is taken as it is.
fn address(args: &args::Fetch, actor: &Actor) -> Result<Option<IpAddr>, Problem> {
    let host = args.target.host();
    if let Ok(ip) = host.parse() {
        return Ok(Some(ip));
    }
    let Some(server) = args.resolver.first().copied().or_else(first_of_system) else {
        return Err(Problem::new(Exit::Unsupported, "this system does not tell its name servers")
            .hint("Name one: --resolver ADDR."));
    };
    match name::resolve(actor, server, host, PATIENCE) {
        Ok(ip) => Ok(Some(IpAddr::V4(ip))),
        Err(failure) => {
            say(&match &failure.why {
                Why::Unresolved { .. } => "Timeout: Tidak ada respon dari server DNS".to_owned(),
                _ => format!("Error: {}", as_python_has_it(&failure)),
            })?;
            Ok(None)
        }
    }
}

fn first_of_system() -> Option<SocketAddr> {
    resolver::servers().first().copied()
}

/// `[Errno 111] Connection refused`
fn as_python_has_it(failure: &Failure) -> String {
    match &failure.why {
        Why::Errno(errno) => format!("[Errno {}] {}", errno.code, errno.message),
        Why::NotUtf8 => "'utf-8' codec can't decode bytes".to_owned(),
        why => why.to_string(),
    }
}

/// A line of its output, as soon as it is said.
fn say(line: &str) -> Result<(), Problem> {
    put(&format!("{line}\n"))
}
