//! Adagrad (Duchi, Hazan and Singer 2011), as `torch.optim.Adagrad`.

use super::Now;
use serde::{Deserialize, Serialize};

/// `s ← s + g²`, `w ← w − lr / (1 + lr_decay·t) · g / (√s + eps)`, t being the steps before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adagrad {
    /// How fast the learning rate falls by itself.
    pub lr_decay: f32,
    /// Keeps the quotient finite.
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
    pub(super) fn update(&self, w: &mut [f32], gradient: &[f32], [sum]: [&mut [f32]; 1], now: Now) {
        let Self { lr_decay, eps, weight_decay } = *self;
        let lr = now.lr / (1.0 + (now.step - 1) as f32 * lr_decay);
        for ((w, &g), s) in w.iter_mut().zip(gradient).zip(sum) {
            let g = g + weight_decay * *w;
            *s += g * g;
            *w -= lr * g / (s.sqrt() + eps);
        }
    }
}
