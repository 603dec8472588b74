//! The engine of `netfault fetch`, against servers that send exactly what a test says.

mod bodies;
mod hostile;
mod tries;

use netfault::evidence::Eyes;
use netfault::fetch::{self, Settings, Sink, Target};
use netfault::resolver;
use netfault::retry::{Backoff, Policy};
use netfault::trace::{Fetched, Recorder};
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroU32;
use std::thread;
use std::time::Duration;

/// Longer than any test here takes, unless it hangs.
const LIMIT: Duration = Duration::from_secs(10);

/// What a server does with a connection and the head of the request on it.
type Act = Box<dyn FnOnce(&mut TcpStream, &str) + Send>;

/// A server that does the next of `acts` with each connection, after it has read the head of the request.
fn serving(acts: Vec<Act>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for act in acts {
            let (mut client, _) = listener.accept().unwrap();
            let request = head_of(&mut client);
            act(&mut client, &request);
        }
    });
    address
}

fn head_of(client: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// Sends `bytes`, and closes.
fn sends(bytes: impl Into<Vec<u8>>) -> Act {
    let bytes = bytes.into();
    // A client that has seen enough may have left.
    Box::new(move |client, _| drop(client.write_all(&bytes)))
}

fn settings() -> Settings {
    Settings {
        resolver: resolver::Settings::default(),
        connect: Duration::from_secs(2),
        longest_body: 1 << 20,
        redirects: 5,
        verify: true,
        trusted: Vec::new(),
        policy: Policy::ONCE,
    }
}

/// Three attempts without a wait.
fn three_times() -> Settings {
    let policy = Policy { attempts: NonZeroU32::new(3).unwrap(), backoff: Backoff::None, ..Policy::ONCE };
    Settings { policy, ..settings() }
}

#[derive(Default)]
struct Kept(Vec<u8>);

impl Sink for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn start_over(&mut self) -> bool {
        self.0.clear();
        true
    }
}

fn fetch_with(url: &str, settings: &Settings, limit: Duration) -> (Fetched, Vec<u8>) {
    let recorder = Recorder::new();
    let (eyes, by) = (Eyes::new(&recorder), recorder.deadline(limit));
    let target: Target = url.parse().unwrap();
    let mut kept = Kept::default();
    let fetched = fetch::fetch(&recorder, &eyes, &target, settings, &mut kept, &by).unwrap();
    (fetched, kept.0)
}

/// Fetches `/` of a server that sends `bytes` once.
fn fetch_of(bytes: impl Into<Vec<u8>>) -> (Fetched, Vec<u8>) {
    let address = serving(vec![sends(bytes)]);
    fetch_with(&format!("http://{address}/"), &settings(), LIMIT)
}

/// The text of the failure that ended it.
fn said(fetched: &Fetched) -> String {
    fetched.failure.as_ref().map_or_else(String::new, ToString::to_string)
}
