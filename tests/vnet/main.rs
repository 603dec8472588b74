//! The virtual network, from within: this program starts itself again where it may make networks, so that each test has
//! the kernel's own behaviour before it.

mod answers;
mod carries;
mod endures;
mod given;
mod near_misses;
mod parity;
mod parity_of_streams;
mod past;
mod statistics;

use libtest_mimic::{Arguments, Trial};
use netfault::vnet;
use std::process::ExitCode;

#[expect(clippy::print_stderr, reason = "why its tests are left out")]
fn main() -> ExitCode {
    if let Some(done) = vnet::enter() {
        return done;
    }
    let mut arguments = Arguments::from_args();
    if let Err(refusal) = vnet::can_run(&vnet::this_program()) {
        eprintln!("there can be no network here: {refusal}. {}", refusal.remedy);
        return libtest_mimic::run(&arguments, ignored()).exit_code();
    }
    if vnet::is_inside() || arguments.list {
        // Each has a network of its own; what they measure is the kernel's time.
        arguments.test_threads = Some(1);
        return libtest_mimic::run(&arguments, trials()).exit_code();
    }
    let status = vnet::inside(&vnet::this_program(), std::env::args_os().skip(1))
        .status()
        .expect("this program starts again");
    ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1))
}

/// Every test.
fn trials() -> Vec<Trial> {
    [
        carries::TESTS,
        answers::TESTS,
        statistics::TESTS,
        parity::TESTS,
        parity_of_streams::TESTS,
        endures::TESTS,
        past::TESTS,
    ]
    .iter()
    .chain(near_misses::TESTS)
    .copied()
    .flatten()
    .map(|(name, test)| {
        Trial::test(*name, || {
            test();
            Ok(())
        })
    })
    .collect()
}

fn ignored() -> Vec<Trial> {
    trials().into_iter().map(|trial| trial.with_ignored_flag(true)).collect()
}

/// A test and its name.
type Test = (&'static str, fn());
