//! Adagrad (Duchi, Hazan and Singer 2011), as `torch.optim.Adagrad`.

use super::rule::{StepContext, Update, UpdateRule};
use serde::{Deserialize, Serialize};

/// `s ← s + g²`, `w ← w − lr / (1 + lr_decay·t) · g / (√s + eps)`, where t is the number of earlier steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adagrad {
    /// The decay of the learning rate.
    pub lr_decay: f32,
    /// Added to the divisor, which may be 0.
    pub eps: f32,
    /// Adds `weight_decay·w` to the gradient.
    pub weight_decay: f32,
}

impl Default for Adagrad {
    fn default() -> Self {
        Self { lr_decay: 0.0, eps: 1e-10, weight_decay: 0.0 }
    }
}

impl Adagrad {
    #[inline(always)]
    fn update(&self, w: &mut [f32], gradient: &[f32], [sum]: [&mut [f32]; 1], context: StepContext) {
        let Self { lr_decay, eps, weight_decay } = *self;
        let lr = context.lr / (1.0 + (context.step - 1) as f32 * lr_decay);
        let (gradient, sum) = (&gradient[..w.len()], &mut sum[..w.len()]);
        for i in 0..w.len() {
            let g = gradient[i] + weight_decay * w[i];
            sum[i] += g * g;
            w[i] -= lr * g / (sum[i].sqrt() + eps);
        }
    }
}

impl UpdateRule for Adagrad {
    const NAME: &'static str = "adagrad";
    const SLOTS: &'static [&'static str] = &["sum"];

    fn default_lr(&self) -> f32 {
        0.01
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
            |w, g, slots| self.update(w, g, slots, context),
        )
    }
}
