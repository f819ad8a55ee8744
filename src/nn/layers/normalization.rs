//! The implementation of the layers that normalise parts of a single image.

use super::{
    batch_norm::check_eps,
    context::{BackwardInput, LayerContext},
    error::LayerError,
    layer::{Initial, Layer, ParameterSpec},
};
use crate::nn::{shape::Shape, tensor::Tensor};

/// The mean and the biased variance of some values, in `f64`.
pub fn moments(values: &[f32]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().map(|&x| f64::from(x)).sum::<f64>() / count;
    (mean, values.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / count)
}

/// Normalises values that follow each other to mean 0 and variance 1, then applies a learned scale and shift, if any.
#[derive(Debug)]
pub(super) struct Normalization {
    pub(super) input: Shape,
    /// How many values are normalised together.
    pub(super) together: usize,
    pub(super) eps: f32,
    /// The shape of the weight and the bias; `None` if there are none.
    pub(super) scale: Option<Vec<usize>>,
    /// Whether there is a bias besides the weight.
    pub(super) bias: bool,
    /// How many values that follow each other share a weight. The weights are used again and again.
    pub(super) each: usize,
}

/// The statistics of the values that are normalised together.
#[derive(Clone, Copy)]
struct Statistics {
    mean: f32,
    /// `1 / √(variance + eps)`
    scale: f32,
}

impl Normalization {
    /// Checks the settings.
    pub(super) fn checked(self) -> Result<Box<dyn Layer>, LayerError> {
        check_eps(self.eps)?;
        Ok(Box::new(self))
    }

    fn statistics(&self, x: &[f32]) -> Statistics {
        let (mean, variance) = moments(x);
        Statistics { mean: mean as f32, scale: (1.0 / (variance + f64::from(self.eps)).sqrt()) as f32 }
    }

    /// The index of the weight of a value of the batch.
    fn weight_at(&self, at: usize) -> usize {
        at / self.each % self.scale.as_ref().map_or(1, |shape| shape.iter().product::<usize>().max(1))
    }
}

impl Layer for Normalization {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        self.input
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let Some(shape) = &self.scale else { return Vec::new() };
        let tensor =
            |name, value| ParameterSpec { name, shape: shape.clone(), initial: Initial::Constant(value) };
        let bias = self.bias.then(|| tensor("bias", 0.0));
        std::iter::once(tensor("weight", 1.0)).chain(bias).collect()
    }

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], _: &mut LayerContext<'_>) {
        let chunks = x.chunks_exact(self.together).zip(y.chunks_exact_mut(self.together));
        for (number, (x, y)) in chunks.enumerate() {
            let Statistics { mean, scale } = self.statistics(x);
            for (i, (y, &x)) in y.iter_mut().zip(x).enumerate() {
                let at = self.weight_at(number * self.together + i);
                let [weight, bias] = [(0, 1.0), (1, 0.0)]
                    .map(|(p, none)| parameters.get(p).map_or(none, |tensor| tensor.values()[at]));
                *y = (x - mean) * scale * weight + bias;
            }
        }
    }

    /// With `g = dy·weight`, `dx = scale · (g − mean(g) − x̂·mean(g·x̂))`, since the statistics depend on x.
    fn backward(
        &self,
        parameters: &[Tensor],
        input: BackwardInput<'_>,
        mut dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        _: &mut LayerContext<'_>,
    ) {
        let chunks = input.x.chunks_exact(self.together).zip(input.dy.chunks_exact(self.together));
        for (number, (x, dy)) in chunks.enumerate() {
            let first = number * self.together;
            let Statistics { mean, scale } = self.statistics(x);
            let weight = |i: usize| {
                parameters.first().map_or(1.0, |weight| weight.values()[self.weight_at(first + i)])
            };
            let (mut sum, mut product) = (0.0, 0.0);
            for (i, (&x, &dy)) in x.iter().zip(dy).enumerate() {
                let normalised = (x - mean) * scale;
                let at = self.weight_at(first + i);
                for (gradient, step) in gradients.iter_mut().zip([dy * normalised, dy]) {
                    gradient.values_mut()[at] += step;
                }
                let g = f64::from(dy * weight(i));
                sum += g;
                product += g * f64::from(normalised);
            }
            let Some(dx) = dx.as_deref_mut() else { continue };
            let count = self.together as f64;
            let (shift, derivative) = ((sum / count) as f32, (product / count) as f32);
            for (i, dx) in dx[first..first + self.together].iter_mut().enumerate() {
                let normalised = (x[i] - mean) * scale;
                *dx = scale * (dy[i] * weight(i) - shift - normalised * derivative);
            }
        }
    }
}
