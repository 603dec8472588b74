//! The program under test, servers for it, and what came out of it.

use netfault::failure::Protocol;
use netfault::socket::Socket;
use netfault::trace::Recorder;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netfault"));
    command.args(arguments).env_remove("NETFAULT_LANG").env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    command
}

/// Runs `netfault fetch` to its end.
pub(crate) fn fetch(url: &str, more: &[&str]) -> Output {
    command(&[&["fetch", url], more].concat()).output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `netfault peer web-server`, which ends with the test.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(more: &[&str]) -> Self {
        let arguments = [&["peer", "web-server", "--tcp", "127.0.0.1:0"], more].concat();
        let mut child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().parse().unwrap();
        Self { child, address }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A TCP port that answers "no": bound, so that nobody else gets it, and not listening.
pub(crate) fn closed_port() -> (Socket, SocketAddr) {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let socket = Socket::new(&Recorder::new().actor("holder"), Protocol::Tcp, any).unwrap();
    socket.bind(any).unwrap();
    let address = socket.local().unwrap();
    (socket, address)
}

/// A server that answers each connection with the next of `responses`, the last one over and over. Counts them.
pub(crate) fn answers(responses: Vec<Vec<u8>>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            let response = responses[number.min(responses.len() - 1)].clone();
            thread::spawn(move || answer(&stream.unwrap(), &response));
        }
    });
    (url, count)
}

fn answer(mut stream: &TcpStream, response: &[u8]) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        line.clear();
    }
    // A client that has had enough closes.
    let _ = stream.write_all(response);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let _ = stream.read_to_end(&mut Vec::new());
}

/// A response with its length, and these headers beside it.
pub(crate) fn page(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}
