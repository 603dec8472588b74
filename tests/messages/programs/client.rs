//! Meets an error and dies of it: client CASE.
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

fn main() -> Result<(), std::io::Error> {
    let mut buffer = [0; 1024];
    match std::env::args().nth(1).as_deref() {
        Some("refused") => drop(TcpStream::connect("127.0.0.1:12345")?),
        Some("refused_unwrap") => drop(TcpStream::connect("127.0.0.1:12345").unwrap()),
        Some("refused_display") => {
            if let Err(error) = TcpStream::connect("127.0.0.1:12345") {
                eprintln!("cannot connect to 127.0.0.1:12345: {error}");
            }
        }
        Some("refused_udp") => {
            let client = UdpSocket::bind("127.0.0.1:0")?;
            client.connect("127.0.0.1:12345")?;
            client.send(b"Ipin")?;
            client.recv(&mut buffer).expect("recv");
        }
        Some("read_timeout") => {
            let mut client = TcpStream::connect("127.0.0.1:12346")?;
            client.set_read_timeout(Some(Duration::from_millis(200)))?;
            client.read(&mut buffer).expect("read from the server");
        }
        Some("in_use") => drop(TcpListener::bind("127.0.0.1:12353").expect("bind failed")),
        Some("not_available") => drop(TcpListener::bind("203.0.113.9:12345")?),
        Some("reset") => {
            let mut client = TcpStream::connect("127.0.0.1:12347")?;
            client.write_all(b"Ipin\n")?;
            client.read(&mut buffer)?;
        }
        Some("unreachable_network") => drop(TcpStream::connect("203.0.113.9:12345")?),
        Some("no_name") => drop(TcpStream::connect("nosuch.test:12345")?),
        _ => {}
    }
    Ok(())
}
