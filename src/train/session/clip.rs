//! Gradient clipping.

use crate::nn::{Tensor, network::Parameters};

/// Scales all gradients together down to the L2 norm `max_norm` if theirs is larger, like
/// `torch.nn.utils.clip_grad_norm_` (Pascanu, Mikolov and Bengio 2012, arXiv:1211.5063).
pub(super) fn clip_norm(gradients: &mut Parameters, max_norm: f32) {
    let squares = gradients.iter().flatten().flat_map(Tensor::values).map(|&g| f64::from(g) * f64::from(g));
    let norm = squares.sum::<f64>().sqrt();
    let factor = (f64::from(max_norm) / (norm + 1e-6)) as f32;
    if factor < 1.0 {
        for g in gradients.iter_mut().flatten().flat_map(Tensor::values_mut) {
            *g *= factor;
        }
    }
}
