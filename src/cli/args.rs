//! The command line: the only place that knows clap. What leaves it is typed; nothing is checked again inside.
#![expect(clippy::doc_markdown, reason = "these comments are the help that users read")]

mod diagnose;
mod explain;
mod fetch;
mod load;
mod net;
mod peer;
mod proxy;
mod recover;
mod render;
mod reproduce;
mod retrying;
mod scenario;
mod send;
mod serve;
mod size;
mod values;

pub(super) use clap_complete::Shell;
pub(super) use diagnose::{Diagnose, Target};
pub(super) use explain::Explain;
pub(super) use fetch::Fetch;
pub(super) use load::Load;
pub(super) use net::{Exec, Net, NetCommand, Up};
pub(super) use peer::{ClientRole, NameServer, Peer, Role, ServerRole, To, WebServer};
pub(super) use proxy::Proxy;
pub(super) use recover::{Engine, Lesson, Play, Recover, RecoverCommand, Show};
pub(super) use render::Render;
pub(super) use reproduce::Reproduce;
pub(super) use retrying::Retrying;
pub(super) use scenario::{Grade, List, New, Run, Scenario, ScenarioCommand, Shell as HostShell, Validate};
pub(super) use send::Send;
pub(super) use serve::Serve;
pub(super) use values::{Address, Colour, Format};

use crate::lang::Lang;
use clap::{Args, CommandFactory, Parser, Subcommand};
use std::io;
use values::one_of;

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
  netfault fetch localhost:8080       a page, and every stage on the way to it
  netfault load tcp 12345 --rate 1000/s
                                      a thousand requests a second, and how long answers take
  netfault proxy --listen 12346 --upstream 127.0.0.1:12345 --toxic latency:latency=100
                                      a fault between the two
  netfault peer silent --tcp 12345    a server that never answers; there are a dozen such programs
  netfault scenario list              scripted faults, and what they teach
  netfault net up lab.toml            several hosts on this machine, and faulty links between them
  netfault recover lesson timeout     a failure, and what comes of what you would do about it
  netfault recover run metastable     when retries keep a service down, and what brings it back

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
    /// Shape of the results; which ones a command has beside text and json is in its help [default: text]
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
    /// Learn what helps against an error, and what does not, by trying it
    Recover(Recover),
    /// Say what a network error means and what to do about it
    Explain(Explain),
    /// Look at a target of yours: what is the matter with it, and what proves that
    Diagnose(Diagnose),
    /// Run the transform server over TCP and UDP
    Serve(Serve),
    /// Send text to a transform server and print the replies
    Send(Send),
    /// Fetch a page: the name over UDP, the page over TCP or TLS, every stage timed, every failure explained
    Fetch(Fetch),
    /// Put load on a server: requests by the clock, how long answers took, what failed and how
    Load(Load),
    /// Put faults between two programs: a proxy for TCP and UDP, driven by Toxiproxy's clients
    Proxy(Proxy),
    /// Be a program that misbehaves, or puts load, in one well-defined way
    Peer(Peer),
    /// Show a saved trace: as a report, as arrows, for a browser, for a CI system
    Render(Render),
    /// Networks of several hosts on this machine, with faulty links, without root
    Net(Net),
    /// Script faults: programs, what is done to the traffic between them, and what must come of it
    Scenario(Scenario),
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
    /// Whether it deals with the signals that end it itself.
    pub(super) fn ends_itself(&self) -> bool {
        match self {
            Self::Serve(_) | Self::Proxy(_) | Self::Load(_) | Self::Net(_) => true,
            Self::Scenario(scenario) => {
                matches!(
                    scenario.what,
                    ScenarioCommand::Run(_) | ScenarioCommand::Grade(_) | ScenarioCommand::Shell(_)
                )
            }
            Self::Peer(peer) => matches!(peer.role, Role::Server(_)),
            _ => false,
        }
    }

    /// The formats that its results have.
    pub(super) fn formats(&self) -> &'static [Format] {
        match self {
            Self::Explain(explain) if explain.all => Format::HANDBOOK,
            Self::Render(_) => Format::RENDERED,
            Self::Load(_) => Format::OF_MEASURES,
            Self::Recover(recover) if matches!(recover.what, RecoverCommand::Run(_)) => Format::OF_MEASURES,
            Self::Scenario(scenario) => match scenario.what {
                ScenarioCommand::Run(_) => Format::OF_RUNS,
                ScenarioCommand::Grade(_) => Format::OF_GRADES,
                _ => Format::COMMON,
            },
            _ => Format::COMMON,
        }
    }
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

/// The manual, roff(7): the program's page, and after it one for each command, and each role of one that has them.
pub(super) fn manual() -> io::Result<String> {
    let mut program = Cli::command();
    program.build();
    let mut pages = Vec::new();
    let commands =
        program.get_subcommands().flat_map(|command| [command].into_iter().chain(command.get_subcommands()));
    for page in [&program].into_iter().chain(commands) {
        clap_mangen::Man::new(page.clone()).render(&mut pages)?;
    }
    Ok(String::from_utf8_lossy(&pages).into_owned())
}
