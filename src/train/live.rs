//! The settings that a run takes over while it goes on. All others need a reset.

use super::config::TrainConfig;
use crate::nn::optim::OptimizerSpec;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A change of settings that a run takes over from its next step on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum LiveChange {
    /// The learning rate that the schedule starts from.
    LearningRate(f32),
    /// The momentum, for optimisers that have one.
    Momentum(f32),
    /// The number of epochs in all, over which the schedule extends. A run ends no earlier than the epoch that has begun.
    Epochs(usize),
}

impl fmt::Display for LiveChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LearningRate(rate) => write!(f, "learning rate {rate}"),
            Self::Momentum(momentum) => write!(f, "momentum {momentum}"),
            Self::Epochs(epochs) => write!(f, "epochs {epochs}"),
        }
    }
}

impl TrainConfig {
    /// Makes a change.
    pub fn apply(&mut self, change: LiveChange) {
        match change {
            LiveChange::LearningRate(lr) => self.lr = lr,
            LiveChange::Momentum(momentum) => {
                if let Some(setting) = self.optimizer.momentum_mut() {
                    *setting = momentum;
                }
            }
            LiveChange::Epochs(epochs) => self.epochs = epochs,
        }
    }

    /// The changes that lead from the settings of a run to these, as far as the run can take them over. The learning
    /// rate and the momentum of another optimiser are not among them.
    pub fn live_changes_from(&self, running: &Self) -> Vec<LiveChange> {
        let mut changes = Vec::new();
        if is_same_kind(self.optimizer, running.optimizer) {
            if self.lr != running.lr {
                changes.push(LiveChange::LearningRate(self.lr));
            }
            if let Some(momentum) = self.optimizer.momentum()
                && running.optimizer.momentum() != Some(momentum)
            {
                changes.push(LiveChange::Momentum(momentum));
            }
        }
        if self.epochs != running.epochs {
            changes.push(LiveChange::Epochs(self.epochs));
        }
        changes
    }

    /// Whether a run with the settings `running` needs a reset before it has these settings.
    pub fn needs_reset_from(&self, running: &Self) -> bool {
        let mut applied = *running;
        self.live_changes_from(running).into_iter().for_each(|change| applied.apply(change));
        applied != *self
    }
}

/// Whether two optimisers differ at most in numbers: SGD without momentum is of the same kind as SGD with momentum.
fn is_same_kind(a: OptimizerSpec, b: OptimizerSpec) -> bool {
    let kind = |mut optimizer: OptimizerSpec| {
        if let Some(momentum) = optimizer.momentum_mut() {
            *momentum = 0.5;
        }
        optimizer.name()
    };
    kind(a) == kind(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::presets;

    fn config(optimizer: &str) -> TrainConfig {
        let mut config = TrainConfig::from_recipe(&presets::lenet5_relu().recipe, 1);
        config.optimizer = optimizer.parse::<OptimizerSpec>().unwrap();
        config
    }

    #[test]
    fn rate_momentum_and_epochs_are_taken_over_and_nothing_else() {
        let running = config("momentum");
        let mut edited = TrainConfig { lr: 0.5, epochs: 77, ..running };
        *edited.optimizer.momentum_mut().unwrap() = 0.25;
        let all = [LiveChange::LearningRate(0.5), LiveChange::Momentum(0.25), LiveChange::Epochs(77)];
        assert_eq!(edited.live_changes_from(&running), all);
        assert!(!edited.needs_reset_from(&running) && !running.needs_reset_from(&running));
        for other in [
            TrainConfig { batch: 7, ..edited },
            TrainConfig { seed: 7, ..edited },
            TrainConfig { warmup: 7, ..edited },
            TrainConfig { clip_norm: 7.0, ..edited },
            TrainConfig { validation: 0.5, ..edited },
            TrainConfig { train_images: Some(7), ..edited },
            TrainConfig { label_smoothing: 0.5, ..edited },
        ] {
            assert_eq!(other.live_changes_from(&running), all);
            assert!(other.needs_reset_from(&running), "{other:?}");
        }
    }

    #[test]
    fn no_momentum_is_a_momentum_of_0() {
        let (running, edited) = (config("momentum"), TrainConfig { lr: 0.5, ..config("sgd") });
        let changes = [LiveChange::LearningRate(0.5), LiveChange::Momentum(0.0)];
        assert_eq!(edited.live_changes_from(&TrainConfig { lr: 0.1, ..running }), changes);
    }

    #[test]
    fn the_rate_of_another_optimiser_is_for_the_next_run() {
        let (running, other) = (config("momentum"), TrainConfig { lr: 0.5, epochs: 3, ..config("nesterov") });
        assert_eq!(other.live_changes_from(&running), [LiveChange::Epochs(3)]);
        assert!(other.needs_reset_from(&running));
        let adam = TrainConfig { lr: 0.5, ..config("adam") };
        assert_eq!(adam.live_changes_from(&config("adam")), [LiveChange::LearningRate(0.5)]);
    }
}
