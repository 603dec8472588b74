//! Where programs listen and where they are reached, and the placeholders that stand for it.

use crate::scenario::model::{Program, Scenario};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The addresses of a run.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Where each program that listens has to.
    listens: BTreeMap<String, SocketAddr>,
    /// Who is reached through which door: the host that calls, the program, the address.
    doors: Vec<(String, String, SocketAddr)>,
}

impl Places {
    pub(super) fn put(&mut self, program: &str, listens: SocketAddr) {
        self.listens.insert(program.to_owned(), listens);
    }

    /// From this host, the program is reached here.
    pub(super) fn open(&mut self, from: &str, program: &str, door: SocketAddr) {
        self.doors.push((from.to_owned(), program.to_owned(), door));
    }

    /// Where a program has to listen.
    pub(super) fn listens(&self, program: &str) -> Option<SocketAddr> {
        self.listens.get(program).copied()
    }

    /// Where a program is reached without a link.
    pub(super) fn reached(&self, program: &str) -> Option<SocketAddr> {
        self.listens(program).map(|listens| SocketAddr::new(within_reach(listens.ip()), listens.port()))
    }

    /// Of each program that listens its address, and those of the links that lead to it.
    pub(super) fn all(&self) -> BTreeMap<String, Vec<SocketAddr>> {
        let of = |program: &String| {
            let doors = self.doors.iter().filter(|(_, to, _)| to == program).map(|(.., door)| *door);
            self.reached(program).into_iter().chain(doors).collect()
        };
        self.listens.keys().map(|program| (program.clone(), of(program))).collect()
    }

    /// A text of this program with the addresses in it. Braces that stand for nothing stay as they are.
    pub(super) fn fill(&self, text: &str, reader: &Program) -> String {
        let (mut filled, mut rest) = (String::new(), text);
        while let Some(at) = rest.find('{') {
            let (before, from) = rest.split_at(at);
            filled.push_str(before);
            let word = from[1..].split_once('}').map(|(word, _)| word);
            if let Some((word, value)) = word.and_then(|word| Some((word, self.value(word, reader)?))) {
                filled.push_str(&value);
                rest = &from[word.len() + 2..];
            } else {
                filled.push('{');
                rest = &from[1..];
            }
        }
        filled + rest
    }

    fn value(&self, word: &str, reader: &Program) -> Option<String> {
        let (program, field) = word.split_once('.')?;
        let address = if program == reader.name {
            self.listens(program)?
        } else {
            let door = self.doors.iter().find(|(from, to, _)| *from == reader.host && to == program);
            door.map(|(.., door)| *door).or_else(|| self.reached(program))?
        };
        match field {
            "addr" => Some(address.to_string()),
            "host" => Some(address.ip().to_string()),
            "port" => Some(address.port().to_string()),
            _ => None,
        }
    }
}

/// An address of this host at which a program is reached that listens on this one.
pub(super) fn within_reach(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}

/// The links that lead to the host of a program.
pub(super) fn links_to<'a>(
    scenario: &'a Scenario,
    program: &'a Program,
) -> impl Iterator<Item = &'a crate::scenario::model::Link> {
    scenario.links.iter().filter(move |link| link.to == program.host)
}
