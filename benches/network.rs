//! The virtual network beside a veth pair that joins two hosts directly, in the same run, as an ordinary user:
//! `cargo bench --bench network`. Needs `ip` of iproute2 for the direct pair.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures, and tells people")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

#[cfg(all(target_os = "linux", not(netfault_blind)))]
#[path = "network/mod.rs"]
mod network;

#[cfg(all(target_os = "linux", not(netfault_blind)))]
fn main() -> std::process::ExitCode {
    network::main()
}

#[cfg(not(all(target_os = "linux", not(netfault_blind))))]
fn main() {
    println!("virtual networks need Linux");
}
