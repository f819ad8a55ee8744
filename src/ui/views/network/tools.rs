//! The choices above the columns: which values the maps show, and how they are coloured, with the legend.

use super::{
    gradcheck,
    maps::Maps,
    values::{self, gradients},
    what_if,
};
use crate::{
    explain::Verdict,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::display::{MapBrightness, MapColors, MapScale, MapValues},
        state::AppState,
        style::tokens::{Tokens, space},
        widgets::{Legend, moment_badge, numbers, segmented, view_header},
    },
};
use egui::{Align, ComboBox, DragValue, Layout, RichText, Ui, vec2};

/// The height of the line with the sentence and the legend, in points.
const LINE: f32 = 20.0;

/// The heading with the choices, and below it a sentence about the network with the legend.
pub fn header_ui(ui: &mut Ui, state: &AppState, maps: &Maps, sentence: &str, actions: &mut Actions) {
    view_header(ui, tr("Network"), "", |ui| {
        moment_badge(ui, state.history_step());
        what_if::reset_ui(ui, state, actions, false);
        choices_ui(ui, state, false, actions);
    });
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), LINE),
        Layout::right_to_left(Align::Center),
        |ui| {
            legend_ui(ui, state, maps, false);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let t = Tokens::of(ui);
                ui.add(egui::Label::new(RichText::new(sentence).color(t.second)).truncate());
            });
        },
    );
}

/// The same for a narrow window: one line, which has to fit beside an inspector.
pub fn narrow_header_ui(ui: &mut Ui, state: &AppState, maps: &Maps, actions: &mut Actions) {
    let height = ui.spacing().interact_size.y;
    let room = vec2(ui.available_width(), height);
    ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        choices_ui(ui, state, true, actions);
        if state.settings.map_values == MapValues::Gradients && state.lesson.is_some() {
            // The choices for gradients need the room.
        } else if state.what_if.is_empty() {
            legend_ui(ui, state, maps, true);
        } else {
            // The button that goes back needs the room.
            what_if::reset_ui(ui, state, actions, true);
        }
    });
}

fn choices_ui(ui: &mut Ui, state: &AppState, is_narrow: bool, actions: &mut Actions) {
    values_ui(ui, state, is_narrow, actions);
    let settings = &state.settings;
    let name = |scale: MapScale| match scale {
        MapScale::Map => tr("Per map"),
        MapScale::Layer => tr("Per layer"),
        MapScale::Network => tr("Network"),
        MapScale::Fixed => tr("Fixed"),
    };
    let all = [MapScale::Map, MapScale::Layer, MapScale::Network, MapScale::Fixed];
    let mut scale = settings.map_scale;
    let hint = tr(
        "Which maps share a colour scale. Per map: shows patterns. Per layer and network: sizes can be compared. Fixed: sizes can be compared between images.",
    );
    if is_narrow {
        let combo = ComboBox::from_id_salt("scale").width(86.0).selected_text(name(scale));
        let response = combo.show_ui(ui, |ui| {
            for option in all {
                ui.selectable_value(&mut scale, option, name(option));
            }
        });
        let response = response.response;
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, tr("Colour scale")));
        response.on_hover_text(hint);
    } else {
        segmented(ui, tr("Colour scale"), &mut scale, &all.map(|scale| (scale, name(scale))))
            .on_hover_text(hint);
    }
    if scale != settings.map_scale {
        actions.send(Action::SetMapScale(scale));
    }
    if settings.map_scale == MapScale::Fixed {
        let mut limit = settings.map_colors().limit;
        let (least, most) = MapColors::LIMITS;
        let speed = 0.02 * limit;
        let field = DragValue::new(&mut limit)
            .range(least..=most)
            .speed(speed)
            .prefix("±")
            .custom_formatter(|value, _| numbers::decimal(value))
            .custom_parser(|text| numbers::typed(text.trim().trim_start_matches('±')));
        let field = ui.add(field).on_hover_text(tr("The value at full colour"));
        if field.changed() {
            actions.send(Action::SetMapLimit(limit));
        }
        field.widget_info(|| egui::WidgetInfo::drag_value(true, f64::from(limit)));
    }
    let mut brightness = settings.map_brightness;
    let options = [
        (MapBrightness::Linear, if is_narrow { "x" } else { tr("Linear") }),
        (MapBrightness::Root, if is_narrow { "√x" } else { tr("√ Bright") }),
    ];
    let hint = tr(
        "Brightness. Linear: half the largest value has half the colour. √: a quarter of it has half the colour, so that small values can be seen.",
    );
    if segmented(ui, tr("Brightness"), &mut brightness, &options).on_hover_text(hint).changed() {
        actions.send(Action::SetMapBrightness(brightness));
    }
}

/// The colours and what full colour means.
fn legend_ui(ui: &mut Ui, state: &AppState, maps: &Maps, is_short: bool) {
    let MapColors { scale, limit, brightness } = state.settings.map_colors();
    let colors = values::colors(ui.theme(), brightness);
    let legend = match scale {
        MapScale::Network => Legend::new(colors, maps.network_limit()),
        MapScale::Fixed => Legend::new(colors, limit),
        // The value at full colour is written above each layer.
        _ if is_short => Legend::with_words(colors, "−", "+"),
        MapScale::Layer => Legend::with_words(colors, tr("−max"), tr("+max of each layer")),
        MapScale::Map => Legend::with_words(colors, tr("−max"), tr("+max of each map")),
    };
    legend.width(if is_short { 32.0 } else { 96.0 }).ui(ui).on_hover_text(match scale {
        MapScale::Map => tr("Full colour is the largest absolute value of each map."),
        MapScale::Layer => {
            tr("Full colour is the largest absolute value of the layer, which is written above it.")
        }
        MapScale::Network => tr("Full colour is the largest absolute value of all layers."),
        MapScale::Fixed => tr("Full colour is the same value for every image and network."),
    });
}

/// Activations or gradients, and the class of the loss.
fn values_ui(ui: &mut Ui, state: &AppState, is_tight: bool, actions: &mut Actions) {
    let mut values = state.settings.map_values;
    let options = [
        (MapValues::Activations, if is_tight { tr("Values") } else { tr("Activations") }),
        (MapValues::Gradients, if is_tight { tr("Grads") } else { tr("Gradients") }),
    ];
    if segmented(ui, tr("Values"), &mut values, &options).changed() {
        actions.send(Action::SetMapValues(values));
    }
    if values != MapValues::Gradients {
        return;
    }
    if state.selection.map.is_some() || is_tight {
        // The panel that has its name is not there.
        gradcheck::small_open_ui(ui, actions);
    }
    let is_number = state.switched_verdict() != Some(Verdict::NotANumber);
    let shown = gradients(state).filter(|_| is_number);
    let shown = shown.map_or("–".to_owned(), |gradients| state.class_name(gradients.class));
    let name = |class: Option<usize>| match class {
        None => fill(tr("loss of {class} (auto)"), &[("class", &shown)]),
        Some(class) => fill(tr("loss of {class}"), &[("class", &state.class_name(class))]),
    };
    let combo = ComboBox::from_id_salt("loss class").width(if is_tight { 92.0 } else { 128.0 });
    let response = combo.selected_text(name(state.loss_class)).show_ui(ui, |ui| {
        for class in std::iter::once(None).chain((0..state.network.network.classes()).map(Some)) {
            if ui.selectable_label(state.loss_class == class, name(class)).clicked() {
                actions.send(Action::SetLossClass(class));
            }
        }
    });
    response.response.on_hover_text(tr(
        "The class of the cross-entropy loss. Auto: the label of the image, or the network's answer if it has no label.",
    ));
}
