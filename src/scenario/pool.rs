//! Several pieces of work side by side.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Does every piece of `work`, `at_once` of them at a time, and gives what came of each in the order of the pieces.
pub fn side_by_side<W: Sync, R: Send>(
    work: &[W],
    at_once: NonZeroUsize,
    run: impl Fn(&W) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let (done, results) = mpsc::channel();
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        for _ in 0..at_once.get().min(work.len()) {
            let (done, next, run) = (done.clone(), &next, &run);
            scope.spawn(move || {
                while let Some((number, piece)) = take(work, next) {
                    // The receiver is there until the last worker has ended.
                    let _ = done.send((number, run(piece)));
                }
            });
        }
        drop(done);
        results.iter().collect()
    });
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

fn take<'w, W>(work: &'w [W], next: &AtomicUsize) -> Option<(usize, &'w W)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    work.get(number).map(|piece| (number, piece))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn results_come_in_the_order_of_the_work() {
        let work: Vec<u32> = (0..50).collect();
        let at_once = NonZeroUsize::new(4).unwrap();
        assert_eq!(
            side_by_side(&work, at_once, |number| number * 2),
            work.iter().map(|n| n * 2).collect::<Vec<_>>()
        );
        assert!(side_by_side(&[], at_once, |number: &u32| *number).is_empty());
    }

    #[test]
    fn so_many_run_at_a_time_as_were_asked_for() {
        // Each waits for the other: one after the other they would never end.
        let both = Barrier::new(2);
        let met = side_by_side(&[1, 2], NonZeroUsize::new(2).unwrap(), |_| both.wait().is_leader());
        assert_eq!(met.iter().filter(|leads| **leads).count(), 1);
    }
}
