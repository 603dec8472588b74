//! Retry policies as `Iterator<Item = Duration>`: seeded, pure, without a clock.
