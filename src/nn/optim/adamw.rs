//! Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101), as `torch.optim.AdamW`.

use super::{Adam, Now};
use serde::{Deserialize, Serialize};

/// `w ← w − lr·weight_decay·w`, then Adam's step, whose moments know nothing of the decay.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdamW {
    /// Decay of the first moment.
    pub beta1: f32,
    /// Decay of the second moment.
    pub beta2: f32,
    /// Keeps the quotient finite.
    pub eps: f32,
    /// The share of each weight, times the learning rate, that a step takes away.
    pub weight_decay: f32,
}

impl Default for AdamW {
    fn default() -> Self {
        let Adam { beta1, beta2, eps, .. } = Adam::default();
        Self { beta1, beta2, eps, weight_decay: 1e-2 }
    }
}

impl AdamW {
    #[inline(always)]
    pub(super) fn update(&self, w: &mut [f32], gradient: &[f32], moments: [&mut [f32]; 2], now: Now) {
        let Self { beta1, beta2, eps, weight_decay } = *self;
        let adam = Adam { beta1, beta2, eps, weight_decay: 0.0 };
        adam.update(w, gradient, moments, 1.0 - now.lr * weight_decay, now);
    }
}
