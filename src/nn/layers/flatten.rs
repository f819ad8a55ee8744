//! `flatten`: (N, C, H, W) → (N, C·H·W).

use super::{
    context::{BackwardInput, LayerContext},
    error::LayerError,
    layer::{Interleaving, Layer},
    settings::Settings,
};
use crate::nn::{
    interleave::{deinterleave, interleave},
    shape::Shape,
    tensor::Tensor,
};
use crate::text::tr;
use serde::{Deserialize, Serialize};

/// Reshapes an image's maps to a vector. A vector stays as it is.
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
        tr("flatten").into()
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

    fn interleaving(&self) -> Interleaving {
        Interleaving::Undone
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        match context.interleaved {
            1 => y.copy_from_slice(x),
            _ => deinterleave(x, self.input.len(), y),
        }
    }

    fn backward(
        &self,
        _: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        context: &mut LayerContext<'_>,
    ) {
        match (dx, context.interleaved) {
            (Some(dx), 1) => dx.copy_from_slice(input.dy),
            (Some(dx), _) => interleave(input.dy, self.input.len(), dx),
            (None, _) => {}
        }
    }
}
