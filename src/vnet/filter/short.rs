//! The short form of a filter: `drop:port=12345`, `reject:with=prohibited,family=ipv6`.

use super::{Answer, Filter, Matches, Reason};
use crate::fault::nearest;
use crate::impair::Direction;
use crate::vnet::packet::{Family, Transport};
use std::str::FromStr;

/// The keys of both, and those of `reject` alone.
const KEYS: [&str; 9] =
    ["name", "stream", "family", "protocol", "port", "larger_than", "with", "from", "mtu"];
const OF_REJECT: [&str; 3] = ["with", "from", "mtu"];

impl Filter {
    /// The two types.
    pub const KINDS: [&str; 2] = ["drop", "reject"];

    /// Whether a text is meant as one: by its first word.
    pub fn is_meant(text: &str) -> bool {
        Self::KINDS.contains(&split(text).0)
    }

    /// Reads `drop` or `reject`, with `:KEY=VALUE,…` after it, and gives the filter with its name.
    ///
    /// | key | |
    /// |-|-|
    /// | `stream` | `upstream`, `downstream` or `both`, which it is if left out |
    /// | `family` | `ipv4` or `ipv6` |
    /// | `protocol` | `tcp`, `udp`, `icmp`, or a number |
    /// | `port` | from it or to it |
    /// | `larger_than` | bytes, the IP header among them |
    /// | `with` | of `reject`: `rst`, a word of [`Reason::NAMED`], `too-big` with `mtu=N`, or `TYPE/CODE` of ICMP |
    /// | `from` | of `reject`: the address that the ICMP error comes from; the far end of the link if left out |
    pub fn short(text: &str) -> Result<(String, Self), String> {
        let (kind, rest) = split(text);
        if !Self::KINDS.contains(&kind) {
            return Err(format!("{kind:?} is no filter; there are {}", Self::KINDS.join(" and ")));
        }
        let mut given: Vec<(&str, &str)> = Vec::new();
        for pair in rest.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, value) = pair
                .split_once('=')
                .ok_or_else(|| format!("{pair:?} has no value; expected {kind}:KEY=VALUE,…"))?;
            let (key, value) = (key.trim(), value.trim());
            if !KEYS.contains(&key) {
                let near = nearest(key, KEYS.map(|key| (key, key)).into_iter());
                let hint =
                    near.first().map_or_else(|| KEYS.join(", "), |near| format!("did you mean {near}?"));
                return Err(format!("{kind} has no {key}; {hint}"));
            }
            if kind == "drop" && OF_REJECT.contains(&key) {
                return Err(format!("{key}: only reject has it, drop answers nothing"));
            }
            if given.iter().any(|(other, _)| *other == key) {
                return Err(format!("{key} is there twice"));
            }
            given.push((key, value));
        }
        let value = |key: &str| given.iter().find(|(other, _)| *other == key).map(|(_, value)| *value);
        let matches = Matches {
            family: value("family").map(|word| one_of("family", word, &FAMILIES)).transpose()?,
            protocol: value("protocol").map(protocol).transpose()?,
            port: value("port").map(|word| read("port", PORT, word)).transpose()?,
            larger_than: value("larger_than").map(|word| read("larger_than", BYTES, word)).transpose()?,
        };
        let answer = match kind {
            "drop" => Answer::Drop,
            _ => answer(value("with"), value("from"), value("mtu"))?,
        };
        let direction =
            value("stream").map_or(Ok(Direction::Both), |word| one_of("stream", word, &STREAMS))?;
        Ok((value("name").unwrap_or(kind).to_owned(), Self { matches, direction, answer }))
    }
}

const FAMILIES: [(&str, Family); 2] = [("ipv4", Family::V4), ("ipv6", Family::V6)];
const STREAMS: [(&str, Direction); 3] =
    [("upstream", Direction::Upstream), ("downstream", Direction::Downstream), ("both", Direction::Both)];
const PROTOCOLS: [(&str, Transport); 3] =
    [("tcp", Transport::Tcp), ("udp", Transport::Udp), ("icmp", Transport::Icmp)];

fn split(text: &str) -> (&str, &str) {
    let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
    (kind.trim(), rest)
}

fn one_of<T: Copy>(key: &str, word: &str, all: &[(&str, T)]) -> Result<T, String> {
    all.iter().find(|(name, _)| *name == word).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        format!("{key}: expected {}, found {word:?}", names.join(", "))
    })
}

const PORT: &str = "a whole number from 0 to 65535";
const BYTES: &str = "a number of bytes";
const ICMP: &str = "two numbers from 0 to 255, TYPE/CODE";
const ADDRESS: &str = "an IP address";

fn read<T: FromStr>(key: &str, what: &str, word: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("{key}: expected {what}, found {word:?}"))
}

fn protocol(word: &str) -> Result<Transport, String> {
    match word.parse() {
        Ok(number) => Ok(Transport::of(number)),
        Err(_) => one_of("protocol", word, &PROTOCOLS),
    }
}

fn answer(with: Option<&str>, from: Option<&str>, mtu: Option<&str>) -> Result<Answer, String> {
    let with = with.unwrap_or("port-unreachable");
    if mtu.is_some() != (with == "too-big") {
        return Err("mtu: with=too-big needs it, and nothing else has it".into());
    }
    let from = from.map(|word| read("from", ADDRESS, word)).transpose()?;
    if with == "rst" {
        return if from.is_none() {
            Ok(Answer::Reset)
        } else {
            Err("from: a RST comes from the other end".into())
        };
    }
    let named = Reason::NAMED.iter().find(|(name, _)| *name == with).map(|(_, reason)| *reason);
    let reason = match (named, mtu, with.split_once('/')) {
        (Some(reason), ..) => reason,
        (None, Some(mtu), _) => Reason::TooBig(read("mtu", BYTES, mtu)?),
        (None, None, Some((kind, code))) => {
            Reason::Numbers(read("with", ICMP, kind)?, read("with", ICMP, code)?)
        }
        (None, None, None) => {
            let words: Vec<&str> = Reason::NAMED.iter().map(|(name, _)| *name).collect();
            return Err(format!(
                "with: expected rst, {}, too-big or TYPE/CODE, found {with:?}",
                words.join(", ")
            ));
        }
    };
    Ok(Answer::Icmp { reason, from })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_from_its_short_form() {
        let (name, filter) = Filter::short("drop:port=80,protocol=tcp,stream=upstream,name=hole").unwrap();
        assert_eq!(
            (name.as_str(), filter.direction, &filter.answer),
            ("hole", Direction::Upstream, &Answer::Drop)
        );
        assert_eq!(filter.matches.port, Some(80));
        assert_eq!(filter.matches.protocol, Some(Transport::Tcp));
        let (name, filter) = Filter::short("reject:with=3/9,from=10.1.0.2,family=ipv4").unwrap();
        assert_eq!((name.as_str(), filter.direction), ("reject", Direction::Both));
        let from = Some("10.1.0.2".parse().unwrap());
        assert_eq!(filter.answer, Answer::Icmp { reason: Reason::Numbers(3, 9), from });
        assert_eq!(Filter::short("reject:with=rst").unwrap().1.answer, Answer::Reset);
        let too_big = Filter::short("reject:with=too-big,mtu=1280,larger_than=1280").unwrap().1;
        assert_eq!(too_big.answer, Answer::Icmp { reason: Reason::TooBig(1280), from: None });
        assert_eq!(too_big.matches.larger_than, Some(1280));
    }

    #[test]
    fn what_is_wrong_with_one_is_told() {
        for (text, wanted) in [
            ("drop:protocl=tcp", "did you mean protocol?"),
            ("drop:with=rst", "only reject"),
            ("drop:port=80,port=81", "twice"),
            ("drop:port=http", "port: expected a whole number from 0 to 65535, found \"http\""),
            ("drop:port=65536", "found \"65536\""),
            ("reject:with=3/x", "TYPE/CODE, found \"x\""),
            ("reject:from=me", "an IP address"),
            ("drop:port", "no value"),
            ("reject:with=maybe", "net-unreachable"),
            ("reject:with=too-big", "mtu"),
            ("reject:mtu=1280", "mtu"),
            ("drop:family=ipv5", "ipv4, ipv6"),
        ] {
            let told = Filter::short(text).unwrap_err();
            assert!(told.contains(wanted), "{text}: {told}");
        }
    }
}
