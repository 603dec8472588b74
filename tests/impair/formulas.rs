//! Many decisions have the mean, spread and correlation that the documentation states. The seeds are fixed, so that
//! these either always hold or never do; the tolerances are five standard errors and more.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are small, and shares are between 0 and 1"
)]

use netfault::impair::{Chance, Chances, Delay, Delays, Dice, Distribution, Loss, Losses};
use std::time::Duration;

const MANY: usize = 200_000;

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

/// Correlation of neighbours.
fn correlation(values: &[f64]) -> f64 {
    let mean = mean(values);
    let together: f64 = values.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    together / values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found}, expected {expected} ± {tolerance}");
}

fn delays(distribution: Distribution, correlation: f64) -> Vec<f64> {
    let delay =
        Delay { base: Duration::from_secs(1), jitter: Duration::from_millis(50), distribution, correlation };
    let (mut delays, mut dice) = (Delays::new(delay), Dice::new(3));
    (0..MANY).map(|_| delays.next(&mut dice).as_secs_f64() * 1000.0).collect()
}

#[test]
fn delays_have_their_mean_and_spread() {
    for (distribution, spread, tolerance) in
        [(Distribution::Uniform, 50.0 / 3_f64.sqrt(), 0.5), (Distribution::Normal, 50.0, 0.5)]
    {
        let found = delays(distribution, 0.0);
        near(mean(&found), 1000.0, 0.7);
        near(deviation(&found), spread, tolerance);
    }
    // The fourth moment of this Pareto distribution is not finite: its spread converges slowly, its quantiles do not.
    let mut found = delays(Distribution::Pareto, 0.0);
    near(mean(&found), 1000.0, 1.0);
    found.sort_by(f64::total_cmp);
    for share in [0.1_f64, 0.5, 0.9, 0.99] {
        let expected = 1000.0 + 50.0 * ((1.0 - share).powf(-1.0 / 3.0) - 1.5) / 0.75_f64.sqrt();
        near(found[(share * MANY as f64) as usize], expected, 2.0);
    }
}

#[test]
fn uniform_delays_fill_their_range_evenly() {
    let found = delays(Distribution::Uniform, 0.0);
    let mut tenths = [0; 10];
    for delay in found {
        assert!((950.0..=1050.0).contains(&delay), "{delay}");
        tenths[((delay - 950.0) / 10.0).min(9.0) as usize] += 1;
    }
    for count in tenths {
        near(f64::from(count), 20_000.0, 700.0);
    }
}

#[test]
fn a_delay_is_never_negative() {
    let delay = Delay {
        jitter: Duration::from_secs(1),
        distribution: Distribution::Normal,
        ..Delay::constant(Duration::from_millis(1))
    };
    let (mut delays, mut dice) = (Delays::new(delay), Dice::new(1));
    let none = (0..1000).filter(|_| delays.next(&mut dice).is_zero()).count();
    assert!(none > 400, "{none}");
}

#[test]
fn correlation_keeps_the_share_and_the_spread() {
    for rho in [0.25, 0.5, 0.9] {
        let found = delays(Distribution::Uniform, rho);
        near(mean(&found), 1000.0, 2.0);
        near(deviation(&found), 50.0 / 3_f64.sqrt(), 1.0);
        near(correlation(&found), rho, 0.02);
        let (mut chances, mut dice) =
            (Chances::new(Chance { probability: 0.1, correlation: rho }), Dice::new(5));
        let found: Vec<f64> = (0..MANY).map(|_| f64::from(u8::from(chances.next(&mut dice)))).collect();
        near(mean(&found), 0.1, 0.02);
        near(correlation(&found), rho, 0.03);
    }
}

fn losses(loss: Loss) -> Vec<bool> {
    let (mut losses, mut dice) = (Losses::new(loss), Dice::new(9));
    (0..MANY).map(|_| losses.next(&mut dice)).collect()
}

fn share(lost: &[bool]) -> f64 {
    lost.iter().filter(|lost| **lost).count() as f64 / lost.len() as f64
}

#[test]
fn losses_have_their_share() {
    for probability in [0.0, 0.001, 0.05, 0.5, 1.0] {
        near(share(&losses(Loss::Random(Chance::of(probability)))), probability, 0.005);
    }
}

#[test]
fn gilbert_elliott_loses_what_its_formula_says() {
    for (p, r, bad, good) in [(0.01, 0.1, 1.0, 0.0), (0.1, 0.3, 0.8, 0.02), (0.5, 0.5, 0.5, 0.5)] {
        let lost = losses(Loss::GilbertElliott { p, r, bad, good });
        let expected = p / (p + r) * bad + r / (p + r) * good;
        near(share(&lost), expected, 0.01);
    }
    // In bursts: with loss in the bad state alone, a loss is followed by one as often as the state stays.
    let lost = losses(Loss::GilbertElliott { p: 0.01, r: 0.1, bad: 1.0, good: 0.0 });
    let pairs: Vec<bool> = lost.windows(2).filter(|pair| pair[0]).map(|pair| pair[1]).collect();
    near(share(&pairs), 0.9, 0.015);
}
