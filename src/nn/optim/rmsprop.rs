//! `RMSprop` (Hinton 2012, lecture 6 of *Neural Networks for Machine Learning*), as `torch.optim.RMSprop`.

use super::rule::{StepContext, Update, UpdateRule};
use serde::{Deserialize, Serialize};

/// `s ← alpha·s + (1−alpha)g²`, `v ← momentum·v + g / (√s + eps)`, `w ← w − lr·v`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RmsProp {
    /// The decay of the mean square.
    pub alpha: f32,
    /// Added to the divisor, which may be 0.
    pub eps: f32,
    /// The momentum; 0 for none.
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
    fn update(
        &self,
        w: &mut [f32],
        gradient: &[f32],
        [square, velocity]: [&mut [f32]; 2],
        context: StepContext,
    ) {
        let Self { alpha, eps, momentum, weight_decay } = *self;
        let len = w.len();
        let (gradient, square, velocity) = (&gradient[..len], &mut square[..len], &mut velocity[..len]);
        for i in 0..len {
            let g = gradient[i] + weight_decay * w[i];
            square[i] = alpha * square[i] + (1.0 - alpha) * g * g;
            velocity[i] = momentum * velocity[i] + g / (square[i].sqrt() + eps);
            w[i] -= context.lr * velocity[i];
        }
    }
}

impl UpdateRule for RmsProp {
    const NAME: &'static str = "rmsprop";
    const SLOTS: &'static [&'static str] = &["square_avg", "momentum_buffer"];

    fn default_lr(&self) -> f32 {
        0.001
    }

    fn momentum_mut(&mut self) -> Option<&mut f32> {
        Some(&mut self.momentum)
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
