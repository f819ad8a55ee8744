//! Which numbers the maps of the view stand for, and what layers are called.

use crate::{
    nn::{ActivationGradients, LayerSpec, Network, Shape, Tensor, Trace},
    text::tr,
    ui::{
        model::{answer::Gradients, display::MapValues, selection::MapId},
        state::AppState,
    },
};

/// The first column.
pub const INPUT: usize = 0;

/// The activations of a trace, or gradients by them.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// What was computed.
    pub trace: &'a Trace,
    /// The gradients that are shown instead.
    pub gradients: Option<&'a ActivationGradients>,
}

impl<'a> Values<'a> {
    fn tensor(&self, column: usize) -> Option<&'a Tensor> {
        match (column.checked_sub(1), self.gradients) {
            (None, None) => Some(&self.trace.input),
            (None, Some(gradients)) => Some(&gradients.input),
            (Some(layer), None) => self.trace.activations.get(layer),
            (Some(layer), Some(gradients)) => gradients.activations.get(layer),
        }
    }

    /// All values of a column.
    pub fn column(&self, column: usize) -> &'a [f32] {
        self.tensor(column).map_or(&[], Tensor::values)
    }

    /// The values of one map.
    pub fn map(&self, map: MapId) -> &'a [f32] {
        let size: usize = self.tensor(map.column).map_or(0, |t| t.shape().iter().skip(2).product());
        self.column(map.column).get(map.map * size..(map.map + 1) * size).unwrap_or_default()
    }
}

/// The column of the softmax, which comes after the last layer.
pub fn softmax_column(network: &Network) -> usize {
    network.layers().len() + 1
}

/// The shape that a column shows.
pub fn shape(network: &Network, column: usize) -> Shape {
    match column.checked_sub(1) {
        None => network.input(),
        Some(layer) => network.layers().get(layer).map_or(Shape::Vector(network.classes()), |l| l.output()),
    }
}

/// How many maps, values or classes a column has.
pub fn count(network: &Network, column: usize) -> usize {
    shape(network, column).as_maps().0
}

/// `conv2d 0` and so on, numbered as in a `torch.nn.Sequential`.
pub fn title(network: &Network, column: usize) -> String {
    match column.checked_sub(1) {
        None => tr("input").to_owned(),
        Some(layer) if layer < network.layers().len() => network.spec().layer_name(layer),
        Some(_) => "softmax".to_owned(),
    }
}

/// What a header has room for: the whole summary over maps, the first word of it over a vector.
pub fn short_name(layer: &LayerSpec, is_vector: bool) -> String {
    let summary = layer.summary();
    if is_vector { summary.split(' ').next().unwrap_or_default().to_owned() } else { summary }
}

/// The gradients, where they are what is shown.
pub(super) fn gradients(state: &AppState) -> Option<&Gradients> {
    let is_shown = state.settings.map_values == MapValues::Gradients;
    state.current_answer().filter(|_| is_shown)?.gradients.as_ref()
}
