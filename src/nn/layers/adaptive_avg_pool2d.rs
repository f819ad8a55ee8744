//! `adaptive_avg_pool2d`: the mean of each of as many windows as are asked for.

use super::{
    adaptive::AdaptiveWindows,
    context::{BackwardInput, LayerContext},
    error::LayerError,
    layer::Layer,
    settings::Settings,
};
use crate::nn::{kernels::sum_f64, pair::Pair, shape::Shape, tensor::Tensor};
use crate::text::tr;
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.AdaptiveAvgPool2d`. (N, C, H, W) → (N, C, OH, OW), whatever H and W are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdaptiveAvgPool2d {
    /// Height and width of the output.
    pub output_size: Pair,
}

impl Settings for AdaptiveAvgPool2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        Ok(Box::new(Module(AdaptiveWindows::new(input, self.output_size)?)))
    }

    fn summary(&self) -> String {
        format!("{} {}", tr("adaptive average pool"), self.output_size)
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

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], _: &mut LayerContext<'_>) {
        for (map, y) in x.chunks_exact(self.0.plane()).zip(y.chunks_exact_mut(self.0.outputs())) {
            for (y, (rows, columns)) in y.iter_mut().zip(self.0.each()) {
                let count = rows.len() * columns.len();
                let sum: f64 = self.0.cells(rows, columns).map(|cells| sum_f64(&map[cells])).sum();
                *y = (sum / count as f64) as f32;
            }
        }
    }

    fn backward(
        &self,
        _: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        _: &mut LayerContext<'_>,
    ) {
        let Some(dx) = dx else { return };
        dx.fill(0.0);
        for (map, dy) in dx.chunks_exact_mut(self.0.plane()).zip(input.dy.chunks_exact(self.0.outputs())) {
            for (dy, (rows, columns)) in dy.iter().zip(self.0.each()) {
                let share = dy / (rows.len() * columns.len()) as f32;
                for cells in self.0.cells(rows, columns) {
                    map[cells].iter_mut().for_each(|cell| *cell += share);
                }
            }
        }
    }
}
