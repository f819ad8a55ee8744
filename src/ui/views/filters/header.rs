//! The top of the view: which layer, in which order, and the scale of the colours.

use super::{
    board::{FilterBoard, Wanted},
    pictures::Picture,
    shown::Shown,
};
use crate::explain::kernels::FilterOrder;
use crate::{
    nn::filters::FilterLayout,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::filters::{FiltersAct, order_name},
        state::AppState,
        style::{
            colormap::ColorMapLut,
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::{Legend, moment_badge, paper, segmented, view_header},
    },
};
use egui::{Align, ComboBox, Layout, RichText, Ui, vec2};

/// The height of the row under the name.
const ROW: f32 = 28.0;

/// The view's name alone.
pub(super) fn empty_header_ui(ui: &mut Ui) {
    view_header(ui, tr("Filters"), "", |_| {});
}

/// The name of the view with its tools; `shows_one` is the page in a low window.
pub(super) fn header_ui(
    ui: &mut Ui,
    state: &AppState,
    shown: &Shown<'_>,
    board: &mut FilterBoard,
    shows_one: Option<&mut bool>,
    actions: &mut Actions,
) {
    let sentence = shown.sentence(state);
    view_header(ui, tr("Filters"), &sentence, |ui| {
        moment_badge(ui, state.history_step());
        page_ui(ui, shown, shows_one, actions);
        ui.add_space(space::S);
        layer_ui(ui, shown, actions);
    });
    if shown.filters.shows_photo || paper::is_on(ui) {
        return;
    }
    ui.add_space(space::XS);
    let room = vec2(ui.available_width(), ROW);
    ui.allocate_ui_with_layout(room, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_size(room);
        let mut order = shown.filters.order;
        ComboBox::from_id_salt("order of the filters")
            .width(150.0)
            .selected_text(order_name(order))
            .show_ui(ui, |ui| {
                for one in FilterOrder::ALL {
                    if one != FilterOrder::Change || shown.before.is_some() {
                        ui.selectable_value(&mut order, one, order_name(one));
                    }
                }
            })
            .response
            .on_hover_text(tr("Filters keep their places while the pointer is among them."));
        if order != shown.filters.order {
            actions.send(Action::Filters(FiltersAct::Order(order)));
        }
        if shown.layout.inputs > 1 && shown.before.is_some() {
            ui.add_space(space::S);
            wanted_ui(ui, board);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| legends_ui(ui, shown, board));
    });
}

/// The colours of all pictures.
fn legends_ui(ui: &mut Ui, shown: &Shown<'_>, board: &FilterBoard) {
    let t = Tokens::of(ui);
    let small = |text: &str| RichText::new(text).font(fonts::words(size::SMALL)).color(t.second);
    let colors = ColorMapLut::diverging(ui.theme());
    let is_wide = ui.available_width() > 460.0;
    let words = if shown.before.is_some() { tr("before and now") } else { tr("weights") };
    let width = if is_wide { 70.0 } else { 44.0 };
    if is_wide {
        ui.label(small(words));
    }
    Legend::new(colors, board.pictures.limit).width(width).ui(ui).on_hover_text(words);
    if shown.before.is_some() {
        ui.add_space(space::M);
        if is_wide {
            ui.label(small(tr("change")));
        }
        let limit = board.pictures.change_limit;
        Legend::new(colors, limit).width(width).ui(ui).on_hover_text(tr("change"));
    }
}

fn wanted_ui(ui: &mut Ui, board: &mut FilterBoard) {
    let options = [
        (Wanted::All, tr("All")),
        (Wanted::One(Picture::Before), tr("Before")),
        (Wanted::One(Picture::Now), tr("Now")),
        (Wanted::One(Picture::Change), tr("Change")),
    ];
    let mut wanted = match board.wanted {
        Wanted::Fitting if board.shows_one_picture => Wanted::One(Picture::Now),
        Wanted::Fitting => Wanted::All,
        wanted => wanted,
    };
    if segmented(ui, tr("Pictures"), &mut wanted, &options).changed() {
        board.wanted = wanted;
    }
}

fn page_ui(ui: &mut Ui, shown: &Shown<'_>, shows_one: Option<&mut bool>, actions: &mut Actions) {
    let one = shows_one.as_ref().is_some_and(|one| **one);
    let mut page = if shown.filters.shows_photo { 2 } else { usize::from(one) };
    let all = [(0, tr("All filters")), (1, tr("One filter")), (2, tr("Photograph"))];
    let some = [all[0], all[2]];
    let options = if shows_one.is_some() { &all[..] } else { &some[..] };
    if segmented(ui, tr("Page"), &mut page, options).changed() {
        if shown.filters.shows_photo != (page == 2) {
            actions.send(Action::Filters(FiltersAct::ShowPhoto(page == 2)));
        }
        if let Some(one) = shows_one {
            *one = page == 1;
        }
    }
}

/// The convolutions of the network.
fn layer_ui(ui: &mut Ui, shown: &Shown<'_>, actions: &mut Actions) {
    let layers = FilterLayout::layers(shown.network);
    let name = |layer: usize| {
        let kind = shown.network.spec().layers.get(layer).map(crate::nn::LayerSpec::summary);
        fill(tr("{layer}: {kind}"), &[("layer", &layer.to_string()), ("kind", &kind.unwrap_or_default())])
    };
    let mut layer = shown.layer;
    let combo = ComboBox::from_id_salt("layer of the filters").width(150.0).selected_text(name(layer));
    let response = combo.show_ui(ui, |ui| {
        for one in layers {
            ui.selectable_value(&mut layer, one, name(one));
        }
    });
    response.response.on_hover_text(tr("The convolution whose filters are shown."));
    if layer != shown.layer {
        actions.send(Action::Filters(FiltersAct::Layer(layer)));
    }
}
