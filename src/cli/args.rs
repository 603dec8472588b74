//! The command line: the only place that knows clap. What leaves it is typed; nothing is checked again inside.
#![expect(clippy::doc_markdown, reason = "these comments are the help that users read")]

mod values;

pub(super) use clap_complete::Shell;
pub(super) use values::{Address, Colour, Format};

use crate::fault::Named;
use crate::lang::Lang;
use crate::reproduce::{Clients, Network};
use crate::retry::Backoff;
use crate::server::Model;
use crate::transform::Reply;
use clap::{Args, CommandFactory, Parser, Subcommand};
use ipnet::IpNet;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use values::{duration, listen_address, one_of, seed};

/// Makes real socket errors happen on purpose, explains each from live evidence, and shows the recovery that
/// works.
#[derive(Debug, Parser)]
#[command(name = "netfault", version, max_term_width = 100, after_help = EXAMPLES)]
pub(super) struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  netfault reproduce                  make time-out, connection refused and address in use happen
  netfault reproduce refused          one family of them
  netfault explain ECONNREFUSED       what an error means, and what to do
  python3 client.py 2>&1 | netfault explain -
  netfault diagnose tcp localhost:12345
                                      what is the matter with a server, and what proves it
  netfault serve                      a hardened UDP and TCP server on port 12345
  netfault send tcp Ipin              a hardened client that talks to it

Exit codes: 0 as expected, 1 a fault or a failed exchange, 2 wrong usage, 3 cannot run or tell here,
4 internal error, 130 interrupted.";

/// What every command takes.
#[derive(Clone, Debug, Args)]
pub(super) struct Common {
    /// Language of explanations [default: $NETFAULT_LANG, else the locale, else en]
    #[arg(long, global = true, value_name = "LANG", value_parser = one_of(Lang::ALL, Lang::code))]
    pub lang: Option<Lang>,
    /// When to use colours [default: auto, which obeys NO_COLOR and CLICOLOR_FORCE]
    #[arg(long, global = true, value_name = "WHEN", hide_possible_values = false,
          value_parser = one_of(Colour::ALL, Colour::name))]
    pub color: Option<Colour>,
    /// Shape of the results on stdout; html and markdown only of `explain --all` [default: text]
    #[arg(long, global = true, value_name = "FORMAT", value_parser = one_of(Format::ALL, Format::name))]
    pub format: Option<Format>,
    /// No progress and no logs on stderr
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Log lines on stderr; twice for every detail
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make faults happen: meet them, explain them from evidence, recover from them
    Reproduce(Reproduce),
    /// Say what a network error means and what to do about it
    Explain(Explain),
    /// Look at a target of yours: what is the matter with it, and what proves that
    Diagnose(Diagnose),
    /// Run the transform server over TCP and UDP
    Serve(Serve),
    /// Send text to a transform server and print the replies
    Send(Send),
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  netfault completions bash > ~/.local/share/bash-completion/completions/netfault"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    #[command(after_help = "Example:\n  netfault man | man -l -")]
    Man,
}

impl Command {
    /// The formats that its results have.
    pub(super) fn formats(&self) -> &'static [Format] {
        match self {
            Self::Explain(explain) if explain.all => Format::ALL,
            _ => Format::COMMON,
        }
    }
}

/// `netfault reproduce`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault reproduce                            all of timeout, connection-refused, address-in-use
  netfault reproduce address-in-use/time-wait   one fault
  netfault reproduce --list                     what there is
  netfault reproduce --format json --output outcomes.json
  netfault reproduce refused --lang id          explained in Indonesian")]
pub(super) struct Reproduce {
    /// Faults or families: an id of --list, an errno such as ECONNREFUSED, or a word such as refused
    #[arg(value_name = "FAULT|FAMILY", value_parser = |given: &str| given.parse::<Named>())]
    pub names: Vec<Named>,
    /// Every fault there is
    #[arg(long, conflicts_with = "names")]
    pub all: bool,
    /// List the faults and do nothing
    #[arg(long, conflicts_with_all = ["all", "output"])]
    pub list: bool,
    /// Which program to show: the naive one that meets the fault, the hardened one that recovers, or both
    #[arg(long, value_name = "WHICH", default_value = "both", value_parser = one_of(Clients::ALL, Clients::name))]
    pub client: Clients,
    /// Seed of the retry delays
    #[arg(long, value_name = "N", default_value = "1", value_parser = seed)]
    pub seed: u64,
    /// Where to make the faults happen
    #[arg(long, value_name = "WHERE", default_value = "auto", value_parser = one_of(Network::ALL, Network::name))]
    pub network: Network,
    /// Write the report to a file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `netfault explain`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault explain ECONNREFUSED            an errno name, also WSAECONNREFUSED
  netfault explain 10048                   a number, on whichever system
  netfault explain address-in-use/time-wait --lang id
  netfault explain tcp-vs-udp              an idea: also socket, address, threading, tcp-flow, udp-flow
  netfault explain connection timed out    words of a message
  netfault explain port sudah dipakai      words of everyday, in English or Indonesian
  python3 client.py 2>&1 | netfault explain -
  netfault explain --all --format html --output handbook.html")]
pub(super) struct Explain {
    /// What to explain; `-` reads a traceback or a log from stdin
    #[arg(value_name = "WHAT", required_unless_present_any = ["list", "all"], allow_negative_numbers = true)]
    pub what: Vec<String>,
    /// Only the name, the meaning, and what it proves
    #[arg(long)]
    pub brief: bool,
    /// List what can be explained
    #[arg(long, conflicts_with = "what")]
    pub list: bool,
    /// The whole catalogue as one handbook: text, json, html or markdown
    #[arg(long, conflicts_with_all = ["what", "list", "brief"])]
    pub all: bool,
    /// Write the handbook to a file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE", requires = "all", conflicts_with_all = ["what", "list"])]
    pub output: Option<PathBuf>,
}

/// `netfault diagnose`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault diagnose tcp localhost:12345        does a program answer there, and if not, why?
  netfault diagnose udp 127.0.0.1:12345        sends one empty datagram
  netfault diagnose bind 0.0.0.0:12345         could a server have this address, and who has it?
  netfault diagnose bind 127.0.0.1:12345 --udp
  netfault diagnose dns example.org            what programs get, and what the name servers say
  netfault diagnose dns example.org --resolver 192.0.2.53
  netfault diagnose tcp 192.0.2.7:80 --timeout 2s --format json

It changes nothing and never needs root; root would see the processes of other users.
Exit codes: 0 healthy, 1 a fault, 2 wrong usage, 3 cannot tell from here.")]
pub(super) struct Diagnose {
    /// What to look at
    #[command(subcommand)]
    pub target: Target,
    /// Longest time the whole may take
    #[arg(long, global = true, value_name = "D", default_value = "5s", value_parser = duration)]
    pub timeout: Duration,
}

/// What `netfault diagnose` looks at.
#[derive(Debug, Subcommand)]
pub(super) enum Target {
    /// Connect to every address of HOST:PORT
    Tcp {
        /// HOST:PORT; a bare port means 127.0.0.1
        #[arg(value_name = "HOST:PORT", value_parser = values::peer)]
        address: Address,
    },
    /// Send one empty datagram to every address of HOST:PORT
    Udp {
        /// HOST:PORT; a bare port means 127.0.0.1
        #[arg(value_name = "HOST:PORT", value_parser = values::peer)]
        address: Address,
    },
    /// Tell whether a server could bind an address of this host
    Bind {
        /// IP:PORT; a bare port means 127.0.0.1
        #[arg(value_name = "ADDR", value_parser = listen_address)]
        address: SocketAddr,
        /// For UDP instead of TCP
        #[arg(long)]
        udp: bool,
    },
    /// Look up a name as programs do, and ask the name servers on the wire
    Dns {
        /// The name
        #[arg(value_parser = values::name)]
        name: String,
        /// Ask this name server and no other; without a port it is 53
        #[arg(long, value_name = "ADDR", value_parser = values::name_server)]
        resolver: Option<SocketAddr>,
    },
}

/// `netfault serve`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault serve                                   TCP and UDP on 127.0.0.1:12345 and [::1]:12345
  netfault serve --tcp 127.0.0.1:0 --reply json    TCP only, on a free port, with JSON replies
  netfault serve --tcp 0.0.0.0:12345 --allow 192.168.1.0/24
  netfault serve --naive                           as a student first writes it: see it hang
  netfault serve --model sequential                one client at a time, with every limit")]
pub(super) struct Serve {
    /// Listen for TCP on this address; a bare port means 127.0.0.1, port 0 any free one
    #[arg(long, value_name = "ADDR", value_parser = listen_address)]
    pub tcp: Vec<SocketAddr>,
    /// Take UDP datagrams on this address
    #[arg(long, value_name = "ADDR", value_parser = listen_address)]
    pub udp: Vec<SocketAddr>,
    /// Serve as a student first writes it: blocking, one client at a time, no time-outs, no SO_REUSEADDR
    #[arg(long, conflicts_with_all = ["model", "max_connections", "idle_timeout", "max_line", "drain", "allow"])]
    pub naive: bool,
    /// How several clients are served
    #[arg(long, value_name = "MODEL", default_value = "event-loop", value_parser = one_of(Model::ALL, Model::name))]
    pub model: Model,
    /// Shape of the replies
    #[arg(long, value_name = "STYLE", default_value = "full", value_parser = one_of(Reply::ALL, Reply::name))]
    pub reply: Reply,
    /// Connections at once; more are closed at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_connections: Option<u32>,
    /// Close a connection on which nothing happens for this long
    #[arg(long, value_name = "D", value_parser = duration)]
    pub idle_timeout: Option<Duration>,
    /// Longest request line, in bytes
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    pub max_line: Option<u32>,
    /// How long clients may still be served after SIGINT or SIGTERM
    #[arg(long, value_name = "D", value_parser = duration)]
    pub drain: Option<Duration>,
    /// Serve only clients of this network, such as 192.168.1.0/24; may be given several times
    #[arg(long, value_name = "CIDR", value_parser = values::network)]
    pub allow: Vec<IpNet>,
}

/// `netfault send`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault send tcp Ipin                             to 127.0.0.1:12345
  netfault send udp --to localhost:12345 Halo dunia
  netfault send tcp --to 12345 < lines.txt           a request a line
  netfault send tcp --attempts 5 --backoff full-jitter --timeout 10s Ipin
  netfault send tcp --naive Ipin                     as a student first writes it")]
pub(super) struct Send {
    /// The protocol
    #[arg(value_parser = one_of(values::PROTOCOLS, values::protocol_name))]
    pub protocol: crate::failure::Protocol,
    /// The text, joined by blanks; without it, lines are read from stdin
    pub text: Vec<String>,
    /// The server; a bare port means 127.0.0.1
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:12345")]
    pub to: Address,
    /// Longest time a whole exchange may take, with all its attempts
    #[arg(long, value_name = "D", default_value = "5s", value_parser = duration)]
    pub timeout: Duration,
    /// How often to try
    #[arg(long, value_name = "N", default_value = "3", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub attempts: u32,
    /// How the delay between attempts grows
    #[arg(long, value_name = "POLICY", default_value = "full-jitter", value_parser = one_of(Backoff::ALL, Backoff::name))]
    pub backoff: Backoff,
    /// Seed of the delays
    #[arg(long, value_name = "N", default_value = "1", value_parser = seed)]
    pub seed: u64,
    /// One blocking exchange as a student first writes it: no time-out, one attempt
    #[arg(long, conflicts_with_all = ["timeout", "attempts", "backoff", "seed"])]
    pub naive: bool,
}

/// The command line of this process.
pub(super) fn parse() -> Result<Cli, Said> {
    Cli::try_parse().map_err(Said)
}

/// What clap says instead of giving a command: a mistake, or the help that was asked for.
#[derive(Debug)]
pub(super) struct Said(clap::Error);

impl Said {
    /// Whether the command line was wrong.
    pub(super) fn is_mistake(&self) -> bool {
        self.0.use_stderr()
    }

    /// All of it.
    pub(super) fn text(&self, colour: bool) -> String {
        let styled = self.0.render();
        if colour { styled.ansi().to_string() } else { styled.to_string() }
    }

    /// What was wrong, in one line.
    pub(super) fn message(&self) -> String {
        let text = self.0.render().to_string();
        text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
    }
}

/// What the command line asks for about output, as far as it can be told when the rest of it is wrong.
pub(super) fn asked_for() -> Common {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let value = |flag: &str| {
        words.iter().enumerate().find_map(|(position, word)| match word.strip_prefix(flag)? {
            "" => words.get(position + 1).map(String::as_str),
            rest => rest.strip_prefix('='),
        })
    };
    let color = value("--color").and_then(|word| values::named(Colour::ALL, Colour::name, word));
    let format = value("--format").and_then(|word| values::named(Format::ALL, Format::name, word));
    Common { lang: None, color, format, quiet: false, verbose: 0 }
}

/// The completion script of `shell`.
pub(super) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "netfault", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The manual, roff(7): the program's page, and after it one for each command.
pub(super) fn manual() -> io::Result<String> {
    let mut program = Cli::command();
    program.build();
    let mut pages = Vec::new();
    for page in std::iter::once(&program).chain(program.get_subcommands()) {
        clap_mangen::Man::new(page.clone()).render(&mut pages)?;
    }
    Ok(String::from_utf8_lossy(&pages).into_owned())
}
