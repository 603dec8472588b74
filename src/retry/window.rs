//! A sum over the last stretch of time, kept in ten slots: what is older than the window is forgotten a tenth at a
//! time.

use std::time::Duration;

const SLOTS: u32 = 10;

/// Sums of one or several counts over a window of time. Time may only grow.
#[derive(Clone, Debug)]
pub(super) struct Window<const N: usize> {
    slot: Duration,
    sums: [[f64; N]; SLOTS as usize],
    /// Which slot is filled, counted from the start of time.
    at: u128,
}

impl<const N: usize> Window<N> {
    pub(super) fn of(length: Duration) -> Self {
        let slot = (length / SLOTS).max(Duration::from_nanos(1));
        Self { slot, sums: [[0.0; N]; SLOTS as usize], at: 0 }
    }

    /// Adds to the counts at `now`.
    pub(super) fn add(&mut self, now: Duration, counts: [f64; N]) {
        self.forget(now);
        for (sum, count) in self.sums[place(self.at)].iter_mut().zip(counts) {
            *sum += count;
        }
    }

    /// The counts of the window that ends `now`.
    pub(super) fn sums(&mut self, now: Duration) -> [f64; N] {
        self.forget(now);
        std::array::from_fn(|which| self.sums.iter().map(|slot| slot[which]).sum())
    }

    fn forget(&mut self, now: Duration) {
        let at = now.as_nanos() / self.slot.as_nanos();
        let passed = at.saturating_sub(self.at).min(u128::from(SLOTS));
        for slot in (at + 1).saturating_sub(passed)..=at {
            self.sums[place(slot)] = [0.0; N];
        }
        self.at = self.at.max(at);
    }
}

fn place(slot: u128) -> usize {
    usize::try_from(slot % u128::from(SLOTS)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_the_window_is_forgotten() {
        let second = Duration::from_secs(1);
        let mut window = Window::<1>::of(second * 10);
        window.add(Duration::ZERO, [1.0]);
        window.add(second * 5, [2.0]);
        assert_eq!(window.sums(second * 9).map(f64::to_bits), [3.0_f64.to_bits()]);
        assert_eq!(window.sums(second * 10).map(f64::to_bits), [2.0_f64.to_bits()]);
        assert_eq!(window.sums(second * 100).map(f64::to_bits), [0.0_f64.to_bits()]);
    }
}
