//! Any bytes give a reading or none, never a panic; and what is read points into the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netfault::knowledge::{self, Lines};

fuzz_target!(|bytes: &[u8]| {
    let lines: Vec<String> = Lines::new(bytes).map(|line| line.expect("bytes in memory can be read")).collect();
    let count = lines.len();
    if let Some(sighting) = knowledge::read(lines) {
        assert!(sighting.line.is_some_and(|line| (1..=count).contains(&line)));
    }
    if let Ok(words) = std::str::from_utf8(bytes) {
        let _ = knowledge::look_up(words);
    }
});
