//! A network that is up: programs on its hosts, what is said of those that are not there, and that nothing is left.
#![expect(clippy::print_stderr, reason = "a test that needs something says so")]

use crate::{ends, netfault, stderr};
use netfault::vnet;
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Output, Stdio};
use tempfile::TempDir;

const LAB: &str = r#"format_version = 1
[hosts.client]
[hosts.server]
[links.path]
from = "client"
to = "server"
"#;

/// A network in a folder of its own.
struct Up {
    folder: TempDir,
    name: String,
    process: Child,
    told: Value,
    stdout: BufReader<ChildStdout>,
}

impl Up {
    /// Named after the test, and after this process; `None` where there can be none.
    fn start(test: &str) -> Option<Self> {
        let check = netfault(Path::new("."), &["net", "check"]).output().unwrap();
        if check.status.code() == Some(3) {
            eprintln!("skipped: {}", String::from_utf8_lossy(&check.stdout).trim());
            return None;
        }
        assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
        let (folder, pid) = (TempDir::new().unwrap(), std::process::id());
        // A blank is no letter of a name.
        let (file, name) = (format!("{test} {pid}.toml"), format!("{test}-{pid}"));
        fs::write(folder.path().join(&file), LAB).unwrap();
        let mut command = netfault(folder.path(), &["net", "up", &file, "--format", "json"]);
        let mut process =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line).unwrap_or_else(|error| {
            let mut why = String::new();
            process.stderr.take().unwrap().read_to_string(&mut why).unwrap();
            panic!("{error}: {line:?}, {why}");
        });
        Some(Self { folder, name, process, told, stdout })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The words that run a program on a host.
    fn words<'a>(&'a self, host: &'a str, program: &[&'a str]) -> Vec<&'a str> {
        [&["net", "exec", host, "--net", &self.name, "--"][..], program].concat()
    }

    fn run(&self, host: &str, program: &[&str]) -> Output {
        netfault(self.path(), &self.words(host, program)).output().unwrap()
    }

    /// Ends it as Ctrl-C, or another signal, does.
    fn end(mut self, signal: &str) -> Option<i32> {
        let pid = self.process.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let mut rest = String::new();
        // The process inside has this end too: it is gone as well when nothing more can come.
        self.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        self.process.wait().unwrap().code()
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A program on a host that says that it is there, and then waits for its standard input to end.
fn waiting(up: &Up, host: &str) -> (Child, ChildStdin) {
    let mut command = netfault(up.path(), &up.words(host, &["sh", "-c", "echo here; read line"]));
    let mut program = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "here\n");
    let stdin = program.stdin.take().unwrap();
    (program, stdin)
}

#[test]
fn what_is_up_is_told_in_one_line_of_json() {
    let Some(up) = Up::start("told") else { return };
    assert_eq!((&up.told["schema_version"], &up.told["name"]), (&1.into(), &up.name.clone().into()));
    let [client, server] = &up.told["hosts"].as_array().unwrap()[..] else { panic!("{}", up.told) };
    assert_eq!((&client["name"], &server["name"]), (&"client".into(), &"server".into()));
    assert_eq!(client["addresses"], serde_json::json!(["10.1.0.1", "fd00:1::1"]));
    let link = &up.told["links"][0];
    assert_eq!(
        (&link["from"], &link["to"], &link["mtu"]),
        (&"client".into(), &"server".into(), &1500.into())
    );
    assert!(vnet::networks_up().contains(&up.name), "its name is among them");
}

#[test]
fn the_output_and_the_exit_code_of_a_program_are_its_own() {
    let Some(up) = Up::start("codes") else { return };
    let ended = up.run("client", &["sh", "-c", "echo out; echo err >&2; exit 7"]);
    assert_eq!((ended.status.code(), stderr(&ended).as_str()), (Some(7), "err\n"));
    assert_eq!(ended.stdout, b"out\n");
    assert_eq!(up.run("client", &["true"]).status.code(), Some(0));
    // 128 and the number of the signal, as shells have it.
    assert_eq!(up.run("client", &["sh", "-c", "kill -KILL $$"]).status.code(), Some(137));
    let name = up.run("server", &["sh", "-c", "uname -n; echo $NETFAULT_HOST; pwd"]);
    let folder = fs::canonicalize(up.path()).unwrap();
    assert_eq!(String::from_utf8(name.stdout).unwrap(), format!("server\nserver\n{}\n", folder.display()));
    let (mut program, mut stdin) = waiting(&up, "client");
    stdin.write_all(b"its own input too\n").unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(0));
}

#[test]
fn a_program_that_cannot_be_run_is_a_mistake_and_what_one_ends_with_its_own() {
    let Some(up) = Up::start("none") else { return };
    fs::write(up.path().join("text"), "no program").unwrap();
    ends(
        up.path(),
        &up.words("client", &["no-such-program"]),
        2,
        &["cannot run no-such-program", "No such file"],
    );
    ends(up.path(), &up.words("client", &["./text"]), 2, &["cannot run ./text", "EACCES"]);
    let output = up.run("client", &["sh", "-c", "exit 127"]);
    assert_eq!(
        (output.status.code(), stderr(&output).as_str()),
        (Some(127), ""),
        "that is the program's own"
    );
}

#[test]
fn a_host_or_a_network_that_is_not_there_is_told_with_those_that_are() {
    let Some(up) = Up::start("where") else { return };
    let what = format!("the network {} has no host clinet", up.name);
    ends(up.path(), &up.words("clinet", &["true"]), 2, &[&what, "client, server"]);
    let other = format!("no {}", up.name);
    let exec = ["net", "exec", "client", "--net", &other, "--", "true"];
    ends(up.path(), &exec, 2, &[&format!("no network {other} is up"), &up.name]);
    ends(up.path(), &["net", "exec", "client"], 2, &["CMD"]);
}

#[test]
fn which_of_two_networks_has_to_be_said() {
    let (Some(one), Some(other)) = (Up::start("one"), Up::start("other")) else { return };
    let words = ["several networks are up", "--net", &one.name, &other.name];
    ends(one.path(), &["net", "exec", "client", "--", "true"], 2, &words);
    assert_eq!(one.run("client", &["true"]).status.code(), Some(0));
    assert_eq!(other.run("client", &["true"]).status.code(), Some(0));
}

#[test]
fn only_one_network_of_a_name_is_up() {
    let Some(up) = Up::start("twice") else { return };
    let file = format!("{}.toml", up.name);
    fs::write(up.path().join(&file), LAB).unwrap();
    fs::write(up.path().join("other.toml"), LAB).unwrap();
    let what = format!("a network {} is up already", up.name);
    ends(up.path(), &["net", "up", &file], 2, &[&what, "another name"]);
    ends(up.path(), &["net", "up", "other.toml", "--name", &up.name], 2, &[&what]);
    assert_eq!(up.run("client", &["true"]).status.code(), Some(0), "the first is not touched");
    let long = "x".repeat(200);
    ends(up.path(), &["net", "up", "other.toml", "--name", &long], 2, &["up to 64 letters", "--name"]);
}

#[test]
fn nothing_is_left_of_a_network_however_it_ends() {
    for (signal, code) in [("-INT", Some(0)), ("-TERM", Some(0)), ("-KILL", None)] {
        let Some(up) = Up::start("left") else { return };
        let (mut program, _stdin) = waiting(&up, "client");
        let (name, path) = (up.name.clone(), fs::canonicalize(".").unwrap());
        assert_eq!(up.end(signal), code, "{signal}");
        assert_eq!(program.wait().unwrap().code(), Some(137), "{signal}: its programs are ended");
        assert!(!vnet::networks_up().contains(&name), "{signal}");
        let exec = ["net", "exec", "client", "--net", &name, "--", "true"];
        ends(&path, &exec, 2, &[&format!("no network {name} is up")]);
    }
}

#[test]
fn a_machine_that_does_not_allow_it_is_told_with_the_setting_and_the_remedy() {
    // In a user namespace whose limit is 0, by somebody who has no capability there.
    let script = "echo 0 > /proc/sys/user/max_user_namespaces || exit 99
        exec setpriv --bounding-set=-all --inh-caps=-all \"$@\"";
    let program = env!("CARGO_BIN_EXE_netfault");
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new("unshare");
        command.args(["-Ur", "sh", "-c", script, "sh", program]).args(args).env("LC_ALL", "C");
        command.output().map_err(|error| error.to_string())
    };
    match run(&["--version"]) {
        Ok(output) if output.status.success() => {}
        other => {
            eprintln!("skipped: needs unshare and setpriv of util-linux, and user namespaces: {other:?}");
            return;
        }
    }
    let check = run(&["net", "check"]).unwrap();
    let told = String::from_utf8_lossy(&check.stdout).into_owned() + &stderr(&check);
    assert_eq!(check.status.code(), Some(3), "{told}");
    for words in
        ["unshare(2): ENOSPC", "user.max_user_namespaces is 0", "sysctl -w user.max_user_namespaces="]
    {
        assert!(told.contains(words), "{told}");
    }
    let fault = run(&["reproduce", "timeout/connect-blackhole"]).unwrap();
    assert_eq!(fault.status.code(), Some(3), "{}", stderr(&fault));
    assert!(String::from_utf8_lossy(&fault.stdout).contains("user.max_user_namespaces is 0"));
}
