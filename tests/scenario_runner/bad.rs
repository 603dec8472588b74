//! Programs that misbehave: what they do is shown, and they are gone at the end.

use crate::stage::{
    TCP, UDP, at, check, end, is_step, lives, ms, notes, of, own, play, played, python, scenario, settings,
    shell, shown, stdout, transform, when, wrote,
};
use netfault::scenario::model::{Action, Command, Ready, Restart, Step, When};
use netfault::scenario::played::ENDS;
use netfault::scenario::runner::{self, Trouble};
use netfault::trace::{Stream, What};
use regex::Regex;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

#[test]
fn a_program_that_does_not_exist_ends_with_a_note_that_says_so() {
    let mut nothing = shell("client", "");
    nothing.run = Command::Other(vec!["./no-such-program".into()]);
    let played = played(&scenario(vec![nothing]));
    assert_eq!(end(&played, "client"), (Some(127), None, None));
    let notes = notes(&played, "client");
    assert!(notes[0].contains("cannot start") && notes[0].contains("ENOENT"), "{notes:?}");
}

#[test]
fn a_program_that_itself_ends_with_127_was_started() {
    let played = played(&scenario(vec![shell("client", "exit 127")]));
    assert_eq!((end(&played, "client").0, notes(&played, "client").len()), (Some(127), 0));
}

#[test]
fn this_very_program_that_cannot_be_started_is_a_broken_set_up() {
    let mut settings = settings();
    settings.netfault = PathBuf::from("/no/such/netfault");
    let broke = runner::play(&scenario(vec![transform()]), &settings);
    assert!(matches!(broke, Err(Trouble::Broke { .. })), "{broke:?}");
}

#[test]
fn a_program_that_exits_at_once_does_not_hold_the_others_up() {
    let mut server = shell("server", "echo no >&2; exit 3");
    server.listens = vec![TCP];
    server.ready = Ready::Listening;
    let client = own("client", "send tcp --to {server.addr} --attempts 1 Ipin", &[]);
    let played = played(&scenario(vec![server, client]));
    assert_eq!(end(&played, "server").0, Some(3));
    assert_eq!(end(&played, "client").0, Some(1), "{}", shown(&played));
    assert_eq!(wrote(&played, "server", Stream::Stderr), ["no"]);
}

#[test]
fn a_program_that_writes_a_gigabyte_is_ended_at_its_limit() {
    let mut loud = python("client", "import sys\nwhile True: sys.stdout.write('x' * 4096 + '\\n')", &[]);
    loud.limits.output = 100_000;
    let played = played(&scenario(vec![loud]));
    assert_eq!(end(&played, "client").2.as_deref(), Some("output"));
    let bytes: usize = stdout(&played, "client").iter().map(|line| line.len() + 1).sum();
    assert!(bytes <= 100_000 && bytes > 50_000, "{bytes}");
}

#[test]
fn a_program_that_runs_too_long_is_ended_at_its_limit() {
    let mut long = shell("client", "sleep 60");
    long.limits.time = ms(300);
    let played = played(&scenario(vec![long]));
    assert_eq!(end(&played, "client").2.as_deref(), Some("time"));
}

#[test]
fn a_program_that_wants_too_much_memory_is_told_from_one_that_fails() {
    let greedy = python("greedy", "x = bytearray(400 << 20)\nprint(len(x))", &[]);
    let mut limited = greedy.clone();
    limited.name = "limited".into();
    limited.limits.memory = 200 << 20;
    let mut fails = python("fails", "raise SystemExit(1)", &[]);
    fails.limits.memory = 200 << 20;
    let played = played(&scenario(vec![greedy, limited, fails]));
    assert_eq!(end(&played, "limited").2.as_deref(), Some("memory"), "{}", shown(&played));
    assert_eq!(end(&played, "greedy"), (Some(0), None, None));
    assert_eq!(end(&played, "fails"), (Some(1), None, None));
}

#[test]
fn a_program_that_ignores_sigterm_is_killed() {
    let source =
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up')\ntime.sleep(60)";
    let mut stubborn = python("server", source, &[TCP]);
    stubborn.ready = Ready::Line(Regex::new("^up$").unwrap());
    let played = played(&scenario(vec![stubborn, shell("client", "true")]));
    assert_eq!(end(&played, "server").1.as_deref(), Some("SIGKILL"));
    let exited = when(&played, |event| event.actor == "server" && matches!(event.what, What::Exited { .. }));
    let waited = exited.saturating_sub(when(&played, |event| is_step(event, ENDS)));
    assert!(waited >= ms(2000) && waited < ms(4000), "{waited:?}");
}

/// A child in a session of its own, and one that cleared its environment too.
const LEAVES: &str = "
import os, subprocess, sys
here = dict(start_new_session=True, stdin=subprocess.DEVNULL)
one = subprocess.Popen(['sleep', '60'], **here)
two = subprocess.Popen(['sleep', '60'], env={}, executable='/bin/sleep', stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **here)
three = subprocess.Popen(['sleep', '60'])
print(one.pid, two.pid, three.pid)
";

#[test]
fn children_that_outlive_their_program_are_gone_at_the_end() {
    let played = played(&scenario(vec![python("client", LEAVES, &[])]));
    assert_eq!(end(&played, "client").0, Some(0));
    let pids: Vec<u32> = stdout(&played, "client")[0].split(' ').map(|pid| pid.parse().unwrap()).collect();
    assert_eq!(pids.len(), 3);
    assert_eq!(pids.into_iter().filter(|pid| lives(*pid)).count(), 0);
    assert!(notes(&played, "scenario").iter().any(|note| note.contains("2 processes")), "{}", shown(&played));
}

#[test]
fn a_fork_bomb_is_gone_at_the_end() {
    let source = "
import os, time
for _ in range(6):
    os.fork()
if os.fork() == 0: os.setsid()
os.write(1, b'%d\\n' % os.getpid())
time.sleep(60)
";
    let mut bomb = python("client", source, &[]);
    bomb.limits.time = ms(1500);
    let played = played(&scenario(vec![bomb]));
    let pids: Vec<u32> = stdout(&played, "client").iter().map(|pid| pid.parse().unwrap()).collect();
    assert!(pids.len() > 64, "{}", pids.len());
    assert_eq!(pids.into_iter().filter(|pid| lives(*pid)).count(), 0);
}

#[test]
fn a_program_that_never_gets_ready_is_named_with_its_last_words() {
    let never = python("server", "import time\nprint('I sleep')\ntime.sleep(60)", &[TCP]);
    let mut settings = settings();
    settings.patience = ms(3000);
    let pids = std::sync::Mutex::new(Vec::new());
    let hear = |event: &netfault::trace::Event| {
        if let What::Launched { pid, .. } = event.what {
            pids.lock().unwrap().push(pid);
        }
    };
    settings.hear = &hear;
    let Err(Trouble::NotReady { program, why }) = runner::play(&scenario(vec![never]), &settings) else {
        panic!("it got ready")
    };
    assert_eq!(program, "server");
    assert!(why.en.contains("did not listen on 127.0.0.1:") && why.en.contains("I sleep"), "{}", why.en);
    assert!(why.id.contains("tidak listen"), "{}", why.id);
    let pids = pids.into_inner().unwrap();
    assert_eq!((pids.len(), pids.iter().any(|pid| lives(*pid))), (1, false));
}

#[test]
fn only_the_program_s_own_socket_makes_it_ready() {
    let holder = own("holder", "peer silent --tcp {holder.addr}", &[TCP]);
    let mut server = own("server", "serve --tcp {holder.addr}", &[TCP]);
    server.port = None;
    let source = "
import socket, sys, time
try:
    socket.create_server(('127.0.0.1', int(sys.argv[1])))
except OSError as error:
    print(error.strerror); time.sleep(0.3); sys.exit(9)
";
    let mut second = python("second", source, &[]);
    second.run = match second.run {
        Command::Other(mut words) => {
            words.push("{holder.port}".into());
            Command::Other(words)
        }
        own @ Command::Own(_) => own,
    };
    let played = played(&scenario(vec![holder, server, second]));
    assert_eq!(end(&played, "server").0, Some(1), "{}", shown(&played));
    assert_eq!(end(&played, "second").0, Some(9));
    assert!(!notes(&played, "server").contains(&"is ready"));
    let judged = played.verdicts.iter().find(|judged| judged.of == "server").unwrap();
    assert_eq!(judged.verdict.fault, Some(netfault::fault::Fault::LiveListener));
}

#[test]
fn a_step_on_a_program_that_is_gone_is_told_and_does_no_harm() {
    let mut play = scenario(vec![shell("client", "true"), shell("late", "sleep 0.5")]);
    let on = |action: fn(String) -> Action| at(300, action("client".into()));
    play.steps =
        vec![on(Action::Stop), on(Action::Kill), on(Action::Pause), on(Action::Resume), on(Action::Diagnose)];
    let played = played(&play);
    let notes = notes(&played, "scenario");
    assert_eq!(notes.len(), 5, "{notes:?}");
    assert!(notes[..4].iter().all(|note| note.contains("client does not run")), "{notes:?}");
}

#[test]
fn a_step_whose_event_cannot_come_is_not_waited_for() {
    let mut play = scenario(vec![shell("client", "echo one")]);
    let line = Regex::new("two").unwrap();
    let when_wrote = When::Wrote { program: "client".into(), line, delay: Duration::ZERO };
    play.steps = vec![Step { name: None, when: when_wrote, action: Action::Start("client".into()) }];
    let played = played(&play);
    assert!(played.events.last().unwrap().at < ms(3000));
    assert!(notes(&played, "scenario")[0].contains("can no longer come"), "{}", shown(&played));
}

#[test]
fn steps_follow_lines_and_ends() {
    let mut other = shell("other", "echo other");
    other.start = None;
    let mut play = scenario(vec![shell("client", "echo go; sleep 0.4"), other]);
    let wrote = When::Wrote { program: "client".into(), line: Regex::new("go").unwrap(), delay: ms(100) };
    let ended = When::Ended { program: "client".into(), delay: ms(100) };
    play.steps = vec![
        Step { name: Some("first".into()), when: wrote, action: Action::Start("other".into()) },
        Step { name: Some("then".into()), when: ended, action: Action::Start("other".into()) },
    ];
    let played = played(&play);
    assert_eq!(stdout(&played, "other"), ["other", "other"], "{}", shown(&played));
    let steps: Vec<_> = played
        .events
        .iter()
        .filter_map(|event| match &event.what {
            What::Step { name: Some(name), .. } => Some((name.as_str(), event.at)),
            _ => None,
        })
        .collect();
    let ended = when(&played, |event| event.actor == "client" && matches!(event.what, What::Exited { .. }));
    let ["first", "then"] = [steps[0].0, steps[1].0] else { panic!("{steps:?}") };
    assert!(steps[0].1 < ended && steps[1].1 >= ended + ms(100));
}

#[test]
fn a_program_is_started_again_as_often_as_it_says() {
    let mut again = shell("client", "echo run; exit 1");
    again.restart = Some(Restart { times: 2, delay: ms(50) });
    let played = played(&scenario(vec![again]));
    assert_eq!(stdout(&played, "client"), ["run", "run", "run"], "{}", shown(&played));
}

#[test]
fn a_program_that_is_stopped_between_two_starts_does_not_come_back() {
    let mut again = shell("client", "echo run; exit 1");
    again.restart = Some(Restart { times: 2, delay: Duration::from_secs(5) });
    let mut play = scenario(vec![again]);
    let ended = When::Ended { program: "client".into(), delay: Duration::ZERO };
    play.steps = vec![Step { name: None, when: ended, action: Action::Stop("client".into()) }];
    let played = played(&play);
    assert_eq!(stdout(&played, "client"), ["run"], "{}", shown(&played));
}

#[test]
fn a_server_that_is_rebound_has_its_address_again() {
    let client = own("client", "peer ask tcp --to {server.addr} --every 50ms --times 30 Ipin", &[]);
    let mut play = scenario(vec![transform(), client]);
    play.steps = vec![at(300, Action::Rebind("server".into()))];
    let played = played(&play);
    let launched =
        of(&played, "server").iter().filter(|event| matches!(event.what, What::Launched { .. })).count();
    assert_eq!(launched, 2, "{}", shown(&played));
    assert!(stdout(&played, "client").last().unwrap().starts_with("ok"), "{}", shown(&played));
}

#[test]
fn a_program_that_is_paused_does_nothing_until_it_goes_on() {
    let ticks = python("client", "import time\nfor n in range(8): print(n); time.sleep(0.1)", &[]);
    let mut play = scenario(vec![ticks]);
    play.steps = vec![at(250, Action::Pause("client".into())), at(1250, Action::Resume("client".into()))];
    let played = played(&play);
    let (paused, resumed) = (
        when(&played, |event| is_step(event, "pause client")),
        when(&played, |event| is_step(event, "resume client")),
    );
    let lines = of(&played, "client").into_iter().filter(|event| matches!(event.what, What::Wrote { .. }));
    let between = lines.filter(|event| event.at > paused + ms(50) && event.at < resumed).count();
    assert_eq!((between, stdout(&played, "client").len()), (0, 8), "{}", shown(&played));
}

#[test]
fn a_program_lives_in_a_folder_and_an_environment_of_its_own() {
    let beside = tempfile::tempdir().unwrap();
    fs::write(beside.path().join("data.txt"), "brought along\n").unwrap();
    let mut client = shell(
        "client",
        "cat; cat data.txt; pwd; echo $HOME; env | cut -d= -f1 | sort | tr '\\n' ' '; echo; echo $WHERE",
    );
    client.stdin = "reads {server.port}\n{not.there}\n".into();
    client.files = vec!["data.txt".into()];
    client.env.insert("WHERE".into(), "{server.host}".into());
    let mut play = scenario(vec![transform(), client]);
    play.file = beside.path().join("x.toml");
    let played = played(&play);
    let lines = stdout(&played, "client");
    let port = played.addresses["server"][0].port();
    assert_eq!(lines[..3], [format!("reads {port}").as_str(), "{not.there}", "brought along"]);
    assert_eq!(lines[3], lines[4]);
    let known = [
        "HOME",
        "LC_ALL",
        "NETFAULT_RUN",
        "PATH",
        "PWD",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONUNBUFFERED",
        "TMPDIR",
        "WHERE",
    ];
    let others: Vec<&str> = lines[5]
        .split_whitespace()
        .filter(|name| !known.contains(name) && !["SHLVL", "_", "OLDPWD"].contains(name))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    assert_eq!(lines[6], "127.0.0.1");
    assert!(!PathBuf::from(lines[3]).exists());
}

#[test]
fn standard_input_ends_unless_it_is_kept_open() {
    let source = "import sys\nfor line in sys.stdin: print('got', line.strip())\nprint('end')";
    let mut ends = python("ends", source, &[]);
    ends.stdin = "a\nb\n".into();
    let mut stays = ends.clone();
    stays.name = "stays".into();
    stays.keeps_stdin_open = true;
    stays.limits.time = ms(700);
    let played = played(&scenario(vec![ends, stays]));
    assert_eq!(stdout(&played, "ends"), ["got a", "got b", "end"]);
    assert_eq!(stdout(&played, "stays"), ["got a", "got b"]);
    assert_eq!(end(&played, "stays").2.as_deref(), Some("time"));
}

#[test]
fn the_limit_of_the_whole_ends_what_still_runs() {
    let mut play = scenario(vec![shell("client", "sleep 60")]);
    play.limit = ms(400);
    play.programs[0].limits.time = ms(400);
    let played = played(&play);
    assert_eq!(end(&played, "client"), (None, Some("SIGTERM".into()), None));
    let ended = when(&played, |event| event.actor == "client" && matches!(event.what, What::Exited { .. }));
    assert!(when(&played, |event| is_step(event, ENDS)) <= ended);
}

#[test]
fn a_holder_is_ready_when_it_has_its_address() {
    let holder = own("holder", "peer holder --tcp {holder.addr} --udp {holder.addr}", &[TCP, UDP]);
    let server = own("server", "serve --tcp {holder.addr}", &[]);
    let played = played(&scenario(vec![holder, server]));
    assert_eq!(end(&played, "server").0, Some(1), "{}", shown(&played));
    assert!(notes(&played, "holder").contains(&"is ready"));
}

#[test]
fn many_are_played_at_once() {
    let one = || {
        let client = own("client", "send tcp --to {server.addr} Ipin", &[]);
        let mut play = scenario(vec![transform(), client]);
        play.links = vec![crate::stage::link("client", "server", Vec::new())];
        play
    };
    let all: Vec<_> = std::thread::scope(|scope| {
        let plays: Vec<_> =
            (0..6).map(|_| scope.spawn(move || (0..2).map(|_| play(&one())).collect::<Vec<_>>())).collect();
        plays.into_iter().flat_map(|play| play.join().unwrap()).collect()
    });
    for played in all {
        let played = played.unwrap();
        check(&played);
        assert_eq!(end(&played, "client").0, Some(0), "{}", shown(&played));
    }
}
