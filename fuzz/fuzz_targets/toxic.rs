//! Any text after `--toxic`: a toxic whose attributes can be shown again, or what is wrong with it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netfault::failure::Protocol;
use netfault::proxy::toxic::short;

fuzz_target!(|text: &str| {
    for network in [Protocol::Tcp, Protocol::Udp] {
        match short(text, network) {
            Ok(toxic) => assert!((0.0..=1.0).contains(&toxic.toxicity) && toxic.json().is_object()),
            Err(wrong) => assert!(!wrong.is_empty()),
        }
    }
});
