//! The program under test, and clients that are not.

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

/// Longer than anything takes that is waited for here.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// Any free port.
pub(crate) const ANY: &str = "127.0.0.1:0";

/// Runs `netfault` to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// The lines of its standard output.
pub(crate) fn lines(output: &Output) -> Vec<String> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(str::to_owned).collect()
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netfault"));
    command.args(arguments).env_remove("NETFAULT_LANG").env("LC_ALL", "C").stdin(Stdio::null());
    command
}

/// A program that runs. It ends with the test, however that ends.
pub(crate) struct Program {
    child: Child,
    pub(crate) stdout: Lines<BufReader<ChildStdout>>,
}

impl Program {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, stdout }
    }

    /// A server of one role, and the address on which it takes TCP.
    pub(crate) fn tcp(role: &str, more: &[&str]) -> (Self, SocketAddr) {
        let mut program = Self::start(&[&["peer", role, "--tcp", ANY], more].concat());
        let address = program.listening("tcp");
        (program, address)
    }

    /// The same over UDP.
    pub(crate) fn udp(role: &str, more: &[&str]) -> (Self, SocketAddr) {
        let mut program = Self::start(&[&["peer", role, "--udp", ANY], more].concat());
        let address = program.listening("udp");
        (program, address)
    }

    pub(crate) fn line(&mut self) -> String {
        self.stdout.next().unwrap().unwrap()
    }

    /// The address in the next line, which must name `protocol`.
    pub(crate) fn listening(&mut self, protocol: &str) -> SocketAddr {
        let line = self.line();
        line.strip_prefix(&format!("listening {protocol} "))
            .unwrap_or_else(|| panic!("{line}"))
            .parse()
            .unwrap()
    }

    /// Sends a signal and gives the exit code.
    pub(crate) fn end(mut self, signal: &str) -> Option<i32> {
        let sent = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        self.child.wait().unwrap().code()
    }

    /// Waits for its end and gives the exit code.
    pub(crate) fn wait(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends a line and gives the line that comes back.
pub(crate) fn exchange(stream: &mut TcpStream, line: &str) -> String {
    stream.write_all(format!("{line}\n").as_bytes()).unwrap();
    read_line(stream)
}

/// Reads byte by byte, so that nothing after the line is taken.
pub(crate) fn read_line(stream: &mut TcpStream) -> String {
    let mut line = Vec::new();
    loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        if byte == *b"\n" {
            return String::from_utf8(line).unwrap();
        }
        line.extend(byte);
    }
}

/// Sends a datagram and gives the one that comes back.
pub(crate) fn ask_udp(address: SocketAddr, text: &str) -> String {
    let socket = UdpSocket::bind(ANY).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.send_to(text.as_bytes(), address).unwrap();
    let mut room = [0; 1024];
    let length = socket.recv(&mut room).unwrap();
    String::from_utf8(room[..length].to_vec()).unwrap()
}
