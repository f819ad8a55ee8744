//! `local_response_norm`: each value is divided by what its place has in the neighbouring channels.

use super::{Aux, Layer, Passed, Settings, need_maps};
use crate::nn::{shape::Shape, simd::wide, tensor::Tensor};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The settings of `torch.nn.LocalResponseNorm` (Krizhevsky et al. 2012, section 3.3): `y_c = x_c / S_c^beta` with
/// `S_c = k + alpha / size · Σ x_j²` over the `size` channels j around c.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalResponseNorm {
    /// Channels in the sum; of an even number, one more stands before c than after.
    pub size: usize,
    /// How much the neighbours count.
    #[serde(default = "default_alpha")]
    pub alpha: f32,
    /// The power.
    #[serde(default = "default_beta")]
    pub beta: f32,
    /// What the sum starts from.
    #[serde(default = "default_k")]
    pub k: f32,
}

const fn default_alpha() -> f32 {
    1e-4
}

const fn default_beta() -> f32 {
    0.75
}

const fn default_k() -> f32 {
    1.0
}

/// The most channels that may be summed.
const MAX_SIZE: usize = 4096;

impl LocalResponseNorm {
    /// The settings of the network in which it was used first: 5 channels, alpha 1e-4, beta 0.75, k 2.
    pub const ALEXNET: Self = Self { size: 5, alpha: default_alpha(), beta: default_beta(), k: 2.0 };
}

impl Settings for LocalResponseNorm {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, String> {
        let (channels, height, width) = need_maps(input)?;
        let Self { size, alpha, beta, k } = *self;
        if size == 0 || size > MAX_SIZE {
            return Err(format!("size is {size}, but must be from 1 to {MAX_SIZE}"));
        }
        if !(alpha.is_finite() && alpha >= 0.0) {
            return Err(format!("alpha is {alpha}, but must be at least 0"));
        }
        if !beta.is_finite() {
            return Err(format!("beta is {beta}, but must be finite"));
        }
        if !(k.is_finite() && k > 0.0) {
            return Err(format!("k is {k}, but must be above 0, since zeros would be divided by it"));
        }
        Ok(Box::new(Module { input, channels, plane: height * width, settings: *self }))
    }

    fn summary(&self) -> String {
        format!("LRN {}", self.size)
    }

    fn examples() -> Vec<(Self, Shape)> {
        let strong = Self { size: 3, alpha: 0.5, beta: 0.75, k: 1.0 };
        vec![
            (Self::ALEXNET, Shape::maps(7, 2, 3)),
            (strong, Shape::maps(4, 3, 3)),
            (Self { size: 4, beta: 0.6, ..strong }, Shape::maps(6, 2, 2)),
            (Self { size: 1, beta: 1.5, ..strong }, Shape::maps(2, 2, 2)),
            (Self { size: 9, ..strong }, Shape::maps(2, 1, 1)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    input: Shape,
    channels: usize,
    plane: usize,
    settings: LocalResponseNorm,
}

impl Module {
    /// The channels that are summed for channel `c`.
    fn before_and_after(&self, c: usize) -> Range<usize> {
        let size = self.settings.size;
        c.saturating_sub(size / 2)..(c + (size - 1) / 2 + 1).min(self.channels)
    }

    /// Writes S of one image.
    #[inline(always)]
    fn sums(&self, x: &[f32], sums: &mut [f32]) {
        let share = self.settings.alpha / self.settings.size as f32;
        for (c, sums) in sums.chunks_exact_mut(self.plane).enumerate() {
            sums.fill(self.settings.k);
            for j in self.before_and_after(c) {
                for (s, &x) in sums.iter_mut().zip(&x[j * self.plane..]) {
                    *s += share * x * x;
                }
            }
        }
    }

    /// Writes s^−beta.
    #[inline(always)]
    fn powers(&self, sums: &[f32], powers: &mut [f32]) {
        let pairs = powers.iter_mut().zip(sums);
        // The usual power by two roots: several times as fast.
        if self.settings.beta == 0.75 {
            pairs.for_each(|(power, &s)| *power = 1.0 / (s.sqrt() * s.sqrt().sqrt()));
        } else {
            pairs.for_each(|(power, &s)| *power = s.powf(-self.settings.beta));
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

    fn scratch_len(&self) -> usize {
        2 * self.input.len()
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], aux: &mut Aux<'_>) {
        let image = self.input.len();
        let sums = &mut aux.scratch[..image];
        for (x, y) in x.chunks_exact(image).zip(y.chunks_exact_mut(image)) {
            wide(
                #[inline(always)]
                || {
                    self.sums(x, sums);
                    self.powers(sums, y);
                    y.iter_mut().zip(x).for_each(|(y, &x)| *y *= x);
                },
            );
        }
    }

    /// `dx_i = dy_i · S_i^−beta − 2·alpha·beta / size · x_i · Σ dy_c·y_c / S_c` over the channels c whose sum has i.
    fn backward(
        &self,
        _: &[Tensor],
        passed: Passed<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        aux: &mut Aux<'_>,
    ) {
        let Some(dx) = dx else { return };
        let (image, plane) = (self.input.len(), self.plane);
        let (sums, shares) = aux.scratch[..2 * image].split_at_mut(image);
        let LocalResponseNorm { size, alpha, beta, .. } = self.settings;
        let factor = 2.0 * alpha * beta / size as f32;
        for (n, dx) in dx.chunks_exact_mut(image).enumerate() {
            let [x, y, dy] = [passed.x, passed.y, passed.dy].map(|v| &v[n * image..(n + 1) * image]);
            wide(
                #[inline(always)]
                || {
                    self.sums(x, sums);
                    self.powers(sums, dx);
                    let places = shares.iter_mut().zip(dx.iter_mut()).zip(dy).zip(y).zip(&*sums);
                    for ((((share, dx), &dy), &y), &sum) in places {
                        *share = factor * dy * y / sum;
                        *dx *= dy;
                    }
                    for (c, shares) in shares.chunks_exact(plane).enumerate() {
                        for i in self.before_and_after(c) {
                            let places = i * plane..(i + 1) * plane;
                            let cells = dx[places.clone()].iter_mut().zip(&x[places]);
                            cells.zip(shares).for_each(|((dx, &x), &share)| *dx -= x * share);
                        }
                    }
                },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_settings_are_refused() {
        let refused = |settings: LocalResponseNorm, word: &str| {
            let reason = settings.build(Shape::maps(4, 3, 3)).unwrap_err();
            assert!(reason.contains(word), "{reason} lacks {word}");
        };
        let good = LocalResponseNorm::ALEXNET;
        refused(LocalResponseNorm { size: 0, ..good }, "size is 0");
        refused(LocalResponseNorm { alpha: -1.0, ..good }, "alpha is -1");
        refused(LocalResponseNorm { beta: f32::INFINITY, ..good }, "beta is inf");
        refused(LocalResponseNorm { k: 0.0, ..good }, "k is 0");
        assert!(good.build(Shape::Vector(3)).is_err());
    }
}
