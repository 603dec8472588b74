//! What the relay has counted, as Prometheus reads it (text format 0.0.4).

use super::Relay;
use crate::proxy::running::Proxy;
use std::fmt::Write as _;

/// One counter of a proxy.
type Count = fn(&Proxy) -> u64;

impl Relay {
    /// Every counter of every proxy: those of Toxiproxy under its names, then ours.
    pub fn metrics(&self) -> String {
        let mut out = String::new();
        let mut family = |name: &str, help: &str, kind: &str, rows: &dyn Fn(&Proxy, &mut String)| {
            // Writing to a String cannot fail.
            let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
            self.by_name().for_each(|proxy| rows(proxy, &mut out));
        };
        family("toxiproxy_proxy_received_bytes_total", "Bytes that came in.", "counter", &|proxy, out| {
            bytes(proxy, "received", out);
        });
        family("toxiproxy_proxy_sent_bytes_total", "Bytes that went out.", "counter", &|proxy, out| {
            bytes(proxy, "sent", out);
        });
        let counters: [(&str, &str, Count); 5] = [
            ("connections", "Connections, or UDP clients, that came.", |proxy| proxy.counters.connections),
            ("unreached", "Connections whose server was not reached.", |proxy| proxy.counters.unreached),
            ("turned_away", "Connections too many.", |proxy| proxy.counters.turned_away),
            ("overflow", "Datagrams lost for want of room in the proxy.", |proxy| proxy.counters.overflow),
            ("icmp_kept", "ICMP port unreachable that could not be passed on.", |proxy| {
                proxy.counters.icmp_kept
            }),
        ];
        for (name, help, count) in counters {
            family(&format!("netfault_proxy_{name}_total"), help, "counter", &|proxy, out| {
                let _ = writeln!(
                    out,
                    "netfault_proxy_{name}_total{{proxy={}}} {}",
                    label(&proxy.name),
                    count(proxy)
                );
            });
        }
        family(
            "netfault_toxic_effects_total",
            "How often a toxic changed something.",
            "counter",
            &|proxy, out| {
                for (toxic, kind, did, count) in &proxy.counters.acts {
                    let _ = writeln!(
                        out,
                        "netfault_toxic_effects_total{{proxy={},toxic={},type=\"{kind}\",did=\"{did}\"}} {count}",
                        label(&proxy.name),
                        label(toxic)
                    );
                }
            },
        );
        let _ = write!(
            out,
            "# HELP netfault_clients Connections and UDP clients that there are.\n# TYPE netfault_clients gauge\n\
             netfault_clients {}\n\
             # HELP netfault_held_bytes Bytes that are held, by toxics or because somebody does not read.\n\
             # TYPE netfault_held_bytes gauge\nnetfault_held_bytes {}\n",
            self.clients(),
            self.held()
        );
        out
    }
}

fn bytes(proxy: &Proxy, what: &str, out: &mut String) {
    for (way, moved) in proxy.counters.directions() {
        let count = if what == "received" { moved.received } else { moved.sent };
        let _ = writeln!(
            out,
            "toxiproxy_proxy_{what}_bytes_total{{direction=\"{}\",proxy={},listener={},upstream={}}} {count}",
            way.name(),
            label(&proxy.name),
            label(&proxy.listen.to_string()),
            label(&proxy.upstream)
        );
    }
}

/// A label's value in quotes.
fn label(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
