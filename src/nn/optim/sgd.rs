//! Stochastic gradient descent, as `torch.optim.SGD`.

use super::Now;
use serde::{Deserialize, Serialize};

/// `v ← momentum·v + g`, `w ← w − lr·v`; the first step sets v = g. Nesterov: `w ← w − lr·(g + momentum·v)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sgd {
    /// 0 is plain gradient descent.
    pub momentum: f32,
    /// Looks ahead along the momentum (Sutskever et al. 2013).
    pub nesterov: bool,
    /// Adds `weight_decay·w` to the gradient.
    pub weight_decay: f32,
}

impl Sgd {
    #[inline(always)]
    pub(super) fn update(&self, w: &mut [f32], gradient: &[f32], [velocity]: [&mut [f32]; 1], now: Now) {
        let Self { momentum, nesterov, weight_decay } = *self;
        let momentum_in = if now.step == 1 { 0.0 } else { momentum };
        for ((w, &g), v) in w.iter_mut().zip(gradient).zip(velocity) {
            let g = g + weight_decay * *w;
            *v = momentum_in * *v + g;
            *w -= now.lr * if nesterov { g + momentum * *v } else { *v };
        }
    }
}
