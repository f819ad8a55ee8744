//! Stochastic gradient descent, as `torch.optim.SGD`.

use super::rule::{StepContext, Update, UpdateRule};
use serde::{Deserialize, Serialize};

/// `v ← momentum·v + g`, `w ← w − lr·v`; the first step sets v = g. With `nesterov`,
/// `w ← w − lr·(g + momentum·v)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sgd {
    /// The momentum; 0 for plain gradient descent.
    pub momentum: f32,
    /// Whether to use Nesterov's momentum (Sutskever et al. 2013).
    pub nesterov: bool,
    /// Adds `weight_decay·w` to the gradient.
    pub weight_decay: f32,
}

impl Sgd {
    #[inline(always)]
    fn update(&self, w: &mut [f32], gradient: &[f32], [velocity]: [&mut [f32]; 1], context: StepContext) {
        let Self { momentum, nesterov, weight_decay } = *self;
        let momentum_in = if context.step == 1 { 0.0 } else { momentum };
        let (gradient, velocity) = (&gradient[..w.len()], &mut velocity[..w.len()]);
        for i in 0..w.len() {
            let g = gradient[i] + weight_decay * w[i];
            velocity[i] = momentum_in * velocity[i] + g;
            w[i] -= context.lr * if nesterov { g + momentum * velocity[i] } else { velocity[i] };
        }
    }
}

impl UpdateRule for Sgd {
    const NAME: &'static str = "sgd";
    const SLOTS: &'static [&'static str] = &["momentum_buffer"];

    fn named() -> Vec<(&'static str, Self)> {
        let momentum = Self { momentum: 0.9, ..Self::default() };
        vec![
            (Self::NAME, Self::default()),
            ("momentum", momentum),
            ("nesterov", Self { nesterov: true, ..momentum }),
        ]
    }

    fn name(&self) -> &'static str {
        if self.nesterov {
            "nesterov"
        } else if self.momentum != 0.0 {
            "momentum"
        } else {
            Self::NAME
        }
    }

    fn default_lr(&self) -> f32 {
        if self.name() == Self::NAME { 0.05 } else { 0.01 }
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
