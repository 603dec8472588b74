//! The programs that a scenario need not bring along: each is this very program with other arguments.

use crate::failure::Protocol;

/// A program that is built in.
#[derive(Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// Whether it calls, or listens.
    pub role: Role,
    /// What it can speak.
    pub speaks: &'static [Protocol],
}

/// Whether a program calls or listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It listens on its own address.
    Server,
    /// It calls another program.
    Client,
}

const TCP: &[Protocol] = &[Protocol::Tcp];
const BOTH: &[Protocol] = &[Protocol::Tcp, Protocol::Udp];

/// Every builtin.
pub const BUILTINS: &[Builtin] = &[
    server("transform", BOTH, "the hardened server (netfault serve)"),
    server("naive", BOTH, "the server as a student first writes it (netfault serve --naive)"),
    client("send", BOTH, "the hardened client (netfault send)"),
    client("naive-send", BOTH, "the client as a student first writes it (netfault send --naive)"),
    server("echo", BOTH, "sends back what it gets"),
    server("silent", BOTH, "takes everything and answers nothing"),
    server("stuck", TCP, "listens with a short queue and never accepts"),
    server("slow", BOTH, "answers like the transform, after --delay"),
    server("fragments", TCP, "answers in pieces of --size bytes, --pause apart"),
    server("closer", TCP, "takes a request and closes without an answer"),
    server("resetter", TCP, "answers half, then resets"),
    server("ledger", BOTH, "books each request; with --keys a key is booked once"),
    server("name-server", BOTH, "answers questions about names (DNS), or --says something else"),
    server("web-server", TCP, "answers HTTP with the page, or with what --says names"),
    server("holder", BOTH, "binds its address and does nothing with it"),
    client("idle", TCP, "connects and says nothing, --for so long"),
    client("drip", TCP, "sends a byte --every so often, and never a line end"),
    client("ask", BOTH, "asks --every so often, --times times, and writes a line for each"),
    client("crowd", BOTH, "--clients at once, each one exchange"),
];

const fn server(name: &'static str, speaks: &'static [Protocol], about: &'static str) -> Builtin {
    Builtin { name, about, role: Role::Server, speaks }
}

const fn client(name: &'static str, speaks: &'static [Protocol], about: &'static str) -> Builtin {
    Builtin { name, about, role: Role::Client, speaks }
}

/// What the student's client takes of the words for the hardened one: it knows neither time-out nor attempts, so that
/// a scenario can put one in the place of the other.
fn without_strategy(args: &[String]) -> Vec<String> {
    const STRATEGY: &[&str] = &["--timeout", "--attempts", "--backoff", "--seed"];
    let mut kept = Vec::new();
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let (option, has_value) =
            word.split_once('=').map_or((word.as_str(), false), |(option, _)| (option, true));
        if !STRATEGY.contains(&option) {
            kept.push(word.clone());
        } else if !has_value {
            words.next();
        }
    }
    kept
}

/// The names of all.
pub fn names() -> Vec<&'static str> {
    BUILTINS.iter().map(|builtin| builtin.name).collect()
}

impl Builtin {
    /// The one of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        BUILTINS.iter().find(|builtin| builtin.name == name)
    }

    /// The arguments of one that listens on the address of the program `own`.
    pub fn listening(&self, own: &str, listens: &[Protocol], args: &[String]) -> Vec<String> {
        let mut words = match self.name {
            "transform" => vec!["serve".to_owned()],
            "naive" => vec!["serve".to_owned(), "--naive".to_owned()],
            peer => vec!["peer".to_owned(), peer.to_owned()],
        };
        for protocol in listens {
            words.extend([format!("--{protocol}"), format!("{{{own}.addr}}")]);
        }
        words.extend_from_slice(args);
        words
    }

    /// The arguments of one that calls the program `to`, which listens on `listens`: the first word of `args` says
    /// which of two protocols is meant.
    pub fn calling(&self, to: &str, listens: &[Protocol], args: &[String], seed: u64) -> Vec<String> {
        let said = args.first().and_then(|word| listens.iter().find(|one| one.to_string() == *word));
        let (protocol, args) = match (listens, said) {
            ([_, _, ..], Some(said)) => (*said, &args[1..]),
            ([only], _) => (*only, args),
            _ => (Protocol::Tcp, args),
        };
        let own = match self.name {
            "send" | "naive-send" => "send",
            peer => peer,
        };
        let mut words = if own == "send" { Vec::new() } else { vec!["peer".to_owned()] };
        words.extend([own.to_owned(), protocol.to_string(), "--to".to_owned(), format!("{{{to}.addr}}")]);
        let is_said =
            |option: &str| args.iter().any(|word| word == option || word.starts_with(&format!("{option}=")));
        match self.name {
            "naive-send" => {
                words.push("--naive".to_owned());
                words.extend(without_strategy(args));
                return words;
            }
            "send" if !is_said("--seed") && !is_said("--naive") => {
                words.extend(["--seed".to_owned(), seed.to_string()]);
            }
            _ => {}
        }
        words.extend_from_slice(args);
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn listening(name: &str, listens: &[Protocol], args: &str) -> String {
        Builtin::named(name).unwrap().listening("server", listens, &words(args)).join(" ")
    }

    fn calling(name: &str, listens: &[Protocol], args: &str) -> String {
        Builtin::named(name).unwrap().calling("server", listens, &words(args), 7).join(" ")
    }

    #[test]
    fn servers_listen_on_their_own_address() {
        assert_eq!(listening("transform", BOTH, ""), "serve --tcp {server.addr} --udp {server.addr}");
        assert_eq!(listening("naive", TCP, ""), "serve --naive --tcp {server.addr}");
        assert_eq!(listening("slow", TCP, "--delay 1s"), "peer slow --tcp {server.addr} --delay 1s");
    }

    #[test]
    fn clients_speak_what_the_server_speaks() {
        assert_eq!(calling("send", TCP, "Ipin"), "send tcp --to {server.addr} --seed 7 Ipin");
        assert_eq!(calling("send", BOTH, "udp Ipin"), "send udp --to {server.addr} --seed 7 Ipin");
        assert_eq!(calling("send", BOTH, "Ipin"), "send tcp --to {server.addr} --seed 7 Ipin");
        assert_eq!(calling("send", TCP, "--seed=3 tcp"), "send tcp --to {server.addr} --seed=3 tcp");
        assert_eq!(calling("naive-send", &[Protocol::Udp], "x"), "send udp --to {server.addr} --naive x");
        assert_eq!(
            calling("naive-send", TCP, "--attempts 3 --timeout=1s x"),
            "send tcp --to {server.addr} --naive x"
        );
        assert_eq!(calling("ask", TCP, "--times 3"), "peer ask tcp --to {server.addr} --times 3");
    }
}
