//! The implementation of batch normalisation over maps and over vectors.

use super::{
    batch::BatchStatistics,
    context::{BackwardInput, BatchSums, ForwardMode, LayerContext},
    error::LayerError,
    layer::{Initial, Layer, ParameterSpec},
};
use crate::nn::{setting_error::SettingError, shape::Shape, tensor::Tensor};

/// Refuses an `eps` with which an even map would be divided by 0.
pub(super) fn check_eps(eps: f32) -> Result<(), SettingError> {
    if eps.is_finite() && eps > 0.0 {
        return Ok(());
    }
    let sentence = "{setting} is {value}, but must be above 0, since an even map has no variance";
    Err(SettingError::new("eps", eps, sentence))
}

/// The layer over the maps of `input`, where every value of a vector is a map of one cell.
pub(super) fn build(input: Shape, eps: f32, momentum: f32) -> Result<Box<dyn Layer>, LayerError> {
    check_eps(eps)?;
    SettingError::check("momentum", momentum, 0.0..=1.0)?;
    let (channels, height, width) = input.as_maps();
    Ok(Box::new(Module { input, channels, plane: height * width, eps, momentum }))
}

#[derive(Debug)]
struct Module {
    input: Shape,
    channels: usize,
    plane: usize,
    eps: f32,
    momentum: f32,
}

/// The statistics that normalise a channel.
#[derive(Clone, Copy)]
struct Statistics {
    mean: f32,
    /// `1 / √(variance + eps)`
    scale: f32,
}

impl Module {
    /// The batch's mean and biased variance of channel `c`, and the number of values.
    fn moments(&self, c: usize, batch: BatchSums<'_>) -> (f64, f64, f64) {
        let count = (batch.images * self.plane) as f64;
        let mean = batch.inputs[2 * c] / count;
        (mean, (batch.inputs[2 * c + 1] / count - mean * mean).max(0.0), count)
    }

    fn statistics(&self, c: usize, context: &LayerContext<'_>) -> Statistics {
        let (mean, variance) = if context.mode == ForwardMode::Eval {
            (f64::from(context.buffers[0].values()[c]), f64::from(context.buffers[1].values()[c]))
        } else {
            let (mean, variance, _) = self.moments(c, context.batch);
            (mean, variance)
        };
        let scale = 1.0 / (variance + f64::from(self.eps)).sqrt();
        Statistics { mean: mean as f32, scale: scale as f32 }
    }

    /// Σ dy and Σ dy·x̂ of one map, where x̂ is the normalised x.
    fn gradient_sums(x: &[f32], dy: &[f32], Statistics { mean, scale }: Statistics) -> (f64, f64) {
        let sums = x.iter().zip(dy).fold((0.0, 0.0), |(sum, product), (&x, &dy)| {
            (sum + f64::from(dy), product + f64::from(dy) * f64::from(x - mean))
        });
        (sums.0, sums.1 * f64::from(scale))
    }
}

impl BatchStatistics for Module {
    fn sums_len(&self) -> usize {
        2 * self.channels
    }

    /// Σ x and Σ x² of each channel, in `f64`, so that their difference keeps enough digits of the variance.
    fn sum_inputs(&self, x: &[f32], sums: &mut [f64]) {
        for (i, map) in x.chunks_exact(self.plane).enumerate() {
            let c = i % self.channels;
            for x in map.iter().map(|&x| f64::from(x)) {
                sums[2 * c] += x;
                sums[2 * c + 1] += x * x;
            }
        }
    }

    /// Σ dy and Σ dy·x̂ of each channel.
    fn sum_gradients(&self, input: BackwardInput<'_>, context: &LayerContext<'_>, sums: &mut [f64]) {
        let maps = input.x.chunks_exact(self.plane).zip(input.dy.chunks_exact(self.plane));
        for (i, (x, dy)) in maps.enumerate() {
            let c = i % self.channels;
            let (sum, product) = Self::gradient_sums(x, dy, self.statistics(c, context));
            sums[2 * c] += sum;
            sums[2 * c + 1] += product;
        }
    }

    fn values_per_image(&self) -> usize {
        self.plane
    }

    fn update_buffers(&self, batch: BatchSums<'_>, buffers: &mut [Tensor]) {
        let [running_mean, running_variance, batches] = buffers else { return };
        let momentum = f64::from(self.momentum);
        let blend =
            |kept: &mut f32, new: f64| *kept = ((1.0 - momentum) * f64::from(*kept) + momentum * new) as f32;
        for c in 0..self.channels {
            let (mean, variance, count) = self.moments(c, batch);
            blend(&mut running_mean.values_mut()[c], mean);
            // The running variance is unbiased; a single value has none.
            blend(&mut running_variance.values_mut()[c], variance * count / (count - 1.0).max(1.0));
        }
        for batches in batches.values_mut() {
            *batches += 1.0;
        }
    }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        self.input
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let tensor = |name, initial| ParameterSpec {
            name,
            shape: vec![self.channels],
            initial: Initial::Constant(initial),
        };
        vec![tensor("weight", 1.0), tensor("bias", 0.0)]
    }

    fn buffers(&self) -> Vec<ParameterSpec> {
        let tensor =
            |name, shape, initial| ParameterSpec { name, shape, initial: Initial::Constant(initial) };
        vec![
            tensor("running_mean", vec![self.channels], 0.0),
            tensor("running_var", vec![self.channels], 1.0),
            tensor("num_batches_tracked", Vec::new(), 0.0),
        ]
    }

    fn batch_statistics(&self) -> Option<&dyn BatchStatistics> {
        Some(self)
    }

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        for (i, (x, y)) in x.chunks_exact(self.plane).zip(y.chunks_exact_mut(self.plane)).enumerate() {
            let c = i % self.channels;
            let Statistics { mean, scale } = self.statistics(c, context);
            let (weight, bias) = (scale * parameters[0].values()[c], parameters[1].values()[c]);
            for (y, &x) in y.iter_mut().zip(x) {
                *y = (x - mean) * weight + bias;
            }
        }
    }

    /// In training, `dx = weight·scale · (dy − mean(dy) − x̂·mean(dy·x̂))` with the means over the whole batch, since the
    /// statistics depend on x. In evaluation they do not, and `dx = weight·scale · dy`.
    fn backward(
        &self,
        parameters: &[Tensor],
        input: BackwardInput<'_>,
        mut dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        context: &mut LayerContext<'_>,
    ) {
        let count = (context.batch.images * self.plane) as f64;
        let maps = input.x.chunks_exact(self.plane).zip(input.dy.chunks_exact(self.plane));
        for (i, (x, dy)) in maps.enumerate() {
            let c = i % self.channels;
            let statistics = self.statistics(c, context);
            let (sum, product) = Self::gradient_sums(x, dy, statistics);
            for (gradient, sum) in gradients.iter_mut().zip([product, sum]) {
                gradient.values_mut()[c] += sum as f32;
            }
            let Some(dx) = dx.as_deref_mut() else { continue };
            let Statistics { mean, scale } = statistics;
            let (shift, derivative) = match (context.mode, context.batch.gradients.get(2 * c..2 * c + 2)) {
                (ForwardMode::Train { .. }, Some(&[sum, product])) => {
                    ((sum / count) as f32, (product / count) as f32 * scale)
                }
                _ => (0.0, 0.0),
            };
            let weight = scale * parameters[0].values()[c];
            for ((dx, &x), &dy) in dx[i * self.plane..(i + 1) * self.plane].iter_mut().zip(x).zip(dy) {
                *dx = weight * (dy - shift - (x - mean) * derivative);
            }
        }
    }
}
