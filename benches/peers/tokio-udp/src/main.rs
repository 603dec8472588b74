//! A yardstick: a UDP echo as tokio's documentation shows it, one datagram received and answered at a time.
//!
//!     tokio-udp ADDRESS [current-thread]
//!
//! runs on the runtime that `#[tokio::main]` makes, or on the one of a single thread.

use std::io;
use tokio::net::UdpSocket;
use tokio::runtime::Builder;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or(io::ErrorKind::InvalidInput)?;
    let mut builder = match arguments.next().as_deref() {
        None => Builder::new_multi_thread(),
        Some("current-thread") => Builder::new_current_thread(),
        Some(_) => return Err(io::ErrorKind::InvalidInput.into()),
    };
    builder.enable_io().build()?.block_on(echo(&address))
}

async fn echo(address: &str) -> io::Result<()> {
    let socket = UdpSocket::bind(address).await?;
    let mut datagram = [0; 2048];
    loop {
        let (length, from) = socket.recv_from(&mut datagram).await?;
        socket.send_to(&datagram[..length], from).await?;
    }
}
