//! Names of expectations that were given none: what they expect, in both languages.

use crate::failure::Op;
use crate::lang::Words;
use crate::scenario::model::{Bounds, Exit, Expectation, Output, Spacing, WantedFailure, Window};
use std::time::Duration;

/// Longer texts of the file are cut in a name.
const LONG: usize = 40;

/// What is expected of `of`.
pub(super) fn saying(of: &str, what: &Expectation) -> Words {
    let said = match what {
        Expectation::Exit(exit) => exited(exit),
        Expectation::Ends(window) => spanned("ends", "berakhir", window),
        Expectation::Output(output) => wrote(output),
        Expectation::Failure(failure) => failed(failure),
        Expectation::NoFailure => words("no call fails", "tidak ada panggilan yang gagal"),
        Expectation::Verdict(named) => both("verdict", "putusan", named.id()),
        Expectation::Attempts(bounds) => counted("attempts", "percobaan", *bounds),
        Expectation::Spacing(spacing) => paused(*spacing),
        Expectation::Answers { after, within } => {
            spanned(&format!("answers after {after}"), &format!("menjawab setelah {after}"), within)
        }
        Expectation::Connections(bounds) => counted("connections", "koneksi", *bounds),
        Expectation::Bytes { upstream, downstream } => {
            let way = |bounds: &Option<Bounds>, en, id| bounds.map(|bounds| counted(en, id, bounds));
            let ways = [
                way(upstream, "bytes upstream", "byte ke hulu"),
                way(downstream, "bytes downstream", "byte ke hilir"),
            ];
            joined(ways.into_iter().flatten())
        }
        Expectation::Did { what, times } => counted(what, what, *times),
        Expectation::Sockets { state, times } => {
            counted(&format!("sockets in {state}"), &format!("soket dalam {state}"), *times)
        }
    };
    Words { en: format!("{of}: {}", said.en), id: format!("{of}: {}", said.id) }
}

fn exited(exit: &Exit) -> Words {
    match exit {
        Exit::Code(code) => both("exit code", "kode keluar", &code.to_string()),
        Exit::Failure => words("ends with a failure", "berakhir dengan kegagalan"),
        Exit::Limit(limit) => both("ended by the limit of", "diakhiri oleh batas", limit),
        Exit::Signal(signal) => both("ended by", "diakhiri oleh", signal),
        Exit::Running => words("still runs at the end", "masih berjalan di akhir"),
    }
}

fn wrote(output: &Output) -> Words {
    let quoted = |texts: &[String]| texts.iter().map(|text| quote(text)).collect::<Vec<_>>().join(", ");
    let regexes: Vec<String> = output.regex.iter().map(|regex| regex.as_str().to_owned()).collect();
    let pointers: Vec<String> = output.json.iter().map(|(at, value)| format!("{at} = {value}")).collect();
    let parts = [
        (&output.contains, "contains", "memuat"),
        (&output.lacks, "lacks", "tidak memuat"),
        (&regexes, "matches", "cocok dengan"),
        (&output.order, "contains in this order", "memuat secara berurutan"),
        (&pointers, "has", "berisi"),
    ];
    let parts = parts.into_iter().filter(|(texts, _, _)| !texts.is_empty());
    let parts = parts.map(|(texts, en, id)| both(en, id, &quoted(texts)));
    let lines = output.lines.map(|bounds| counted("lines", "baris", bounds));
    let said = joined(parts.chain(lines));
    words(&format!("output {}", said.en), &format!("keluaran {}", said.id))
}

fn failed(failure: &WantedFailure) -> Words {
    let call = failure.call.map(Op::name);
    let fails = words(
        &format!("{} fails", call.unwrap_or("a call")),
        &format!("{} gagal", call.unwrap_or("sebuah panggilan")),
    );
    let errno = failure.errno.as_ref().map(|errno| both(" with", " dengan", errno));
    let peer = failure.peer.as_ref().map(|peer| both(" towards", " ke", peer));
    let parts = [Some(fails), errno, peer].into_iter().flatten();
    let (en, id): (String, String) = parts.map(|part| (part.en, part.id)).unzip();
    Words { en, id }
}

fn paused(spacing: Spacing) -> Words {
    let grows = spacing.grows.then(|| words("grow", "bertambah"));
    let least = spacing.at_least.map(|least| both("are at least", "paling sedikit", &time(least)));
    let most = spacing.at_most.map(|most| both("are at most", "paling banyak", &time(most)));
    let said = joined(grows.into_iter().chain(least).chain(most));
    words(&format!("pauses between attempts {}", said.en), &format!("jeda antar percobaan {}", said.id))
}

fn spanned(en: &str, id: &str, window: &Window) -> Words {
    let before = window.not_before.map(|time| both("not before", "tidak sebelum", &self::time(time)));
    let within = window.within.map(|time| both("within", "dalam", &self::time(time)));
    let said = joined(before.into_iter().chain(within));
    words(&format!("{en} {}", said.en), &format!("{id} {}", said.id))
}

fn counted(en: &str, id: &str, bounds: Bounds) -> Words {
    match bounds {
        Bounds { at_least, at_most: Some(most) } if at_least == most => {
            words(&format!("{en}: {most}"), &format!("{id}: {most}"))
        }
        Bounds { at_least: 0, at_most: Some(most) } => {
            words(&format!("{en}: at most {most}"), &format!("{id}: paling banyak {most}"))
        }
        Bounds { at_least, at_most: Some(most) } => {
            words(&format!("{en}: {at_least} to {most}"), &format!("{id}: {at_least} sampai {most}"))
        }
        Bounds { at_least, at_most: None } => {
            words(&format!("{en}: at least {at_least}"), &format!("{id}: paling sedikit {at_least}"))
        }
    }
}

fn words(en: &str, id: &str) -> Words {
    Words { en: en.to_owned(), id: id.to_owned() }
}

/// Both, with the same behind them.
fn both(en: &str, id: &str, rest: &str) -> Words {
    Words { en: format!("{en} {rest}"), id: format!("{id} {rest}") }
}

fn joined(parts: impl Iterator<Item = Words>) -> Words {
    let (en, id): (Vec<String>, Vec<String>) = parts.map(|part| (part.en, part.id)).unzip();
    Words { en: en.join(", "), id: id.join(", ") }
}

fn quote(text: &str) -> String {
    if text.chars().count() <= LONG {
        return format!("{text:?}");
    }
    let cut: String = text.chars().take(LONG).collect();
    format!("{:?}", cut + "…")
}

fn time(duration: Duration) -> String {
    humantime::format_duration(duration).to_string()
}
