//! What is true of streams on both: a proxy delays and paces the bytes, and a link the packets that carry them.

use crate::Test;
use crate::given::{pair, started};
use netfault::failure::Protocol::{Tcp, Udp};
use netfault::impair::Rate;
use netfault::proxy::toxic::short;
use netfault::proxy::{Control, Limits, Relay, Settings, Spec};
use netfault::trace::Recorder;
use netfault::vnet::{Change, Network};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("parity::a_reply_over_a_stream_comes_after_both_delays", a_reply_over_a_stream_comes_after_both_delays),
    (
        "parity::a_stream_takes_as_long_as_the_formula_of_its_rate_says",
        a_stream_takes_as_long_as_the_formula_of_its_rate_says,
    ),
    ("parity::silence_lets_nothing_of_a_stream_pass", silence_lets_nothing_of_a_stream_pass),
];

/// Nothing that is waited for takes so long.
const LONG: Duration = Duration::from_secs(20);

/// Both ends of a connection over a link, or through a proxy on one host, and what is between.
struct Course {
    name: &'static str,
    client: TcpStream,
    server: TcpStream,
    network: Network,
    proxy: Option<Control>,
}

impl Course {
    /// Both of them; the toxic comes when the connection stands.
    fn both(toxic: &str) -> [Self; 2] {
        let all = [Self::link(), Self::proxy()];
        for course in &all {
            match &course.proxy {
                None => {
                    let toxic = short(toxic, Udp).unwrap();
                    let rules = vec![(toxic.name.clone(), toxic.rule())];
                    course.network.change(Change::Rules("link".into(), rules)).unwrap();
                }
                Some(control) => {
                    let toxic = short(toxic, Tcp).unwrap();
                    control.ask(move |relay| relay.add_toxic("p", toxic)).unwrap().unwrap();
                }
            }
        }
        all
    }

    fn link() -> Self {
        let network = started(&pair());
        let listener = network.within("server", || TcpListener::bind("0.0.0.0:0").unwrap()).unwrap();
        let ip = network.address("server", "client", false).unwrap();
        let to = SocketAddr::new(ip, listener.local_addr().unwrap().port());
        let (client, server) = connected(&network, to, &listener);
        Self { name: "link", client, server, network, proxy: None }
    }

    fn proxy() -> Self {
        let network = started(&pair());
        let listener = network.within("client", || TcpListener::bind("127.0.0.1:0").unwrap()).unwrap();
        let settings = Settings { seed: 1, limits: Limits::default() };
        let (control, _) = network.within("client", || Relay::start(settings).unwrap()).unwrap();
        let spec = Spec {
            name: "p".into(),
            network: Tcp,
            listen: "127.0.0.1:0".into(),
            upstream: listener.local_addr().unwrap().to_string(),
            enabled: true,
            toxics: Vec::new(),
        };
        let spec = spec.resolve().unwrap();
        let made = control.ask(move |relay| relay.create(spec).and_then(|_| relay.address("p"))).unwrap();
        let (client, server) = connected(&network, made.unwrap().1, &listener);
        Self { name: "proxy", client, server, network, proxy: Some(control) }
    }
}

impl Drop for Course {
    fn drop(&mut self) {
        if let Some(control) = &self.proxy {
            // It ends with the process if it does not hear.
            let _ = control.tell(Relay::end);
        }
    }
}

fn connected(network: &Network, to: SocketAddr, listener: &TcpListener) -> (TcpStream, TcpStream) {
    let client = network.within("client", || TcpStream::connect(to).unwrap()).unwrap();
    let (server, _) = listener.accept().unwrap();
    for end in [&client, &server] {
        end.set_read_timeout(Some(LONG)).unwrap();
        end.set_nodelay(true).unwrap();
    }
    (client, server)
}

fn a_reply_over_a_stream_comes_after_both_delays() {
    for mut course in Course::both("latency:latency=60,stream=both") {
        let clock = Recorder::forgetful();
        let mut room = [0; 4];
        course.client.write_all(b"late").unwrap();
        course.server.read_exact(&mut room).unwrap();
        let there = clock.elapsed();
        course.server.write_all(&room).unwrap();
        course.client.read_exact(&mut room).unwrap();
        let (back, delay) = (clock.elapsed(), Duration::from_millis(60));
        assert!(there >= delay && back >= 2 * delay, "{}: {there:?}, {back:?}", course.name);
    }
}

fn a_stream_takes_as_long_as_the_formula_of_its_rate_says() {
    const BYTES: usize = 300_000;
    for course in Course::both("bandwidth:rate=400,stream=upstream") {
        let takes = Rate::of(400_000).takes(BYTES as u64);
        let clock = Recorder::forgetful();
        let mut room = vec![0; BYTES];
        thread::scope(|scope| {
            scope.spawn(|| (&course.client).write_all(&vec![1; BYTES]).unwrap());
            (&course.server).read_exact(&mut room).unwrap();
        });
        let took = clock.elapsed();
        assert!(room.iter().all(|byte| *byte == 1));
        // Headers, what a full queue has dropped, and a machine that is busy add to it; less than a timer's step is taken away.
        assert!(took >= takes.mul_f64(0.99) && took < 2 * takes, "{}: {took:?}, not {takes:?}", course.name);
    }
}

fn silence_lets_nothing_of_a_stream_pass() {
    for mut course in Course::both("timeout:timeout=0,stream=upstream") {
        course.client.write_all(b"nobody hears this").unwrap();
        // The other way is open: what is sent there arrives, and the client's word does not.
        course.server.write_all(b"is anybody there?").unwrap();
        let mut room = [0; 17];
        course.client.read_exact(&mut room).unwrap();
        course.server.set_nonblocking(true).unwrap();
        let seen = course.server.read(&mut room).map_err(|error| error.kind());
        assert_eq!(seen, Err(std::io::ErrorKind::WouldBlock), "{}", course.name);
    }
}
