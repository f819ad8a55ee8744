//! Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101), as `torch.optim.AdamW`.

use super::{
    adam::Adam,
    rule::{StepContext, Update, UpdateRule},
};
use serde::{Deserialize, Serialize};

/// `w ← w − lr·weight_decay·w`, then Adam's step, whose moments do not include the decay.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdamW {
    /// The decay of the first moment.
    pub beta1: f32,
    /// The decay of the second moment.
    pub beta2: f32,
    /// Added to the divisor, which may be 0.
    pub eps: f32,
    /// The fraction of each weight, times the learning rate, that a step subtracts.
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
    fn update(&self, w: &mut [f32], gradient: &[f32], moments: [&mut [f32]; 2], context: StepContext) {
        let Self { beta1, beta2, eps, weight_decay } = *self;
        let adam = Adam { beta1, beta2, eps, weight_decay: 0.0 };
        adam.update(w, gradient, moments, 1.0 - context.lr * weight_decay, context);
    }
}

impl UpdateRule for AdamW {
    const NAME: &'static str = "adamw";
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
            |w, g, slots| self.update(w, g, slots, context),
        )
    }
}
