//! `netfault proxy` as a program.

use crate::running::{connect, echo, exchange, read_to_end};
use crate::served::ask;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Lines, Read as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};

pub(crate) const NETFAULT: &str = env!("CARGO_BIN_EXE_netfault");

/// The program, killed at the end of the test.
pub(crate) struct Program {
    pub(crate) child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Program {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    pub(crate) fn proxy(arguments: &[&str]) -> Self {
        let mut command = Command::new(NETFAULT);
        command.arg("proxy").args(arguments);
        Self::start(command)
    }

    pub(crate) fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    /// The address in a line `listening tcp ADDRESS`.
    pub(crate) fn address(&mut self) -> SocketAddr {
        self.line().split(' ').nth(2).unwrap().parse().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn it_ends_with_a_summary_when_it_is_told_to() {
    let upstream = echo().to_string();
    let mut proxy = Program::proxy(&["--listen", "0", "--upstream", &upstream]);
    let address = proxy.address();
    let mut client = connect(address);
    assert_eq!(exchange(&mut client, b"hello"), b"hello");
    Command::new("kill").arg(proxy.child.id().to_string()).status().unwrap();
    assert_eq!(read_to_end(&mut client), (vec![], None));
    assert_eq!(proxy.line(), "relayed 1 connection, 5 bytes upstream, 5 bytes downstream");
    assert_eq!(proxy.child.wait().unwrap().code(), Some(0));
}

#[test]
fn events_begin_with_the_seed_and_say_which_toxic_did_what() {
    let upstream = echo().to_string();
    let arguments = [
        "--listen",
        "0",
        "--upstream",
        &upstream,
        "--toxic",
        "reset_peer:name=cut",
        "--events",
        "--seed",
        "9",
    ];
    let mut proxy = Program::proxy(&arguments);
    let header: Value = serde_json::from_str(&proxy.line()).unwrap();
    assert_eq!((header["schema_version"].as_u64(), header["seed"].as_u64()), (Some(1), Some(9)));
    let listening: Value = serde_json::from_str(&proxy.line()).unwrap();
    assert_eq!((listening["event"].as_str(), listening["op"].as_str()), (Some("finished"), Some("listen")));
    let address: SocketAddr = listening["local"].as_str().unwrap().parse().unwrap();
    let mut client = connect(address);
    std::io::Write::write_all(&mut client, b"x").unwrap();
    let cut = std::iter::from_fn(|| Some(serde_json::from_str::<Value>(&proxy.line()).unwrap()))
        .find(|event| event["event"] == "injected")
        .unwrap();
    assert_eq!((cut["toxic"].as_str(), cut["did"].as_str()), (Some("cut"), Some("reset")));
}

#[cfg(unix)]
#[test]
fn it_survives_want_of_descriptors() {
    let upstream = echo().to_string();
    let mut command = Command::new("sh");
    command.args([
        "-c",
        "ulimit -n 24; exec \"$0\" \"$@\"",
        NETFAULT,
        "proxy",
        "--listen",
        "0",
        "--upstream",
        &upstream,
    ]);
    let mut proxy = Program::start(command);
    let address = proxy.address();
    let crowd: Vec<TcpStream> = (0..40).map(|_| connect(address)).collect();
    // One of them is served, or told that it cannot be; nobody waits for ever once the others have gone.
    drop(crowd);
    let mut served = false;
    for _ in 0..100 {
        let mut client = connect(address);
        std::io::Write::write_all(&mut client, b"?").unwrap();
        served = client.read_exact(&mut [0]).is_ok();
        if served {
            break;
        }
    }
    assert!(served, "it does not serve any more");
    assert_eq!(proxy.child.try_wait().unwrap(), None);
}

#[test]
fn what_cannot_be_listened_on_is_explained() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let output = Command::new(NETFAULT)
        .args(["proxy", "--lang", "en", "--listen", &listen, "--upstream", "127.0.0.1:1"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("EADDRINUSE") && said.contains(&format!("netfault diagnose bind {listen}")),
        "{said}"
    );
}

#[test]
fn what_is_wrong_with_the_arguments_is_said() {
    let wrong: &[(&[&str], &str)] = &[
        (&["--listen", "0"], "--upstream"),
        (&["--upstream", "h:1"], "--listen"),
        (&["--toxic", "latency"], "--listen"),
        (&["--listen", "0", "--upstream", "nowhere"], "the port is missing"),
        (&["--listen", "0", "--upstream", "h:1", "--toxic", "latncy"], "did you mean latency?"),
        (&["--listen", "0", "--upstream", "h:1", "--toxic", "refuse", "--toxic", "refuse"], "name=SOMETHING"),
        (&["--config", "/nowhere/proxies.toml"], "cannot read /nowhere/proxies.toml"),
    ];
    for (arguments, words) in wrong {
        let output = Command::new(NETFAULT).arg("proxy").args(*arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn a_configuration_is_honoured_with_its_toxics() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("configuration.toml");
    let upstream = echo();
    let text = format!(
        "[[proxy]]\nname = \"short\"\nlisten = \"127.0.0.1:0\"\nupstream = \"{upstream}\"\n\n\
         [[proxy.toxics]]\ntype = \"limit_data\"\nattributes = {{ bytes = 3 }}\n"
    );
    std::fs::write(&path, text).unwrap();
    let mut proxy = Program::proxy(&["--api", "127.0.0.1:0", "--config", path.to_str().unwrap()]);
    let api = proxy.address();
    let mut client = connect(proxy.address());
    std::io::Write::write_all(&mut client, b"12345").unwrap();
    assert_eq!(read_to_end(&mut client).0, b"123");
    assert_eq!(ask(api, "GET", "/proxies/short", "", "").json()["toxics"][0]["type"], "limit_data");
}

#[test]
fn all_mistakes_of_a_configuration_are_told_and_nothing_is_started() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes.json");
    std::fs::write(&path, "[{\"name\": \"a\", \"upstream\": \"x:1\"},\n{\"name\": \"b\", \"upstrem\": \"x:1\",\n\"toxics\": [{\"type\": \"latncy\"}]}]\n").unwrap();
    let output = Command::new(NETFAULT).args(["proxy", "--config"]).arg(&path).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{said}");
    for words in [
        "mistakes.json:2:1: missing required field: upstream",
        ":2:15: a proxy has no key \"upstrem\"",
        ":3:21: invalid toxic type",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn the_same_seed_gives_the_same_decisions_again() {
    let upstream = echo().to_string();
    let draw = |seed: &str| -> Vec<bool> {
        let arguments = [
            "--listen",
            "0",
            "--upstream",
            &upstream,
            "--toxic",
            "reset_after:bytes=0,toxicity=0.5",
            "--seed",
            seed,
        ];
        let mut proxy = Program::proxy(&arguments);
        let address = proxy.address();
        let passes = |_| {
            let mut client = connect(address);
            // It may be reset before this is sent.
            let sent = std::io::Write::write_all(&mut client, b"x");
            sent.is_ok() && client.read_exact(&mut [0]).is_ok()
        };
        (0..32).map(passes).collect()
    };
    let drawn = draw("9");
    assert_eq!(drawn, draw("9"));
    assert_ne!(drawn, draw("10"));
}
