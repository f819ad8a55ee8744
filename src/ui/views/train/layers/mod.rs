//! The layers while the network learns: what their weights, gradients and activations are like, which units are dead, and
//! how far a step moves the weights.

mod bars;
mod captions;
mod ratio;

use self::{
    bars::bars_ui,
    captions::{CAPTIONS, captions_ui},
    ratio::ratio_text,
};
use crate::{
    text::{fill, tr},
    train::layers::{Histogram, LayerLook, LayerStep, StepLook, UpdateSize},
    ui::{
        model::network::Origin,
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::numbers,
    },
};
use egui::{
    Align2, Color32, Label, Rect, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// The height of the heading, in points.
const HEADING: f32 = 20.0;

/// The height of a layer, in points.
const ROW: f32 = 42.0;

/// The widths of the first column and of the last two, in points.
const NAME: f32 = 96.0;
const DEAD: f32 = 74.0;
const UPDATE: f32 = 78.0;

/// The places of the columns of a row: name, weights, gradients, activations, dead units, size of the update.
fn columns(row: Rect) -> [Rect; 6] {
    let each = ((row.width() - NAME - DEAD - UPDATE) / 3.0).max(24.0);
    let mut left = row.left();
    [NAME, each, each, each, DEAD, UPDATE].map(|width| {
        let place = Rect::from_min_max(pos2(left, row.top()), pos2(left + width, row.bottom()));
        left += width;
        place.shrink2(vec2(space::XS, 0.0))
    })
}

/// The layers in the room that is left.
pub fn layers_ui(ui: &mut Ui, state: &AppState) {
    let t = Tokens::of(ui);
    let step = step_of(state);
    let Some((looks, images)) = looks_of(state) else {
        let text = if state.data.ready().is_none() {
            tr("Open a data set: the layers are looked at with its training images.")
        } else if state.layers.as_ref().is_some_and(|answer| answer.layers.is_none()) {
            tr("The images of the data set do not fit this network.")
        } else {
            tr("Looking at the layers…")
        };
        ui.add(Label::new(RichText::new(text).size(size::SMALL).color(t.second)).wrap());
        return;
    };
    heading_ui(ui, state, step, images);
    let height = (ui.available_height() - CAPTIONS).max(ROW);
    ScrollArea::vertical().id_salt("layers").max_height(height).auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for look in looks {
            let own = step.and_then(|step| step.layers.iter().find(|own| own.layer == look.layer));
            row_ui(ui, state, look, own);
        }
    });
    captions_ui(ui, state, looks, step, images);
}

/// The layers of the network that is shown, or of the one before until they are known, and for how many images.
fn looks_of(state: &AppState) -> Option<(&[LayerLook], usize)> {
    let answer = state.layers.as_ref()?;
    let is_same = answer.network.spec() == state.network.network.spec();
    Some((answer.layers.as_deref().filter(|_| is_same)?, answer.images))
}

/// The last step of the run, if the network that is shown is its.
fn step_of(state: &AppState) -> Option<&StepLook> {
    let is_run = matches!(state.network.origin, Origin::Live | Origin::Moment(_));
    state.snapshot.as_ref().filter(|_| is_run)?.look.as_deref()
}

fn heading_ui(ui: &mut Ui, state: &AppState, step: Option<&StepLook>, images: usize) {
    let t = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADING), Sense::hover());
    let [_, weights, gradients, activations, dead, update] = columns(rect);
    let images = numbers::count(images as u64);
    // Gradients are known of one step alone: the last one that was looked at.
    let is_newest = |step: &StepLook| {
        let now = state.snapshot.as_ref().map(|snapshot| snapshot.step);
        state.history_step().is_none() && (state.is_training() || now == Some(step.step))
    };
    let of_step = match step {
        Some(step) if !is_newest(step) => {
            fill(tr("gradients, step {step}"), &[("step", &numbers::count(step.step))])
        }
        _ => tr("gradients").to_owned(),
    };
    let about = fill(
        tr(
            "The numbers that the layer passes on, after its activation function, for {images} training images. Zeros are counted apart.",
        ),
        &[("images", &images)],
    );
    let heads = [
        (
            weights,
            tr("weights").to_owned(),
            tr("How often each value occurs among the weights. At first a bell around 0; it widens as the network learns.")
                .to_owned(),
        ),
        (
            gradients,
            of_step,
            tr("Which way, and how strongly, the last batch pushed each weight. If all are near 0, the layer hardly learns.")
                .to_owned(),
        ),
        (activations, tr("activations").to_owned(), about),
        (
            dead,
            tr("dead units").to_owned(),
            tr("Units behind a ReLU that output 0 for every one of these images. No gradient reaches them, so they may stay dead.")
                .to_owned(),
        ),
        (
            update,
            tr("step / size").to_owned(),
            tr("How far the last step moved the weights, divided by their size. About 0.001 is usual.").to_owned(),
        ),
    ];
    for (place, name, hint) in heads {
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
        let text = RichText::new(name).size(size::SMALL - 1.0).color(t.second);
        child.add(Label::new(text).truncate()).on_hover_text(hint);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, t.line));
}

fn row_ui(ui: &mut Ui, state: &AppState, look: &LayerLook, step: Option<&LayerStep>) {
    let t = Tokens::of(ui);
    let spec = state.network.network.spec();
    let name = spec.layer_name(look.layer);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let ratio = step.and_then(LayerStep::ratio);
    let dead = look.dead.as_ref().map(|dead| format!("{}/{}", dead.len(), look.units));
    let written = ratio.map(ratio_text);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Row, true, &name);
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
        info.current_text_value = Some(fill(
            tr("dead units {dead}, step / size {step}"),
            &[("dead", &or_none(&dead)), ("step", &or_none(&written))],
        ));
        info
    });
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, t.line));
    let [first, weights, gradients, activations, dead_place, update] = columns(rect);
    let two_ui = |place: Rect, upper: &str, lower: &str, ink: Color32, is_right: bool| {
        let (upper_at, lower_at, x) = if is_right {
            (Align2::RIGHT_BOTTOM, Align2::RIGHT_TOP, place.right())
        } else {
            (Align2::LEFT_BOTTOM, Align2::LEFT_TOP, place.left())
        };
        let middle = place.center().y + 1.0;
        let painter = ui.painter_at(place);
        painter.text(pos2(x, middle), upper_at, upper, fonts::words(size::SMALL), ink);
        painter.text(pos2(x, middle), lower_at, lower, fonts::words(size::SMALL - 2.0), t.second);
    };
    two_ui(first, &spec.layers[look.layer].summary(), &name, t.text, false);
    let zeros = |histogram: &Histogram| {
        let share = histogram.zero_share() as f32;
        let text = fill(tr("{share} zero"), &[("share", &numbers::percent_whole(share))]);
        if share < 0.005 { String::new() } else { text }
    };
    let of = |what: &str| fill(what, &[("layer", &name)]);
    bars_ui(ui, weights, &of(tr("Weights of {layer}")), Some(&look.weights), t.runs[0], "");
    let gradient = step.map(|step| &step.gradients);
    let note = gradient.map(zeros).unwrap_or_default();
    bars_ui(ui, gradients, &of(tr("Gradients of {layer}")), gradient, t.runs[1], &note);
    let note = zeros(&look.activations);
    bars_ui(ui, activations, &of(tr("Activations of {layer}")), Some(&look.activations), t.runs[2], &note);
    if let Some(units) = &look.dead {
        let ink = if units.is_empty() { t.text } else { t.warn };
        let text = fill(
            tr("{dead} of {units}"),
            &[("dead", &units.len().to_string()), ("units", &look.units.to_string())],
        );
        two_ui(dead_place, &text, &listed(units), ink, true);
    } else {
        two_ui(dead_place, "–", "", t.faint, true);
    }
    let (text, word, ink) = match step.and_then(LayerStep::size) {
        Some(UpdateSize::Small) => (written, tr("very little"), t.warn),
        Some(UpdateSize::Large) => (written, tr("very much"), t.warn),
        Some(UpdateSize::Usual) => (written, tr("usual"), t.text),
        None => (None, "", t.faint),
    };
    two_ui(update, text.as_deref().unwrap_or("–"), word, ink, true);
}

/// The numbers of some units, as many as there is room for.
fn listed(units: &[usize]) -> String {
    let first: Vec<String> = units.iter().take(3).map(ToString::to_string).collect();
    let more = if units.len() > 3 { ", …" } else { "" };
    format!("{}{more}", first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_of_units_is_cut() {
        assert_eq!([listed(&[]), listed(&[7]), listed(&[1, 2, 3, 4])], ["", "7", "1, 2, 3, …"]);
    }
}
