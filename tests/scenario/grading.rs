//! `netfault scenario grade`: points, feedback, and submissions that are anything but what was asked for.

use crate::stage::{Folder, HEAD};
use serde_json::Value;

/// A server that answers lines on the port that it is given, as `reply` says.
fn server(reply: &str) -> String {
    format!(
        "import socket, sys
listener = socket.create_server((\"127.0.0.1\", int(sys.argv[1])))
while True:
    connection, _ = listener.accept()
    with connection:
        line = connection.makefile(encoding=\"utf-8\").readline().rstrip(\"\\n\")
        connection.sendall(({reply} + \"\\n\").encode())
"
    )
}

fn assignment() -> String {
    format!(
        "{HEAD}
[parameters.work]
type = \"command\"
files = [\"server*.py\"]

[draws.line]
kind = \"word\"

[programs.server]
command = [\"{{work}}\", \"{{server.port}}\"]
protocol = \"tcp\"

[programs.client]
builtin = \"send\"
to = \"server\"
args = [\"--attempts\", \"1\", \"--timeout\", \"2s\", \"{{line}}\"]

[[expect]]
of = \"client\"
name = {{ en = \"there is an answer\", id = \"ada jawaban\" }}
exit = 0
points = 4

[[expect]]
of = \"client\"
name = {{ en = \"the case is inverted\", id = \"huruf dibalik\" }}
output = {{ contains = \"{{line.swapped}}\" }}
hint = {{ en = \"Use swapcase.\", id = \"Pakai swapcase.\" }}
points = 6
"
    )
}

fn class() -> Folder {
    Folder::with(&[
        ("task.toml", &assignment()),
        ("class/budi/server_1.py", &server("line.swapcase()")),
        ("class/canned/server.py", &server("'iPIN'")),
        ("class/empty/README", "sorry\n"),
        ("class/named/main.py", &server("line.swapcase()")),
        ("class/named/submission.toml", "work = \"python3 -u main.py\"\n"),
        ("class/typo/submission.toml", "wrok = \"python3 main.py\"\n"),
        ("class/notes.txt", "not a submission\n"),
    ])
}

fn by_student<'a>(json: &'a Value, student: &str) -> &'a Value {
    let all = json["submissions"].as_array().unwrap();
    all.iter().find(|one| one["student"] == student).unwrap()
}

#[test]
fn every_submission_gets_its_points() {
    let folder = class();
    let graded = folder.netfault(&["grade", "task.toml", "class", "--format", "json", "--csv", "points.csv"]);
    assert_eq!(graded.code(), Some(1), "{}", graded.err());
    let json = graded.json();
    assert_eq!(
        (json["schema_version"].as_u64(), json["submissions"].as_array().unwrap().len()),
        (Some(1), 5)
    );
    for (student, status, got) in [
        ("budi", "passed", 10),
        ("canned", "failed", 4),
        ("empty", "failed", 0),
        ("named", "passed", 10),
        ("typo", "failed", 0),
    ] {
        let one = by_student(&json, student);
        assert_eq!(one["status"].as_str(), Some(status), "{one}");
        assert_eq!(
            (one["points"]["got"].as_u64(), one["points"]["of"].as_u64()),
            (Some(got), Some(10)),
            "{one}"
        );
    }
    assert_ne!(by_student(&json, "budi")["seed"], by_student(&json, "canned")["seed"]);
    let csv = folder.read("points.csv");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "student,status,got,of,seed,there is an answer,the case is inverted");
    assert!(lines[2].starts_with("canned,failed,4,10,") && lines[2].ends_with(",passed,failed"), "{csv}");
}

#[test]
fn what_a_submission_lacks_is_told_in_the_language_of_its_reader() {
    let folder = class();
    let told = folder.netfault(&["grade", "task.toml", "class", "--lang", "id"]).out();
    for part in [
        "mahasiswa",
        "tidak ada berkas server*.py untuk work",
        "submission.toml:1:1:",
        "did you mean work?",
        "Pakai swapcase.",
    ] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    let table: Vec<&str> = told.lines().take(3).collect();
    assert!(table[1].starts_with("budi") && table[1].ends_with("lulus"), "{told}");
}

#[test]
fn one_submission_is_run_again_by_the_command_that_stands_in_its_report() {
    let folder = class();
    let json = folder.netfault(&["grade", "task.toml", "class", "--format", "json"]).json();
    let canned = by_student(&json, "canned");
    let again = folder.shell(&format!("{} --format json", canned["replay"].as_str().unwrap()));
    assert_eq!(again.code(), Some(1), "{}", again.err());
    let again = again.json();
    assert_eq!(again["scenarios"][0]["seed"], canned["seed"]);
    assert_eq!(again["scenarios"][0]["points"], canned["points"]);
    assert_eq!(again["scenarios"][0]["checks"][1]["want"], canned["checks"][1]["want"]);
}

#[test]
fn a_submission_runs_in_a_copy() {
    let writes = server("line.swapcase()").replace(
        "listener =",
        "open('litter', 'w').close()\nimport os\nopen(os.path.join(os.path.dirname(__file__), 'litter'), 'w').close()\nimport helper\nlistener =",
    );
    let reads = "open('data.txt').read()\n";
    let folder = Folder::with(&[
        ("task.toml", &assignment()),
        ("class/siti/server.py", &writes),
        ("class/siti/helper.py", reads),
        ("class/siti/data.txt", "x"),
    ]);
    let graded = folder.netfault(&["grade", "task.toml", "class"]);
    assert_eq!(graded.code(), Some(0), "{}", graded.out());
    let left: Vec<_> = std::fs::read_dir(folder.path("class/siti")).unwrap().collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn a_broken_set_up_is_nobodys_wrong_answer() {
    let lacks =
        assignment().replace("protocol = \"tcp\"\n", "protocol = \"tcp\"\nfiles = [\"no-such-file\"]\n");
    let folder = Folder::with(&[("task.toml", &lacks), ("class/budi/server.py", &server("line.swapcase()"))]);
    let graded = folder.netfault(&["grade", "task.toml", "class", "--csv", "points.csv"]);
    assert_eq!(graded.code(), Some(4), "{}", graded.out());
    assert!(graded.out().contains("not graded"), "{}", graded.out());
    assert!(folder.read("points.csv").lines().nth(1).unwrap().starts_with("budi,error,,,"));
    let json = folder.netfault(&["grade", "task.toml", "class", "--format", "json"]).json();
    assert_eq!(by_student(&json, "budi")["points"], Value::Null);
}

#[test]
fn a_server_that_ends_at_once_is_a_wrong_answer() {
    let folder = Folder::with(&[("task.toml", &assignment()), ("class/budi/server.py", "def server(:\n")]);
    let graded = folder.netfault(&["grade", "task.toml", "class", "--format", "json"]);
    assert_eq!(graded.code(), Some(1), "{}", graded.out());
    assert_eq!(by_student(&graded.json(), "budi")["points"]["got"], 0);
}

#[test]
fn without_submissions_and_with_an_invalid_assignment_nothing_is_graded() {
    let folder = class();
    folder.write("nobody/notes.txt", "");
    assert_eq!(folder.netfault(&["grade", "task.toml", "nobody"]).code(), Some(3));
    assert_eq!(folder.netfault(&["grade", "task.toml", "nowhere"]).code(), Some(2));
    folder.write("wrong.toml", &assignment().replace("limit", "limt"));
    let wrong = folder.netfault(&["grade", "wrong.toml", "class"]);
    assert_eq!((wrong.code(), wrong.out().as_str()), (Some(2), ""));
    assert!(wrong.err().contains("did you mean limit?"), "{}", wrong.err());
}
