//! Networks for tests, and what runs on their hosts.

use netfault::trace::Recorder;
use netfault::vnet::{Host, Link, Network, Topology};
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output};
use std::thread;

/// `client` and `server`, and a link between them.
pub(crate) fn pair() -> Topology {
    Topology {
        hosts: vec![Host::new("client"), Host::new("server")],
        links: vec![Link::new("link", 1, [0, 1])],
    }
}

/// `client`, `router` and `server` in a row, over the links `near` and `far`.
pub(crate) fn routed() -> Topology {
    Topology {
        hosts: vec![Host::new("client"), Host::router("router"), Host::new("server")],
        links: vec![Link::new("near", 1, [0, 1]), Link::new("far", 2, [1, 2])],
    }
}

pub(crate) fn started(topology: &Topology) -> Network {
    Network::start(topology, 1, &Recorder::forgetful(), Vec::new()).expect("the network starts")
}

/// A server on a host that sends everything back.
pub(crate) fn echo(network: &Network, v6: bool) -> SocketAddr {
    let ip: IpAddr = network.address("server", "client", v6).unwrap();
    let listener = network.within("server", || TcpListener::bind((ip, 0)).unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || {
                let mut stream = stream.unwrap();
                let mut room = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut room) {
                    if stream.write_all(&room[..count]).is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

/// One exchange with an echo.
pub(crate) fn exchange(network: &Network, with: SocketAddr) -> std::io::Result<Vec<u8>> {
    network
        .within("client", || {
            let mut stream = TcpStream::connect(with)?;
            stream.write_all(b"Ipin")?;
            let mut back = [0; 4];
            stream.read_exact(&mut back)?;
            Ok(back.to_vec())
        })
        .unwrap()
}

/// A program on a host.
pub(crate) fn run(network: &Network, host: &str, words: &[&str]) -> Output {
    network
        .within(host, || Command::new(words[0]).args(&words[1..]).output())
        .unwrap()
        .expect("the program starts")
}
