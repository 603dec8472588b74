//! What is said of a network that cannot be: the file, the line and the key, and the nearest right word.

use crate::{ends, netfault, stderr};
use std::fmt::Write as _;
use std::fs;
use tempfile::TempDir;

/// Before and after the hosts and links of a scenario.
const HEAD: &str = r#"format_version = 1
title = { en = "a", id = "b" }
text = { en = "a", id = "b" }
network = "virtual"
"#;
const TAIL: &str = r#"
[programs.asks]
host = "client"
command = "true"
[[expect]]
of = "asks"
exit = 0
"#;
/// Two hosts.
const HOSTS: &str = "[hosts.client]\n[hosts.server]\n";

/// A folder with this file.
fn folder(file: &str, text: impl AsRef<[u8]>) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(file), text).unwrap();
    folder
}

/// Of these lines, each that ends with `#!` and words is told with these words, and nothing else is told: of a file with a
/// network alone, and of a scenario.
#[track_caller]
fn told(lines: &str) {
    let network = format!("format_version = 1\n{lines}");
    told_by(&network, &["net", "up", "lab.toml"]);
    told_by(&network, &["scenario", "shell", "lab.toml", "--host", "client"]);
    let scenario = format!("{HEAD}{lines}{TAIL}");
    told_by(&scenario, &["scenario", "validate", "lab.toml"]);
    told_by(&scenario, &["scenario", "run", "lab.toml"]);
    told_by(&scenario, &["net", "up", "lab.toml"]);
}

#[track_caller]
fn told_by(text: &str, args: &[&str]) {
    let folder = folder("lab.toml", text);
    let output = netfault(folder.path(), args).output().unwrap();
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
    assert!(output.stdout.is_empty(), "{args:?} printed a result");
    let wanted: Vec<(usize, &str)> =
        (1..).zip(text.lines()).filter_map(|(at, line)| Some((at, line.split_once("#! ")?.1))).collect();
    assert!(!wanted.is_empty(), "nothing is wanted");
    for (at, words) in &wanted {
        let place = format!("lab.toml:{at}:");
        let is_told = told.lines().any(|line| line.contains(&place) && line.contains(words));
        assert!(is_told, "{args:?} does not say {words:?} of line {at}: {told}");
    }
    let count = told.lines().filter(|line| line.contains("lab.toml:")).count();
    assert_eq!(count, wanted.len(), "{args:?}: {told}");
}

/// The same of a link from `client` to `server` with these lines.
#[track_caller]
fn told_of_link(lines: &str) {
    told(&format!("{HOSTS}[links.path]\nfrom = \"client\"\nto = \"server\"\n{lines}\n"));
}

#[test]
fn a_link_to_a_host_that_is_not_there() {
    told(&format!(
        "{HOSTS}[links.path]\nfrom = \"client\"\nto = \"srever\" #! to: there is no host or program \"srever\"; did you mean server?\n"
    ));
    told(
        r#"[hosts.client]
[hosts.server]
[links.path]
from = "cleint"              #! from: there is no host or program "cleint"; did you mean client?
to = "server"
impairments = ["dorp"]       #! did you mean drop?
"#,
    );
}

#[test]
fn two_hosts_with_one_address() {
    told_of_link(
        r#"from_addresses = ["10.7.0.1/24"]
to_addresses = ["10.7.0.1/24"]   #! link path: to_addresses: both ends have the address 10.7.0.1"#,
    );
    told_of_link(
        r#"from_addresses = ["10.7.0.1/24", "10.7.0.3/24"] #! from_addresses: 10.7.0.1/24 is of the same family as "10.7.0.3/24"
to_addresses = ["10.7.0.2/24"]"#,
    );
    told_of_link(
        r#"from_addresses = ["10.7.0.1/24"]
to_addresses = ["10.8.0.2/24"]   #! to_addresses: its ends are on two networks, 10.7.0.0/24 and 10.8.0.0/24"#,
    );
    told_of_link(
        r#"from_addresses = ["10.7.0.1"]    #! from_addresses: expected an address with its prefix, such as "10.7.0.1/24", found "10.7.0.1"
to_addresses = ["10.1.0.2/24"]"#,
    );
}

#[test]
fn networks_that_overlap() {
    told(
        r#"[hosts.client]
[hosts.router]
routes = true
[hosts.server]
[links.near]
from = "client"
to = "router"
[links.far]
from = "router"
to = "server"
from_addresses = ["10.1.0.9/16"]
to_addresses = ["10.1.0.10/16"]  #! link far: to_addresses: 10.1.0.0/16 overlaps 10.1.0.0/24 of the link `near`
"#,
    );
}

#[test]
fn a_rate_that_cannot_be() {
    told_of_link(
        r#"impairments = ["bandwidth:rate=-1"] #! impairments: "bandwidth:rate=-1": rate: expected a whole number from 0, found -1"#,
    );
    told_of_link(r#"impairments = ["bandwidth:rate=fast"] #! rate: expected a whole number, found "fast""#);
    told_of_link(r#"impairments = ["bandwidth:rate=1e999"] #! rate: expected a whole number"#);
    told_of_link(r#"impairments = ["bandwidth:rat=1"] #! did you mean rate?"#);
    told_of_link(
        r#"impairments = ["loss:probability=2"] #! probability: expected a number from 0 to 1, found 2"#,
    );
    told_of_link(r#"preset = "wify"  #! preset: expected one of "lan", "wifi""#);
    told_of_link("mtu = 1279 #! mtu: expected a whole number from 1280 to 65535, found 1279");
}

#[test]
fn what_is_said_of_an_attribute_is_not_said_of_filters() {
    let link = "[links.path]\nfrom = \"client\"\nto = \"server\"\nimpairments = [\"bandwidth:rate=-1\"]\n";
    let folder = folder("lab.toml", format!("format_version = 1\n{HOSTS}{link}"));
    let output = netfault(folder.path(), &["net", "up", "lab.toml"]).output().unwrap();
    assert!(!stderr(&output).contains("drop"), "{}", stderr(&output));
}

#[test]
fn a_filter_that_is_none() {
    told_of_link(
        r#"impairments = ["dorp:port=80"]     #! impairments: "dorp:port=80": invalid toxic type: "dorp""#,
    );
    told_of_link(r#"impairments = ["rejct"]            #! did you mean reject?"#);
    told_of_link(
        r#"impairments = ["firewall"]         #! of a virtual network there are drop and reject too"#,
    );
    told_of_link(
        r#"impairments = ["drop:port=http"]   #! impairments: "drop:port=http": port: expected a whole number from 0 to 65535, found "http""#,
    );
    told_of_link(
        r#"impairments = ["drop:port=65536"]  #! port: expected a whole number from 0 to 65535, found "65536""#,
    );
    told_of_link(r#"impairments = ["drop:prot=80"]     #! drop has no prot; did you mean port?"#);
    told_of_link(r#"impairments = ["drop:port"]        #! "port" has no value"#);
    told_of_link(r#"impairments = ["drop:with=rst"]    #! only reject has it"#);
    told_of_link(r#"impairments = ["reject:with=rts"]  #! with: expected rst, net-unreachable"#);
    told_of_link(r#"impairments = ["reject:from=me"]   #! from: expected an IP address, found "me""#);
    told_of_link(
        r#"impairments = ["drop", "drop"]     #! there is a "drop" already; give this one a name of its own"#,
    );
    told_of_link(
        r#"impairments = ["slow_close"]       #! slow_close is done to a connection, and a link of a virtual network carries packets"#,
    );
}

#[test]
fn keys_that_do_not_exist() {
    told_of_link("delay = 5              #! path has no key \"delay\"; it has from, to");
    told("[hosts.client]\nrouts = true #! client has no key \"routs\"; did you mean routes?\n");
    told("[hosts.client]\nresolver = \"me\" #! resolver: expected an IP address, found \"me\"\n");
    told(
        "[hosts.client]\naliases = [\"c d\"]\n"
            .replace("[hosts.client]", "[hosts.client] #! host client: `c d` is no name of a host")
            .as_str(),
    );
    let text = "format_version = 1\n[host.client]   #! a network has no key \"host\"; did you mean hosts?\n[hosts.client]\n";
    told_by(text, &["net", "up", "lab.toml"]);
}

#[test]
fn more_hosts_and_links_than_a_network_has() {
    let mut hosts = String::from("[hosts.client] #! 300 hosts; a network has at most 64\n");
    (1..300).for_each(|at| writeln!(hosts, "[hosts.h{at}]").unwrap());
    hosts += "[links.path]\nfrom = \"client\"\nto = \"h1\"\n";
    told(&hosts);
    let mut links = String::from("[hosts.client] #! 300 links; a network has at most 128\n[hosts.server]\n");
    (0..300).for_each(|at| writeln!(links, "[links.l{at}]\nfrom = \"client\"\nto = \"server\"").unwrap());
    told(&links);
}

#[test]
fn a_version_of_the_format_that_is_not_this_one() {
    for (version, words) in [
        ("2", "format_version 2 is newer than this program, which reads 1; install a newer netfault"),
        ("0", "format_version: expected 1, found 0"),
        ("\"1\"", "format_version: expected 1, found \"1\""),
    ] {
        let text = format!("format_version = {version} #! {words}\n{HOSTS}");
        told_by(&text, &["net", "up", "lab.toml"]);
    }
    told_by("[hosts.client] #! a network needs the key format_version\n", &["net", "up", "lab.toml"]);
}

#[test]
fn a_file_that_cannot_be_read() {
    let folder = folder("bytes.toml", b"format_version = 1\n[hosts.\xff]\n");
    let path = folder.path();
    fs::create_dir(path.join("folder.toml")).unwrap();
    fs::write(path.join("half.toml"), "format_version = 1\n[hosts.client\n").unwrap();
    for command in [&["net", "up"][..], &["scenario", "shell", "--host", "client"]] {
        let with = |file| [command, &[file]].concat();
        ends(path, &with("none.toml"), 2, &["error: cannot read none.toml"]);
        ends(path, &with("folder.toml"), 2, &["error: cannot read folder.toml"]);
        ends(path, &with("bytes.toml"), 2, &["error: bytes.toml: line 2: the text is not UTF-8"]);
        ends(path, &with("half.toml"), 2, &["error: half.toml:2:14: ", "[hosts.client"]);
    }
}

#[test]
fn a_shell_on_a_host_that_is_not_there() {
    let folder = folder("lab.toml", format!("format_version = 1\n{HOSTS}"));
    let shell = ["scenario", "shell", "lab.toml", "--host", "sever"];
    ends(folder.path(), &shell, 2, &["lab.toml has no host sever", "client, server"]);
}

#[test]
fn a_network_is_no_scenario_and_one_on_loopback_no_network() {
    let folder = folder("lab.toml", format!("format_version = 1\n{HOSTS}"));
    for command in ["validate", "run"] {
        let words = ["lab.toml:2:2: a network without programs, which `netfault net up` sets up"];
        ends(folder.path(), &["scenario", command, "lab.toml"], 2, &words);
    }
    let text = format!("{}{TAIL}", HEAD.replace("virtual", "loopback"));
    fs::write(folder.path().join("lab.toml"), text).unwrap();
    let words = ["lab.toml:", "it is on loopback, and has no network of its own: network = \"virtual\""];
    ends(folder.path(), &["net", "up", "lab.toml"], 2, &words);
}
