//! `RMSprop` (Hinton 2012, lecture 6 of *Neural Networks for Machine Learning*), as `torch.optim.RMSprop`.

use super::Now;
use serde::{Deserialize, Serialize};

/// `s ← alpha·s + (1−alpha)g²`, `v ← momentum·v + g / (√s + eps)`, `w ← w − lr·v`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RmsProp {
    /// Decay of the mean square.
    pub alpha: f32,
    /// Keeps the quotient finite.
    pub eps: f32,
    /// 0 is none.
    pub momentum: f32,
    /// Adds `weight_decay·w` to the gradient.
    pub weight_decay: f32,
}

impl Default for RmsProp {
    fn default() -> Self {
        Self { alpha: 0.99, eps: 1e-8, momentum: 0.0, weight_decay: 0.0 }
    }
}

impl RmsProp {
    #[inline(always)]
    pub(super) fn update(
        &self,
        w: &mut [f32],
        gradient: &[f32],
        [square, velocity]: [&mut [f32]; 2],
        now: Now,
    ) {
        let Self { alpha, eps, momentum, weight_decay } = *self;
        for (((w, &g), s), v) in w.iter_mut().zip(gradient).zip(square).zip(velocity) {
            let g = g + weight_decay * *w;
            *s = alpha * *s + (1.0 - alpha) * g * g;
            *v = momentum * *v + g / (s.sqrt() + eps);
            *w -= now.lr * *v;
        }
    }
}
