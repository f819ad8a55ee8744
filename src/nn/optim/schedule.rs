//! How the learning rate changes while a network trains.

use serde::{Deserialize, Serialize};
use std::{f64::consts::PI, fmt, str::FromStr};

/// A rule for the learning rate of each step, from the one that training begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Schedule {
    /// It stays.
    #[default]
    Constant,
    /// `lr / (1 + decay·t)` at step t, counted from 0: Keras's time decay.
    Time {
        /// How fast it falls.
        decay: f32,
    },
    /// Times `gamma` after each `epochs` epochs, as `torch.optim.lr_scheduler.StepLR`.
    Step {
        /// Epochs between two changes.
        epochs: usize,
        /// What the rate is multiplied by.
        gamma: f32,
    },
    /// `lr·(1 + cos(π·t / T)) / 2` at step t of T: half a wave down to 0 (Loshchilov and Hutter 2016, arXiv:1608.03983).
    Cosine,
}

/// Where a training run stands, counted in optimiser steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Steps made.
    pub step: u64,
    /// Steps an epoch.
    pub per_epoch: u64,
    /// Steps of the whole run.
    pub total: u64,
}

impl Schedule {
    /// The rate of the next step, from the rate `lr` that training began with.
    pub fn rate(self, lr: f32, now: Progress) -> f32 {
        let factor = match self {
            Self::Constant => return lr,
            Self::Time { decay } => 1.0 / (1.0 + f64::from(decay) * now.step as f64),
            Self::Step { epochs, gamma } => {
                let changes = now.step / now.per_epoch.max(1) / epochs.max(1) as u64;
                f64::from(gamma).powi(i32::try_from(changes).unwrap_or(i32::MAX))
            }
            Self::Cosine => 0.5 + 0.5 * (PI * now.step.min(now.total) as f64 / now.total.max(1) as f64).cos(),
        };
        (f64::from(lr) * factor) as f32
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant => f.write_str("constant"),
            Self::Time { decay } => write!(f, "time:{decay}"),
            Self::Step { epochs, gamma } => write!(f, "step:{epochs},{gamma}"),
            Self::Cosine => f.write_str("cosine"),
        }
    }
}

impl FromStr for Schedule {
    type Err = String;

    /// `constant`, `time:DECAY`, `step:EPOCHS,GAMMA` or `cosine`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, settings) = text.split_once(':').unwrap_or((text, ""));
        let positive = |text: &str| text.parse::<f32>().ok().filter(|v| v.is_finite() && *v >= 0.0);
        let schedule = match (name, settings) {
            ("constant", "") => Some(Self::Constant),
            ("cosine", "") => Some(Self::Cosine),
            ("time", decay) => positive(decay).map(|decay| Self::Time { decay }),
            ("step", settings) => settings.split_once(',').and_then(|(epochs, gamma)| {
                let epochs = epochs.parse().ok().filter(|&epochs| epochs > 0)?;
                Some(Self::Step { epochs, gamma: positive(gamma)? })
            }),
            _ => None,
        };
        schedule.ok_or_else(|| {
            format!("'{text}' is no schedule: constant, time:DECAY, step:EPOCHS,GAMMA (such as step:5,0.1), or cosine")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(schedule: &str, step: u64) -> f32 {
        schedule.parse::<Schedule>().unwrap().rate(0.1, Progress { step, per_epoch: 10, total: 100 })
    }

    #[test]
    fn rates_are_those_of_the_formulas() {
        assert_eq!(at("constant", 70), 0.1);
        assert_eq!([at("time:0.5", 0), at("time:0.5", 2)], [0.1, 0.05]);
        assert_eq!([at("step:2,0.5", 19), at("step:2,0.5", 20), at("step:2,0.5", 40)], [0.1, 0.05, 0.025]);
        assert_eq!(
            [at("cosine", 0), at("cosine", 50), at("cosine", 100), at("cosine", 200)],
            [0.1, 0.05, 0.0, 0.0]
        );
    }

    #[test]
    fn names_read_back() {
        for name in ["constant", "time:0.000001", "step:5,0.1", "cosine"] {
            let schedule: Schedule = name.parse().unwrap();
            assert_eq!(schedule.to_string(), name);
            let json = serde_json::to_string(&schedule).unwrap();
            assert_eq!(serde_json::from_str::<Schedule>(&json).unwrap(), schedule);
        }
        for wrong in ["linear", "time", "time:-1", "step:0,0.1", "step:5", "cosine:3", ""] {
            assert!(wrong.parse::<Schedule>().unwrap_err().contains("no schedule"), "{wrong}");
        }
    }
}
