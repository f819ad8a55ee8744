//! Adam (Kingma and Ba 2014, arXiv:1412.6980), as `torch.optim.Adam`.

use super::rule::{StepContext, Update, UpdateRule};
use serde::{Deserialize, Serialize};

/// `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`, `w ← w − lr·m̂ / (√v̂ + eps)` with bias-corrected moments.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adam {
    /// The decay of the first moment.
    pub beta1: f32,
    /// The decay of the second moment.
    pub beta2: f32,
    /// Added to the divisor, which may be 0.
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
    /// One step with the moments `m` and `v`. Each weight is multiplied by `kept` before it, which is 1 for Adam.
    #[inline(always)]
    pub(super) fn update(
        &self,
        w: &mut [f32],
        gradient: &[f32],
        [m, v]: [&mut [f32]; 2],
        kept: f32,
        context: StepContext,
    ) {
        let Self { beta1, beta2, eps, weight_decay } = *self;
        // In f64, since 1 − 0.999 loses half of the digits in f32.
        let correction =
            |beta: f32| 1.0 - f64::from(beta).powi(i32::try_from(context.step).unwrap_or(i32::MAX));
        let rate = (f64::from(context.lr) / correction(beta1)) as f32;
        let root = correction(beta2).sqrt() as f32;
        let len = w.len();
        let (gradient, m, v) = (&gradient[..len], &mut m[..len], &mut v[..len]);
        for i in 0..len {
            let g = gradient[i] + weight_decay * w[i];
            m[i] += (1.0 - beta1) * (g - m[i]);
            v[i] = beta2 * v[i] + (1.0 - beta2) * g * g;
            w[i] = kept * w[i] - rate * m[i] / (v[i].sqrt() / root + eps);
        }
    }
}

impl UpdateRule for Adam {
    const NAME: &'static str = "adam";
    const SLOTS: &'static [&'static str] = &["exp_avg", "exp_avg_sq"];

    fn default_lr(&self) -> f32 {
        0.001
    }

    fn momentum_mut(&mut self) -> Option<&mut f32> {
        None
    }

    fn weight_decay_mut(&mut self) -> &mut f32 {
        &mut self.weight_decay
    }

    fn apply(&self, update: Update<'_>) -> bool {
        let context = update.context;
        update.for_each_block(
            #[inline(always)]
            |w, g, moments| self.update(w, g, moments, 1.0, context),
        )
    }
}
