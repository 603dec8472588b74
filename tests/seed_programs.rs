//! The four programs of the course module, as they stand there (`scenarios/seed/`), talk to ours, and ours to theirs.
//!
//! They hold port 12345 in their text, and their TCP server leaves it in `TIME_WAIT`. So each test has a network
//! of its own: it runs itself again inside a new network namespace, unshare(1).

#[path = "common/network.rs"]
mod network;

use network::in_a_network_of_its_own;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

#[test]
fn their_tcp_client_is_answered_by_our_server() {
    in_a_network_of_its_own("their_tcp_client_is_answered_by_our_server", || {
        for flags in [&["--model", "event-loop"][..], &["--model", "threads"], &["--model", "sequential"]] {
            let _server = serve("tcp", flags);
            let said = python("TCPClient").rest();
            let reply = said.strip_prefix("Balasan dari server: hALO DARI CLIENT | 16 karakter | ");
            // A reply of ours ends its line, and their `print` ends it once more.
            let ends_as_ours = reply.is_some_and(|reply| reply.ends_with(" | Data telah diproses\n\n"));
            assert!(ends_as_ours, "{flags:?}: {said}");
        }
    });
}

#[test]
fn their_udp_client_is_answered_by_our_server() {
    in_a_network_of_its_own("their_udp_client_is_answered_by_our_server", || {
        let _server = serve("udp", &[]);
        let said = python("UDPClient").typed("ipin\n").rest();
        let reply =
            said.strip_prefix("Masukkan data untuk dikirim ke server: Dari server: IPIN | 4 karakter | ");
        assert!(reply.is_some_and(|reply| reply.ends_with(" | Data telah diproses\n")), "{said}");
    });
}

#[test]
fn their_tcp_client_is_answered_by_our_naive_server() {
    in_a_network_of_its_own("their_tcp_client_is_answered_by_our_naive_server", || {
        let _server = serve("tcp", &["--naive"]);
        let said = python("TCPClient").rest();
        assert!(said.starts_with("Balasan dari server: hALO DARI CLIENT | 16 karakter | "), "{said}");
    });
}

#[test]
fn their_udp_client_is_answered_by_our_naive_server() {
    in_a_network_of_its_own("their_udp_client_is_answered_by_our_naive_server", || {
        let _server = serve("udp", &["--naive"]);
        let said = python("UDPClient").typed("ipin\n").rest();
        assert!(said.contains("Dari server: IPIN | 4 karakter | "), "{said}");
    });
}

#[test]
fn our_tcp_client_is_answered_by_their_server() {
    in_a_network_of_its_own("our_tcp_client_is_answered_by_their_server", || {
        let mut server = python("TCPServer").ready("Server siap menerima koneksi...");
        assert_eq!(send("tcp", &["Halo", "dunia"]).rest(), "Halo juga dari server!\n");
        assert!(server.line().starts_with("Terhubung dengan client dari ('127.0.0.1', "));
        // The line end of the request is data to a server that knows no lines.
        assert_eq!(server.rest(), "Pesan dari client: Halo dunia\n\n");
    });
}

#[test]
fn our_naive_tcp_client_is_answered_by_their_server() {
    in_a_network_of_its_own("our_naive_tcp_client_is_answered_by_their_server", || {
        let mut server = python("TCPServer").ready("Server siap menerima koneksi...");
        assert_eq!(send("tcp", &["--naive", "Halo"]).rest(), "Halo juga dari server!\n");
        server.line();
        assert_eq!(server.rest(), "Pesan dari client: Halo\n");
    });
}

#[test]
fn our_udp_clients_are_answered_by_their_server() {
    in_a_network_of_its_own("our_udp_clients_are_answered_by_their_server", || {
        let mut server = python("UDPServer").ready("UDP Server berjalan dan menunggu pesan...");
        for flags in [&[][..], &["--naive"]] {
            let said = send("udp", &[flags, &["Ipin"]].concat()).rest();
            assert!(said.starts_with("iPIN | ") && said.ends_with(" | Data telah diproses\n"), "{said}");
            assert_eq!(server.line(), "Dari client: Ipin\n");
        }
    });
}

#[test]
fn our_classic_reply_is_theirs_to_the_letter() {
    in_a_network_of_its_own("our_classic_reply_is_theirs_to_the_letter", || {
        let texts = ["ipin", " Upin dan Ipin ", "Straße ŉ ǅ ΑΣ", "", "a | b", "\u{1f600} 日本"];
        let requests = texts.join("\n");
        let without_time = |replies: String| -> Vec<String> {
            let replies = replies.lines().map(|reply| {
                let mut fields: Vec<_> = reply.rsplitn(3, " | ").collect();
                assert_eq!(fields.remove(1).len(), "2025-04-10 10:20:12".len(), "{reply}");
                fields.join(" | ")
            });
            replies.collect()
        };
        let replies = || without_time(send("udp", &[]).typed(&requests).rest());
        let theirs = {
            let _server = python("UDPServer").ready("UDP Server berjalan dan menunggu pesan...");
            replies()
        };
        let _server = serve("udp", &["--reply", "classic"]);
        assert_eq!(replies(), theirs);
        assert_eq!(theirs.len(), texts.len());
    });
}

/// A program under way; dropping it ends it.
struct Program {
    child: Child,
    out: BufReader<ChildStdout>,
}

/// `netfault serve` on the port of their programs, ready.
fn serve(protocol: &str, flags: &[&str]) -> Program {
    let address = [&format!("--{protocol}"), "127.0.0.1:12345"];
    Program::start(Command::new(env!("CARGO_BIN_EXE_netfault")).arg("serve").args(address).args(flags))
        .ready(&format!("listening {protocol} 127.0.0.1:12345"))
}

/// `netfault send` to that port.
fn send(protocol: &str, arguments: &[&str]) -> Program {
    Program::start(Command::new(env!("CARGO_BIN_EXE_netfault")).args(["send", protocol]).args(arguments))
}

/// One of their programs.
fn python(program: &str) -> Program {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/seed").join(program).with_extension("py");
    Program::start(Command::new("python3").arg("-u").arg(path))
}

impl Program {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    /// Waits until it says that it is.
    fn ready(mut self, greeting: &str) -> Self {
        assert_eq!(self.line().trim_end(), greeting);
        self
    }

    /// Types `text`, and then nothing more.
    fn typed(mut self, text: &str) -> Self {
        self.child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        self
    }

    /// The next line of its output.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line
    }

    /// The rest of its output; it has to end by itself, and well.
    fn rest(mut self) -> String {
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success(), "it said {rest:?}");
        rest
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
