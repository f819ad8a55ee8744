//! `adaptive_max_pool2d`: the maximum of each of as many windows as are asked for.

use super::{
    adaptive::AdaptiveWindows,
    context::{BackwardInput, LayerContext},
    error::LayerError,
    layer::Layer,
    settings::Settings,
};
use crate::nn::{pair::Pair, shape::Shape, tensor::Tensor};
use crate::text::tr;
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.AdaptiveMaxPool2d`. (N, C, H, W) → (N, C, OH, OW), whatever H and W are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdaptiveMaxPool2d {
    /// Height and width of the output.
    pub output_size: Pair,
}

impl Settings for AdaptiveMaxPool2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        Ok(Box::new(Module(AdaptiveWindows::new(input, self.output_size)?)))
    }

    fn summary(&self) -> String {
        format!("{} {}", tr("adaptive max pool"), self.output_size)
    }

    fn examples() -> Vec<(Self, Shape)> {
        let of = |h, w| Self { output_size: Pair { h, w } };
        vec![
            (of(2, 2), Shape::maps(2, 4, 6)),
            (of(3, 2), Shape::maps(2, 7, 5)),
            (of(1, 1), Shape::maps(3, 3, 4)),
            (of(3, 4), Shape::maps(1, 2, 4)),
        ]
    }
}

#[derive(Debug)]
struct Module(AdaptiveWindows);

impl Layer for Module {
    fn input(&self) -> Shape {
        self.0.input
    }

    fn output(&self) -> Shape {
        self.0.output
    }

    /// The index in its input map of each output's maximum.
    fn indices_len(&self) -> usize {
        self.0.output.len()
    }

    /// Of equal values the first one counts. NaN counts as larger than all, as in PyTorch.
    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        let outputs = self.0.outputs();
        let results = y.chunks_exact_mut(outputs).zip(context.indices.chunks_exact_mut(outputs));
        for (map, (y, winners)) in x.chunks_exact(self.0.plane()).zip(results) {
            for ((y, winner), (rows, columns)) in y.iter_mut().zip(winners).zip(self.0.each()) {
                let cells = self.0.cells(rows, columns).flatten();
                let wins = |best: usize, at: usize| {
                    if map[at] > map[best] || map[at].is_nan() { at } else { best }
                };
                let best = cells.reduce(wins).unwrap_or(0);
                (*y, *winner) = (map[best], best as u32);
            }
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
        let Some(dx) = dx else { return };
        dx.fill(0.0);
        let outputs = self.0.outputs();
        let results = input.dy.chunks_exact(outputs).zip(context.indices.chunks_exact(outputs));
        for (map, (dy, winners)) in dx.chunks_exact_mut(self.0.plane()).zip(results) {
            for (dy, &winner) in dy.iter().zip(winners) {
                map[winner as usize] += dy;
            }
        }
    }
}
