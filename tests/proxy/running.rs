//! A relay that runs in this process, and the two programs beside it.

use netfault::failure::Protocol;
use netfault::proxy::toxic::{self, Toxic};
use netfault::proxy::{Control, Heard, Limits, Relay, Settings, Spec, Totals};
use netfault::trace::{Event, Injection, Recorder, What};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Nothing that is waited for takes so long, unless it never comes.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// A relay with one proxy, called `p`, and its events.
pub(crate) struct Running {
    pub(crate) control: Control,
    pub(crate) address: SocketAddr,
    pub(crate) events: Receiver<Event>,
    network: Protocol,
    thread: Option<JoinHandle<std::io::Result<Totals>>>,
}

impl Running {
    /// A TCP proxy to `upstream` with these toxics.
    pub(crate) fn tcp(upstream: SocketAddr, toxics: &[&str]) -> Self {
        Self::with(Limits::default(), Protocol::Tcp, upstream, toxics)
    }

    /// A UDP proxy.
    pub(crate) fn udp(upstream: SocketAddr, toxics: &[&str]) -> Self {
        Self::with(Limits::default(), Protocol::Udp, upstream, toxics)
    }

    pub(crate) fn with(limits: Limits, network: Protocol, upstream: SocketAddr, toxics: &[&str]) -> Self {
        let listen = if upstream.is_ipv6() { "[::1]:0" } else { "127.0.0.1:0" };
        Self::start(limits, listen, network, upstream, toxics)
    }

    /// A proxy that listens here.
    pub(crate) fn listening(listen: &str, network: Protocol, upstream: SocketAddr) -> Self {
        Self::start(Limits::default(), listen, network, upstream, &[])
    }

    fn start(limits: Limits, listen: &str, network: Protocol, upstream: SocketAddr, toxics: &[&str]) -> Self {
        let (control, thread) = Relay::start(Settings { seed: 7, limits }).unwrap();
        let (heard, events) = mpsc::channel();
        let hear = move |event: &Event| match heard.send(event.clone()) {
            Ok(()) => Heard::Yes,
            Err(_) => Heard::Gone,
        };
        control.tell(move |relay| relay.listen(Box::new(hear))).unwrap();
        let toxics = toxics.iter().map(|given| named(given, network)).collect();
        let spec = Spec {
            name: "p".into(),
            network,
            listen: listen.into(),
            upstream: upstream.to_string(),
            enabled: true,
            toxics,
        };
        let spec = spec.resolve().unwrap();
        let made = control.ask(move |relay| relay.create(spec).and_then(|_| relay.address("p"))).unwrap();
        let (_, address) = made.unwrap();
        Self { control, address, events, network, thread: Some(thread) }
    }

    /// The same with nobody who listens to its events: they would fill the memory.
    pub(crate) fn deaf(mut self) -> Self {
        (_, self.events) = mpsc::channel();
        self
    }

    pub(crate) fn connect(&self) -> TcpStream {
        connect(self.address)
    }

    pub(crate) fn add(&self, given: &str) {
        self.hand().add(given);
    }

    /// Changes attributes of a toxic: `NAME:KEY=VALUE,…` of the same type.
    pub(crate) fn change(&self, name: &'static str, json: &str) {
        let kind = self.control.ask(move |relay| relay.kind("p", name)).unwrap().unwrap();
        let change = toxic::change(kind, &netfault::document::json(json).unwrap()).unwrap();
        self.control.ask(move |relay| relay.change_toxic("p", name, &change)).unwrap().unwrap();
    }

    pub(crate) fn remove(&self, name: &'static str) {
        self.hand().remove(name);
    }

    /// What another thread may change toxics with.
    pub(crate) fn hand(&self) -> Hand {
        Hand(self.control.clone(), self.network)
    }

    /// Waits for the next thing that a toxic did for which `wanted` holds.
    pub(crate) fn wait_for_act(&self, wanted: impl Fn(&Injection) -> bool) -> Injection {
        loop {
            if let What::Injected(act) = self.events.recv_timeout(LONG).expect("the toxic did nothing").what
                && wanted(&act)
            {
                return act;
            }
        }
    }

    /// Waits for a note that contains these words.
    pub(crate) fn wait_for_note(&self, words: &str) {
        loop {
            if let What::Note { text } = self.events.recv_timeout(LONG).expect("nothing was noted").what
                && text.contains(words)
            {
                return;
            }
        }
    }

    pub(crate) fn clients(&self) -> usize {
        self.control.ask(|relay| relay.clients()).unwrap()
    }

    /// Waits until the relay is as wanted; `otherwise` says what it is otherwise.
    pub(crate) fn wait_until(&self, otherwise: &str, wanted: impl Fn(&Self) -> bool) {
        let deadline = Recorder::forgetful().deadline(LONG);
        while !wanted(self) {
            assert!(deadline.left().is_some(), "{otherwise}");
            thread::yield_now();
        }
    }

    /// Lets it deliver what it holds, and end.
    pub(crate) fn drain(mut self) -> Totals {
        self.control.tell(Relay::drain).unwrap();
        self.thread.take().unwrap().join().unwrap().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.control.tell(Relay::end);
        if let Some(thread) = self.thread.take()
            && !thread::panicking()
        {
            thread.join().unwrap().unwrap();
        }
    }
}

/// Adds and removes toxics of `p`.
pub(crate) struct Hand(Control, Protocol);

impl Hand {
    pub(crate) fn add(&self, given: &str) {
        let toxic = named(given, self.1);
        self.0.ask(move |relay| relay.add_toxic("p", toxic)).unwrap().unwrap();
    }

    pub(crate) fn remove(&self, name: &'static str) {
        self.0.ask(move |relay| relay.remove_toxic("p", name)).unwrap().unwrap();
    }
}

fn named(given: &str, network: Protocol) -> Toxic {
    toxic::short(given, network).unwrap()
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    patient(stream)
}

/// No read waits for ever.
pub(crate) fn patient(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream.set_write_timeout(Some(LONG)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

pub(crate) fn listener() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
}

/// A client and the server that it reached through the proxy.
pub(crate) fn pair(running: &Running, listener: &TcpListener) -> (TcpStream, TcpStream) {
    let client = running.connect();
    let (server, _) = listener.accept().unwrap();
    (client, patient(server))
}

/// A server that sends back what it gets, to everybody; it ends with the process.
pub(crate) fn echo() -> SocketAddr {
    let listener = listener();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            thread::spawn(move || {
                let mut reader = stream.try_clone().unwrap();
                // However it ends, that is the client's doing.
                let _ = std::io::copy(&mut reader, &mut stream);
                let _ = stream.shutdown(std::net::Shutdown::Write);
            });
        }
    });
    address
}

/// Sends `bytes` and reads as many back.
pub(crate) fn exchange(stream: &mut TcpStream, bytes: &[u8]) -> Vec<u8> {
    stream.write_all(bytes).unwrap();
    let mut back = vec![0; bytes.len()];
    stream.read_exact(&mut back).unwrap();
    back
}

/// What a read ends with: the bytes that came, or the error.
pub(crate) fn read_to_end(stream: &mut TcpStream) -> (Vec<u8>, Option<ErrorKind>) {
    let mut bytes = Vec::new();
    let error = stream.read_to_end(&mut bytes).err().map(|error| error.kind());
    (bytes, error)
}

/// Closes with a RST.
pub(crate) fn reset(stream: TcpStream) {
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    drop(stream);
}
