//! `flatten`: (N, C, H, W) → (N, C·H·W), the order of the values unchanged.

use super::{Abreast, Aux, Layer, LayerError, Passed, Settings};
use crate::nn::{abreast, shape::Shape, tensor::Tensor};
use serde::{Deserialize, Serialize};

/// Turns maps into one vector an image; a vector stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flatten {}

#[derive(Debug)]
struct Module {
    input: Shape,
}

impl Settings for Flatten {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        Ok(Box::new(Module { input }))
    }

    fn summary(&self) -> String {
        "flatten".into()
    }

    fn examples() -> Vec<(Self, Shape)> {
        vec![(Self {}, Shape::maps(2, 3, 4))]
    }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        Shape::Vector(self.input.len())
    }

    fn abreast(&self) -> Abreast {
        Abreast::Ends
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], aux: &mut Aux<'_>) {
        match aux.abreast {
            1 => y.copy_from_slice(x),
            _ => abreast::one_after_the_other(x, self.input.len(), y),
        }
    }

    fn backward(
        &self,
        _: &[Tensor],
        passed: Passed<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        aux: &mut Aux<'_>,
    ) {
        match (dx, aux.abreast) {
            (Some(dx), 1) => dx.copy_from_slice(passed.dy),
            (Some(dx), _) => abreast::side_by_side(passed.dy, self.input.len(), dx),
            (None, _) => {}
        }
    }
}
