//! What is measured, and against which goal.

mod load;

use load::{bulk, datagrams, paced, round_trips, sleeper};
use netfault::impair::{Chance, Delay, Direction, Distribution, Impairment, Loss, Rate, Rule};
use netfault::trace::Recorder;
use netfault::vnet::{self, Capture, Change, Frame, Host, Link, Network, Topology, Witness};
use std::fs::File;
use std::net::IpAddr;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

pub(crate) fn main() -> ExitCode {
    if let Some(done) = vnet::enter() {
        return done;
    }
    if !vnet::is_inside() {
        if let Err(refusal) = vnet::can_run(&vnet::this_program()) {
            println!("no virtual network here: {refusal}. {}", refusal.remedy);
            return ExitCode::from(3);
        }
        let status = vnet::inside(&vnet::this_program(), std::env::args_os().skip(1)).status();
        return ExitCode::from(status.map_or(1, vnet::exit_code));
    }
    println!("{:<52} {:>14} {:>14}   goal", "", "direct", "virtual");
    set_up();
    throughput();
    delays();
    rates();
    ExitCode::SUCCESS
}

fn hosts(count: usize) -> Vec<Host> {
    (0..count).map(|number| Host::new(&format!("h{number}"))).collect()
}

fn started(topology: &Topology, witnesses: Vec<Box<dyn Witness>>) -> Network {
    Network::start(topology, 1, &Recorder::forgetful(), witnesses).expect("the network starts")
}

fn pair() -> Topology {
    Topology { hosts: hosts(2), links: vec![Link::new("link", 1, [0, 1])] }
}

fn rules(network: &Network, rule: Impairment, way: Direction) {
    let rules = vec![("rule".to_owned(), Rule::always(rule, way))];
    network.change(Change::Rules("link".into(), rules)).expect("the rules change");
}

/// Two hosts, and between them nothing but the kernel.
fn direct() -> (Network, IpAddr) {
    let network = started(&Topology { hosts: hosts(2), links: Vec::new() }, Vec::new());
    let run = |host: &str, line: &str| {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let status = network.within(host, || Command::new("ip").args(&words).status());
        assert!(status.expect("on the host").expect("ip of iproute2").success(), "ip {line}");
    };
    // A process on the second host, by which `ip` finds its network.
    let mut there = network
        .resident("h1", || Command::new("sleep").arg("60").spawn())
        .expect("on the host")
        .expect("sleep starts");
    run("h0", &format!("link add d0 type veth peer name d1 netns {}", there.id()));
    for (host, name, address) in [("h0", "d0", "10.9.0.1/24"), ("h1", "d1", "10.9.0.2/24")] {
        run(host, &format!("addr add {address} dev {name}"));
        run(host, &format!("link set {name} up"));
    }
    there.kill().and_then(|()| there.wait()).expect("it ends");
    (network, "10.9.0.2".parse().expect("an address"))
}

fn to(network: &Network) -> IpAddr {
    network.address("h1", "h0", false).expect("an address")
}

fn row(what: &str, direct: &str, ours: &str, goal: &str, holds: bool) {
    println!("{what:<52} {direct:>14} {ours:>14}   {goal}{}", if holds { "" } else { "  MISSED" });
}

fn set_up() {
    for (count, goal) in [(2, 25.0), (10, 80.0)] {
        let links =
            (1..count).zip(1_u8..).map(|(host, number)| Link::new(&format!("l{number}"), number, [0, host]));
        let mut topology = Topology { hosts: hosts(count), links: links.collect() };
        topology.hosts[0].routes = true;
        let mut times: Vec<f64> = (0..20)
            .map(|_| {
                let began = Instant::now();
                let network = started(&topology, Vec::new());
                let took = began.elapsed().as_secs_f64() * 1000.0;
                drop(network);
                took
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        let what = format!("set-up of {count} hosts, with addresses and routes, ms");
        row(&what, "", &format!("{median:.1}"), &format!("≤ {goal}"), median <= goal);
    }
}

fn throughput() {
    let (straight, far) = direct();
    let network = started(&pair(), Vec::new());
    let near = to(&network);
    let ratio = |what: &str, direct: f64, ours: f64, goal: f64, unit: &str| {
        let share = ours / direct;
        let told = format!("{ours:.1} ({share:.2})");
        row(
            &format!("{what}, {unit}"),
            &format!("{direct:.1}"),
            &told,
            &format!("≥ {goal} ×"),
            share >= goal,
        );
    };
    let bulk_direct = bulk(&straight, far);
    ratio("TCP bulk, no rule about packets", bulk_direct, bulk(&network, near), 0.65, "Gbit/s");
    ratio("UDP, 64 bytes, received", datagrams(&straight, far), datagrams(&network, near), 0.4, "kpps");
    let (rtt, ours) = (round_trips(&straight, far, 5000), round_trips(&network, near, 5000));
    let more = (ours.p50 - rtt.p50) * 1e6;
    row(
        "round trip at delay 0, p50, µs",
        &format!("{:.0}", rtt.p50 * 1e6),
        &format!("{:.0} (+{more:.0})", ours.p50 * 1e6),
        "≤ 100 more",
        more <= 100.0,
    );
    rules(
        &network,
        Impairment::Loss(Loss::Random(Chance { probability: 0.0, correlation: 0.0 })),
        Direction::Both,
    );
    let cut = bulk(&network, near);
    ratio("TCP bulk, with a rule about packets", bulk_direct, cut, 0.1, "Gbit/s");
    drop(network);
    // A network that is watched carries every packet itself.
    let watched = started(&pair(), vec![Box::new(Watcher)]);
    let near = to(&watched);
    let by_itself = bulk(&watched, near);
    let told = |what: &str, direct: f64, ours: f64| {
        row(what, &format!("{direct:.1}"), &format!("{ours:.1} ({:.2})", ours / direct), "", true);
    };
    told("TCP bulk, watched: all by this program, Gbit/s", bulk_direct, by_itself);
    told("UDP, 64 bytes, watched, kpps", datagrams(&straight, far), datagrams(&watched, near));
    drop(watched);
    recorded(by_itself, cut);
}

/// Watches, and does nothing.
struct Watcher;

impl Witness for Watcher {
    fn saw(&mut self, _: &Frame) {}
}

/// The same with every frame written to a file.
fn recorded(plain: f64, cut: f64) {
    let folder = vnet::scratch().unwrap_or_else(std::env::temp_dir);
    let file = folder.join("bench.pcapng");
    let topology = pair();
    let clock = Recorder::forgetful();
    let capture = File::create(&file).and_then(|file| Capture::begin(file, &topology, &clock));
    let network = started(&topology, vec![Box::new(capture.expect("a capture"))]);
    let near = to(&network);
    let ratio = |what: &str, without: f64, with: f64| {
        let told = format!("{with:.1} ({:.2})", with / without);
        row(what, &format!("{without:.1}"), &told, "≥ 0.7 × without", with / without >= 0.7);
    };
    ratio("TCP bulk, recorded (beside: watched), Gbit/s", plain, bulk(&network, near));
    rules(
        &network,
        Impairment::Loss(Loss::Random(Chance { probability: 0.0, correlation: 0.0 })),
        Direction::Both,
    );
    ratio("the same with a rule about packets, Gbit/s", cut, bulk(&network, near));
    drop(network);
    let _ = std::fs::remove_file(file);
}

fn delays() {
    let bare = sleeper(Duration::from_millis(5), 200);
    for millis in [1, 5, 20, 100] {
        let network = started(&pair(), Vec::new());
        let delay = Delay {
            base: Duration::from_millis(millis),
            jitter: Duration::ZERO,
            distribution: Distribution::Uniform,
            correlation: 0.0,
        };
        rules(&network, Impairment::Delay(delay), Direction::Both);
        let trips = round_trips(&network, to(&network), if millis > 20 { 60 } else { 300 });
        let expected = 2.0 * millis as f64 / 1000.0;
        let (p50, p99) = ((trips.p50 - expected) * 1000.0, (trips.p99 - expected) * 1000.0);
        row(
            &format!("{millis} ms each way: beyond it p50 / p99, ms"),
            &format!("{:.2} / {:.2}", bare.p50 * 1000.0, bare.p99 * 1000.0),
            &format!("{p50:.2} / {p99:.2}"),
            "≤ 0.5 / ≤ 2.5 (beside: two bare sleeps)",
            p50 <= 0.5 && p99 <= 2.5_f64.max(bare.p99 * 1000.0),
        );
    }
}

fn rates() {
    for megabits in [1_u64, 10, 100, 1000] {
        let network = started(&pair(), Vec::new());
        rules(&network, Impairment::Rate(Rate::of(megabits * 125_000)), Direction::Upstream);
        let got = paced(&network, to(&network), megabits as f64);
        let off = (got / (megabits as f64) - 1.0) * 100.0;
        row(
            &format!("{megabits} Mbit/s over 5 s"),
            "",
            &format!("{got:.2} ({off:+.1} %)"),
            "within 2 %",
            off.abs() <= 2.0,
        );
    }
}
