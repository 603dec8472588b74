//! What `netfault load` takes.

use super::values::{self, Address, duration, one_of, seed};
use crate::load::{Arrivals, STRATEGIES};
use crate::retry::Kind;
use clap::Args;
use std::time::Duration;

/// More a second is asked of no machine.
const FASTEST: f64 = 1e9;

/// `netfault load`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault load tcp 12345                            100 requests a second for 10 seconds
  netfault load tcp 12345 --rate 5k/s --duration 30s
  netfault load udp 12345 --rate 1000/s --arrivals even
  netfault load tcp localhost:12345 --concurrency 64 64 clients that wait for each answer
  netfault load tcp 12345 --strategy full-jitter     counts what retries add
  netfault load tcp 12345 --format json

Latency is measured from when a request was to be made, so that a server that stalls does not hide \
the requests that waited meanwhile. When this program is too slow for the rate, it says so, tells \
what was driven, and gives no latency.

Exit codes: 0 every request was answered, 1 some failed, 2 wrong usage, 3 nothing that was measured \
is the server's.")]
pub(in crate::cli) struct Load {
    /// The protocol
    #[arg(value_parser = one_of(values::PROTOCOLS, values::protocol_name))]
    pub protocol: crate::failure::Protocol,
    /// The server; a bare port means 127.0.0.1
    #[arg(value_name = "ADDR", value_parser = values::peer)]
    pub to: Address,
    /// Requests a second, whatever becomes of them: 1000/s, 1000 or 50k/s [default: 100/s]
    #[arg(long, value_name = "N/s", value_parser = rate, allow_hyphen_values = true, conflicts_with = "concurrency")]
    pub rate: Option<f64>,
    /// Requests in flight at once: each answer makes the next request, a closed loop
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub concurrency: Option<u32>,
    /// How requests follow each other
    #[arg(long, value_name = "HOW", default_value = "poisson", value_parser = one_of(Arrivals::ALL, Arrivals::name),
          conflicts_with = "concurrency")]
    pub arrivals: Arrivals,
    /// For how long requests are made
    #[arg(long, value_name = "D", default_value = "10s", value_parser = bounded)]
    pub duration: Duration,
    /// How long an answer may take
    #[arg(long, value_name = "D", default_value = "1s", value_parser = bounded)]
    pub timeout: Duration,
    /// What is done about a request that fails, as `recover show` tells it [default: nothing]
    #[arg(long, value_name = "STRATEGY", value_parser = one_of(STRATEGIES, Kind::name))]
    pub strategy: Option<Kind>,
    /// Connections at most, or sockets of datagrams [default: as many as processors; with --concurrency as many as that]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=60_000))]
    pub connections: Option<u32>,
    /// The request; over TCP a line end follows it
    #[arg(long, value_name = "TEXT", default_value = "Ipin", value_parser = line)]
    pub text: String,
    /// Seed of the arrivals
    #[arg(long, value_name = "N", default_value = "1", value_parser = seed)]
    pub seed: u64,
}

/// `1000/s`, `1000` or `50k/s`.
fn rate(given: &str) -> Result<f64, String> {
    const SHAPE: &str = "expected requests a second, such as 1000/s, 50k/s or 0.5/s";
    let number = given.strip_suffix("/s").unwrap_or(given);
    let (number, factor) = match number.strip_suffix(['k', 'K']) {
        Some(thousands) => (thousands, 1e3),
        None => number.strip_suffix('M').map_or((number, 1.0), |millions| (millions, 1e6)),
    };
    let rate = number.parse::<f64>().map_err(|_| format!("{given:?} is not a rate; {SHAPE}"))? * factor;
    match rate {
        _ if rate.is_nan() => Err(format!("{given:?} is not a rate; {SHAPE}")),
        ..=0.0 => Err(format!("a rate of {given} makes no requests; {SHAPE}")),
        _ if rate > FASTEST => Err(format!("no machine makes {given}; expected 1000M/s at most")),
        0.001.. => Ok(rate),
        _ => {
            Err("less than a request in a thousand seconds is no load; expected 0.001/s at least".to_owned())
        }
    }
}

/// A time of an hour at most, which is what latencies are measured up to.
fn bounded(given: &str) -> Result<Duration, String> {
    let duration = duration(given)?;
    if duration > Duration::from_secs(3600) { Err("expected 1h at most".to_owned()) } else { Ok(duration) }
}

/// One line.
fn line(given: &str) -> Result<String, String> {
    const LONGEST: usize = 8192;
    if given.contains(['\n', '\r']) {
        return Err("a request is one line: without a line end in it".to_owned());
    }
    if given.len() > LONGEST {
        return Err(format!("a request of {} bytes is too long; expected {LONGEST} at most", given.len()));
    }
    Ok(given.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_read_in_every_way_people_write_it() {
        for (given, expected) in
            [("1000", 1e3), ("1000/s", 1e3), ("50k/s", 5e4), ("50k", 5e4), ("2M/s", 2e6), ("0.5/s", 0.5)]
        {
            assert!((rate(given).unwrap() - expected).abs() < 1e-9, "{given}");
        }
    }

    #[test]
    fn a_rate_that_makes_no_requests_or_cannot_be_is_refused() {
        for given in ["0", "0/s", "-5", "-5/s", "", "k/s", "fast", "NaN", "inf", "1e300", "1e-300", "10/m"] {
            assert!(rate(given).is_err(), "{given}");
        }
    }
}
