//! How hard the settings of a step are on the weights.

use super::{cause::Cause, config::TrainConfig};

/// From this momentum on, a step is the sum of so many gradients that it overshoots.
const HIGH_MOMENTUM: f32 = 0.99;

/// A rate from which on the rate itself is too high for any momentum.
const HIGH_RATE: f32 = 1.0;

/// From this weight decay on, weights are pulled to 0 faster than they learn.
const HEAVY_DECAY: f32 = 0.5;

/// The settings that a step is made with, as far as they can ruin the weights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Force {
    rate: f32,
    momentum: f32,
    decay: f32,
}

impl Force {
    /// Of a step with these settings at this learning rate.
    pub(super) fn of(config: &TrainConfig, rate: f32) -> Self {
        let mut optimizer = config.optimizer;
        let momentum = optimizer.momentum().unwrap_or(0.0);
        Self { rate, momentum, decay: *optimizer.weight_decay_mut() }
    }

    /// The larger of each.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            rate: self.rate.max(other.rate),
            momentum: self.momentum.max(other.momentum),
            decay: self.decay.max(other.decay),
        }
    }

    /// The setting that is to blame.
    pub(super) fn cause(self) -> Cause {
        // Three digits: a schedule moves the rate by a little. As a power of ten where that is much shorter.
        let text = |value: f32| {
            let value: f32 = format!("{value:.2e}").parse().unwrap_or(value);
            let plain = value.to_string();
            if plain.len() <= 8 { plain } else { format!("{value:e}") }
        };
        // Such a decay turns the sign of each weight at every step and makes it larger, or it pulls all weights to 0.
        let is_wild = self.rate * self.decay >= 1.0 && self.decay >= self.rate;
        if is_wild || self.decay >= HEAVY_DECAY && self.rate < HIGH_RATE {
            Cause::WeightDecay(text(self.decay))
        } else if self.momentum >= HIGH_MOMENTUM && self.rate < HIGH_RATE {
            Cause::Momentum(text(self.momentum))
        } else {
            Cause::Rate(text(self.rate))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(rate: f32, momentum: f32, decay: f32) -> Cause {
        Force { rate, momentum, decay }.cause()
    }

    #[test]
    fn the_setting_that_is_out_of_all_measure_is_to_blame() {
        assert_eq!(cause(30.0, 0.9, 5e-4), Cause::Rate("30".into()));
        assert_eq!(cause(0.03, 0.99, 0.0), Cause::Momentum("0.99".into()));
        assert_eq!(cause(30.0, 0.99, 0.0), Cause::Rate("30".into()));
        assert_eq!(cause(0.03, 0.9, 1e9), Cause::WeightDecay("1e9".into()));
        assert_eq!(cause(1e30, 0.9, 5e-4), Cause::Rate("1e30".into()));
        // A schedule moves the rate a little; a person typed 1000.
        assert_eq!(cause(999.816, 0.9, 5e-4), Cause::Rate("1000".into()));
        assert_eq!(cause(0.03, 0.9, 1.0), Cause::WeightDecay("1".into()));
        let both =
            Force { rate: 30.0, ..Force::default() }.and(Force { rate: 0.03, momentum: 0.9, decay: 0.0 });
        assert_eq!(both.cause(), Cause::Rate("30".into()));
    }
}
