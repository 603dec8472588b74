//! `netfault scenario run`: exit codes, what is told, and what is left behind.

use crate::stage::{Folder, HEAD, reply};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// A scenario whose only program is this shell command, which has to exit with 0.
fn shell(command: &str) -> String {
    format!(
        "{HEAD}
[programs.it]
command = [\"bash\", \"-c\", '''{command}''']

[[expect]]
of = \"it\"
name = {{ en = \"it ends well\", id = \"berakhir baik\" }}
exit = 0
"
    )
}

fn untold() -> String {
    // A program that records no calls, and no link that would count them.
    shell("true").replace("exit = 0", "attempts = 1")
}

/// Its set-up cannot be made.
fn without_its_file() -> String {
    shell("true").replace("command =", "files = [\"no-such-file\"]\ncommand =")
}

#[test]
fn an_expectation_that_is_met_is_a_success_and_one_that_is_not_is_told_with_its_hint() {
    let folder = Folder::with(&[("good.toml", &reply())]);
    let met = folder.netfault(&["run", "good.toml"]);
    assert_eq!(met.code(), Some(0), "{}", met.err());
    assert!(met.out().contains("10/10 points") && met.out().ends_with("1 passed\n"), "{}", met.out());
    let missed = folder.netfault(&["run", "good.toml", "--set", "word=a b", "--lang", "id"]);
    assert_eq!(missed.code(), Some(1));
    for part in ["ia dijawab", "\"iPIN |\"", "A B |", "Katakan Ipin.", "--set 'word=a b' --seed 1"] {
        assert!(missed.out().contains(part), "{part} is not in {}", missed.out());
    }
}

#[test]
fn scripts_get_every_check_and_the_command_that_plays_it_again() {
    let folder = Folder::with(&[("good.toml", &reply())]);
    let args = ["run", "good.toml", "--set", "word=it's", "--seed", "7", "--format", "json", "-q"];
    let missed = folder.netfault(&args);
    assert_eq!((missed.code(), missed.err().as_str()), (Some(1), ""));
    let json = missed.json();
    let scenario = &json["scenarios"][0];
    assert_eq!((json["schema_version"].as_u64(), scenario["seed"].as_u64()), (Some(1), Some(7)));
    assert_eq!((scenario["name"].as_str(), scenario["status"].as_str()), (Some("good"), Some("failed")));
    assert_eq!((scenario["points"]["got"].as_u64(), scenario["points"]["of"].as_u64()), (Some(0), Some(10)));
    assert_eq!(scenario["checks"][0]["passed"], false);
    let again = folder.shell(&format!("{} --format json", scenario["replay"].as_str().unwrap()));
    assert_eq!(again.json()["scenarios"][0]["checks"][0]["want"], scenario["checks"][0]["want"]);
    assert_eq!((again.code(), again.json()["scenarios"][0]["seed"].as_u64()), (Some(1), Some(7)));
}

#[test]
fn folders_are_walked_and_other_files_in_them_passed_over() {
    let folder = Folder::with(&[
        ("labs/b.toml", &reply()),
        ("labs/deep/c.toml", &reply()),
        ("labs/a.toml", &reply()),
        ("labs/Cargo.toml", "[package]\n"),
        ("empty/Cargo.toml", "[package]\n"),
    ]);
    let all = folder.netfault(&["run", "labs", "--format", "json"]);
    let json = all.json();
    let names: Vec<&str> =
        json["scenarios"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!((all.code(), names), (Some(0), vec!["a", "b", "c"]));
    let nothing = folder.netfault(&["run", "empty"]);
    assert_eq!(nothing.code(), Some(3));
    assert!(nothing.err().contains("nothing selected"), "{}", nothing.err());
    assert_eq!(folder.netfault(&["run", "empty/Cargo.toml"]).code(), Some(2));
    assert_eq!(folder.netfault(&["run", "nowhere.toml"]).code(), Some(2));
}

#[test]
fn when_a_file_is_invalid_all_mistakes_are_told_and_nothing_is_run() {
    let folder = Folder::with(&[
        ("a.toml", &shell("touch \"$OLDPWD/ran\"")),
        ("b.toml", &reply().replace("limit", "limt")),
        ("c.toml", &reply().replace("output", "outptu")),
    ]);
    let wrong = folder.netfault(&["run", "."]);
    assert_eq!((wrong.code(), wrong.out().as_str()), (Some(2), ""));
    for part in ["b.toml:4:1: ", "did you mean limit?", "c.toml:", "did you mean output?"] {
        assert!(wrong.err().contains(part), "{part} is not in {}", wrong.err());
    }
    assert!(!wrong.err().contains("passed"), "{}", wrong.err());
}

#[test]
fn a_parameter_without_a_value_is_asked_for() {
    let folder = Folder::with(&[("a.toml", &reply().replace("default = \"Ipin\"\n", ""))]);
    let missing = folder.netfault(&["run", "a.toml"]);
    assert_eq!(missing.code(), Some(2));
    assert!(missing.err().contains("--set word="), "{}", missing.err());
    assert_eq!(folder.netfault(&["run", "a.toml", "--set", "word=Ipin"]).code(), Some(0));
    assert_eq!(folder.netfault(&["run", "a.toml", "--set", "Ipin"]).code(), Some(2));
}

#[test]
fn a_failure_outweighs_an_error_and_an_error_what_cannot_run_here() {
    let folder = Folder::with(&[
        ("passed.toml", &reply()),
        ("unsupported.toml", &untold()),
        ("error.toml", &without_its_file()),
        ("failed.toml", &shell("exit 7")),
    ]);
    for (files, code) in [
        (&["passed.toml", "unsupported.toml"][..], 3),
        (&["passed.toml", "error.toml", "unsupported.toml"], 4),
        (&["unsupported.toml", "error.toml", "failed.toml"], 1),
    ] {
        let args: Vec<&str> = ["run", "--format", "json"].iter().chain(files).copied().collect();
        let said = folder.netfault(&args);
        assert_eq!(said.code(), Some(code), "{files:?}");
        for (scenario, file) in said.json()["scenarios"].as_array().unwrap().iter().zip(files) {
            assert_eq!(scenario["status"].as_str(), file.strip_suffix(".toml"));
        }
    }
}

/// Passes every other time.
fn flaky(folder: &Folder) -> String {
    let state = folder.path("state");
    let state = state.display();
    shell(&format!("if [ -e {state} ]; then rm {state}; exit 1; else touch {state}; fi"))
}

#[test]
fn what_passes_sometimes_is_counted_and_is_no_success() {
    let folder = Folder::with(&[("good.toml", &reply())]);
    folder.write("flaky.toml", &flaky(&folder));
    let counted = folder.netfault(&["run", "flaky.toml", "--repeat", "4", "--jobs", "1"]);
    assert_eq!(counted.code(), Some(1));
    assert!(counted.out().ends_with("flaky  passed 2 of 4\n"), "{}", counted.out());
    assert_eq!(counted.out().matches("exit code 1").count(), 4, "{}", counted.out());
    let json = folder
        .netfault(&["run", "flaky.toml", "good.toml", "--repeat", "2", "--jobs", "1", "--format", "json"])
        .json();
    assert_eq!(json["scenarios"].as_array().unwrap().len(), 4);
    let repeated = &json["repeated"];
    assert_eq!((repeated[0]["passed"].as_u64(), repeated[0]["runs"].as_u64()), (Some(1), Some(2)));
    assert_eq!((repeated[1]["passed"].as_u64(), repeated[1]["name"].as_str()), (Some(2), Some("good")));
}

fn broken(set: &str, fails: &str) -> String {
    format!(
        "\n[[broken]]\nwhy = {{ en = \"Another word.\", id = \"Kata lain.\" }}\nset = {{ {set} }}\n{fails}"
    )
}

#[test]
fn a_self_test_wants_every_broken_variant_to_fail_where_it_says() {
    let named = "fails = [\"it is answered\"]\n";
    let folder = Folder::with(&[
        ("proved.toml", &(reply() + &broken("word = \"Upin\"", named))),
        ("blind.toml", &(reply() + &broken("word = \"Ipin \"", ""))),
        ("unproved.toml", &reply()),
    ]);
    let proved = folder.netfault(&["run", "proved.toml", "--self-test"]);
    assert_eq!(proved.code(), Some(0), "{}", proved.out());
    assert!(
        proved.out().contains("proved (word=Upin)") && proved.out().contains("2 passed"),
        "{}",
        proved.out()
    );
    let blind = folder.netfault(&["run", "blind.toml", "--self-test"]);
    assert_eq!(blind.code(), Some(1));
    assert!(blind.out().contains("this scenario cannot notice it"), "{}", blind.out());
    let unproved = folder.netfault(&["run", "unproved.toml", "--self-test"]);
    assert_eq!(unproved.code(), Some(0));
    assert!(unproved.out().contains("unproved.toml has no [[broken]]"), "{}", unproved.out());
    // Without it, variants are not run.
    assert_eq!(folder.netfault(&["run", "blind.toml"]).code(), Some(0));
}

#[test]
fn reports_are_written_beside_and_a_trace_renders_to_the_same() {
    let folder = Folder::with(&[("good.toml", &reply())]);
    let args =
        ["run", "good.toml", "--junit", "j.xml", "--html", "r.html", "--trace", "t.ndjson", "-o", "out.txt"];
    let said = folder.netfault(&args);
    assert_eq!((said.code(), said.out().as_str()), (Some(0), ""));
    assert!(folder.read("out.txt").ends_with("1 passed\n"));
    assert!(folder.read("j.xml").contains("<testsuite name=\"good\""));
    assert!(folder.read("r.html").starts_with("<!DOCTYPE html>"));
    let rendered = folder.shell("netfault render t.ndjson");
    assert_eq!(rendered.out(), folder.read("out.txt"), "{}", rendered.err());
    let sequence = folder.netfault(&["run", "good.toml", "--format", "sequence"]);
    assert!(sequence.out().contains("client") && sequence.out().contains("server"), "{}", sequence.out());
    let two = folder.netfault(&["run", "good.toml", "--repeat", "2", "--trace", "two.ndjson"]);
    assert_eq!(two.code(), Some(2));
    assert!(two.err().contains("one run") && !folder.path("two.ndjson").exists(), "{}", two.err());
}

#[test]
fn lines_tell_of_the_progress_of_several_runs_unless_nobody_wants_them() {
    let folder = Folder::with(&[("a.toml", &reply()), ("b.toml", &reply())]);
    let told = folder.netfault(&["run", "."]).err();
    assert_eq!(told.lines().filter(|line| line.starts_with("passed  ")).count(), 2, "{told}");
    assert_eq!(folder.netfault(&["run", ".", "-q"]).err(), "");
}

#[test]
fn files_that_a_command_of_the_command_line_names_are_meant_from_here() {
    let scenario =
        shell("true").replace("[programs.it]", "[parameters.work]\ntype = \"command\"\n\n[programs.it]");
    let scenario = scenario.replace("[\"bash\", \"-c\", '''true''']", "\"{work}\"");
    let folder = Folder::with(&[("a.toml", &scenario), ("work.py", "raise SystemExit(0)\n")]);
    assert_eq!(folder.netfault(&["run", "a.toml", "--set", "work=python3 work.py"]).code(), Some(0));
    assert_eq!(folder.netfault(&["run", "a.toml", "--set", "work=python3 other.py"]).code(), Some(1));
}

#[test]
fn ctrl_c_ends_everything_and_tells_what_there_is() {
    let folder = Folder::with(&[("a.toml", &reply()), ("b.toml", &shell("echo $$ > pid; exec sleep 60"))]);
    let pid = folder.path("pid");
    let script = shell(&format!("echo $$ > {}; exec sleep 60", pid.display()));
    folder.write("b.toml", &script);
    let mut command = folder.command(&["run", "a.toml", "b.toml", "--jobs", "1", "-o", "out.txt"]);
    let mut running = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(running.stderr.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("passed  a"));
    let sleeper = (0..500).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        std::fs::read_to_string(&pid).ok().filter(|text| text.ends_with('\n'))
    });
    let sleeper = sleeper.expect("the program has started");
    assert!(Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap().success());
    assert_eq!(running.wait().unwrap().code(), Some(130));
    let out = folder.read("out.txt");
    assert!(out.contains("1 passed") && out.contains("b "), "{out}");
    let is_there = std::path::Path::new("/proc").join(sleeper.trim()).exists();
    assert!(!is_there, "the program is there still");
}
