//! A server under test, and clients that give up instead of hanging.

use netfault::server::{Limits, Model, Server, Settings, Shutdown, Summary};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::thread::JoinHandle;
use std::time::Duration;

/// No step of a test takes longer, however slow the machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Limits that a test can wait for.
pub(crate) const SHORT: Limits = Limits {
    connections: 8,
    line: 1_000,
    idle: Duration::from_millis(700),
    delivery: Duration::from_millis(600),
    write: Duration::from_millis(600),
    quiet: Duration::from_millis(100),
};

/// A free port of a loopback address of this process alone where there are several (Linux): a test that binds a
/// port again must not find another test's client on it.
pub(crate) fn any_port() -> SocketAddr {
    let [.., high, low] = std::process::id().to_be_bytes();
    let own = if cfg!(target_os = "linux") { [127, 1 + high % 250, low, 1] } else { [127, 0, 0, 1] };
    SocketAddr::from((own, 0))
}

/// A server that runs in a thread of the test.
pub(crate) struct Running {
    pub(crate) tcp: SocketAddr,
    pub(crate) udp: SocketAddr,
    pub(crate) shutdown: Shutdown,
    thread: JoinHandle<Summary>,
}

impl Running {
    /// Binds free ports and serves.
    pub(crate) fn start(settings: Settings) -> Self {
        let any = any_port();
        let server = Server::bind(Settings { tcp: vec![any], udp: vec![any], ..settings }).unwrap();
        let addresses = server.addresses();
        let shutdown = Shutdown::new();
        let run = shutdown.clone();
        let thread = std::thread::spawn(move || server.run(&run).unwrap());
        Self { tcp: addresses[0].1, udp: addresses[1].1, shutdown, thread }
    }

    /// With [`SHORT`] limits.
    pub(crate) fn short(model: Model) -> Self {
        Self::start(Settings { model, limits: SHORT, ..Settings::default() })
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.tcp)
    }

    pub(crate) fn udp_client(&self) -> UdpSocket {
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        client.connect(self.udp).unwrap();
        client.set_read_timeout(Some(PATIENCE)).unwrap();
        client
    }

    /// A well-behaved client gets its answers over both transports.
    pub(crate) fn assert_answers(&self) {
        let mut client = self.connect();
        client.send(b"ipin\n");
        let line = client.line();
        assert!(
            line.starts_with("IPIN | 4 karakter | ") && line.ends_with(" | Data telah diproses"),
            "{line:?}"
        );
        assert_eq!(exchange(&self.udp_client(), b"Halo").split(" | ").next(), Some("hALO"));
    }

    /// Asks for a drain and waits for the end.
    pub(crate) fn drain(self) -> Summary {
        self.shutdown.drain();
        self.wait()
    }

    /// Waits for the end.
    pub(crate) fn wait(self) -> Summary {
        self.thread.join().unwrap()
    }
}

/// One datagram there and one back.
pub(crate) fn exchange(client: &UdpSocket, data: &[u8]) -> String {
    client.send(data).unwrap();
    let mut reply = vec![0; 65_536];
    let length = client.recv(&mut reply).unwrap();
    String::from_utf8(reply[..length].to_vec()).unwrap()
}

/// A TCP client.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Client {
    pub(crate) fn connect(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self { reader: BufReader::new(stream.try_clone().unwrap()), stream }
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// The next reply without its line end; empty when the server has closed.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        line.trim_end_matches('\n').to_owned()
    }

    /// The first field of the next reply.
    pub(crate) fn first_field(&mut self) -> String {
        self.line().split(" | ").next().unwrap_or_default().to_owned()
    }

    /// Everything up to the end of the stream, however it ends.
    pub(crate) fn rest(mut self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        while self.reader.read_line(&mut line).is_ok_and(|length| length > 0) {
            lines.push(std::mem::take(&mut line).trim_end_matches('\n').to_owned());
        }
        lines
    }
}
