//! Network errors are found in what programs print, and only there. The files under `tests/pastes/` are what
//! runtimes really printed, folders renamed; the other texts follow their forms on systems that are not at hand.

use netfault::knowledge::{self, Sighting};
use proptest::prelude::*;
use std::fs;
use std::path::Path;

/// A sighting as one line: family, errno, line, call, address, runtime.
fn told(sighting: &Sighting) -> String {
    let or_none = |text: Option<&str>| text.unwrap_or("-").to_owned();
    [
        or_none(sighting.family.map(netfault::fault::Family::id)),
        or_none(sighting.code.map(|code| code.name)),
        sighting.line.map_or("-".to_owned(), |line| line.to_string()),
        or_none(sighting.call.map(netfault::failure::Op::name)),
        or_none(sighting.address.as_deref()),
        sighting.runtime.map_or("-".to_owned(), |runtime| runtime.to_string()),
    ]
    .join(" ")
}

fn read(text: &str) -> String {
    knowledge::read(text).as_ref().map_or("nothing".to_owned(), told)
}

const FILES: &[(&str, &str)] = &[
    ("c-perror", "connection-refused ECONNREFUSED 1 connect - C"),
    ("curl7", "connection-refused - 4 connect 127.0.0.1:9 curl"),
    ("java-B", "address-in-use EADDRINUSE 1 bind - Java"),
    ("java-C", "connection-refused ECONNREFUSED 1 connect - Java"),
    ("java-T", "timeout - 1 recv - Java"),
    ("node-fetch", "connection-refused ECONNREFUSED 8 connect 127.0.0.1:12398 Node.js"),
    ("node-inuse", "address-in-use EADDRINUSE 5 listen 127.0.0.1:12399 Node.js"),
    ("node-refused", "connection-refused ECONNREFUSED 5 connect 127.0.0.1:9 Node.js"),
    ("py-asyncio", "connection-refused ECONNREFUSED 27 connect 127.0.0.1:9 Python"),
    ("py-asyncio-bind", "address-in-use EADDRINUSE 21 bind 127.0.0.1:12399 Python"),
    ("py-recv", "timeout - 4 recv - Python"),
    ("py-requests", "connection-refused ECONNREFUSED 21 connect - Python"),
    ("py-udp", "connection-refused ECONNREFUSED 4 recv - Python"),
    ("python-windows-10048", "address-in-use EADDRINUSE 11 bind - Python"),
    ("rust-main", "address-in-use EADDRINUSE 1 - - Rust"),
    ("rust-unwrap", "connection-refused ECONNREFUSED 3 - - Rust"),
    ("strace", "connection-refused ECONNREFUSED 1 connect 127.0.0.1:9 C"),
];

fn paste(name: &str) -> String {
    fs::read_to_string(Path::new("tests/pastes").join(name).with_extension("txt")).unwrap()
}

#[test]
fn what_runtimes_really_print_is_read() {
    for (name, expected) in FILES {
        assert_eq!(read(&paste(name)), *expected, "{name}");
    }
    let files = fs::read_dir("tests/pastes").unwrap().count();
    assert_eq!(files, FILES.len(), "a paste is not in the table");
}

#[test]
fn other_forms_are_read() {
    for (text, expected) in [
        (
            "ConnectionRefusedError: [Errno 61] Connection refused",
            "connection-refused ECONNREFUSED 1 - - Python",
        ),
        ("OSError: [Errno 48] Address already in use", "address-in-use EADDRINUSE 1 - - Python"),
        ("TimeoutError: [Errno 60] Operation timed out", "timeout ETIMEDOUT 1 - - Python"),
        (
            "ConnectionRefusedError: [WinError 10061] 由于目标计算机积极拒绝，无法连接。",
            "connection-refused ECONNREFUSED 1 - - Python",
        ),
        ("OSError: [Errno 98] Alamat telah digunakan", "address-in-use EADDRINUSE 1 - - Python"),
        (
            "  File \"a.py\", line 3, in <module>\n    s.connect((\"10.0.0.7\", 5000))\nTimeoutError: timed out",
            "timeout - 3 connect 10.0.0.7:5000 Python",
        ),
        (
            "Traceback (most recent call last):\n  File \"a.py\", line 9, in f\n    reply = s.recv(10)\nsocket.timeout: timed out",
            "timeout - 4 recv - Python",
        ),
        (
            "requests.exceptions.ConnectTimeout: HTTPConnectionPool(host='10.0.0.7', port=80): Max retries exceeded with url: / (Caused by ConnectTimeoutError(<x>, 'Connection to 10.0.0.7 timed out. (connect timeout=3)'))",
            "timeout - 1 connect 10.0.0.7:80 -",
        ),
        (
            "dial tcp 127.0.0.1:12345: connect: connection refused",
            "connection-refused ECONNREFUSED 1 connect 127.0.0.1:12345 Go",
        ),
        (
            "2026/11/24 10:20:12 listen tcp :12345: bind: address already in use",
            "address-in-use EADDRINUSE 1 bind :12345 Go",
        ),
        ("read tcp 10.0.0.1:4000->10.0.0.2:80: i/o timeout", "timeout - 1 recv 10.0.0.2:80 Go"),
        ("dial tcp [::1]:80: i/o timeout", "timeout - 1 connect [::1]:80 Go"),
        ("Get \"http://api.local:8080/x\": context deadline exceeded", "timeout - 1 - api.local:8080 Go"),
        (
            "Error: listen EADDRINUSE: address already in use :::12345",
            "address-in-use EADDRINUSE 1 listen [::]:12345 Node.js",
        ),
        ("Error: Connection refused (os error 111)", "connection-refused ECONNREFUSED 1 - - Rust"),
        (
            "Error: Os { code: 10048, kind: AddrInUse, message: \"…\" }",
            "address-in-use EADDRINUSE 1 - - Rust",
        ),
        (
            "System.Net.Sockets.SocketException (10061): No connection could be made because the target machine actively refused it. 127.0.0.1:12345",
            "connection-refused ECONNREFUSED 1 - 127.0.0.1:12345 .NET",
        ),
        (
            "System.Net.Sockets.SocketException (111): Connection refused",
            "connection-refused ECONNREFUSED 1 - - .NET",
        ),
        ("java.net.SocketTimeoutException: connect timed out", "timeout - 1 connect - Java"),
        (
            "Caused by: java.net.BindException: Address already in use (Bind failed)",
            "address-in-use EADDRINUSE 1 bind - Java",
        ),
        (
            "curl: (28) Operation timed out after 1001 milliseconds with 0 bytes received",
            "timeout - 1 - - curl",
        ),
        ("bind: Address already in use", "address-in-use EADDRINUSE 1 bind - C"),
        (
            "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)",
            "address-in-use EADDRINUSE 1 bind 0.0.0.0:80 -",
        ),
        (
            "ssh: connect to host 10.0.0.7 port 22: Connection timed out",
            "timeout ETIMEDOUT 1 connect 10.0.0.7:22 -",
        ),
        (
            "telnet: Unable to connect to remote host: Connection refused",
            "connection-refused ECONNREFUSED 1 connect - -",
        ),
        (
            "Error response from daemon: Bind for 0.0.0.0:80 failed: port is already allocated",
            "address-in-use - 1 bind 0.0.0.0:80 -",
        ),
        ("OSError: [Errno 113] No route to host", "- EHOSTUNREACH 1 - - Python"),
        ("BlockingIOError: [Errno 11] Resource temporarily unavailable", "timeout EAGAIN 1 - - Python"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn the_first_error_of_a_chain_is_the_one() {
    let chain = "ConnectionRefusedError: [Errno 111] Connection refused\n\n\
                 During handling of the above exception, another exception occurred:\n\nTimeoutError: timed out";
    assert_eq!(read(chain), "connection-refused ECONNREFUSED 1 - - Python");
}

#[test]
fn only_a_refused_datagram_proves_its_cause() {
    let fault = |text: &str| knowledge::read(text).unwrap().fault.map(netfault::fault::Fault::id);
    assert_eq!(fault(&paste("py-udp")), Some("connection-refused/udp-port-unreachable"));
    assert_eq!(
        fault("read udp 127.0.0.1:4000->127.0.0.1:9: read: connection refused"),
        Some("connection-refused/udp-port-unreachable")
    );
    for name in ["c-perror", "py-asyncio", "java-B", "py-recv"] {
        assert_eq!(fault(&paste(name)), None, "{name}");
    }
}

#[test]
fn what_is_no_network_error_is_not_read_as_one() {
    for text in [
        "",
        "\n\n",
        "python: can't open file 'UDPServer.py': [Errno 2] No such file or directory",
        "PermissionError: [Errno 13] Permission denied: 'notes.txt'",
        "PermissionError: [WinError 5] Access is denied",
        "bash: fork: retry: Resource temporarily unavailable",
        "connected to 10.0.0.61:110",
        "listening on port 10048",
        "HTTP/1.1 503 Service Unavailable",
        "\"GET / HTTP/1.1\" 404 111",
        "timeout=30",
        "set timeout to 30 s, retry after 5 s",
        "client = Client(connect_timeout=5, read_timeout=10)",
        "  File \"a.py\", line 4, in <module>\n    except ConnectionRefusedError:",
        "  File \"a.py\", line 4, in <module>\n    print(\"Connection refused\")\nValueError: no",
        "if error.errno == errno.ECONNREFUSED:",
        "Err(error) if error.kind() == io::ErrorKind::ConnectionRefuse => {}",
        "match Errno::ECONNREFUSED {",
        "process exited with code 111",
        "99 bottles, 98 bottles, 111 bottles",
        "error 404 on line 61",
        "the address of the server is in the file",
        "curl: (6) Could not resolve host: nowhere.invalid",
        "curl: (7) Failed to connect to 192.0.2.1 port 80 after 0 ms: Couldn't connect to server",
        "KeyError: 'ETIMEDOUTS'",
        "errno = 0",
        "EXIT ENTER ERROR EOF",
        "SyntaxError: invalid syntax",
        "Segmentation fault (core dumped)",
    ] {
        assert_eq!(read(text), "nothing", "{text}");
    }
}

/// The same paste as it comes out of mails, logs, terminals and other systems.
fn disguises(text: &str) -> Vec<String> {
    let each = |change: &dyn Fn(&str) -> String| text.lines().map(change).collect::<Vec<_>>().join("\n");
    vec![
        text.replace('\n', "\r\n"),
        each(&|line| format!("> {line}")),
        each(&|line| format!("\u{1b}[31m{line}\u{1b}[0m")),
        format!("\u{feff}{text}"),
    ]
}

#[test]
fn a_disguise_does_not_change_what_is_read() {
    for (name, expected) in FILES {
        for disguise in disguises(&paste(name)) {
            assert_eq!(read(&disguise), *expected, "{name}: {disguise}");
        }
    }
}

#[test]
fn a_log_prefix_hides_no_error() {
    let line = "2026-11-24T10:20:12Z ERROR app: dial tcp 127.0.0.1:12345: connect: connection refused";
    assert_eq!(read(line), "connection-refused ECONNREFUSED 1 connect 127.0.0.1:12345 Go");
}

proptest! {
    #[test]
    fn any_text_is_taken(text in any::<String>()) {
        let _ = knowledge::read(&text);
    }

    #[test]
    fn no_cut_of_a_paste_is_too_short(which in 0..FILES.len(), cut in 0_usize..2000) {
        let text = paste(FILES[which].0);
        let cut = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let _ = knowledge::read(&text[..cut]);
    }

    #[test]
    fn ordinary_words_and_numbers_are_no_error(text in "([a-h]{1,8}|[0-9]{1,5}|[.,:\\[\\]()]| |\n){0,60}") {
        prop_assert_eq!(read(&text), "nothing");
    }
}
