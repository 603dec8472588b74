//! Numbers of bytes in words.

use crate::knowledge::Terms;
use std::time::Duration;

/// `1 byte`, `1256 bytes`, `12.3 MB`: exact where that can be read.
pub fn amount(bytes: u64, terms: &Terms) -> String {
    match bytes {
        1 => terms.one_byte.to_owned(),
        0..100_000 => format!("{bytes} {}", terms.bytes),
        _ => in_powers_of_1000(bytes),
    }
}

/// `85.2 MB/s`; nothing where so little came, or so fast, that it says nothing.
pub fn rate(bytes: u64, took: Duration) -> Option<String> {
    const LEAST_BYTES: u64 = 1_000_000;
    const LEAST_TIME: Duration = Duration::from_millis(1);
    if bytes < LEAST_BYTES || took < LEAST_TIME {
        return None;
    }
    let micros = took.as_micros();
    let per_second = u128::from(bytes) * 1_000_000 / micros;
    Some(format!("{}/s", in_powers_of_1000(u64::try_from(per_second).unwrap_or(u64::MAX))))
}

/// The largest unit of which there is at least one, and one digit after the point.
fn in_powers_of_1000(bytes: u64) -> String {
    let (unit, size) = match bytes {
        ..1_000_000 => ("kB", 1000),
        1_000_000..1_000_000_000 => ("MB", 1_000_000),
        1_000_000_000..1_000_000_000_000 => ("GB", 1_000_000_000),
        _ => ("TB", 1_000_000_000_000),
    };
    let tenths = u128::from(bytes) * 10 / size;
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge;
    use crate::lang::Lang;

    #[test]
    fn few_bytes_are_told_exactly_and_many_at_a_glance() {
        let told = |bytes| amount(bytes, knowledge::terms(Lang::En));
        assert_eq!(told(0), "0 bytes");
        assert_eq!(told(1), "1 byte");
        assert_eq!(told(99_999), "99999 bytes");
        assert_eq!(told(100_000), "100.0 kB");
        assert_eq!(told(67_108_864), "67.1 MB");
        assert_eq!(told(u64::MAX), "18446744.0 TB");
    }

    #[test]
    fn a_rate_is_told_of_transfers_that_took_a_while() {
        assert_eq!(rate(1_000_000_000, Duration::from_millis(500)), Some("2.0 GB/s".to_owned()));
        assert_eq!(rate(1000, Duration::from_secs(1)), None);
        assert_eq!(rate(u64::MAX, Duration::ZERO), None);
    }
}
