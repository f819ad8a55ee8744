//! The implementation of all element-wise layers.

use super::{
    context::{BackwardInput, LayerContext},
    layer::{Interleaving, Layer},
};
use crate::nn::{shape::Shape, simd::vectorise, tensor::Tensor};
use std::fmt;

/// An element-wise function `y = f(x)` with a derivative that is a function of `x` and `y`. It is generic, so that its loops
/// are compiled for each function.
#[derive(Clone, Copy)]
pub(super) struct Elementwise<F, S> {
    pub(super) shape: Shape,
    pub(super) name: &'static str,
    /// f(x)
    pub(super) function: F,
    /// f′(x), from `x` and `y` = f(x)
    pub(super) derivative: S,
}

impl<F, S> fmt::Debug for Elementwise<F, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.name, self.shape)
    }
}

impl<F, S> Layer for Elementwise<F, S>
where
    F: Fn(f32) -> f32 + Send + Sync,
    S: Fn(f32, f32) -> f32 + Send + Sync,
{
    fn input(&self) -> Shape {
        self.shape
    }

    fn output(&self) -> Shape {
        self.shape
    }

    fn interleaving(&self) -> Interleaving {
        Interleaving::Kept
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], _: &mut LayerContext<'_>) {
        vectorise(
            #[inline(always)]
            || y.iter_mut().zip(x).for_each(|(y, &x)| *y = (self.function)(x)),
        );
    }

    fn backward(
        &self,
        _: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        _: &mut LayerContext<'_>,
    ) {
        if let Some(dx) = dx {
            vectorise(
                #[inline(always)]
                || {
                    for (((dx, &dy), &x), &y) in dx.iter_mut().zip(input.dy).zip(input.x).zip(input.y) {
                        *dx = dy * (self.derivative)(x, y);
                    }
                },
            );
        }
    }
}

/// These settings of an element-wise layer on maps and on a vector, for the registry's tests.
pub(super) fn examples<T: Clone>(settings: impl IntoIterator<Item = T>) -> Vec<(T, Shape)> {
    let shapes = [Shape::maps(2, 3, 4), Shape::Vector(5)];
    settings.into_iter().flat_map(|settings| shapes.map(|shape| (settings.clone(), shape))).collect()
}
