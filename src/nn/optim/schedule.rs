//! Learning rate schedules.

use crate::nn::setting_error::SettingError;
use serde::{Deserialize, Serialize};
use std::{f64::consts::PI, fmt, str::FromStr};

/// The learning rate of each step as a function of the initial rate lr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Schedule {
    /// Always lr.
    #[default]
    Constant,
    /// `lr / (1 + decay·t)` at step t, counted from 0, as Keras's time decay.
    Time {
        /// The decay per step.
        decay: f32,
    },
    /// Multiplied by `gamma` after every `epochs` epochs, as `torch.optim.lr_scheduler.StepLR`.
    Step {
        /// Epochs between two changes.
        epochs: usize,
        /// The factor.
        gamma: f32,
    },
    /// `lr·(1 + cos(π·t / T)) / 2` at step t of T: half a cosine wave down to 0 (Loshchilov and Hutter 2016, arXiv:1608.03983).
    Cosine,
    /// From `lr·start` up to `lr·peak` during the first `rise` of all steps, then down to nearly 0, both along half a
    /// cosine wave, as `torch.optim.lr_scheduler.OneCycleLR` (Smith and Topin 2017, arXiv:1708.07120).
    OneCycle {
        /// The first rate over lr; PyTorch's `1 / div_factor`.
        start: f32,
        /// The highest rate over lr; 1 if lr is PyTorch's `max_lr`.
        peak: f32,
        /// The fraction of the steps during which the rate rises; PyTorch's `pct_start`.
        rise: f32,
    },
}

impl Schedule {
    /// One cycle with PyTorch's defaults, where lr is the highest rate.
    pub const ONE_CYCLE: Self = Self::OneCycle { start: 0.04, peak: 1.0, rise: 0.3 };

    /// The last rate over the first; PyTorch's `1 / final_div_factor`.
    const ONE_CYCLE_END: f64 = 1e-4;
}

/// The progress of a training run in optimiser steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Steps so far.
    pub step: u64,
    /// Steps per epoch.
    pub per_epoch: u64,
    /// Steps of the whole run.
    pub total: u64,
}

impl Schedule {
    /// The rate of the next step for the initial rate `lr`.
    pub fn rate(self, lr: f32, now: Progress) -> f32 {
        let factor = match self {
            Self::Constant => return lr,
            Self::Time { decay } => 1.0 / (1.0 + f64::from(decay) * now.step as f64),
            Self::Step { epochs, gamma } => {
                let changes = now.step / now.per_epoch.max(1) / epochs.max(1) as u64;
                f64::from(gamma).powi(i32::try_from(changes).unwrap_or(i32::MAX))
            }
            Self::Cosine => half_wave(1.0, 0.0, now.step.min(now.total) as f64 / now.total.max(1) as f64),
            Self::OneCycle { start, peak, rise } => {
                let [start, peak] = [start, peak].map(f64::from);
                let last = now.total.saturating_sub(1) as f64;
                let top = (f64::from(rise) * now.total as f64 - 1.0).max(0.0);
                let step = (now.step as f64).min(last);
                if step < top {
                    half_wave(start, peak, step / top)
                } else {
                    half_wave(peak, start * Self::ONE_CYCLE_END, (step - top) / (last - top).max(1.0))
                }
            }
        };
        (f64::from(lr) * factor) as f32
    }
}

/// From one value to another along half a cosine wave, for `at` from 0 to 1.
fn half_wave(from: f64, to: f64, at: f64) -> f64 {
    to + (from - to) * (0.5 + 0.5 * (PI * at).cos())
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant => f.write_str("constant"),
            Self::Time { decay } => write!(f, "time:{decay}"),
            Self::Step { epochs, gamma } => write!(f, "step:{epochs},{gamma}"),
            Self::Cosine => f.write_str("cosine"),
            Self::OneCycle { start, peak, rise } => write!(f, "one-cycle:{start},{peak},{rise}"),
        }
    }
}

impl FromStr for Schedule {
    type Err = SettingError;

    /// `constant`, `time:DECAY`, `step:EPOCHS,GAMMA`, `cosine`, `one-cycle` or `one-cycle:START,PEAK,RISE`.
    fn from_str(text: &str) -> Result<Self, SettingError> {
        let (name, settings) = text.split_once(':').unwrap_or((text, ""));
        let positive = |text: &str| text.parse::<f32>().ok().filter(|v| v.is_finite() && *v >= 0.0);
        let schedule = match (name, settings) {
            ("constant", "") => Some(Self::Constant),
            ("cosine", "") => Some(Self::Cosine),
            ("one-cycle", "") => Some(Self::ONE_CYCLE),
            ("one-cycle", settings) => {
                let numbers: Option<Vec<f32>> = settings.split(',').map(positive).collect();
                match numbers.as_deref() {
                    Some(&[start, peak, rise]) if peak > 0.0 && rise <= 1.0 => {
                        Some(Self::OneCycle { start, peak, rise })
                    }
                    _ => None,
                }
            }
            ("time", decay) => positive(decay).map(|decay| Self::Time { decay }),
            ("step", settings) => settings.split_once(',').and_then(|(epochs, gamma)| {
                let epochs = epochs.parse().ok().filter(|&epochs| epochs > 0)?;
                Some(Self::Step { epochs, gamma: positive(gamma)? })
            }),
            _ => None,
        };
        schedule.ok_or_else(|| {
            let sentence = "'{value}' is not a schedule: constant, time:DECAY, step:EPOCHS,GAMMA (such as step:5,0.1), cosine, one-cycle, or one-cycle:START,PEAK,RISE (such as one-cycle:0.04,1,0.3)";
            SettingError::new("schedule", text, sentence)
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
    fn one_cycle_agrees_with_pytorch() {
        // OneCycleLR(SGD(lr=0.1), max_lr=0.1, total_steps=100) of PyTorch 2.15, defaults otherwise.
        let expected =
            [(0, 0.004), (10, 0.029_516_395), (29, 0.1), (30, 0.099_949_65), (64, 0.050_000_02), (99, 4e-7)];
        for (step, rate) in expected {
            let ours = at("one-cycle", step);
            assert!((ours / rate - 1.0).abs() < 1e-5, "step {step}: {ours} instead of {rate}");
        }
        assert_eq!(at("one-cycle", 150), at("one-cycle", 99));
        assert_eq!([at("one-cycle:1,3,0.3", 0), at("one-cycle:1,3,0.3", 29)], [0.1, 0.3]);
        assert_eq!(at("one-cycle:1,3,0", 0), 0.3);
    }

    #[test]
    fn names_read_back() {
        for name in ["constant", "time:0.000001", "step:5,0.1", "cosine", "one-cycle:0.04,1,0.3"] {
            let schedule: Schedule = name.parse().unwrap();
            assert_eq!(schedule.to_string(), name);
            let json = serde_json::to_string(&schedule).unwrap();
            assert_eq!(serde_json::from_str::<Schedule>(&json).unwrap(), schedule);
        }
        for wrong in [
            "linear",
            "time",
            "time:-1",
            "step:0,0.1",
            "step:5",
            "cosine:3",
            "one-cycle:1",
            "one-cycle:1,0,0.3",
            "one-cycle:1,1,2",
            "",
        ] {
            assert!(wrong.parse::<Schedule>().unwrap_err().to_string().contains("not a schedule"), "{wrong}");
        }
    }
}
