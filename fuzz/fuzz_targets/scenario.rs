//! Any bytes in place of a scenario: read, or its mistakes told with their places, never a panic. What is read once is
//! read again as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netfault::scenario::{Given, look_at, parameters, read};
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let file = Path::new("lab/x.toml");
    let given = Given::default();
    for mistake in read(file, text, &given).err().into_iter().flatten() {
        assert!(!mistake.what.is_empty());
        let _ = mistake.place(text).to_string();
    }
    let Ok(scenario) = look_at(file, text, &given) else { return };
    let declared = parameters(text).unwrap_or_default();
    assert!(declared.iter().all(|parameter| scenario.parameters.contains_key(&parameter.name)));
    for variant in &scenario.broken {
        let changed = Given { set: variant.set.clone(), seed: Some(2) };
        if let Err(mistakes) = look_at(file, text, &changed) {
            assert!(!mistakes.is_empty());
        }
    }
    assert_eq!(format!("{scenario:?}"), format!("{:?}", look_at(file, text, &given).unwrap()));
});
