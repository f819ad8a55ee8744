//! What all element-wise layers share: the shape stays, and the slope follows from input and output.

use super::{Abreast, Aux, Layer, Passed};
use crate::nn::{shape::Shape, simd::wide, tensor::Tensor};
use std::fmt;

/// An element-wise function `y = f(x)` whose derivative is a function of `x` and `y`; generic, so that its loops
/// are compiled for each function.
#[derive(Clone, Copy)]
pub(super) struct Elementwise<F, S> {
    pub(super) shape: Shape,
    pub(super) name: &'static str,
    /// f(x)
    pub(super) function: F,
    /// f′(x), from `x` and `y` = f(x)
    pub(super) slope: S,
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

    fn abreast(&self) -> Abreast {
        Abreast::Stays
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], _: &mut Aux<'_>) {
        wide(
            #[inline(always)]
            || y.iter_mut().zip(x).for_each(|(y, &x)| *y = (self.function)(x)),
        );
    }

    fn backward(
        &self,
        _: &[Tensor],
        passed: Passed<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        _: &mut Aux<'_>,
    ) {
        if let Some(dx) = dx {
            wide(
                #[inline(always)]
                || {
                    for (((dx, &dy), &x), &y) in dx.iter_mut().zip(passed.dy).zip(passed.x).zip(passed.y) {
                        *dx = dy * (self.slope)(x, y);
                    }
                },
            );
        }
    }
}

/// The shapes on which the registry's tests try an element-wise layer.
pub(super) fn example_shapes() -> Vec<Shape> {
    vec![Shape::maps(2, 3, 4), Shape::Vector(5)]
}
