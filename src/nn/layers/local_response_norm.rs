//! `local_response_norm`: divides each value by the sum of squares at the same position in neighbouring channels.

use super::{
    context::{BackwardInput, LayerContext},
    error::LayerError,
    layer::{Interleaving, Layer},
    settings::{Settings, need_maps},
};
use crate::nn::{setting_error::SettingError, shape::Shape, simd::vectorise, tensor::Tensor};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The settings of `torch.nn.LocalResponseNorm` (Krizhevsky et al. 2012, section 3.3): `y_c = x_c / S_c^beta` with
/// `S_c = k + alpha / size · Σ x_j²` over the `size` channels j around c.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalResponseNorm {
    /// The number of channels in the sum; if it is even, one more before c than after it.
    pub size: usize,
    /// The weight of the sum.
    #[serde(default = "default_alpha")]
    pub alpha: f32,
    /// The exponent.
    #[serde(default = "default_beta")]
    pub beta: f32,
    /// Added to the sum.
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

/// The most channels in a sum.
const MAX_SIZE: usize = 4096;

impl LocalResponseNorm {
    /// The settings of AlexNet: 5 channels, alpha 1e-4, beta 0.75, k 2.
    pub const ALEXNET: Self = Self { size: 5, alpha: default_alpha(), beta: default_beta(), k: 2.0 };
}

impl Settings for LocalResponseNorm {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let (channels, height, width) = need_maps(input)?;
        let Self { size, alpha, beta, k } = *self;
        SettingError::check("size", size, 1..=MAX_SIZE)?;
        if !(alpha.is_finite() && alpha >= 0.0) {
            return Err(
                SettingError::new("alpha", alpha, "{setting} is {value}, but must be at least 0").into()
            );
        }
        SettingError::check_finite("beta", beta)?;
        if !(k.is_finite() && k > 0.0) {
            let sentence = "{setting} is {value}, but must be above 0, since zeros would be divided by it";
            return Err(SettingError::new("k", k, sentence).into());
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

/// Positions whose sums over channels are computed at a time, so that they stay in the L2 cache.
const BLOCK: usize = 1024;

#[derive(Debug)]
struct Module {
    input: Shape,
    channels: usize,
    plane: usize,
    settings: LocalResponseNorm,
}

impl Module {
    /// The channels that are summed for channel `c`.
    #[inline(always)]
    fn before_and_after(&self, c: usize) -> Range<usize> {
        let size = self.settings.size;
        c.saturating_sub(size / 2)..(c + (size - 1) / 2 + 1).min(self.channels)
    }

    /// Writes S at some positions of the maps, which have `plane` values each: (channels, positions).
    #[inline(always)]
    fn sums(&self, plane: usize, places: &Range<usize>, x: &[f32], sums: &mut [f32]) {
        let share = self.settings.alpha / self.settings.size as f32;
        for (c, sums) in sums.chunks_exact_mut(places.len()).enumerate() {
            sums.fill(self.settings.k);
            for j in self.before_and_after(c) {
                let x = &x[j * plane..][places.clone()][..sums.len()];
                for i in 0..sums.len() {
                    sums[i] += share * x[i] * x[i];
                }
            }
        }
    }

    /// The positions of maps of `plane` values, in blocks.
    #[inline(always)]
    fn blocks(plane: usize) -> impl Iterator<Item = Range<usize>> {
        (0..plane).step_by(BLOCK).map(move |start| start..plane.min(start + BLOCK))
    }

    /// Writes s^−beta.
    #[inline(always)]
    fn powers(&self, sums: &[f32], powers: &mut [f32]) {
        let sums = &sums[..powers.len()];
        // The usual exponent. This is several times as fast as `powf`, and twice as fast as two square roots.
        if self.settings.beta == 0.75 {
            for i in 0..powers.len() {
                powers[i] = to_minus_three_quarters(sums[i]);
            }
        } else {
            for i in 0..powers.len() {
                powers[i] = sums[i].powf(-self.settings.beta);
            }
        }
    }
}

/// s^−¾ of a positive number, by three Newton steps y ← y·(5 − s³·y⁴) / 4. The initial guess, within 5 %, comes from the
/// bits of s, which are about proportional to its logarithm.
#[inline(always)]
fn to_minus_three_quarters(s: f32) -> f32 {
    // 1.75 · 127 · 2²³, reduced so that the guess errs as much upwards as downwards.
    const ZERO: u32 = 1_863_727_000;
    let bits = s.to_bits();
    let mut y = f32::from_bits(ZERO.wrapping_sub(bits / 2 + bits / 4));
    for _ in 0..3 {
        let root = s * y;
        y *= 1.25 - 0.25 * (root * root * (root * y));
    }
    if s == f32::INFINITY { 0.0 } else { y }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        self.input
    }

    fn interleaving(&self) -> Interleaving {
        Interleaving::Kept
    }

    fn scratch_len(&self, _: usize) -> usize {
        3 * self.channels * BLOCK
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        // Interleaved images are processed as one image with larger maps.
        let (image, plane) = (context.interleaved * self.input.len(), context.interleaved * self.plane);
        for (x, y) in x.chunks_exact(image).zip(y.chunks_exact_mut(image)) {
            vectorise(
                #[inline(always)]
                || {
                    for places in Self::blocks(plane) {
                        let sums = &mut context.scratch[..self.channels * places.len()];
                        self.sums(plane, &places, x, sums);
                        for (c, sums) in sums.chunks_exact(places.len()).enumerate() {
                            let places = c * plane + places.start..c * plane + places.end;
                            let y = &mut y[places.clone()];
                            self.powers(sums, y);
                            let x = &x[places][..y.len()];
                            for i in 0..y.len() {
                                y[i] *= x[i];
                            }
                        }
                    }
                },
            );
        }
    }

    /// `dx_i = dy_i · S_i^−beta − 2·alpha·beta / size · x_i · Σ dy_c·y_c / S_c` over the channels c whose sum includes i.
    fn backward(
        &self,
        _: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        context: &mut LayerContext<'_>,
    ) {
        let Some(dx) = dx else { return };
        let (image, plane) = (context.interleaved * self.input.len(), context.interleaved * self.plane);
        let LocalResponseNorm { size, alpha, beta, .. } = self.settings;
        let factor = 2.0 * alpha * beta / size as f32;
        for (n, dx) in dx.chunks_exact_mut(image).enumerate() {
            let [x, y, dy] = [input.x, input.y, input.dy].map(|v| &v[n * image..(n + 1) * image]);
            vectorise(
                #[inline(always)]
                || {
                    for places in Self::blocks(plane) {
                        let len = places.len();
                        let of = |c: usize| c * plane + places.start..c * plane + places.end;
                        let (sums, rest) = context.scratch.split_at_mut(self.channels * len);
                        self.sums(plane, &places, x, sums);
                        let (shares, powers) = rest.split_at_mut(self.channels * len);
                        let powers = &mut powers[..len];
                        for c in 0..self.channels {
                            let (shares, sums) = (&mut shares[c * len..][..len], &sums[c * len..][..len]);
                            self.powers(sums, powers);
                            let (dx, dy, y) = (&mut dx[of(c)][..len], &dy[of(c)][..len], &y[of(c)][..len]);
                            for i in 0..len {
                                dx[i] = dy[i] * powers[i];
                            }
                            for i in 0..len {
                                shares[i] = factor * dy[i] * y[i] / sums[i];
                            }
                        }
                        for c in 0..self.channels {
                            let shares = &shares[c * len..][..len];
                            for channel in self.before_and_after(c) {
                                let (dx, x) = (&mut dx[of(channel)][..len], &x[of(channel)][..len]);
                                for i in 0..len {
                                    dx[i] -= x[i] * shares[i];
                                }
                            }
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
            let reason = settings.build(Shape::maps(4, 3, 3)).unwrap_err().to_string();
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
