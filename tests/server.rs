//! The hardened servers over real sockets on loopback: well-behaved clients of each model.

use netfault::server::{Model, Server, Settings, Shutdown, Summary};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::thread::JoinHandle;

/// A server that runs, and how to end it.
struct Running {
    tcp: SocketAddr,
    udp: SocketAddr,
    shutdown: Shutdown,
    thread: JoinHandle<Summary>,
}

impl Running {
    fn start(settings: Settings) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind(Settings { tcp: vec![any], udp: vec![any], ..settings }).unwrap();
        let addresses = server.addresses();
        let shutdown = Shutdown::new();
        let run = shutdown.clone();
        let thread = std::thread::spawn(move || server.run(&run).unwrap());
        Self { tcp: addresses[0].1, udp: addresses[1].1, shutdown, thread }
    }

    fn drain(self) -> Summary {
        self.shutdown.drain();
        self.thread.join().unwrap()
    }
}

#[test]
fn lines_and_datagrams_are_answered_by_every_model() {
    for model in Model::ALL {
        let server = Running::start(Settings { model: *model, ..Settings::default() });
        let mut client = TcpStream::connect(server.tcp).unwrap();
        client.write_all(b"ipin\nUpin\n").unwrap();
        let mut lines = BufReader::new(client.try_clone().unwrap()).lines();
        for expected in ["IPIN | 4 karakter | ", "uPIN | 4 karakter | "] {
            let line = lines.next().unwrap().unwrap();
            assert!(
                line.starts_with(expected) && line.ends_with(" | Data telah diproses"),
                "{model}: {line}"
            );
        }
        client.write_all(b"no line end").unwrap();
        assert!(lines.next().unwrap().unwrap().starts_with("NO LINE END | 11 karakter | "));
        client.write_all(b"half-closed").unwrap();
        client.shutdown(std::net::Shutdown::Write).unwrap();
        assert!(lines.next().unwrap().unwrap().starts_with("HALF-CLOSED | 11 karakter | "));
        assert!(lines.next().is_none());

        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        client.connect(server.udp).unwrap();
        for data in ["ipin", "", "ipin\n"] {
            client.send(data.as_bytes()).unwrap();
            let mut reply = [0; 200];
            let length = client.recv(&mut reply).unwrap();
            let reply = std::str::from_utf8(&reply[..length]).unwrap();
            let expected = format!("{} | {} karakter | ", data.trim().to_uppercase(), data.trim().len());
            assert!(reply.starts_with(&expected) && reply.ends_with("diproses"), "{model}: {reply:?}");
        }

        let summary = server.drain();
        assert_eq!((summary.connections, summary.lines, summary.datagrams), (1, 4, 3), "{model}: {summary}");
        assert!(summary.refused.is_empty() && summary.errors.is_empty(), "{model}: {summary}");
    }
}

#[test]
fn a_drain_closes_idle_connections_and_ends() {
    for model in Model::ALL {
        let server = Running::start(Settings { model: *model, ..Settings::default() });
        let mut client = TcpStream::connect(server.tcp).unwrap();
        client.write_all(b"a\n").unwrap();
        let mut reader = BufReader::new(client);
        reader.read_line(&mut String::new()).unwrap();
        let address = server.tcp;
        assert_eq!(server.drain().lines, 1);
        assert_eq!(reader.read(&mut [0]).unwrap(), 0);
        assert!(TcpStream::connect(address).is_err());
    }
}
