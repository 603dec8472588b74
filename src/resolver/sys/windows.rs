//! Windows: the name servers of the adapters that are up, `GetAdaptersAddresses`.

use super::PORT;
use ipconfig::OperStatus;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

pub(super) fn servers() -> Vec<SocketAddr> {
    let adapters = ipconfig::get_adapters().unwrap_or_default();
    let up = adapters.iter().filter(|adapter| adapter.oper_status() == OperStatus::IfOperStatusUp);
    // Windows names site-local addresses (fec0::/10) where an adapter has no name server, and none answers there.
    let real = |ip: &IpAddr| !matches!(ip, IpAddr::V6(ip) if ip.segments()[0] & 0xffc0 == 0xfec0);
    up.flat_map(|adapter| adapter.dns_servers().iter().copied())
        .filter(real)
        .map(|ip| SocketAddr::new(ip, PORT))
        .collect()
}

pub(super) fn hosts_file() -> PathBuf {
    let root = std::env::var_os("SystemRoot").unwrap_or_else(|| "C:\\Windows".into());
    PathBuf::from(root).join("System32\\drivers\\etc\\hosts")
}
