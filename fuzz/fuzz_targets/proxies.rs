//! Any text in place of a file of proxies or the body of a request: read, or its mistakes told with their places,
//! never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netfault::proxy::config::{Syntax, read};

fuzz_target!(|text: &str| {
    for syntax in [Syntax::Json, Syntax::Toml] {
        for mistake in read(text, syntax).err().into_iter().flatten() {
            assert!(!mistake.what.is_empty());
            let _ = mistake.place(text).to_string();
        }
    }
});
