//! What is said of a scenario that cannot be read: where, what was expected, and the nearest right word.

use crate::language::with;
use netfault::scenario::{Given, read};
use proptest::prelude::*;
use std::path::Path;

/// Every mistake of a text: the line that it is told of, and what is told.
fn mistakes(text: &str, set: &[(&str, &str)]) -> Vec<(String, String)> {
    let set = set.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let told = read(Path::new("x.toml"), text, &Given { set, seed: None }).err().unwrap_or_default();
    told.into_iter().map(|mistake| (mistake.place(text).text.to_owned(), mistake.what)).collect()
}

/// Of these lines, each that ends with `#!` and words is told with these words, and nothing else is told.
#[track_caller]
fn told(lines: &str) {
    let text = with(lines);
    let found = mistakes(&text, &[]);
    let wanted: Vec<(&str, &str)> =
        text.lines().filter_map(|line| Some((line, line.split_once("#! ")?.1))).collect();
    assert!(!wanted.is_empty(), "nothing is wanted");
    for (line, words) in &wanted {
        let is_told = found.iter().any(|(place, told)| place == line && told.contains(words));
        assert!(is_told, "{line:?} is not told so, but {found:#?}");
    }
    assert_eq!(found.len(), wanted.len(), "{found:#?}");
}

#[test]
fn keys_that_do_not_exist_are_refused_with_the_nearest_word() {
    told(
        r#"
limt = "5s"                     #! the file has no key "limt"; did you mean limit?
title_fr = "titre"              #! the file has no key "title_fr"; it has format_version, title
[programs.client]
builtin = "send"
to = "server"
keeps_stdin = true              #! client has no key "keeps_stdin"
[[expect]]
of = "client"
output = { contain = "x" }      #! output has no key "contain"; did you mean contains?
"#,
    );
}

#[test]
fn a_value_of_another_kind_is_told_with_what_was_expected() {
    told(
        r#"
limit = 5                       #! limit: expected a duration of at most a day with its unit, such as "250ms" or "2s", found 5
takes = "soon"                  #! takes: expected a duration
seed = -1                       #! seed: expected a whole number from 0, found -1
network = "loopbck"             #! network: expected one of "loopback", "virtual", found "loopbck"; did you mean "loopback"?
teaches = "timeout"             #! teaches: expected a list, each a text, found "timeout"
[programs.client]
builtin = "naive-sned"          #! did you mean "naive-send"?
to = 1                          #! to: expected a text, found 1
port = 70000                    #! port: expected a whole number from 1 to 65535, found 70000
keeps_stdin_open = "yes"        #! keeps_stdin_open: expected true or false, found "yes"
limits = { memory = "64 mb" }   #! memory: expected a size with a unit, such as "64KB" or "512MB", found "64 mb"
start = 1                       #! start: expected a duration of at most a day
args = "a"                      #! args: expected a list, each a text
env = { A = 1 }                 #! A: expected a text, found 1
ready = 1                       #! ready: expected one of "listening", "started", or a line, found 1
"#,
    );
}

#[test]
fn what_is_missing_or_too_much_is_told() {
    told(
        r#"
[programs.neither]              #! neither needs one of the keys builtin, command
[programs.both]
builtin = "echo"
command = ["x"]                 #! both has builtin and command, which exclude each other
protocol = "tcp"
[links.path]                    #! path needs the key to
from = "both"
[[step]]                        #! a step needs one of the keys at, after
kill = "both"
[[expect]]
of = "both"
ends = { tolerance = "1s" }     #! ends needs at least one of the keys not_before, within
[[expect]]                      #! an expectation needs one of the keys exit, ends
of = "both"
hint.en = "only English"        #! hint needs the key id
"#,
    );
    let bare = mistakes("format_version = 1\ntitle = { en = 'a', id = 'b' }", &[]);
    let bare: Vec<&str> = bare.iter().map(|(_, told)| told.as_str()).collect();
    assert_eq!(
        bare,
        ["the file needs the key text", "the file needs the key programs", "the file needs the key expect"]
    );
}

#[test]
fn names_refer_to_what_there_is() {
    told(
        r#"
teaches = ["timeuot"]           #! no fault or family is named "timeuot"; the nearest is timeout
[programs.client]
builtin = "send"
to = "servr"                    #! to: there is no program that listens "servr"; did you mean server?
[programs.other]
builtin = "send"
to = "server"
[links.path]
from = "othr"                   #! from: there is no host or program "othr"; did you mean other?
to = "server"
preset = "wify"                 #! preset: expected one of "lan", "wifi"
[links.good]
from = "other"
to = "server"
impairments = ["latncy"]        #! did you mean latency?
[[step]]
at = "1s"
stop = "servers"                #! stop: there is no program "servers"; did you mean server?
[[step]]
at = "1s"
partition = "goood"             #! partition: there is no link "goood"; did you mean good?
[[step]]
at = "1s"
remove = "slow"                 #! remove: good has no impairment "slow"; there is none
on = "good"
[[expect]]
of = "oter"                     #! of: there is no program or link "oter"; did you mean other?
exit = 0
[[expect]]
of = "other"
verdict = "timeout/stuck-acept" #! the nearest is timeout/stuck-accept
[[expect]]
of = "other"
failure = { errno = "ECONREFUSED" } #! did you mean "ECONNREFUSED"?
[[expect]]
of = "other"
failure = { call = "conect" }   #! did you mean "connect"?
[[expect]]
of = "other"
answers = { after = "x", within = "1s" } #! after: there is no named step "x"; there is none
[[expect]]
of = "server"
sockets = { state = "TIMEWAIT", times = 1 } #! did you mean "TIME_WAIT"?
[[broken]]
why = { en = "a", id = "b" }
set = { cleint = "x" }          #! set: there is no parameter "cleint"; there is none
fails = ["server: exit code O"] #! fails: there is no expectation "server: exit code O"; did you mean server: exit code 0?
"#,
    );
}

#[test]
fn what_can_not_be_is_told() {
    told(
        r#"
limit = "10s"
[programs.scenario]             #! scenario is the name of the runner
builtin = "echo"
protocol = ["tcp", "udp"]
[programs.stuck]
builtin = "stuck"
protocol = "udp"                #! stuck: stuck does not speak udp
[programs.late]
builtin = "echo"
protocol = "udp"
start = "10s"                   #! start: the scenario ends at its limit, 10s
[programs.never]
builtin = "send"
to = "late"
start = "step"                  #! start: no step starts never
ready = "listening"             #! ready: never needs the key protocol to listen
[programs.plain]
command = "x"
[programs.command]
command = "x 'y"                #! command: expected a command whose quotes are closed
files = ["../x"]                #! files: expected a path below the folder of the scenario
[programs.idle]
builtin = "idle"
to = "late"                     #! idle: idle speaks only tcp, and late only udp
address = "::1"                 #! address: idle needs the key protocol to listen
[links.path]
from = "never"
to = "server"
impairments = ["loss:probability=0.1"] #! works on udp, which nothing there listens on
[links.again]                   #! path leads from never to server already
from = "never"
to = "server"
[links.self]
from = "server"
to = "server"                   #! to: server is the host that calls
[[step]]
at = "11s"                      #! at: the scenario ends at its limit, 10s
rebind = "plain"                #! rebind: plain listens on nothing
[[step]]
at = "1s"
heal = "path"
on = "path"                     #! on: heal does not have it
[[step]]
after = { program = "late", line = "(" } #! line: "(" is no regular expression: unclosed group
add = "latency"                 #! add needs the key on, the link
[[expect]]
of = "late"
output = { json = { text = 1 } } #! json: expected a JSON pointer such as
[[expect]]
of = "late"
connections = 1                 #! connections: late is a program, and this is of links
[[expect]]
of = "path"
exit = 0                        #! exit: path is a link, and this is of programs
[[expect]]
of = "path"
connections = { at_least = 2, at_most = 1 } #! at_most is less than at_least
[[expect]]
of = "late"
output = { contains = [], lacks = "x" } #! contains: nothing, or an empty text, is in every output
[[expect]]
of = "late"
attempts = { at_least = 0 }     #! attempts: every number is at least 0
[[expect]]
of = "never"
name = { en = "same", id = "sama" }
failure = { peer = "plain" }    #! peer: plain listens on nothing
[[expect]]
of = "never"
name = { en = "one", id = "satu" }
exit = 0
[[expect]]
of = "late"
name = { en = "one", id = "dua" } #! name: there is an expectation "one" already
exit = 0
"#,
    );
}

#[test]
fn placeholders_stand_for_something() {
    told(
        r#"
takes = "{tims}"                #! {tims} stands for nothing; did you mean {time}?
[parameters.time]
type = "duration"
default = "1s"
[draws.line]
kind = "word"
[programs.client]
builtin = "send"
to = "server"
env = { A = "{line.count}", B = "{line.cuont}" } #! did you mean {line.count}?
args = ["{server.addr}", "{server.adr}"] #! {server.adr}: of a program there are addr, host, port
stdin = "{client.port}"         #! {client.port}: client listens on nothing
files = ["{server.port}"]       #! {server.port} is known only when it runs
[[expect]]
of = "client"
output = { regex = "[0-9]{4}" } #! "{4}" is no placeholder; a brace is written twice: "{{4}}"
"#,
    );
}

#[test]
fn a_placeholder_is_shown_where_it_stands() {
    let text = with("takes = \"{tims}\"");
    let mistakes = read(Path::new("x.toml"), &text, &Given::default()).unwrap_err();
    assert_eq!(mistakes[0].place(&text).to_string(), "4 | takes = \"{tims}\"\n  |          ^");
}

#[test]
fn parameters_and_draws_are_declared_well() {
    told(
        r#"
[parameters.a]
type = "choice"
of = ["x", "y"]
default = "z"                   #! a: expected one of x, y, found "z"
[parameters.b]                  #! b needs the key of: the values of the choice
type = "choice"
[parameters.c]
type = "number"
default = "many"                #! c: expected a number, found "many"
files = ["x"]                   #! c: only a command has the key files
[parameters.d]                  #! {server.adr}: of a program there are addr, host, port
type = "command"
default = "python3 {server.adr}"
[draws.e]
kind = "sentence"               #! kind: expected one of "word", "phrase", "padded", "number", found "sentence"
[parameters.1st]                #! expected a name of letters, digits, - and _ that begins with a letter, found "1st"
type = "text"
[parameters.f]
type = "text"
default = "x"
[draws.f]                       #! f is a parameter already; a draw needs another name
kind = "word"
"#,
    );
}

#[test]
fn what_set_says_is_checked_too() {
    let text = with("[parameters.attempts]\ntype = \"number\"\ndefault = 3");
    let said =
        |set: &[(&str, &str)]| mistakes(&text, set).into_iter().map(|(_, told)| told).collect::<Vec<_>>();
    assert_eq!(
        said(&[("atempts", "1")]),
        ["--set atempts: there is no such parameter; did you mean attempts?"]
    );
    assert_eq!(said(&[("attempts", "x")]), ["--set attempts: expected a number, found \"x\""]);
    assert_eq!(said(&[("attempts", "5")]), [""; 0]);
}

#[test]
fn a_newer_format_is_refused_with_what_to_do_and_nothing_else_is_told() {
    let text = with("").replace("format_version = 1", "format_version = 2\nfuture = true");
    let told = mistakes(&text, &[]);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, "format_version = 2");
    assert!(told[0].1.contains("install a newer netfault"), "{told:?}");
}

#[test]
fn two_programs_with_one_name_are_told_at_the_second() {
    let text = with("[programs.server]\nbuiltin = \"echo\"");
    let told = mistakes(&text, &[]);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, "[programs.server]");
    assert!(told[0].1.contains("duplicate key"), "{told:?}");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_and_every_mistake_has_a_place(text in ".*", lines in "(.*\n){0,8}") {
        for text in [text.clone(), with(&text), with(&lines)] {
            for mistake in read(Path::new("x.toml"), &text, &Given::default()).err().into_iter().flatten() {
                prop_assert!(!mistake.what.is_empty());
                prop_assert!(!mistake.place(&text).to_string().is_empty());
            }
        }
    }

    #[test]
    fn a_file_with_one_value_replaced_is_read_or_refused(
        place in 0_usize..80,
        value in prop_oneof![
            Just("1".to_owned()), Just("-1".to_owned()), Just("true".to_owned()), Just("[]".to_owned()),
            Just("{}".to_owned()), Just("\"\"".to_owned()), Just("1.5".to_owned()), Just("[[1], {a = 2}]".to_owned()),
            "\"[{}a-z.:=, ]{0,12}\"".prop_map(|text| text),
        ]
    ) {
        let text = netfault::scenario::template::text("x");
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let assigned: Vec<usize> = (0..lines.len()).filter(|line| lines[*line].contains(" = ") && !lines[*line].starts_with('#')).collect();
        let line = assigned[place % assigned.len()];
        let key = lines[line].split_once(" = ").unwrap().0.to_owned();
        lines[line] = format!("{key} = {value}");
        let text = lines.join("\n");
        for mistake in read(Path::new("x.toml"), &text, &Given::default()).err().into_iter().flatten() {
            prop_assert!(!mistake.place(&text).to_string().is_empty());
        }
    }
}
