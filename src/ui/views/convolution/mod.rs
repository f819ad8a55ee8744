//! *Convolution*: the sliding window, its products and their sum, one output at a time.

mod cost;
mod family;
mod grids;
mod header;
mod kernel;
mod matrix;
mod pictures;
mod plan;
mod predict;
mod response;
mod rows;
mod scene;
mod settings;
mod sizes;
mod stage;
mod stand;
mod sum;

use crate::{
    explain::Convolution,
    nn::Shape,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{
            convolution::{
                ConvolutionSource,
                act::{ConvolutionAct, ConvolutionMode},
                lab::ConvolutionLab,
            },
            worksheet::WorksheetAct,
        },
        state::AppState,
        style::{
            fonts, icons,
            picture::PictureGround,
            tokens::{Tokens, size, space},
        },
        view::View,
        widgets::{
            has_header, has_room, icon_button, playback, playback_bar, section, tool_button, tool_toggle,
        },
    },
    worksheet::Topic,
};
use egui::{Align, Color32, Layout, Rect, RichText, Role, Ui, UiBuilder, WidgetInfo, vec2};
use header::header_ui;
use matrix::Product;
use predict::PredictCard;
use scene::{ConvolutionScene, GridBack, Hides, Hover};
use std::sync::Arc;

/// The opacity of a picture that does not show the current settings, since they are impossible.
const OUT_OF_DATE: f32 = 0.45;

/// The view.
#[derive(Default)]
pub struct ConvolutionView {
    hover: Hover,
    predict: PredictCard,
    /// The message about a text in a cell that is not a number.
    refused: Option<String>,
    /// The matrix product that is shown.
    product: Product,
    /// The height of the sum. It grows with the longest sum and does not shrink, so that nothing moves.
    sum_height: f32,
    /// What that height belongs to: mode, outputs, weights and width.
    measured: Option<(ConvolutionMode, Shape, usize, f32)>,
}

impl View for ConvolutionView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let lab = &state.convolution;
        header_ui(ui, state, actions);
        if has_header(ui) {
            ui.add_space(space::S);
        }
        if lab.mode == ConvolutionMode::Family {
            self.family_ui(ui, lab, actions);
            return;
        }
        let Some(conv) = lab.shown.clone() else {
            waiting_ui(ui, lab);
            return;
        };
        let (above, bar) = playback::split_for_bar(ui, ui.available_rect_before_wrap());
        let ground = match lab.setup.source {
            ConvolutionSource::Image => state.image.ground,
            _ => PictureGround::Black,
        };
        let hides = Hides::of(state);
        if hides.asks_size && lab.mode == ConvolutionMode::Im2col {
            withheld_ui(ui, above);
        } else {
            self.body_ui(ui, above, (lab, ground, &hides), &conv, actions);
        }
        bar_ui(ui, bar, lab, actions);
    }

    fn needs_inspector(&self) -> bool {
        true
    }

    fn has_playback(&self) -> bool {
        true
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        if state.convolution.mode == ConvolutionMode::Family {
            family::inspector_ui(ui, &state.convolution, actions);
            return;
        }
        // The formula comes first, so that it is seen while the settings below change it.
        if let Some(conv) = &state.convolution.shown {
            cost::size_ui(ui, conv, state.hides_output_size());
            ui.add_space(space::S);
        }
        settings::settings_ui(ui, state, actions);
        if tool_button(ui, icons::DOWNLOAD, tr("Worksheet…"), "").clicked() {
            actions.send(Action::Worksheet(WorksheetAct::Open(Topic::Convolution)));
        }
        ui.add_space(space::S);
        if let Some(conv) = &state.convolution.shown {
            response::response_ui(ui, &state.convolution, conv);
            ui.add_space(space::S);
            cost::cost_ui(ui, conv, state.hides_output_size());
        }
    }
}

impl ConvolutionView {
    /// A variant: its grids, a line of text, its sum, the playback bar.
    fn family_ui(&mut self, ui: &mut Ui, lab: &ConvolutionLab, actions: &mut Actions) {
        let (above, bar) = playback::split_for_bar(ui, ui.available_rect_before_wrap());
        let kind = lab.family_shown.as_ref().map_or(0, |shown| Arc::as_ptr(shown) as usize);
        let key = (lab.mode, Shape::Vector(kind), 0, above.width());
        if self.measured.replace(key) != Some(key) {
            self.sum_height = 0.0;
            self.refused = None;
        }
        let (stage, status, card) = self.split(ui, above);
        family::stage_ui(
            &mut ui.new_child(UiBuilder::new().max_rect(stage)),
            lab,
            &mut self.refused,
            actions,
        );
        let t = Tokens::of(ui);
        let text = match &self.refused {
            Some(refused) => (format!("{}  {refused}", icons::TRIANGLE_ALERT), t.bad),
            None => (family::status(lab), t.second),
        };
        if status.height() > 0.0 {
            line_ui(&mut ui.new_child(UiBuilder::new().max_rect(status)), text, lab, actions);
        }
        let used = family::sum_ui(&mut ui.new_child(UiBuilder::new().max_rect(card)), lab);
        self.grow(ui, used);
        bar_ui(ui, bar, lab, actions);
    }

    /// The room for the grids, for a line of text, and for the sum.
    fn split(&self, ui: &Ui, room: Rect) -> (Rect, Rect, Rect) {
        let foot = self.sum_height.max(sum::LEAST_HEIGHT);
        // Presented to the back row, the line gives way to the grids.
        let line = if has_room(ui) { ui.spacing().interact_size.y } else { 0.0 };
        let (stage, lower) =
            room.split_top_bottom_at_y((room.bottom() - foot - line - space::S).max(room.top()));
        let (status, card) = lower.split_top_bottom_at_y(lower.top() + line);
        (stage, status, card.translate(vec2(0.0, space::XS)))
    }

    /// Makes room for a sum that is higher than all before.
    fn grow(&mut self, ui: &Ui, used: f32) {
        if used > self.sum_height + 0.5 {
            self.sum_height = used;
            ui.ctx().request_discard("the sum is longer");
        }
    }

    /// Everything between the header and the bar.
    fn body_ui(
        &mut self,
        ui: &mut Ui,
        room: Rect,
        (lab, ground, hides): (&ConvolutionLab, PictureGround, &Hides),
        conv: &Arc<Convolution>,
        actions: &mut Actions,
    ) {
        let position = lab.position();
        let is_asking = lab.mode == ConvolutionMode::Predict;
        if hides.asks_click {
            self.hover = Hover::default();
        }
        // Pointing at a hidden output does not reveal it.
        let hovered = self.hover.output.filter(|at| *at < conv.len() && !is_asking && !hides.asks_output);
        let at = hovered.unwrap_or(position);
        let Some(step) = conv.step(at) else { return };
        let scene = ConvolutionScene {
            lab,
            conv,
            step: &step,
            at,
            position,
            hover: self.hover,
            is_asking,
            hides,
            ground,
        };
        let mut hover = Hover::default();
        let key = (lab.mode, conv.output(), conv.weight().len(), room.width());
        if self.measured.replace(key) != Some(key) {
            self.sum_height = 0.0;
        }
        let (stage, status, card) = self.split(ui, room);
        let mut child = ui.new_child(UiBuilder::new().max_rect(stage));
        if lab.rejected.is_some() {
            child.set_opacity(OUT_OF_DATE);
        }
        let refused = &mut self.refused;
        let mut unheard = Actions::default();
        let heard = if hides.asks_click { &mut unheard } else { &mut *actions };
        let mut back = GridBack { hover: &mut hover, refused, actions: heard };
        if lab.mode != ConvolutionMode::Im2col {
            self.product.forget();
        }
        match lab.mode {
            ConvolutionMode::Im2col => {
                if let Some((im2col, number)) = self.product.of(conv, scene.step.place.channel) {
                    matrix::matrix_ui(&mut child, &scene, (im2col, number), &mut back);
                }
            }
            ConvolutionMode::Sum | ConvolutionMode::Predict | ConvolutionMode::Family => {
                stage::stage_ui(&mut child, &scene, &mut back);
            }
        }
        if status.height() > 0.0 {
            let mut child = ui.new_child(UiBuilder::new().max_rect(status));
            status_ui(&mut child, &scene, self.refused.as_deref(), actions);
        }
        let mut child = ui.new_child(UiBuilder::new().max_rect(card));
        let used = if is_asking {
            self.predict.ui(&mut child, &scene, actions)
        } else {
            sum::sum_ui(&mut child, &scene)
        };
        self.grow(ui, used);
        if hover != self.hover && !hides.asks_click {
            // The message about a wrong text stays until the pointer is over something else.
            if hover != Hover::default() {
                self.refused = None;
            }
            self.hover = hover;
            ui.ctx().request_repaint();
        }
    }
}

/// The playback bar.
fn bar_ui(ui: &mut Ui, room: Rect, lab: &ConvolutionLab, actions: &mut Actions) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(room));
    for act in playback_bar(&mut child, tr("outputs"), &lab.playback, lab.track()) {
        actions.send(Action::Convolution(ConvolutionAct::Play(act)));
    }
}

/// What is shown instead of a page that would tell what a lesson asks for.
fn withheld_ui(ui: &mut Ui, room: Rect) {
    let t = Tokens::of(ui);
    ui.new_child(UiBuilder::new().max_rect(room)).centered_and_justified(|ui| {
        let text = tr("This page would tell what the lesson asks for.");
        ui.label(RichText::new(text).color(t.second));
    });
}

/// What is shown before there is a convolution.
fn waiting_ui(ui: &mut Ui, lab: &ConvolutionLab) {
    let t = Tokens::of(ui);
    match &lab.rejected {
        Some(rejected) => {
            section(ui, tr("Nothing to show yet"));
            ui.label(RichText::new(rejected.sentence()).color(t.second));
        }
        None => {
            ui.centered_and_justified(Ui::spinner);
        }
    }
}

/// One line: what is under the pointer, or the current step.
fn status_ui(ui: &mut Ui, scene: &ConvolutionScene<'_>, refused: Option<&str>, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let (text, color) = match (refused, scene.hover) {
        (Some(refused), _) => (format!("{}  {refused}", icons::TRIANGLE_ALERT), t.bad),
        (None, _) if scene.lab.rejected.is_some() => {
            let text = tr("Out of date: this shows the last valid settings. The reason is on the right.");
            (format!("{}  {text}", icons::TRIANGLE_ALERT), t.warn)
        }
        (None, Hover { output: Some(at), .. }) if !scene.is_hidden(at) => {
            let place = scene.conv.place(at);
            let value = scene.conv.y().get(at).copied().map(crate::ui::widgets::number_grid::exact);
            let sentence = tr("Output ({row}, {column}) = {value}: its window is marked. Click to go there.");
            let (row, column) = (place.row.to_string(), place.column.to_string());
            let values = [("row", &*row), ("column", &*column), ("value", &*value.unwrap_or_default())];
            (fill(sentence, &values), t.text)
        }
        (None, Hover { input: Some((channel, row, column)), .. }) => {
            (input_text(scene, channel, row, column), t.text)
        }
        (None, _) => {
            let place = scene.step.place;
            let sentence = match (scene.conv.settings().out_channels > 1, scene.hides.size) {
                (true, false) => tr("Output {at} of {count}: row {row}, column {column} of filter {filter}."),
                (false, false) => tr("Output {at} of {count}: row {row}, column {column}."),
                (true, true) => tr("Output in row {row}, column {column} of filter {filter}."),
                (false, true) => tr("Output in row {row}, column {column}."),
            };
            let [at, count, row, column, filter] =
                [scene.at + 1, scene.conv.len(), place.row, place.column, place.channel]
                    .map(|n| n.to_string());
            let values = [("at", &*at), ("count", &*count), ("row", &*row), ("column", &*column)];
            (fill(&fill(sentence, &values), &[("filter", &filter)]), t.second)
        }
    };
    line_ui(ui, (text, color), scene.lab, actions);
}

/// A line of text, with the switch that shows all outputs at its end.
fn line_ui(ui: &mut Ui, (text, color): (String, Color32), lab: &ConvolutionLab, actions: &mut Actions) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        whole_ui(ui, lab, actions);
        if lab.mode != ConvolutionMode::Family {
            history_ui(ui, lab, actions);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let label = egui::Label::new(RichText::new(text).font(fonts::words(size::BODY)).color(color));
            ui.add(label.truncate());
        });
    });
}

/// Undo and redo.
fn history_ui(ui: &mut Ui, lab: &ConvolutionLab, actions: &mut Actions) {
    let (can_undo, can_redo) = lab.history.has();
    // Added from right to left.
    for (is_enabled, icon, name, act) in [
        (can_redo, icons::REDO_2, tr("Redo the change"), ConvolutionAct::Redo),
        (can_undo, icons::UNDO_2, tr("Undo the change"), ConvolutionAct::Undo),
    ] {
        let button = ui.add_enabled_ui(is_enabled, |ui| icon_button(ui, icon, name)).inner;
        if button.clicked() {
            actions.send(Action::Convolution(act));
        }
    }
}

/// Whether later outputs are shown.
fn whole_ui(ui: &mut Ui, lab: &ConvolutionLab, actions: &mut Actions) {
    let is_whole = lab.is_whole;
    let icon = if is_whole { icons::EYE } else { icons::EYE_OFF };
    let whole = tool_toggle(ui, icon, "", "", is_whole);
    whole.widget_info(|| WidgetInfo::selected(Role::Button, true, is_whole, tr("Show all outputs")));
    if whole.on_hover_text(tr("Show the outputs that are still to come")).clicked() {
        actions.send(Action::Convolution(ConvolutionAct::ShowWhole(!is_whole)));
    }
}

/// An input cell and the outputs that use it.
fn input_text(scene: &ConvolutionScene<'_>, channel: usize, row: isize, column: isize) -> String {
    let (_, height, width) = scene.conv.input().as_maps();
    let inside = usize::try_from(row).ok().zip(usize::try_from(column).ok());
    let (at_row, at_column) = (row.to_string(), column.to_string());
    let Some((y, x)) = inside.filter(|&(y, x)| y < height && x < width) else {
        let Some((y, x)) = scene.conv.source(row, column) else {
            let sentence = tr("({row}, {column}) is padding: a zero that the input does not have.");
            return fill(sentence, &[("row", &at_row), ("column", &at_column)]);
        };
        let sentence = tr("({row}, {column}) is padding: a copy of the input's cell ({y}, {x}).");
        let values =
            [("row", &*at_row), ("column", &*at_column), ("y", &*y.to_string()), ("x", &*x.to_string())];
        return fill(sentence, &values);
    };
    let value = scene.conv.map(channel).get(y * width + x).copied().unwrap_or(0.0);
    if scene.hides.size {
        // A lesson asks for the output, and the count of outputs would tell its size.
        let value = crate::ui::widgets::number_grid::exact(value);
        let sentence = tr("Input ({row}, {column}) = {value}");
        return fill(sentence, &[("row", &at_row), ("column", &at_column), ("value", &value)]);
    }
    let count = scene.conv.outputs_reading(y, x).len();
    let sentence = match count {
        0 => tr("Input ({row}, {column}) = {value}: no window reaches it."),
        1 => tr("Input ({row}, {column}) = {value}: {count} output of a map uses it, marked at the right."),
        _ => tr("Input ({row}, {column}) = {value}: {count} outputs of a map use it, marked at the right."),
    };
    let value = crate::ui::widgets::number_grid::exact(value);
    let count = count.to_string();
    fill(sentence, &[("row", &at_row), ("column", &at_column), ("value", &value), ("count", &count)])
}
