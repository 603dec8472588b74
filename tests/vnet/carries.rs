//! A network carries what programs send, by address and by name, over routers too, and nothing leads outside.

use crate::Test;
use crate::given::{echo, exchange, pair, routed, run, started};

pub(crate) const TESTS: &[Test] = &[
    ("carries::two_hosts_talk_over_both_families", two_hosts_talk_over_both_families),
    ("carries::a_router_counts_hops", a_router_counts_hops),
    ("carries::hosts_know_each_other_by_name", hosts_know_each_other_by_name),
    ("carries::nothing_leads_outside", nothing_leads_outside),
];

fn two_hosts_talk_over_both_families() {
    let network = started(&pair());
    for v6 in [false, true] {
        let address = echo(&network, v6);
        assert_eq!(exchange(&network, address).unwrap(), b"Ipin", "{address}");
    }
    let counts = network.counts().unwrap();
    assert!(counts[0][0].packets > 8 && counts[0][1].packets > 8, "{counts:?}");
}

fn a_router_counts_hops() {
    let network = started(&routed());
    for v6 in [false, true] {
        let address = echo(&network, v6);
        assert_eq!(exchange(&network, address).unwrap(), b"Ipin", "{address}");
    }
}

fn hosts_know_each_other_by_name() {
    let network = started(&routed());
    let found = run(&network, "client", &["getent", "ahosts", "server"]);
    let text = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(text.contains("10.2.0.2") && text.contains("fd00:2::2"), "{text}");
    let name = run(&network, "server", &["uname", "-n"]);
    assert_eq!(String::from_utf8_lossy(&name.stdout).trim(), "server");
}

fn nothing_leads_outside() {
    let network = started(&pair());
    let refused = network.within("client", || std::net::TcpStream::connect("192.0.2.1:80")).unwrap();
    assert_eq!(refused.unwrap_err().raw_os_error(), Some(101), "ENETUNREACH");
}
