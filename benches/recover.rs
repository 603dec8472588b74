//! How many events the simulation of an experiment works through in a second, each experiment on its own and all
//! together; the median of several rounds.
//!
//!     cargo bench --bench recover [-- ROUNDS]

use netfault::recover::experiment::Values;
use netfault::recover::{Experiment, simulated};
use netfault::trace::Recorder;
use std::hint::black_box;

#[expect(clippy::print_stdout, reason = "a table is what this is for")]
fn main() {
    // cargo adds flags of its own
    let rounds = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(5_usize).max(1);
    let (mut events, mut seconds) = (0, 0.0);
    for experiment in Experiment::ALL {
        let mut took: Vec<(u64, f64)> = (0..rounds).map(|_| once(experiment)).collect();
        took.sort_by(|one, other| one.1.total_cmp(&other.1));
        let median = took[rounds / 2];
        println!("{:<16} {:>9} events  {:>6.2} million/s", experiment.name, median.0, millions(median));
        events += median.0;
        seconds += median.1;
    }
    println!("{:<16} {events:>9} events  {:>6.2} million/s", "all", millions((events, seconds)));
}

/// Plays all arms of all cases: events, and seconds.
fn once(experiment: &Experiment) -> (u64, f64) {
    let cases = (experiment.cases)(&Values::default());
    let clock = Recorder::forgetful();
    let arms = cases.iter().flat_map(|case| case.arms.iter().map(move |arm| (case, arm)));
    let events = arms.map(|(case, arm)| black_box(simulated::run(&case.world, arm, 1)).events).sum();
    (events, clock.elapsed().as_secs_f64())
}

fn millions((events, seconds): (u64, f64)) -> f64 {
    f64::from(u32::try_from(events).unwrap_or(u32::MAX)) / seconds / 1e6
}
