//! Every command in the README runs, and prints what stands there; numbers and line breaks may differ.
//! `NETFAULT_README=write cargo test --test readme` writes down what they print now.
#![cfg(unix)]

#[path = "common/network.rs"]
mod network;

use network::in_a_network_of_its_own;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_netfault");

#[test]
fn every_console_block_prints_what_it_says() {
    in_a_network_of_its_own("every_console_block_prints_what_it_says", || {
        let before = fs::read_to_string(root().join("README.md")).unwrap();
        let mut after = String::new();
        let mut running = Vec::new();
        let mut sections = before.split("```console\n");
        after += sections.next().unwrap();
        for section in sections {
            let (block, prose) = section.split_once("```\n").unwrap();
            let now = replay(block, &mut running);
            if env::var_os("NETFAULT_README").is_none() {
                assert_eq!(essence(&now), essence(block), "\n--- now:\n{now}\n--- in the README:\n{block}");
            }
            after.extend(["```console\n", &now, "```\n", prose]);
        }
        assert!(before.matches("```console").count() > 4, "the README has lost its examples");
        if env::var_os("NETFAULT_README").is_some() {
            fs::write(root().join("README.md"), after).unwrap();
        }
    });
}

#[test]
fn every_command_in_the_text_is_one_that_works() {
    in_a_network_of_its_own("every_command_in_the_text_is_one_that_works", || {
        let readme = fs::read_to_string(root().join("README.md")).unwrap();
        let prose: String = readme.split("```").step_by(2).collect();
        let commands: Vec<&str> =
            prose.split('`').skip(1).step_by(2).filter(|span| span.starts_with("netfault ")).collect();
        assert!(commands.len() > 4, "{commands:?}");
        for command in commands {
            if command.starts_with("netfault serve") || command.starts_with("netfault proxy") {
                let (_server, said) = serve(command, 1);
                assert!(said[0].starts_with("listening "), "{command}: {said:?}");
            } else {
                let status = shell(command).stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
                assert!(matches!(status.code(), Some(0 | 1)), "{command}: {status}");
            }
        }
    });
}

#[test]
fn the_gate_runs_the_two_commands_of_the_first_screen() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let gate = fs::read_to_string(root().join(".ci/run")).unwrap();
    let blocks: Vec<&str> =
        readme.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks, ["cargo run --release -- reproduce\n", "cargo nextest run\n"]);
    for command in blocks {
        assert!(gate.contains(command.trim()), "{command}");
    }
}

/// A server that was started; it ends when this is dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The block as it would be written now. A server goes on running until another is started; a proxy stands beside it.
fn replay(block: &str, running: &mut Vec<Server>) -> String {
    let commands: Vec<&str> = block.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    let printed: Vec<&str> = block.lines().filter(|line| !line.starts_with("$ ")).collect();
    if !printed.is_empty() && printed.iter().all(|line| line.starts_with("listening ")) {
        if !commands[0].starts_with("netfault proxy") {
            running.clear();
        }
        let (server, said) = serve(commands[0], printed.len());
        running.push(server);
        return format!("$ {}\n{}", commands[0], said.concat());
    }
    let mut now = String::new();
    for command in commands {
        let output = shell(command).stdin(Stdio::null()).output().unwrap();
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        now.extend(["$ ", command, "\n", &out, &err]);
    }
    now
}

/// What commands write, they write beside the tests; scenarios are found there as in the repository.
fn workplace() -> &'static Path {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // It may be there from another test or another run.
    let _ = std::os::unix::fs::symlink(root().join("scenarios"), folder.join("scenarios"));
    folder
}

/// Starts a server and gives the first lines that it prints.
fn serve(command: &str, lines: usize) -> (Server, Vec<String>) {
    let mut child = shell(&format!("exec {command}")).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let server = Server(child);
    let mut said = vec![String::new(); lines];
    for line in &mut said {
        out.read_line(line).unwrap();
    }
    (server, said)
}

fn shell(command: &str) -> Command {
    let folder = Path::new(BINARY).parent().unwrap();
    let path = format!("{}:{}", folder.display(), env::var("PATH").unwrap());
    let mut shell = Command::new("bash");
    shell.args(["-c", command]).current_dir(workplace()).env("PATH", path).env("LC_ALL", "C.UTF-8");
    shell.env_remove("NETFAULT_LANG").env_remove("CLICOLOR_FORCE");
    shell
}

/// The text without what differs from run to run: numbers, and where lines break because of their lengths.
fn essence(text: &str) -> String {
    let mut essence = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_ascii_digit() {
            while letters.next_if(|next| next.is_ascii_digit() || *next == '.').is_some() {}
            essence.push('0');
        } else if letter.is_whitespace() {
            while letters.next_if(|next| next.is_whitespace()).is_some() {}
            essence.push(' ');
        } else {
            essence.push(letter);
        }
    }
    essence.trim().to_owned()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
