//! The hosts file, hosts(5): names that are known here before any name server is asked.

use super::sys;
use std::fs;
use std::net::IpAddr;

/// The addresses that the hosts file has for `name`, in its order; none without a hosts file.
pub fn hosts(name: &str) -> Vec<IpAddr> {
    fs::read(sys::hosts_file())
        .map(|bytes| listed(&String::from_utf8_lossy(&bytes), name))
        .unwrap_or_default()
}

fn listed(text: &str, name: &str) -> Vec<IpAddr> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let mut found = Vec::new();
    for line in text.lines() {
        let entry = line.split_once('#').map_or(line, |(entry, _)| entry);
        let mut words = entry.split_whitespace();
        if let Some(Ok(address)) = words.next().map(str::parse)
            && words.any(|word| word.eq_ignore_ascii_case(name))
            && !found.contains(&address)
        {
            found.push(address);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_that_has_the_name_counts_and_comments_do_not() {
        let text = "127.0.0.1 localhost # web.test\n\
                    192.0.2.1\tWEB.test  www\n\
                    # 192.0.2.9 web.test\n\
                    nonsense web.test\n\
                    2001:db8::1 a web.test\n\
                    192.0.2.1 web.test\n";
        let addresses = |name| listed(text, name).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(addresses("web.test"), ["192.0.2.1", "2001:db8::1"]);
        assert_eq!(addresses("www."), ["192.0.2.1"]);
        assert_eq!(addresses("localhost"), ["127.0.0.1"]);
        assert_eq!(addresses("test"), [] as [&str; 0]);
    }
}
