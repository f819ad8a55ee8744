//! Tooltips of maps, values and layers.

use super::{
    lines,
    values::{self, Values},
};
use crate::{
    explain::ReceptiveField,
    nn::{LayerCost, LayerSpec, Network},
    text::{Term, fill, tr},
    ui::{model::selection::MapId, style::tokens::Tokens, widgets::numbers},
};
use egui::{Pos2, Rect, Response, RichText, Sense, StrokeKind, Ui, vec2};

/// The side of an enlarged map, in points.
const SIDE: f32 = 220.0;

/// The map under the pointer, enlarged, with the value at `share` of its width and height.
pub fn map_ui(
    response: &Response,
    network: &Network,
    values: Values<'_>,
    map: MapId,
    share: Pos2,
    paint: impl FnOnce(&Ui, Rect),
) {
    let (_, height, width) = values::shape(network, map.column).as_maps();
    let cell = |share: f32, n: usize| ((share * n as f32) as usize).min(n.saturating_sub(1));
    let (y, x) = (cell(share.y, height), cell(share.x, width));
    let value = values.map(map).get(y * width + x).copied();
    response.clone().on_hover_ui_at_pointer(|ui| {
        let number = map.map.to_string();
        let title = values::title(network, map.column);
        ui.label(fill(tr("{layer} · map {number}"), &[("layer", &title), ("number", &number)]));
        let size = vec2(SIDE, SIDE * height as f32 / width.max(1) as f32);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        paint(ui, rect);
        let pixel = vec2(rect.width() / width as f32, rect.height() / height as f32);
        let corner = rect.min + vec2(x as f32, y as f32) * pixel;
        let stroke = Tokens::of(ui).highlight_stroke();
        ui.painter().rect_stroke(Rect::from_min_size(corner, pixel), 0, stroke, StrokeKind::Outside);
        if let Some(value) = value {
            ui.monospace(format!("({y}, {x}) = {}", lines::exact(value)));
        }
    });
}

/// The value of a vector under the pointer.
pub fn value_ui(response: &Response, network: &Network, values: Values<'_>, at: MapId) {
    let Some(&value) = values.column(at.column).get(at.map) else { return };
    response.clone().on_hover_ui_at_pointer(|ui| {
        ui.label(values::title(network, at.column));
        ui.monospace(format!("[{}] = {}", at.map, lines::exact(value)));
    });
}

/// What a layer does, in one sentence.
fn about(layer: &LayerSpec) -> Option<&'static str> {
    Some(match layer {
        LayerSpec::Conv2d(_) => {
            tr("Slides kernels over the maps: each value is a sum of products plus a bias.")
        }
        LayerSpec::Linear(_) => tr("Each value is a weighted sum of all inputs plus a bias."),
        LayerSpec::Relu(_) => Term::Relu.about(),
        LayerSpec::MaxPool2d(_) => Term::MaxPool.about(),
        LayerSpec::AvgPool2d(_) => Term::AvgPool.about(),
        LayerSpec::GlobalAvgPool2d(_) => Term::GlobalAvgPool.about(),
        LayerSpec::AdaptiveAvgPool2d(_) => tr(
            "Divides each map into as many parts as the output has cells, and keeps the mean of each part.",
        ),
        LayerSpec::AdaptiveMaxPool2d(_) => tr(
            "Divides each map into as many parts as the output has cells, and keeps the largest number of each part.",
        ),
        LayerSpec::Upsample(_) => tr(
            "Makes each map larger: each cell of the output is one of the input, or a mean of the four around it.",
        ),
        LayerSpec::ZeroPad2d(_) => tr("Adds rows and columns of zeros around each map."),
        LayerSpec::Prelu(_) => {
            tr("Keeps positive numbers and multiplies negative ones by a slope that is learnt.")
        }
        LayerSpec::Flatten(_) => Term::Flatten.about(),
        LayerSpec::Dropout(_) => {
            tr("During training, sets random values to 0. Afterwards it changes nothing.")
        }
        LayerSpec::Dropout2d(_) => {
            tr("During training, sets random maps to 0. Afterwards it changes nothing.")
        }
        LayerSpec::LocalResponseNorm(_) => Term::LocalResponseNorm.about(),
        LayerSpec::BatchNorm2d(_) => {
            tr("Shifts and scales each map, so that its values had mean 0 and variance 1 in training.")
        }
        LayerSpec::LayerNorm(_) => {
            tr("Shifts and scales the values of each image, so that they have mean 0 and variance 1.")
        }
        LayerSpec::GroupNorm(_) => tr(
            "Shifts and scales groups of maps of each image, so that their values have mean 0 and variance 1.",
        ),
        LayerSpec::BatchNorm1d(_) => {
            tr("Shifts and scales each value, so that it had mean 0 and variance 1 in training.")
        }
        _ => return None,
    })
}

/// Softmax, for tooltips.
pub fn softmax() -> &'static str {
    tr(
        "Softmax turns the outputs of the last layer (logits) into probabilities: exponentials divided by their sum.",
    )
}

/// A layer: its settings, output shape, cost and receptive field.
pub fn layer_ui(response: &Response, network: &Network, layer: usize, field: Option<&ReceptiveField>) {
    let (Some(spec), Some(module)) = (network.spec().layers.get(layer), network.layers().get(layer)) else {
        return;
    };
    response.clone().on_hover_ui(|ui| {
        let cost = LayerCost::of(module.as_ref());
        ui.label(format!("{}: {}", values::title(network, layer + 1), spec.summary()));
        if let Some(sentence) = about(spec) {
            ui.label(RichText::new(sentence).color(Tokens::of(ui).second));
        }
        let lines = [
            (Term::Output, cost.output.to_string()),
            (Term::Parameters, numbers::count(cost.parameters)),
            (Term::MultiplyAdds, numbers::count(cost.multiply_adds)),
        ];
        for (term, value) in lines {
            ui.monospace(format!("{}: {value}", term.label()));
        }
        if let Some(field) = field {
            let (height, width) = field.size();
            ui.monospace(format!("{}: {height}×{width}", Term::ReceptiveField.label()));
        }
    });
}
