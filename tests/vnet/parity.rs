//! The proxy and the link have one vocabulary: the same toxic does the same to datagrams on both, and the same seed makes
//! each decide as its dice say, packet for packet.

use crate::Test;
use crate::given::{pair, started};
use netfault::failure::Protocol::Udp;
use netfault::impair::{Dice, Packet, PacketRule, Rate, Rule};
use netfault::proxy::toxic::short;
use netfault::proxy::{Control, Limits, Relay, Settings, Spec};
use netfault::trace::Recorder;
use netfault::vnet::{Change, Network};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("parity::a_reply_comes_after_both_delays", a_reply_comes_after_both_delays),
    ("parity::a_rate_takes_as_long_as_its_formula_says", a_rate_takes_as_long_as_its_formula_says),
    ("parity::each_loses_what_its_dice_say", each_loses_what_its_dice_say),
    ("parity::each_doubles_what_its_dice_say", each_doubles_what_its_dice_say),
    ("parity::the_first_and_each_so_manieth_are_lost", the_first_and_each_so_manieth_are_lost),
    ("parity::each_third_overtakes_the_others", each_third_overtakes_the_others),
    ("parity::what_is_limited_ends_at_the_same_datagram", what_is_limited_ends_at_the_same_datagram),
    ("parity::what_was_held_goes_on_in_order_and_first", what_was_held_goes_on_in_order_and_first),
    ("parity::nothing_arrives_until_it_is_taken_away", nothing_arrives_until_it_is_taken_away),
    (
        "parity::a_flipped_bit_gets_through_a_proxy_and_not_past_a_checksum",
        a_flipped_bit_gets_through_a_proxy_and_not_past_a_checksum,
    ),
];

/// That of [`started`].
const SEED: u64 = 1;
/// Nothing that is waited for takes so long.
const LONG: Duration = Duration::from_secs(20);
/// The headers of a datagram on a link: IPv4's and UDP's.
const HEADERS: usize = 28;

/// What leads from a client to a server.
enum Way {
    Link,
    Proxy(Control),
}

/// A client and a server on two hosts, or on one with a proxy between.
struct Course {
    network: Network,
    way: Way,
    client: UdpSocket,
    server: UdpSocket,
}

impl Course {
    fn link(toxic: &str) -> Self {
        let network = started(&pair());
        let (client, server) = (socket(&network, "client"), socket(&network, "server"));
        let ip = network.address("server", "client", false).unwrap();
        client.connect(SocketAddr::new(ip, server.local_addr().unwrap().port())).unwrap();
        let course = Self { network, way: Way::Link, client, server };
        // The hosts find each other before the toxic comes.
        course.client.send(b"there?").unwrap();
        course.comes(b"there?");
        course.put(toxic);
        course
    }

    fn proxy(toxic: &str) -> Self {
        let network = started(&pair());
        let (client, server) = (socket(&network, "client"), socket(&network, "client"));
        let settings = Settings { seed: SEED, limits: Limits::default() };
        let (control, _) = network.within("client", || Relay::start(settings).unwrap()).unwrap();
        let spec = Spec {
            name: "p".into(),
            network: Udp,
            listen: "127.0.0.1:0".into(),
            upstream: format!("127.0.0.1:{}", server.local_addr().unwrap().port()),
            enabled: true,
            toxics: Vec::new(),
        };
        let spec = spec.resolve().unwrap();
        let made = control.ask(move |relay| relay.create(spec).and_then(|_| relay.address("p"))).unwrap();
        client.connect(made.unwrap().1).unwrap();
        let course = Self { network, way: Way::Proxy(control), client, server };
        course.put(toxic);
        course
    }

    fn both(toxic: &str) -> [Self; 2] {
        [Self::link(toxic), Self::proxy(toxic)]
    }

    fn name(&self) -> &'static str {
        if matches!(self.way, Way::Link) { "link" } else { "proxy" }
    }

    fn put(&self, toxic: &str) {
        let toxic = short(toxic, Udp).unwrap();
        match &self.way {
            Way::Link => self.rules(vec![(toxic.name.clone(), toxic.rule())]),
            Way::Proxy(control) => {
                control.ask(move |relay| relay.add_toxic("p", toxic)).unwrap().unwrap();
            }
        }
    }

    fn take_away(&self, name: &'static str) {
        match &self.way {
            Way::Link => self.rules(Vec::new()),
            Way::Proxy(control) => {
                control.ask(move |relay| relay.remove_toxic("p", name)).unwrap().unwrap();
            }
        }
    }

    fn rules(&self, rules: Vec<(String, Rule)>) {
        self.network.change(Change::Rules("link".into(), rules)).unwrap();
    }

    /// The dice of a toxic upstream: their labels are what stands on the way there.
    fn dice(&self, toxic: &str) -> Dice {
        match self.way {
            Way::Link => Dice::of(SEED, &["link", "upstream", toxic]),
            Way::Proxy(_) => Dice::of(SEED, &["p", toxic, "1", "upstream"]),
        }
    }

    /// How often each of so many datagrams of so many bytes arrives, by the rule of a toxic.
    fn expected(&self, toxic: &str, datagrams: u8, bytes: usize) -> Vec<u8> {
        let toxic = short(toxic, Udp).unwrap();
        let mut decider = PacketRule::new(toxic.rule(), Duration::ZERO, self.dice(&toxic.name));
        let length = if matches!(self.way, Way::Link) { bytes + HEADERS } else { bytes };
        let mut out = Vec::new();
        (0..datagrams)
            .flat_map(|number| {
                out.clear();
                decider.decide(Packet::new(Duration::ZERO, length), &mut out);
                vec![number; out.len()]
            })
            .collect()
    }

    /// Waits for this datagram at the server, and gives those that came before it.
    fn comes(&self, last: &[u8]) -> Vec<u8> {
        let mut room = [0; 2048];
        let mut before = Vec::new();
        loop {
            let (length, _) = self.server.recv_from(&mut room).expect("it comes");
            if room[..length] == *last {
                return before;
            }
            before.push(room[0]);
        }
    }

    /// Sends numbered datagrams, and gives what arrives of them until the toxic is gone.
    fn arrived(&self, toxic: &'static str, datagrams: u8, bytes: usize) -> Vec<u8> {
        (0..datagrams).for_each(|number| assert_eq!(self.client.send(&vec![number; bytes]).unwrap(), bytes));
        self.settle(u64::from(datagrams), bytes as u64);
        self.take_away(toxic);
        self.client.send(b"the last").unwrap();
        self.comes(b"the last")
    }

    /// Waits until so many datagrams have come to where the toxic is.
    fn settle(&self, datagrams: u64, bytes: u64) {
        let deadline = Recorder::forgetful().deadline(LONG);
        let came = || match &self.way {
            // One more was sent before.
            Way::Link => self.network.counts().unwrap()[0][0].packets - 1,
            Way::Proxy(control) => {
                let metrics = control.ask(|relay| relay.metrics()).unwrap();
                let is_it = |line: &&str| {
                    line.starts_with("toxiproxy_proxy_received_bytes_total{direction=\"upstream\"")
                };
                let line = metrics.lines().find(is_it).expect("the bytes are counted");
                line.rsplit(' ').next().unwrap().parse::<u64>().unwrap() / bytes
            }
        };
        while came() < datagrams {
            assert!(deadline.left().is_some(), "{} of {datagrams} came to the {}", came(), self.name());
            thread::yield_now();
        }
    }
}

impl Drop for Course {
    fn drop(&mut self) {
        if let Way::Proxy(control) = &self.way {
            // It ends with the process if it does not hear.
            let _ = control.tell(Relay::end);
        }
    }
}

fn socket(network: &Network, host: &str) -> UdpSocket {
    let socket = network.within(host, || UdpSocket::bind("0.0.0.0:0").unwrap()).unwrap();
    socket.set_read_timeout(Some(LONG)).unwrap();
    socket
}

fn a_reply_comes_after_both_delays() {
    for course in Course::both("latency:latency=60,stream=both") {
        let clock = Recorder::forgetful();
        course.client.send(b"late").unwrap();
        let mut room = [0; 8];
        let (length, from) = course.server.recv_from(&mut room).unwrap();
        let there = clock.elapsed();
        course.server.send_to(&room[..length], from).unwrap();
        assert_eq!(course.client.recv(&mut room).unwrap(), 4);
        let (back, delay) = (clock.elapsed(), Duration::from_millis(60));
        assert!(there >= delay && back >= 2 * delay, "{}: {there:?}, {back:?}", course.name());
    }
}

fn a_rate_takes_as_long_as_its_formula_says() {
    const DATAGRAMS: u8 = 50;
    const BYTES: usize = 1000;
    for course in Course::both("bandwidth:rate=50,queue=1000000,stream=upstream,name=slow") {
        let on_the_way = BYTES + if course.name() == "link" { HEADERS } else { 0 };
        let takes = Rate::of(50_000).takes((usize::from(DATAGRAMS) * on_the_way) as u64);
        let clock = Recorder::forgetful();
        (0..DATAGRAMS).for_each(|number| assert_eq!(course.client.send(&[number; BYTES]).unwrap(), BYTES));
        let before = course.comes(&[DATAGRAMS - 1; BYTES]);
        let took = clock.elapsed();
        assert!(before.into_iter().eq(0..DATAGRAMS - 1), "in order, and all of them");
        // A machine that is busy adds to it, and nothing takes away from it.
        assert!(took >= takes && took < 2 * takes, "{}: {took:?}, not {takes:?}", course.name());
    }
}

/// What arrives is what the dice of each say, and not the same for both.
fn as_the_dice_say(toxic: &str, datagrams: u8) -> [Vec<u8>; 2] {
    Course::both(toxic).map(|course| {
        let expected = course.expected(toxic, datagrams, 8);
        let arrived = course.arrived("t", datagrams, 8);
        assert_eq!(arrived, expected, "{}", course.name());
        arrived
    })
}

fn each_loses_what_its_dice_say() {
    let [link, proxy] = as_the_dice_say("loss:probability=0.3,stream=upstream,name=t", 200);
    assert!((100..180).contains(&link.len()) && (100..180).contains(&proxy.len()));
    assert_ne!(link, proxy, "what stands on the way has dice of its own");
}

fn each_doubles_what_its_dice_say() {
    let [link, proxy] = as_the_dice_say("duplicate:probability=0.3,stream=upstream,name=t", 100);
    assert!((110..150).contains(&link.len()) && (110..150).contains(&proxy.len()));
}

fn the_first_and_each_so_manieth_are_lost() {
    for toxic in ["loss:first=3,stream=upstream,name=t", "loss:every=4,stream=upstream,name=t"] {
        let [link, proxy] = as_the_dice_say(toxic, 20);
        assert_eq!(link, proxy, "{toxic}: no dice are cast");
        assert!((15..18).contains(&link.len()), "{toxic}: {link:?}");
    }
}

fn what_is_limited_ends_at_the_same_datagram() {
    // Of a link the headers count too: so much for ten datagrams on each.
    for (course, bytes) in [(Course::link as fn(&str) -> Course, 280 + 80), (Course::proxy, 80)] {
        let course = course(&format!("limit_data:bytes={bytes},stream=upstream,name=t"));
        assert_eq!(course.arrived("t", 20, 8), (0..10).collect::<Vec<u8>>(), "{}", course.name());
    }
}

fn each_third_overtakes_the_others() {
    for course in Course::both("reorder:every=3,delay=500,stream=upstream") {
        (0..6_u8).for_each(|number| assert_eq!(course.client.send(&[number]).unwrap(), 1));
        let mut order = course.comes(&[4]);
        order.push(4);
        assert_eq!(order, [2, 5, 0, 1, 3, 4], "{}", course.name());
    }
}

fn what_was_held_goes_on_in_order_and_first() {
    for course in Course::both("latency:latency=600000,stream=upstream,name=t") {
        assert!(course.arrived("t", 100, 8).into_iter().eq(0..100), "{}", course.name());
    }
}

fn nothing_arrives_until_it_is_taken_away() {
    for toxic in ["timeout:timeout=0,stream=upstream,name=t", "loss:probability=1,stream=upstream,name=t"] {
        for course in Course::both(toxic) {
            assert_eq!(course.arrived("t", 20, 8), [0; 0], "{toxic} on the {}", course.name());
        }
    }
}

fn a_flipped_bit_gets_through_a_proxy_and_not_past_a_checksum() {
    let [link, proxy] = Course::both("corrupt:probability=1,stream=upstream,name=t");
    proxy.client.send(&[0; 16]).unwrap();
    let mut room = [0; 16];
    assert_eq!(proxy.server.recv_from(&mut room).unwrap().0, 16);
    assert_eq!(room.iter().map(|byte| byte.count_ones()).sum::<u32>(), 1);
    // On a link the bits of the headers count too, and the kernel throws away what does not add up.
    assert_eq!(link.arrived("t", 20, 16), [0; 0]);
    assert_eq!(link.network.counts().unwrap()[0][0].corrupted, 20);
}
