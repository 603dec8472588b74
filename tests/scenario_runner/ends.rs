//! However a run ends, nothing of it is left.

use crate::stage::{
    TCP, at, end, is_step, lives, ms, of, own, play, played, python, scenario, settings, shell, shown,
    transform, when,
};
use netfault::scenario::Scenario;
use netfault::scenario::model::{Action, Ready};
use netfault::scenario::runner::{self, Interrupt, Trouble};
use netfault::trace::{Event, Recorder, What};
use regex::Regex;
use std::env;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

/// It takes no notice of SIGTERM, and has children in sessions of their own.
const STUBBORN: &str = "
import os, signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
children = [subprocess.Popen(['sleep', '60'], start_new_session=new) for new in (True, False)]
print('pids', os.getpid(), *[child.pid for child in children])
time.sleep(60)
";

fn stubborn() -> Scenario {
    let mut client = python("client", STUBBORN, &[]);
    client.ready = Ready::Line(Regex::new("^pids ").unwrap());
    scenario(vec![transform(), client])
}

/// The processes that an event tells of.
fn pids(event: &Event) -> Vec<u32> {
    match &event.what {
        What::Launched { pid, .. } => vec![*pid],
        What::Wrote { text, .. } => {
            let rest = text.strip_prefix("pids ").unwrap_or_default();
            rest.split_whitespace().map(|pid| pid.parse().unwrap()).collect()
        }
        _ => Vec::new(),
    }
}

/// Those that are there still, when others have had their time to go.
fn left(pids: &[u32], patience: Duration) -> Vec<u32> {
    let by = Recorder::new().deadline(patience);
    loop {
        let left: Vec<u32> = pids.iter().copied().filter(|pid| lives(*pid)).collect();
        if left.is_empty() || by.left().is_none() {
            return left;
        }
        thread::sleep(ms(5));
    }
}

/// Plays it and does something when the stubborn program is up; gives all pids, and what came of it.
fn play_until(up: impl Fn() + Sync) -> (Vec<u32>, Result<Trouble, String>, Duration) {
    let seen = Mutex::new(Vec::new());
    let hear = |event: &Event| {
        let new = pids(event);
        seen.lock().unwrap().extend(&new);
        if new.len() > 1 {
            up();
        }
    };
    let mut settings = settings();
    settings.hear = &hear;
    let clock = Recorder::new();
    let ended = panic::catch_unwind(AssertUnwindSafe(|| runner::play(&stubborn(), &settings).unwrap_err()));
    let took = clock.elapsed();
    (seen.into_inner().unwrap(), ended.map_err(|_| "it panicked".to_owned()), took)
}

/// Plays it and signals so often when it is up.
fn interrupted(signals: usize) -> (Vec<u32>, Duration) {
    let interrupt = Interrupt::new();
    let seen = Mutex::new(Vec::new());
    let hear = |event: &Event| {
        let new = pids(event);
        seen.lock().unwrap().extend(&new);
        if new.len() > 1 {
            (0..signals).for_each(|_| interrupt.signal());
        }
    };
    let mut settings = settings();
    settings.hear = &hear;
    settings.interrupt = interrupt.clone();
    let clock = Recorder::new();
    assert!(matches!(runner::play(&stubborn(), &settings), Err(Trouble::Interrupted)));
    (seen.into_inner().unwrap(), clock.elapsed())
}

#[test]
fn the_first_signal_gives_programs_their_time_and_the_second_does_not() {
    let (pids, took) = interrupted(1);
    assert_eq!((pids.len(), left(&pids, Duration::ZERO)), (5, Vec::new()));
    assert!(took >= ms(2000) && took < ms(5000), "{took:?}");
    let (pids, took) = interrupted(2);
    assert_eq!((pids.len(), left(&pids, Duration::ZERO)), (5, Vec::new()));
    assert!(took < ms(1900), "{took:?}");
}

#[test]
fn a_panic_leaves_nothing_behind() {
    let (pids, ended, _) = play_until(|| panic!("the one who follows the run panics"));
    assert_eq!(ended, Err("it panicked".to_owned()));
    assert_eq!((pids.len(), left(&pids, Duration::ZERO)), (5, Vec::new()));
}

const INSIDE: &str = "NETFAULT_TEST_PLAYS_UNTIL_IT_IS_KILLED";

/// The body of the test that is started again as a process of its own, to be killed.
fn plays_until_it_is_killed(folder: &Path) {
    let hear = |event: &Event| {
        let pids: Vec<String> = pids(event).iter().map(u32::to_string).collect();
        if !pids.is_empty() {
            let mut out = std::io::stdout().lock();
            writeln!(out, "\nseen {}", pids.join(" ")).unwrap();
        }
    };
    let mut settings = settings();
    settings.hear = &hear;
    settings.folder = Some(folder.to_path_buf());
    runner::play(&stubborn(), &settings).unwrap();
}

#[test]
fn a_run_that_is_killed_leaves_nothing_behind() {
    if let Some(folder) = env::var_os(INSIDE) {
        return plays_until_it_is_killed(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut inside = Command::new(env::current_exe().unwrap())
        .args(["--exact", "ends::a_run_that_is_killed_leaves_nothing_behind", "--nocapture"])
        .env(INSIDE, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pids: Vec<u32> = Vec::new();
    for line in BufReader::new(inside.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let Some(more) = line.strip_prefix("seen ") else { continue };
        pids.extend(more.split_whitespace().map(|pid| pid.parse::<u32>().unwrap()));
        if pids.len() == 5 {
            break;
        }
    }
    assert_eq!((pids.len(), pids.iter().all(|pid| lives(*pid))), (5, true));
    inside.kill().unwrap();
    inside.wait().unwrap();
    assert_eq!(left(&pids, Duration::from_secs(10)), Vec::<u32>::new());
    let by = Recorder::new().deadline(Duration::from_secs(10));
    let is_empty = || folder.path().read_dir().unwrap().next().is_none();
    while !is_empty() && by.left().is_some() {
        thread::sleep(ms(5));
    }
    assert!(is_empty());
}

#[test]
fn a_program_that_was_killed_leaves_the_trace_that_it_has_written() {
    let mut client = own("client", "send tcp --to {server.addr} Ipin", &[]);
    client.start = Some(ms(50));
    let mut late = shell("late", "sleep 0.6");
    late.host = "late".into();
    let mut play = scenario(vec![transform(), client, late]);
    play.steps = vec![at(400, Action::Kill("server".into()))];
    let played = played(&play);
    assert_eq!(end(&played, "server").1.as_deref(), Some("SIGKILL"));
    let killed = when(&played, |event| is_step(event, "kill server"));
    assert!(
        of(&played, "server").iter().any(|event| event.what.finished().is_some() && event.at < killed),
        "{}",
        shown(&played)
    );
}

#[test]
fn a_file_that_is_not_there_is_a_broken_set_up() {
    let mut client = shell("client", "true");
    client.files = vec!["nothing.py".into()];
    let broke = play(&scenario(vec![client]));
    assert!(matches!(&broke, Err(Trouble::Broke { why }) if why.en.contains("nothing.py")), "{broke:?}");
}

/// A server whose port is fixed in it.
fn fixed(port: u16) -> Scenario {
    let mut server = transform();
    server.port = Some(port);
    scenario(vec![server, own("client", "send tcp --to {server.addr} Ipin", &[])])
}

#[test]
fn a_fixed_port_that_somebody_holds_is_a_broken_set_up_that_names_them() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port();
    let Err(Trouble::Broke { why }) = play(&fixed(port)) else { panic!("it was played") };
    let pid = format!("pid {}", std::process::id());
    assert!(why.en.contains(&format!("127.0.0.1:{port}")) && why.en.contains(&pid), "{}", why.en);
    assert!(why.id.contains(&pid), "{}", why.id);
}

#[test]
fn scenarios_with_one_fixed_port_take_turns() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let spans: Vec<(Duration, Duration)> = thread::scope(|scope| {
        let clock = Recorder::new();
        let plays: Vec<_> = (0..3)
            .map(|_| {
                let clock = clock.clone();
                scope.spawn(move || {
                    let seen = Mutex::new(Vec::new());
                    let hear = |event: &Event| {
                        if event.actor == "server" {
                            seen.lock().unwrap().push(clock.elapsed());
                        }
                    };
                    let mut settings = settings();
                    settings.hear = &hear;
                    let mut play = fixed(port);
                    // A port of UDP is left by nobody for a minute.
                    play.programs[0] = own("server", "serve --udp {server.addr}", &[crate::stage::UDP]);
                    play.programs[0].port = Some(port);
                    play.programs[1] = own("client", "send udp --to {server.addr} Ipin", &[]);
                    let played = runner::play(&play, &settings).unwrap();
                    assert_eq!(end(&played, "client").0, Some(0), "{}", shown(&played));
                    let seen = seen.into_inner().unwrap();
                    (seen[0], *seen.last().unwrap())
                })
            })
            .collect();
        plays.into_iter().map(|play| play.join().unwrap()).collect()
    });
    let mut spans = spans;
    spans.sort();
    assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{spans:?}");
}

#[test]
fn what_is_left_of_old_connections_on_a_fixed_port_is_waited_for() {
    // Who closes first keeps the connection in TIME_WAIT.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut client = TcpStream::connect(address).unwrap();
    drop(listener.accept().unwrap());
    drop(listener);
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
    drop(client);
    let interrupt = Interrupt::new();
    let waits = Mutex::new(false);
    let hear = |event: &Event| {
        if event.to_string().contains("what is left of old connections") {
            *waits.lock().unwrap() = true;
            interrupt.signal();
        }
    };
    let mut settings = settings();
    settings.hear = &hear;
    settings.interrupt = interrupt.clone();
    let mut naive = fixed(address.port());
    naive.programs[0].run = own("server", "serve --naive --tcp {server.addr}", &[TCP]).run;
    let waited = runner::play(&naive, &settings);
    assert!(matches!(waited, Err(Trouble::Interrupted)), "{waited:?}");
    assert!(waits.into_inner().unwrap());
    // A server that sets SO_REUSEADDR need not wait.
    played(&fixed(address.port()));
}

#[test]
fn a_server_on_ipv6_or_on_all_addresses_is_reached() {
    for address in ["::1", "0.0.0.0", "::"] {
        let mut server = own("server", "serve --tcp {server.addr}", &[TCP]);
        server.address = address.parse().unwrap();
        if TcpListener::bind((server.address, 0)).is_err() {
            continue;
        }
        let mut play = scenario(vec![server, own("client", "send tcp --to {server.addr} Ipin", &[])]);
        play.links = vec![crate::stage::link("client", "server", Vec::new())];
        let played = played(&play);
        assert_eq!(end(&played, "client").0, Some(0), "{address}\n{}", shown(&played));
    }
}
