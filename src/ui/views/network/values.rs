//! The values that the maps show, their colours, and the names of columns.

use crate::{
    nn::{ActivationGradients, Network, Shape, Tensor, Trace},
    text::tr,
    ui::{
        model::{
            answer::Gradients,
            display::{MapBrightness, MapColors, MapValues},
            selection::MapId,
        },
        state::AppState,
        style::{colormap::ColorMapLut, picture::PictureGround},
    },
};
use egui::Theme;

/// The first column.
pub const INPUT: usize = 0;

/// The activations of a trace, or gradients with respect to them.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// The activations.
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

/// The column of the softmax, after the last layer.
pub fn softmax_column(network: &Network) -> usize {
    network.layers().len() + 1
}

/// The shape of a column's values.
pub fn shape(network: &Network, column: usize) -> Shape {
    match column.checked_sub(1) {
        None => network.input(),
        Some(layer) => network.layers().get(layer).map_or(Shape::Vector(network.classes()), |l| l.output()),
    }
}

/// The number of maps, values or classes of a column.
pub fn count(network: &Network, column: usize) -> usize {
    shape(network, column).as_maps().0
}

/// The name of a column: `input`, the layer's name, or `softmax`.
pub fn title(network: &Network, column: usize) -> String {
    match column.checked_sub(1) {
        None => tr("input").to_owned(),
        Some(layer) if layer < network.layers().len() => network.spec().layer_name(layer),
        Some(_) => "softmax".to_owned(),
    }
}

/// How the maps of the view are painted.
#[derive(Clone, Copy, PartialEq)]
pub struct MapLook {
    /// The theme.
    pub theme: Theme,
    /// The colours of signed values.
    pub colors: MapColors,
    /// The ground of the input, if it is a picture.
    pub ground: PictureGround,
}

impl MapLook {
    /// The look of the current image's maps.
    pub fn of(theme: Theme, state: &AppState) -> Self {
        Self { theme, colors: state.settings.map_colors(), ground: state.image.ground }
    }

    /// The colours of signed values.
    pub fn signed(&self) -> &'static ColorMapLut {
        colors(self.theme, self.colors.brightness)
    }

    /// The colours of an input without negative values.
    pub fn grey(&self) -> &'static ColorMapLut {
        self.ground.colors(self.theme)
    }
}

/// The colours of signed values in the maps of the view.
pub fn colors(theme: Theme, brightness: MapBrightness) -> &'static ColorMapLut {
    match brightness {
        MapBrightness::Linear => ColorMapLut::diverging(theme),
        MapBrightness::Root => ColorMapLut::diverging_root(theme),
    }
}

/// The gradients, if the maps show gradients.
pub(super) fn gradients(state: &AppState) -> Option<&Gradients> {
    let is_shown = state.settings.map_values == MapValues::Gradients;
    state.current_answer().filter(|_| is_shown)?.gradients.as_ref()
}
