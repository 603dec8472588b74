//! Randomness that a seed gives again, on every platform.

use fastrand::Rng;

/// FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923).
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// A source of random numbers.
#[derive(Clone, Debug)]
pub struct Dice(Rng);

impl Dice {
    /// The numbers of this seed.
    pub fn new(seed: u64) -> Self {
        Self(Rng::with_seed(seed))
    }

    /// Numbers of their own for whatever the labels name: what others draw does not change them.
    pub fn of(seed: u64, labels: &[&str]) -> Self {
        let mut hash = OFFSET;
        let bytes = labels.iter().flat_map(|label| label.bytes().chain([0]));
        for byte in seed.to_le_bytes().into_iter().chain(bytes) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        }
        Self::new(hash)
    }

    /// Uniform in [0, 1): 53 random bits, as many as an `f64` holds.
    pub fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / 9_007_199_254_740_992.0; // 2⁵³
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let bits = (self.0.u64(..) >> 11) as f64;
        bits * STEP
    }

    /// Whether something of this probability happens. Takes one number, also when the answer is certain, so that
    /// changing a probability does not shift what follows.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Uniform from 0 to `end`, without `end`; 0 when that is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.0.u64(..end) }
    }
}
