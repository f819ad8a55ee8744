//! `dropout`: in training, sets each value to 0 with probability `p`; in evaluation, the identity.

use super::{
    context::{BackwardInput, ForwardMode, LayerContext},
    error::LayerError,
    layer::Layer,
    settings::Settings,
};
use crate::nn::{setting_error::SettingError, shape::Shape, simd::vectorise, tensor::Tensor};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.Dropout` (Srivastava et al. 2014): in training, `y = 0` with probability `p` and
/// `x / (1 − p)` otherwise, independently for each value, so that the expected value does not change; in evaluation `y = x`.
///
/// Which values are dropped depends only on the pass's seed, the layer's index and the image's index in the batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dropout {
    /// The probability that a value is dropped, 0…1.
    pub p: f32,
}

impl Default for Dropout {
    fn default() -> Self {
        Self { p: 0.5 }
    }
}

impl Settings for Dropout {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        Ok(Box::new(Module::new(input, self.p, 1)?))
    }

    fn summary(&self) -> String {
        format!("dropout {}", self.p)
    }

    fn examples() -> Vec<(Self, Shape)> {
        let settings = |p| Self { p };
        vec![
            (settings(0.5), Shape::maps(2, 3, 4)),
            (settings(0.2), Shape::Vector(9)),
            (settings(0.0), Shape::Vector(3)),
            (settings(1.0), Shape::Vector(3)),
        ]
    }
}

/// Dropout of single values, or of several that follow each other, such as a map's.
#[derive(Debug)]
pub(super) struct Module {
    shape: Shape,
    p: f32,
    /// How many values are dropped or kept together.
    together: usize,
}

impl Module {
    pub(super) fn new(shape: Shape, p: f32, together: usize) -> Result<Self, SettingError> {
        SettingError::check("p", p, 0.0..=1.0)?;
        Ok(Self { shape, p, together })
    }

    /// The factor of the values that are kept.
    fn scale(&self) -> f32 {
        if self.p < 1.0 { 1.0 / (1.0 - self.p) } else { 0.0 }
    }
}

/// Scales the values that are kept, and sets the others to 0; `kept` has a number for every `together` values.
fn keep(from: &[f32], scale: f32, (kept, together): (&[u32], usize), to: &mut [f32]) {
    if together != 1 {
        let chunks = from.chunks_exact(together).zip(to.chunks_exact_mut(together));
        for ((from, to), &kept) in chunks.zip(kept) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = if kept == 1 { from * scale } else { 0.0 });
        }
        return;
    }
    vectorise(
        #[inline(always)]
        || {
            let (from, kept) = (&from[..to.len()], &kept[..to.len()]);
            for i in 0..to.len() {
                to[i] = if kept[i] == 1 { from[i] * scale } else { 0.0 };
            }
        },
    );
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.shape
    }

    fn output(&self) -> Shape {
        self.shape
    }

    /// 1 for values that are kept, 0 for those that are dropped.
    fn indices_len(&self) -> usize {
        self.shape.len() / self.together
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        let ForwardMode::Train { seed } = context.mode else {
            context.indices.fill(1);
            y.copy_from_slice(x);
            return;
        };
        let (len, scale) = (self.indices_len(), self.scale());
        let threshold = (f64::from(self.p) * (1_u64 << 32) as f64) as u64;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for (image, kept) in context.indices.chunks_exact_mut(len).enumerate() {
            rng.set_stream(((context.layer as u64) << 32) | (context.first + image) as u64);
            rng.set_word_pos(0);
            rng.fill(kept);
        }
        vectorise(
            #[inline(always)]
            || match u32::try_from(threshold) {
                Ok(threshold) => {
                    for kept in &mut *context.indices {
                        *kept = u32::from(*kept >= threshold);
                    }
                }
                Err(_) => context.indices.fill(0),
            },
        );
        keep(x, scale, (context.indices, self.together), y);
    }

    fn backward(
        &self,
        _: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        context: &mut LayerContext<'_>,
    ) {
        let Some(dx) = dx else { return };
        let scale = if context.mode == ForwardMode::Eval { 1.0 } else { self.scale() };
        keep(input.dy, scale, (context.indices, self.together), dx);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    const LEN: usize = 10_000;

    fn dropped(p: f32, seed: u64, layer: usize, first: usize, images: usize) -> Vec<f32> {
        let module = Dropout { p }.build(Shape::Vector(LEN)).unwrap();
        let (x, mut y) = (vec![1.0; images * LEN], vec![f32::NAN; images * LEN]);
        let mut indices = vec![0; images * LEN];
        let mode = ForwardMode::Train { seed };
        let mut context = LayerContext { indices: &mut indices, mode, layer, first, ..LayerContext::empty() };
        module.forward(&[], &x, &mut y, &mut context);
        y
    }

    #[test]
    fn kept_values_are_scaled_to_the_same_mean() {
        for p in [0.0, 0.1, 0.5, 0.9] {
            let y = dropped(p, 1, 0, 0, 1);
            let kept = y.iter().filter(|&&v| v != 0.0).count() as f32 / LEN as f32;
            assert!((kept - (1.0 - p)).abs() < 0.02, "p {p}: {kept} is kept");
            assert!(y.iter().all(|&v| v == 0.0 || v == 1.0 / (1.0 - p)));
        }
        assert!(dropped(1.0, 1, 0, 0, 1).iter().all(|&v| v == 0.0));
    }

    #[test]
    fn shards_do_not_change_what_is_dropped() {
        let whole = dropped(0.5, 7, 3, 0, 4);
        let parts = [dropped(0.5, 7, 3, 0, 1), dropped(0.5, 7, 3, 1, 3)].concat();
        assert_eq!(whole, parts);
    }

    #[test]
    fn passes_layers_and_images_differ() {
        let y = dropped(0.5, 7, 3, 0, 1);
        for other in [dropped(0.5, 8, 3, 0, 1), dropped(0.5, 7, 4, 0, 1), dropped(0.5, 7, 3, 1, 1)] {
            let same = y.iter().zip(&other).filter(|(a, b)| a == b).count();
            assert!((4_800..5_200).contains(&same), "{same} of {LEN} alike");
        }
    }

    #[test]
    fn numbers_drawn_at_once_are_those_drawn_one_by_one() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        rng.set_stream((3 << 32) | 5);
        let y = dropped(0.25, 7, 3, 5, 1);
        assert!(y.iter().all(|&y| (rng.next_u32() >= 1 << 30) == (y > 0.0)));
    }

    #[test]
    fn evaluation_is_the_identity() {
        let module = Dropout { p: 0.9 }.build(Shape::Vector(3)).unwrap();
        let (mut y, mut dx, mut indices) = ([0.0; 3], [0.0; 3], [9; 3]);
        let mut context = LayerContext { indices: &mut indices, ..LayerContext::empty() };
        let x = [1.0, -2.0, 3.0];
        module.forward(&[], &x, &mut y, &mut context);
        module.backward(&[], BackwardInput { x: &x, y: &y, dy: &x }, Some(&mut dx), &mut [], &mut context);
        assert_eq!((y, dx), (x, x));
    }

    #[test]
    fn p_is_a_probability() {
        for p in [-0.1, 1.1, f32::NAN] {
            assert!(Dropout { p }.build(Shape::Vector(3)).unwrap_err().to_string().contains("from 0 to 1"));
        }
    }
}
