//! The settings that may change during a run.

use super::config::{TrainConfig, TrainError};

/// A setting that may change during a run, with its new value; all others wait for the next run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LiveSetting {
    /// From the next step on.
    LearningRate(f32),
    /// From the next step on, for optimisers that have a momentum.
    Momentum(f32),
    /// Epochs in all; the schedule reaches over them.
    Epochs(usize),
}

impl TrainConfig {
    /// How these settings differ from those of a run, as far as that run can take them over. The learning rate and the
    /// momentum of another optimiser are those of the next run.
    pub fn live_changes(&self, run: &Self) -> Vec<LiveSetting> {
        let mut changes = Vec::new();
        if self.optimizer.name() == run.optimizer.name() {
            if self.lr != run.lr {
                changes.push(LiveSetting::LearningRate(self.lr));
            }
            if let Some(momentum) = self.optimizer.momentum()
                && Some(momentum) != run.optimizer.momentum()
            {
                changes.push(LiveSetting::Momentum(momentum));
            }
        }
        if self.epochs != run.epochs {
            changes.push(LiveSetting::Epochs(self.epochs));
        }
        changes
    }

    /// Whether these settings differ from those of a run in more than it can take over.
    pub fn needs_new_run(&self, run: &Self) -> bool {
        let mut changed = *run;
        for setting in self.live_changes(run) {
            changed.set(setting);
        }
        changed != *self
    }

    /// Changes one setting.
    pub fn set(&mut self, setting: LiveSetting) {
        match setting {
            LiveSetting::LearningRate(lr) => self.lr = lr,
            LiveSetting::Momentum(momentum) => {
                if let Some(m) = self.optimizer.momentum_mut() {
                    *m = momentum;
                }
            }
            LiveSetting::Epochs(epochs) => self.epochs = epochs,
        }
    }

    /// The same settings with one changed, if a run can have them.
    ///
    /// # Errors
    ///
    /// [`TrainError::Setting`] if the value is out of its range.
    pub fn with(mut self, setting: LiveSetting) -> Result<Self, TrainError> {
        self.set(setting);
        self.check()?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::presets;

    #[test]
    fn a_run_takes_over_what_may_change_and_nothing_else() {
        let run = TrainConfig::from_recipe(&presets::lenet5_relu().recipe, 1);
        let faster = TrainConfig { lr: run.lr * 2.0, epochs: run.epochs + 1, ..run };
        let changes = [LiveSetting::LearningRate(faster.lr), LiveSetting::Epochs(faster.epochs)];
        assert_eq!(faster.live_changes(&run), changes);
        assert!(!faster.needs_new_run(&run));
        let larger = TrainConfig { batch: run.batch + 1, ..faster };
        assert!(larger.needs_new_run(&run));
        let optimizer = ["adam", "sgd"].into_iter().find(|name| *name != run.optimizer.name()).unwrap();
        let other = TrainConfig { optimizer: optimizer.parse().unwrap(), ..faster };
        assert_eq!(
            other.live_changes(&run),
            [LiveSetting::Epochs(faster.epochs)],
            "the rate is the next run's"
        );
        assert!(run.with(LiveSetting::LearningRate(-1.0)).is_err());
    }
}
