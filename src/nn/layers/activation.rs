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
    shape: Shape,
    name: &'static str,
    function: F,
    derivative: S,
}

impl<F: Fn(f32) -> f32, S: Fn(f32, f32) -> f32> Elementwise<F, S> {
    /// The layer `name` of `function(x)` and `derivative(x, y)`, both `#[inline(always)]`: see [`vectorise`].
    pub(super) fn new(shape: Shape, name: &'static str, function: F, derivative: S) -> Self {
        Self { shape, name, function, derivative }
    }
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
            || {
                let x = &x[..y.len()];
                for i in 0..y.len() {
                    y[i] = (self.function)(x[i]);
                }
            },
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
                    let len = dx.len();
                    let (x, y, dy) = (&input.x[..len], &input.y[..len], &input.dy[..len]);
                    for i in 0..len {
                        dx[i] = dy[i] * (self.derivative)(x[i], y[i]);
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
