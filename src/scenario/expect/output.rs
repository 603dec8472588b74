//! `output`: what a program wrote.

use super::found::{Found, counted, wide};
use super::seen::{LINES, Seen, Written, quoted, shortened};
use crate::scenario::model::Output;
use crate::trace::Stream;
use regex::Regex;
use serde_json::Value;

/// Everything that is asked of the output must hold; `got` names the first thing that does not.
pub(super) fn check(wanted: &Output, program: &str, seen: Seen<'_>) -> Found {
    let lines: Vec<Written<'_>> = seen.written(program, wanted.stream).collect();
    let texts: Vec<&str> = lines.iter().map(|line| line.text).collect();
    let whole = texts.join("\n");
    let want = want(wanted);
    let lines_where = |holds: &dyn Fn(&str) -> bool| {
        lines.iter().copied().filter(|line| holds(line.text)).collect::<Vec<_>>()
    };
    let (got, passed, shown) = match first_wrong(wanted, &texts, &whole) {
        Some(Wrong::Lacks { what, near }) => {
            let near = (LIKE..=near.len())
                .rev()
                .filter_map(|letters| near.get(..letters))
                .map(|begin| lines_where(&|line| line.starts_with(begin)))
                .find(|lines| !lines.is_empty())
                .unwrap_or_default();
            let there = if near.is_empty() { seen.last_words(program, wanted.stream) } else { quoted(&near) };
            (format!("no {what}: {there}"), false, near)
        }
        Some(Wrong::Has(text)) => {
            (format!("{text:?} is there"), false, lines_where(&|line| line.contains(text)))
        }
        None => {
            let shown = lines_where(&|line| wanted.is_shown_by(line));
            let got = if shown.is_empty() { seen.last_words(program, wanted.stream) } else { quoted(&shown) };
            (got, true, shown)
        }
    };
    let shown = if shown.is_empty() { &lines[lines.len().saturating_sub(LINES)..] } else { &shown };
    Found::new(want, got, passed).because(shown.iter().map(|line| line.event.seq))
}

/// Lines that begin with fewer of the same letters are not alike.
const LIKE: usize = 3;

/// The first thing that does not hold.
enum Wrong<'w> {
    Lacks {
        what: String,
        /// How a line has to begin for it, as far as that is known: who wrote such a line came near.
        near: String,
    },
    Has(&'w str),
}

fn first_wrong<'w>(wanted: &'w Output, lines: &[&str], whole: &str) -> Option<Wrong<'w>> {
    let lacks = |what: String| Some(Wrong::Lacks { what, near: String::new() });
    if let Some(text) = wanted.contains.iter().find(|text| !whole.contains(text.as_str())) {
        return lacks(format!("{text:?}"));
    }
    if let Some(text) = wanted.lacks.iter().find(|text| whole.contains(text.as_str())) {
        return Some(Wrong::Has(text));
    }
    if let Some(regex) = wanted.regex.iter().find(|regex| !matches(regex, lines, whole)) {
        return Some(Wrong::Lacks { what: format!("/{regex}/"), near: beginning(regex) });
    }
    if let Some(text) = first_out_of_order(&wanted.order, whole) {
        return lacks(text);
    }
    if let Some(bounds) = wanted.lines.filter(|bounds| !bounds.contains(wide(lines.len()))) {
        return lacks(format!("{bounds} lines, but {}", lines.len()));
    }
    first_not_in_json(&wanted.json, lines, whole).and_then(lacks)
}

/// The letters with which a line has to begin that a pattern is to match, as far as they stand in it.
fn beginning(regex: &Regex) -> String {
    let pattern = regex.as_str();
    let Some(rest) = pattern.strip_prefix("(?i)").unwrap_or(pattern).strip_prefix('^') else {
        return String::new();
    };
    let plain = |letter: &char| letter.is_alphanumeric() || " :=,;_-".contains(*letter);
    let mut plain: String = rest.chars().take_while(plain).collect();
    // What follows may say how often the last letter comes.
    if rest[plain.len()..].starts_with(['?', '*', '{', '|']) {
        plain.pop();
    }
    plain
}

/// `^` and `$` mean a line; what spans lines is looked for in the whole.
fn matches(regex: &Regex, lines: &[&str], whole: &str) -> bool {
    lines.iter().any(|line| regex.is_match(line)) || regex.is_match(whole)
}

/// The first text that does not stand behind the one before it.
fn first_out_of_order(order: &[String], whole: &str) -> Option<String> {
    let mut rest = whole;
    let mut before: Option<&str> = None;
    for text in order {
        let Some(at) = rest.find(text.as_str()) else {
            return Some(
                before.map_or_else(|| format!("{text:?}"), |before| format!("{text:?} after {before:?}")),
            );
        };
        rest = &rest[at + text.len()..];
        before = Some(text);
    }
    None
}

/// What stands nowhere: the whole output may be JSON, or one line of it in which all values are.
fn first_not_in_json(wanted: &[(String, Value)], lines: &[&str], whole: &str) -> Option<String> {
    let first_wrong = |document: &Value| {
        wanted.iter().find_map(|(pointer, value)| match document.pointer(pointer) {
            Some(there) if same(there, value) => None,
            Some(there) => Some(format!("{pointer} = {value}, but {there}")),
            None => Some(format!("{pointer} = {value}")),
        })
    };
    if wanted.is_empty() {
        return None;
    }
    if let Ok(document) = serde_json::from_str(whole) {
        return first_wrong(&document);
    }
    let documents = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut wrong = Some("JSON".to_owned());
    for document in documents {
        wrong = first_wrong(&document);
        wrong.as_ref()?;
    }
    wrong
}

/// Whether two values are the same; numbers by their value, however they are written.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other
                || one.as_f64().zip(other.as_f64()).is_some_and(|(one, other)| one.total_cmp(&other).is_eq())
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

impl Output {
    /// Whether a line is one of those that were asked for.
    fn is_shown_by(&self, line: &str) -> bool {
        self.contains.iter().chain(&self.order).any(|text| line.contains(text.as_str()))
            || self.regex.iter().any(|regex| regex.is_match(line))
    }
}

/// What is wanted, in words.
pub(super) fn want(wanted: &Output) -> String {
    let quoted = |texts: &[String]| texts.iter().map(|text| shortened(text)).collect::<Vec<_>>();
    let mut parts = quoted(&wanted.contains);
    parts.extend(quoted(&wanted.lacks).into_iter().map(|text| format!("no {text}")));
    parts.extend(wanted.regex.iter().map(|regex| format!("/{regex}/")));
    if !wanted.order.is_empty() {
        parts.push(quoted(&wanted.order).join(", then "));
    }
    parts.extend(wanted.lines.map(|bounds| match bounds.at_most {
        Some(1) if bounds.at_least == 1 => counted(1, "line"),
        _ => format!("{bounds} lines"),
    }));
    parts.extend(wanted.json.iter().map(|(pointer, value)| format!("{pointer} = {value}")));
    let on = match wanted.stream {
        Some(Stream::Stdout) => "",
        Some(Stream::Stderr) => " on stderr",
        None => " on stdout or stderr",
    };
    format!("{}{on}", parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::super::stage::{Run, program, run};
    use super::*;
    use crate::scenario::model::{Bounds, Expectation};
    use serde_json::json;

    fn wrote(lines: &[&str]) -> Run {
        let mut run = run([program("client")]);
        for line in lines {
            run.wrote("client", line);
        }
        run.wrote_to("client", Stream::Stderr, "a warning");
        run.exited("client", Some(0), None, None);
        run
    }

    fn stdout() -> Output {
        Output { stream: Some(Stream::Stdout), ..Output::default() }
    }

    fn found(run: &Run, wanted: Output) -> Found {
        run.found(&Expectation::Output(wanted), "client")
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_text_is_looked_for_on_its_stream() {
        let run = wrote(&["IPIN | 4 karakter"]);
        let met = found(&run, Output { contains: texts(&["IPIN", "4 kar"]), ..stdout() });
        assert_eq!((met.passed, met.because.as_slice()), (Some(true), &[1][..]));
        assert_eq!(found(&run, Output { contains: texts(&["warning"]), ..stdout() }).passed, Some(false));
        for stream in [Some(Stream::Stderr), None] {
            let wanted = Output { stream, contains: texts(&["warning"]), ..Output::default() };
            assert_eq!(found(&run, wanted).passed, Some(true));
        }
    }

    #[test]
    fn what_is_missing_is_told_with_what_was_there() {
        let missed =
            found(&wrote(&["1", "2", "3", "4", "fünf"]), Output { contains: texts(&["x"]), ..stdout() });
        assert_eq!(missed.got, r#"no "x": … "2" ⏎ "3" ⏎ "4" ⏎ "fünf""#);
        let nothing = found(&wrote(&[]), Output { contains: texts(&["x"]), ..stdout() });
        assert_eq!(nothing.got, r#"no "x": nothing on stdout; exit code 0"#);
    }

    #[test]
    fn a_text_that_must_not_be_there_is_shown_where_it_is() {
        let run = wrote(&["fine", "a reset", "fine"]);
        let there = found(&run, Output { lacks: texts(&["reset"]), ..stdout() });
        assert_eq!((there.passed, there.because.as_slice()), (Some(false), &[2][..]));
        assert_eq!(found(&run, Output { lacks: texts(&["refused"]), ..stdout() }).passed, Some(true));
    }

    #[test]
    fn a_pattern_means_a_line_or_the_whole() {
        let run = wrote(&["reply 1", "reply 2"]);
        for (pattern, passed) in [("^reply 2$", true), ("1\nreply", true), ("^2", false)] {
            let wanted = Output { regex: vec![Regex::new(pattern).unwrap()], ..stdout() };
            assert_eq!(found(&run, wanted).passed, Some(passed), "{pattern}");
        }
    }

    #[test]
    fn of_a_pattern_with_a_beginning_the_lines_with_it_are_shown() {
        let run = wrote(&["count:5", "trim:x", "trim:y", "trim:z", "trim:u"]);
        let pattern = |pattern| Output { regex: vec![Regex::new(pattern).unwrap()], ..stdout() };
        let missed = found(&run, pattern("^count:4$"));
        assert_eq!(
            (missed.got.as_str(), missed.because.as_slice()),
            (r#"no /^count:4$/: "count:5""#, &[1][..])
        );
        let met = found(&run, pattern("^count:[0-9]$"));
        assert_eq!((met.got.as_str(), met.because.as_slice()), (r#""count:5""#, &[1][..]));
        let elsewhere = found(&run, pattern("^cases?:4$"));
        assert!(elsewhere.got.ends_with(r#""trim:u""#), "{}", elsewhere.got);
    }

    #[test]
    fn an_order_is_one_behind_the_other() {
        let run = wrote(&["a", "b", "a"]);
        for (order, passed) in [(&["a", "b", "a"][..], true), (&["b", "b"], false), (&["b", "a"], true)] {
            let found = found(&run, Output { order: texts(order), ..stdout() });
            assert_eq!(found.passed, Some(passed), "{order:?}");
        }
        let missed = found(&run, Output { order: texts(&["b", "c"]), ..stdout() });
        assert!(missed.got.starts_with(r#"no "c" after "b""#), "{}", missed.got);
    }

    #[test]
    fn lines_are_counted() {
        let run = wrote(&["a", "b"]);
        for (lines, passed) in [(2, true), (1, false), (3, false)] {
            let wanted = Output { lines: Some(Bounds::exactly(lines)), ..stdout() };
            assert_eq!(found(&run, wanted).passed, Some(passed));
        }
    }

    #[test]
    fn json_is_the_whole_or_a_line() {
        let wanted = |pointer: &str, value| Output { json: vec![(pointer.to_owned(), value)], ..stdout() };
        let whole = wrote(&["{\"a\":", "[1, 2.0]}"]);
        assert_eq!(found(&whole, wanted("/a/1", json!(2))).passed, Some(true));
        assert_eq!(found(&whole, wanted("/a", json!([1, 2]))).passed, Some(true));
        let missed = found(&whole, wanted("/a/0", json!("1")));
        assert!(missed.got.starts_with("no /a/0 = \"1\", but 1"), "{}", missed.got);
        let lines = wrote(&["{\"count\":4}", "no JSON", "{\"count\":5}"]);
        assert_eq!(found(&lines, wanted("/count", json!(4))).passed, Some(true));
        assert_eq!(found(&lines, wanted("/count", json!(6))).passed, Some(false));
        assert!(found(&wrote(&["text"]), wanted("/a", json!(1))).got.starts_with("no JSON: "));
    }
}
