//! Adam (Kingma and Ba 2014, arXiv:1412.6980), as `torch.optim.Adam`.

use super::Now;
use serde::{Deserialize, Serialize};

/// `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`, `w ← w − lr·m̂ / (√v̂ + eps)` with both moments corrected for their start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adam {
    /// Decay of the first moment.
    pub beta1: f32,
    /// Decay of the second moment.
    pub beta2: f32,
    /// Keeps the quotient finite.
    pub eps: f32,
    /// Adds `weight_decay·w` to the gradient.
    pub weight_decay: f32,
}

impl Default for Adam {
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 }
    }
}

impl Adam {
    /// One step with the moments `m` and `v`; `kept` is the share of each weight that is left before it, 1 for Adam.
    #[inline(always)]
    pub(super) fn update(
        &self,
        w: &mut [f32],
        gradient: &[f32],
        [m, v]: [&mut [f32]; 2],
        kept: f32,
        now: Now,
    ) {
        let Self { beta1, beta2, eps, weight_decay } = *self;
        // In f64, since 1 − 0.999^1 loses half of f32's digits.
        let correction = |beta: f32| 1.0 - f64::from(beta).powi(i32::try_from(now.step).unwrap_or(i32::MAX));
        let rate = (f64::from(now.lr) / correction(beta1)) as f32;
        let root = correction(beta2).sqrt() as f32;
        for (((w, &g), m), v) in w.iter_mut().zip(gradient).zip(m).zip(v) {
            let g = g + weight_decay * *w;
            *m += (1.0 - beta1) * (g - *m);
            *v = beta2 * *v + (1.0 - beta2) * g * g;
            *w = kept * *w - rate * *m / (v.sqrt() / root + eps);
        }
    }
}
