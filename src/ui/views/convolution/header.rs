//! The header of the view: its name, the input, and the page.

use crate::{
    text::tr,
    ui::{
        action::{Action, Actions},
        model::convolution::{
            ConvolutionSource,
            act::{ConvolutionAct, ConvolutionMode},
        },
        state::AppState,
        widgets::{segmented, view_header},
    },
};
use egui::{ComboBox, Ui};

/// Name, input and page.
pub fn header_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let lab = &state.convolution;
    let is_tight = ui.available_width() < 800.0;
    let sentence = if is_tight { "" } else { tr("Multiply, add up, move on by the stride.") };
    view_header(ui, tr("Convolution"), sentence, |ui| {
        let send = |actions: &mut Actions, act| actions.send(Action::Convolution(act));
        let mut source = match lab.setup.source {
            ConvolutionSource::Layer(_) => ConvolutionSource::Layer(0),
            other => other,
        };
        let layer = if is_tight { tr("Layer") } else { tr("Network layer") };
        let sources = [
            (ConvolutionSource::Numbers, tr("Numbers")),
            (ConvolutionSource::Image, if is_tight { tr("Image") } else { tr("Current image") }),
            (ConvolutionSource::Layer(0), layer),
            (ConvolutionSource::Photo, tr("Photo")),
        ];
        // The variants have inputs of their own.
        if lab.mode != ConvolutionMode::Family && chosen_ui(ui, is_tight, &mut source, &sources) {
            send(actions, ConvolutionAct::UseSource(source));
        }
        let mut mode = lab.mode;
        let modes = [
            (ConvolutionMode::Sum, tr("Sum")),
            (ConvolutionMode::Im2col, "im2col"),
            (ConvolutionMode::Predict, tr("Predict")),
            (ConvolutionMode::Family, tr("Family")),
        ];
        if segmented(ui, tr("Page"), &mut mode, &modes).changed() {
            send(actions, ConvolutionAct::SetMode(mode));
        }
    });
}

/// The sources side by side, or in a menu where there is no room; whether another one was chosen.
fn chosen_ui(
    ui: &mut Ui,
    is_tight: bool,
    source: &mut ConvolutionSource,
    sources: &[(ConvolutionSource, &str)],
) -> bool {
    let label = tr("Input source");
    if !is_tight {
        return segmented(ui, label, source, sources).changed();
    }
    let before = *source;
    let name = sources.iter().find(|(other, _)| *other == before).map_or("", |(_, name)| *name);
    ComboBox::from_id_salt("source")
        .selected_text(name)
        .width(84.0)
        .show_ui(ui, |ui| {
            for (other, name) in sources {
                ui.selectable_value(source, *other, *name);
            }
        })
        .response
        .accessible_name(label);
    *source != before
}
