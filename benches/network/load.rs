//! Loads for one link: from the first host to the second.

use netfault::vnet::Network;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a throughput is measured, after a while to get going.
const MEASURED: Duration = Duration::from_secs(3);
const WARM_UP: Duration = Duration::from_millis(500);

/// Quantiles, in seconds.
pub(crate) struct Spread {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

fn spread(mut all: Vec<f64>) -> Spread {
    all.sort_by(f64::total_cmp);
    Spread { p50: all[all.len() / 2], p99: all[all.len() * 99 / 100] }
}

fn on<T: Send>(network: &Network, host: &str, act: impl FnOnce() -> T + Send) -> T {
    network.within(host, act).expect("on the host")
}

/// What arrives on one TCP connection, in Gbit/s.
pub(crate) fn bulk(network: &Network, to: IpAddr) -> f64 {
    let listener = on(network, "h1", || TcpListener::bind((to, 0)).expect("a port"));
    let address = listener.local_addr().expect("an address");
    let (arrived, done) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut room = vec![0; 1 << 18];
            while let Ok(count @ 1..) = stream.read(&mut room) {
                arrived.fetch_add(count as u64, Ordering::Relaxed);
            }
        });
        scope.spawn(|| {
            let mut stream = on(network, "h0", || TcpStream::connect(address).expect("a server"));
            let bytes = vec![7; 1 << 18];
            while !done.load(Ordering::Relaxed) {
                stream.write_all(&bytes).expect("the server reads");
            }
        });
        let rate = measured(&arrived, WARM_UP, MEASURED);
        done.store(true, Ordering::Relaxed);
        rate * 8.0 / 1e9
    })
}

/// Datagrams of 64 bytes that arrive, in thousands a second, of as many as a sender sends.
pub(crate) fn datagrams(network: &Network, to: IpAddr) -> f64 {
    flood(network, to, 64, None, MEASURED) / 1000.0
}

/// What comes over the link, from the IP header on, of datagrams that are sent a quarter faster than a rate: Mbit/s. The
/// interface counts it: a socket that is not read in time loses some.
pub(crate) fn paced(network: &Network, to: IpAddr, megabits: f64) -> f64 {
    const PACKET: usize = 1500;
    let came = || {
        let number = |name: &str| -> f64 {
            let text = std::fs::read_to_string(format!("/sys/class/net/eth0/statistics/{name}"));
            text.ok().and_then(|text| text.trim().parse().ok()).expect("a number of the interface")
        };
        on(network, "h1", || number("rx_bytes") - 14.0 * number("rx_packets"))
    };
    let time = Duration::from_secs(5);
    let offered = 1.25 * megabits * 1e6 / 8.0 / PACKET as f64;
    thread::scope(|scope| {
        let running = scope.spawn(|| flood(network, to, PACKET - 28, Some(offered), time));
        thread::sleep(WARM_UP);
        let (before, began) = (came(), Instant::now());
        thread::sleep(time);
        let rate = (came() - before) / began.elapsed().as_secs_f64();
        running.join().expect("it ends");
        rate * 8.0 / 1e6
    })
}

/// Datagrams that arrive in a second, of as many as a sender can send, or of so many in a second.
fn flood(network: &Network, to: IpAddr, payload: usize, offered: Option<f64>, time: Duration) -> f64 {
    let server = on(network, "h1", || UdpSocket::bind((to, 0)).expect("a port"));
    server.set_read_timeout(Some(Duration::from_millis(50))).expect("a limit");
    let address = server.local_addr().expect("an address");
    let (arrived, done) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut room = [0; 2048];
            while !done.load(Ordering::Relaxed) {
                if server.recv(&mut room).is_ok() {
                    arrived.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        scope.spawn(|| {
            let client = on(network, "h0", || UdpSocket::bind("0.0.0.0:0").expect("a port"));
            client.connect(address).expect("an address");
            let bytes = vec![7; payload];
            let (began, mut sent) = (Instant::now(), 0.0);
            while !done.load(Ordering::Relaxed) {
                if offered.is_some_and(|offered| sent > offered * began.elapsed().as_secs_f64()) {
                    thread::sleep(Duration::from_micros(200));
                    continue;
                }
                // A full buffer of its own makes a sender wait.
                let _ = client.send(&bytes);
                sent += 1.0;
            }
        });
        let rate = measured(&arrived, WARM_UP, time);
        done.store(true, Ordering::Relaxed);
        rate
    })
}

/// How much more there is in a second.
fn measured(arrived: &AtomicU64, warm_up: Duration, time: Duration) -> f64 {
    thread::sleep(warm_up);
    let (before, began) = (arrived.load(Ordering::Relaxed), Instant::now());
    thread::sleep(time);
    (arrived.load(Ordering::Relaxed) - before) as f64 / began.elapsed().as_secs_f64()
}

/// Datagrams there and back, one after the other.
pub(crate) fn round_trips(network: &Network, to: IpAddr, count: usize) -> Spread {
    let server = on(network, "h1", || UdpSocket::bind((to, 0)).expect("a port"));
    let address: SocketAddr = server.local_addr().expect("an address");
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut room = [0; 64];
            while let Ok((count, from)) = server.recv_from(&mut room) {
                if count == 1 {
                    return;
                }
                let _ = server.send_to(&room[..count], from);
            }
        });
        let client = on(network, "h0", || UdpSocket::bind("0.0.0.0:0").expect("a port"));
        client.connect(address).expect("an address");
        client.set_read_timeout(Some(Duration::from_secs(2))).expect("a limit");
        let mut trips = Vec::with_capacity(count);
        for number in 0..count + 10 {
            let began = Instant::now();
            client.send(&[0; 8]).expect("it goes");
            client.recv(&mut [0; 8]).expect("it comes back");
            // The first ones find the neighbour.
            if number >= 10 {
                trips.push(began.elapsed().as_secs_f64());
            }
        }
        client.send(&[0]).expect("it goes");
        spread(trips)
    })
}

/// What two sleeps of a thread that does nothing else take beyond their time: the machine's own lateness.
pub(crate) fn sleeper(time: Duration, count: usize) -> Spread {
    let late = (0..count).map(|_| {
        let began = Instant::now();
        thread::sleep(time);
        thread::sleep(time);
        began.elapsed().saturating_sub(2 * time).as_secs_f64()
    });
    spread(late.collect())
}
