//! The rules of the house, kept by reading the sources. `src/lib.rs` explains them.

use netfault::fault::Fault;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of each floor, from the ground up.
const FLOORS: &[(u8, &[&str])] = &[
    (1, &["fault", "failure", "lang", "transform"]),
    (2, &["trace", "retry", "impair", "document", "knowledge"]),
    (3, &["socket", "evidence", "readiness"]),
    (4, &["proxy", "vnet", "resolver", "witness"]),
    (5, &["server", "client", "fetch", "load", "naive", "peer", "diagnose", "report"]),
    (6, &["reproduce", "examine"]),
    (7, &["scenario", "recover"]),
    (8, &["cli"]),
];

/// Rooms that get time and randomness as arguments, and touch nothing outside.
const PURE: &[&str] = &[
    "fault",
    "failure",
    "lang",
    "transform",
    "retry",
    "impair",
    "document",
    "knowledge",
    "diagnose",
    "report",
];

#[test]
fn a_room_imports_only_from_floors_below() {
    let mut offences = Vec::new();
    for source in sources() {
        let Some(floor) = floor_of(&source.room) else { continue };
        for used in rooms_named_in(&source.code) {
            let allowed = used == source.room || floor_of(&used).is_some_and(|below| below < floor);
            // Floor 1 holds words that all of its rooms need.
            let ground = floor == 1 && floor_of(&used) == Some(1);
            if !allowed && !ground {
                offences.push(format!("{} imports {used}", source.path.display()));
            }
        }
    }
    assert!(offences.is_empty(), "{offences:#?}");
}

#[test]
fn every_room_stands_on_a_floor() {
    let homeless: Vec<_> =
        sources().into_iter().map(|source| source.room).filter(|room| floor_of(room).is_none()).collect();
    assert!(homeless.iter().all(|room| room == "lib" || room == "main"), "{homeless:?}");
}

#[test]
fn pure_rooms_touch_nothing_outside() {
    for outside in
        ["std::fs", "std::env", "std::process", "std::thread", "TcpStream", "UdpSocket", "File::", "Instant"]
    {
        only_in(outside, |source| {
            !PURE.contains(&source.room.as_str()) && !source.is_under("scenario/expect")
        });
    }
}

#[test]
fn the_clock_is_read_in_two_places() {
    for clock in ["Instant::now", "SystemTime::now", "Local::now", "Utc::now"] {
        only_in(clock, |source| {
            source.path.ends_with("trace/recorder.rs") || source.path.ends_with("server/clock.rs")
        });
    }
}

#[test]
fn outside_crates_have_their_rooms() {
    only_in("clap::", |source| source.path.ends_with("cli/args.rs") || source.is_under("cli/args/"));
    only_in("colored::", |source| source.path.ends_with("report/look.rs"));
    only_in("socket2::", |source| {
        ["socket", "evidence", "server", "proxy", "vnet", "recover"].contains(&source.room.as_str())
    });
    only_in("mio::", |source| {
        ["readiness", "server", "proxy", "load", "recover"].contains(&source.room.as_str())
    });
    only_in("nix::", |source| {
        source.path.ends_with("linux.rs") || source.is_under("linux/") || source.is_under("sys/")
    });
    only_in("pcap_file::", |source| source.is_under("vnet/capture.rs"));
    only_in("etherparse::", |source| source.is_under("vnet/packet/"));
    only_in("netlink_packet", |source| source.is_under("vnet/linux/"));
    only_in("hdrhistogram::", |source| source.is_under("load/"));
    only_in("hickory_proto::", |source| ["resolver", "peer"].contains(&source.room.as_str()));
    only_in("rustls", |source| source.is_under("fetch/") || source.is_under("peer/"));
    only_in("rcgen::", |source| source.is_under("peer/"));
    only_in("x509_parser::", |source| source.is_under("fetch/"));
    only_in("ureq_proto::", |source| source.is_under("fetch/"));
    only_in("quick_junit::", |source| source.path.ends_with("report/run/junit.rs"));
    only_in("plotters::", |source| source.is_under("report/run/html/"));
    only_in("svg::", |source| source.is_under("report/run/html/"));
    only_in("tokio", |source| source.is_under("proxy/api/"));
    only_in("hyper", |source| source.is_under("proxy/api/"));
}

#[test]
fn only_the_command_line_prints_and_ends_the_process() {
    for word in ["println!", "print!", "stdout()", "stderr()", "process::exit"] {
        // The trial of a network tells its result to the process that started it.
        only_in(word, |source| source.room == "cli" || source.is_under("vnet/linux/check.rs"));
    }
}

#[test]
fn unsafe_code_says_why_it_is_safe_where_it_may_stand() {
    only_in("unsafe {", |source| {
        ["socket/sys/", "evidence/linux/", "vnet/linux/"].iter().any(|folder| source.is_under(folder))
    });
    for source in sources() {
        let lines: Vec<&str> = source.code.lines().collect();
        for (number, _) in lines.iter().enumerate().filter(|(_, line)| line.contains("unsafe {")) {
            let above = &lines[number.saturating_sub(4)..number];
            assert!(
                above.iter().any(|line| line.contains("SAFETY:")),
                "{}:{} has no SAFETY line",
                source.path.display(),
                number + 1
            );
        }
    }
}

#[test]
fn platforms_differ_in_files_not_in_scattered_lines() {
    for condition in ["cfg(target_os", "cfg(not(target_os", "cfg(unix", "cfg(windows", "cfg(all(target_os"] {
        only_in(condition, |source| source.is_under("sys/") || source.path.ends_with("mod.rs"));
    }
}

#[test]
fn one_stem_everywhere() {
    for fault in Fault::ALL {
        let page = format!("knowledge/{fault}.toml");
        let sample = format!("tests/samples/{fault}.py");
        let play = format!("src/reproduce/faults/{}.rs", fault.id().replace('-', "_"));
        let can_play = netfault::reproduce::playable().any(|playable| playable == *fault);
        for file in [page, sample].into_iter().chain(can_play.then_some(play)) {
            assert!(root().join(&file).is_file(), "{fault} needs {file}");
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_fits_in_a_head() {
    for source in sources() {
        assert!(source.text.starts_with("//!"), "{} does not say what it is for", source.path.display());
        let lines = source.text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines", source.path.display());
    }
}

struct Source {
    path: PathBuf,
    room: String,
    text: String,
    /// Without the unit tests.
    code: String,
}

impl Source {
    fn is_under(&self, folder: &str) -> bool {
        self.path.to_string_lossy().replace('\\', "/").contains(folder)
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut files = Vec::new();
    walk(&src, &mut files);
    assert!(files.len() > 20, "the sources are not where they should be");
    files
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            let path = file.strip_prefix(&src).unwrap().to_path_buf();
            let first = path.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            let room = first.trim_end_matches(".rs").to_owned();
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
            Source { path, room, text, code }
        })
        .collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn floor_of(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(_, rooms)| rooms.contains(&room)).map(|(floor, _)| *floor)
}

/// Every room that the code names as `crate::room` or in `use crate::{room, …}`.
fn rooms_named_in(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for after in code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
    {
        let list = after.strip_prefix('{').map_or(after, |list| list.split('}').next().unwrap_or(list));
        let names = if after.starts_with('{') { list.split(',').collect() } else { vec![list] };
        for name in names {
            let name: String =
                name.trim().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            if floor_of(&name).is_some() {
                rooms.push(name);
            }
        }
    }
    rooms
}

fn only_in(word: &str, allowed: impl Fn(&Source) -> bool) {
    let offenders: Vec<_> = sources()
        .into_iter()
        .filter(|source| !allowed(source))
        .filter(|source| {
            source.code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word))
        })
        .map(|source| source.path)
        .collect();
    assert!(offenders.is_empty(), "`{word}` in {offenders:?}");
}
