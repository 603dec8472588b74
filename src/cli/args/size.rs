//! How a number of bytes is read: plain, in powers of 1000 (kB, MB, GB) or of 1024 (KiB, MiB, GiB).

const SHAPE: &str = "expected a number of bytes such as 1000000, 500kB, 10MiB or 2GB";

/// What a unit stands for.
const UNITS: &[(&str, u64)] = &[
    ("", 1),
    ("b", 1),
    ("kb", 1000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
];

/// A number of bytes, one at least. Upper and lower case are the same.
pub(super) fn size(given: &str) -> Result<u64, String> {
    let digits = given.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(given.len());
    let (number, unit) = given.split_at(digits);
    let unit = unit.trim().to_ascii_lowercase();
    if number.is_empty() {
        return Err(format!("{given:?} is no size; {SHAPE}"));
    }
    let Some((_, times)) = UNITS.iter().find(|(known, _)| *known == unit) else {
        return Err(match unit.as_str() {
            "k" | "m" | "g" => {
                let big = unit.to_ascii_uppercase();
                format!("{given:?} may be powers of 1000 or of 1024; write {number}{big}B or {number}{big}iB")
            }
            _ if unit.starts_with('.') => {
                format!("{given:?} has a point: sizes are whole numbers; a smaller unit helps, as in 1500kB")
            }
            _ => format!("{unit:?} is no unit of bytes; {SHAPE}"),
        });
    };
    match number.parse::<u64>().ok().and_then(|number| number.checked_mul(*times)) {
        None => Err(format!("{given:?} is more than there can be; {SHAPE}")),
        Some(0) => Err("a limit of no byte at all lets nothing through".to_owned()),
        Some(bytes) => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_is_read_with_the_units_people_write() {
        for (given, bytes) in [
            ("1", 1),
            ("500 B", 500),
            ("10MiB", 10 << 20),
            ("10 mib", 10 << 20),
            ("2GB", 2_000_000_000),
            ("3kB", 3000),
        ] {
            assert_eq!(size(given), Ok(bytes), "{given}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_size_is_said() {
        for (given, said) in [
            ("", "no size"),
            ("-1", "no size"),
            ("many", "no size"),
            ("10M", "10MB or 10MiB"),
            ("1.5GB", "whole numbers"),
            ("10 stones", "no unit"),
            ("0", "no byte"),
            ("99999999999GiB", "more than"),
            ("99999999999999999999", "more than"),
        ] {
            let why = size(given).unwrap_err();
            assert!(why.contains(said), "{given}: {why}");
        }
    }
}
