//! Random initial weights.

use super::{setting_error::SettingError, tensor::Tensor};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use rand_distr::{Distribution, Normal};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The largest standard deviation of initial weights: with larger ones, networks overflow.
const MAX_STD: f32 = 1000.0;

/// The distribution of initial weights. Initial biases are zero.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// N(0, 2 / `fan_in`), for ReLU (He et al. 2015, arXiv:1502.01852).
    He,
    /// N(0, 2 / (`fan_in` + `fan_out`)), for sigmoid and tanh (Glorot and Bengio 2010).
    Xavier,
    /// N(0, σ²) with this σ.
    Normal(f32),
}

impl Init {
    /// The standard deviation of a weight with these fans.
    pub fn std(self, fan_in: usize, fan_out: usize) -> f32 {
        match self {
            Self::He => (2.0 / fan_in as f32).sqrt(),
            Self::Xavier => (2.0 / (fan_in + fan_out) as f32).sqrt(),
            Self::Normal(std) => std,
        }
    }

    /// Fills `weight` with random values, which depend on the seed and `stream` (the parameter's number) only.
    pub(super) fn fill(self, weight: &mut Tensor, fan_in: usize, fan_out: usize, seed: u64, stream: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        if let Ok(normal) = Normal::new(0.0_f32, self.std(fan_in, fan_out)) {
            for w in weight.values_mut() {
                *w = normal.sample(&mut rng);
            }
        }
    }
}

impl fmt::Display for Init {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::He => f.write_str("he"),
            Self::Xavier => f.write_str("xavier"),
            Self::Normal(std) => write!(f, "{std}"),
        }
    }
}

impl FromStr for Init {
    type Err = SettingError;

    /// `he` (also `relu`), `xavier` (also `sigmoid`), or a standard deviation such as `0.01`.
    fn from_str(text: &str) -> Result<Self, SettingError> {
        match text {
            "he" | "relu" => Ok(Self::He),
            "xavier" | "sigmoid" => Ok(Self::Xavier),
            other => match other.parse::<f32>() {
                Ok(std) if (0.0..=MAX_STD).contains(&std) => Ok(Self::Normal(std)),
                _ => Err(SettingError::new(
                    "init",
                    other,
                    "'{value}' is not an initialisation: he, xavier, or a standard deviation from 0 to {most} such as 0.01",
                )
                .with("most", MAX_STD)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_seeded_and_have_the_right_deviation() {
        let mut a = Tensor::zeros(&[200, 500]);
        let mut b = a.clone();
        Init::He.fill(&mut a, 500, 200, 7, 0);
        Init::He.fill(&mut b, 500, 200, 7, 0);
        assert_eq!(a, b);
        let variance = a.values().iter().map(|w| w * w).sum::<f32>() / a.len() as f32;
        assert!((variance.sqrt() / Init::He.std(500, 200) - 1.0).abs() < 0.01);
        Init::He.fill(&mut b, 500, 200, 7, 1);
        assert_ne!(a, b);
    }

    #[test]
    fn names_read_back() {
        for init in [Init::He, Init::Xavier, Init::Normal(0.01)] {
            assert_eq!(init.to_string().parse::<Init>().unwrap(), init);
        }
        assert!(
            "1e30".parse::<Init>().is_err()
                && "-1".parse::<Init>().is_err()
                && "NaN".parse::<Init>().is_err()
        );
        assert!("orthogonal".parse::<Init>().unwrap_err().to_string().contains("orthogonal"));
    }
}
