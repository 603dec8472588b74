//! Links that are busy and plain are left to the kernel: programs see no difference, and nothing goes past a rule.

use crate::Test;
use crate::given::{echo, exchange, pair, run, started};
use netfault::impair::{Chance, Direction, Impairment, Loss, Rule};
use netfault::trace::Recorder;
use netfault::vnet::{Change, Counts, Frame, Network, Witness};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    (
        "past::a_transfer_is_whole_while_the_kernel_takes_over",
        a_transfer_is_whole_while_the_kernel_takes_over,
    ),
    ("past::datagrams_arrive_once_each_when_it_takes_over", datagrams_arrive_once_each_when_it_takes_over),
    ("past::no_rule_is_gone_past", no_rule_is_gone_past),
    ("past::a_host_that_goes_down_is_not_reached", a_host_that_goes_down_is_not_reached),
    ("past::who_watches_sees_every_packet", who_watches_sees_every_packet),
];

const MIB: usize = 1 << 20;

fn a_transfer_is_whole_while_the_kernel_takes_over() {
    let network = started(&pair());
    transfer(&network, 256 * MIB);
    let counts = upstream(&network);
    assert!(counts.past > 0 && counts.past < counts.packets, "{counts:?}");
    assert!(counts.bytes > 256 * MIB as u64, "{counts:?}");
}

fn datagrams_arrive_once_each_when_it_takes_over() {
    let network = started(&pair());
    let before = numbers_that_arrive(&network, 0..60_000);
    assert!(before.is_sorted_by(|one, next| one < next), "some came twice, or not in order");
    let mut after = 60_000;
    until(|| {
        // Nothing comes for a while: then it takes over.
        thread::sleep(Duration::from_millis(60));
        let arrived = numbers_that_arrive(&network, after..after + 10);
        assert_eq!(arrived, (after..after + 10).collect::<Vec<_>>());
        after += 10;
        upstream(&network).past > 0
    });
}

fn no_rule_is_gone_past() {
    let network = started(&pair());
    let address = echo(&network, false);
    carried(&network);
    let loss = Impairment::Loss(Loss::Random(Chance { probability: 1.0, correlation: 0.0 }));
    change(&network, vec![("loss".to_owned(), Rule::always(loss, Direction::Both))]);
    let past = upstream(&network).past;
    let limit = Duration::from_millis(100);
    let tried = || network.within("client", || TcpStream::connect_timeout(&address, limit)).unwrap();
    assert!(tried().is_err());
    // Interfaces that come and go change nothing.
    for state in ["down", "up"] {
        let output = run(&network, "server", &["ip", "link", "set", "eth0", state]);
        assert!(output.status.success(), "{output:?}");
    }
    until(|| {
        let output = run(&network, "server", &["ip", "link", "show", "eth0"]);
        String::from_utf8_lossy(&output.stdout).contains("state UP")
    });
    assert!(tried().is_err());
    let counts = upstream(&network);
    assert!(counts.past == past && counts.dropped > 0, "{counts:?}");
    change(&network, Vec::new());
    assert_eq!(exchange(&network, address).unwrap(), b"Ipin");
    assert_eq!(upstream(&network).past, past);
    carried(&network);
}

fn a_host_that_goes_down_is_not_reached() {
    let network = started(&pair());
    let address = echo(&network, false);
    carried(&network);
    network.change(Change::Down("server".into())).unwrap();
    let refused =
        network.within("client", || TcpStream::connect_timeout(&address, Duration::from_millis(100)));
    refused.unwrap().unwrap_err();
    network.change(Change::Up("server".into())).unwrap();
    assert_eq!(exchange(&network, address).unwrap(), b"Ipin");
}

fn who_watches_sees_every_packet() {
    struct Watcher;
    impl Witness for Watcher {
        fn saw(&mut self, _: &Frame) {}
    }
    let network = Network::start(&pair(), 1, &Recorder::forgetful(), vec![Box::new(Watcher)]).unwrap();
    transfer(&network, 128 * MIB);
    assert_eq!(upstream(&network).past, 0);
}

/// Waits until the kernel carries the link, which it does when there is more to carry.
fn carried(network: &Network) {
    let past = upstream(network).past;
    until(|| {
        transfer(network, 64 * MIB);
        upstream(network).past > past
    });
}

fn until(mut holds: impl FnMut() -> bool) {
    let deadline = Recorder::forgetful().deadline(Duration::from_secs(20));
    while !holds() {
        assert!(deadline.left().is_some(), "it takes too long");
    }
}

fn upstream(network: &Network) -> Counts {
    network.counts().unwrap()[0][0]
}

fn change(network: &Network, rules: Vec<(String, Rule)>) {
    network.change(Change::Rules("link".into(), rules)).unwrap();
}

/// Sends so many bytes to the server, which counts them and sees that each is what it was.
fn transfer(network: &Network, bytes: usize) {
    let ip = network.address("server", "client", false).unwrap();
    let listener = network.within("server", || TcpListener::bind((ip, 0)).unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let block: Vec<u8> = (0..=250).cycle().take(251 * 1024).collect();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = network.within("client", || TcpStream::connect(address).unwrap()).unwrap();
            let mut left = bytes;
            while left > 0 {
                let part = left.min(block.len());
                stream.write_all(&block[..part]).unwrap();
                left -= part;
            }
        });
        let (mut stream, _) = listener.accept().unwrap();
        let (mut room, mut came) = (vec![0; block.len()], 0);
        loop {
            let part = room.len().min(bytes - came);
            if part == 0 {
                break;
            }
            stream.read_exact(&mut room[..part]).unwrap();
            assert!(room[..part] == block[..part], "bytes are not what they were");
            came += part;
        }
        assert_eq!(stream.read(&mut room).unwrap(), 0);
    });
}

/// Sends datagrams with these numbers, each when the one before has arrived or been lost, and gives those that arrive.
fn numbers_that_arrive(network: &Network, numbers: std::ops::Range<u32>) -> Vec<u32> {
    let ip = network.address("server", "client", false).unwrap();
    let server = network.within("server", || UdpSocket::bind((ip, 0)).unwrap()).unwrap();
    let address: SocketAddr = server.local_addr().unwrap();
    server.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let client = network.within("client", || UdpSocket::bind("0.0.0.0:0").unwrap()).unwrap();
    let mut arrived = Vec::new();
    let mut receive = || {
        let mut room = [0; 8];
        let count = server.recv(&mut room).ok()?;
        assert_eq!(count, 4);
        arrived.push(u32::from_be_bytes(room[..4].try_into().unwrap()));
        Some(())
    };
    for number in numbers {
        client.send_to(&number.to_be_bytes(), address).unwrap();
        receive();
    }
    // What came twice is still there.
    while receive().is_some() {}
    arrived
}
