//! *Evaluate*: what a network gets right and wrong on a whole set, how sure it is, and how it does on changed images.

mod calibration;
mod changes;
mod figures;
mod header;
mod images;
mod matrix;
mod names;
mod plot;
mod similar;

use self::{images::Gallery, names::names_of, similar::Similar};
use crate::{
    text::{Term, fill, tr},
    train::confusion::images_of_cell,
    ui::{
        action::Actions,
        model::evaluate::Measurement,
        state::AppState,
        style::tokens::{Tokens, space},
        view::View,
        widgets::{explain, numbers, section_with_detail},
    },
};
use egui::{RichText, Ui, UiBuilder, Vec2, vec2};
use std::sync::Arc;

/// A view lower than this, in points, shows either the mistakes or the curves.
const LOW: f32 = 620.0;

/// The part of the height that the mistakes take where both are shown.
const UPPER: f32 = 0.62;

/// The width of the calibration curve, as a part of the view.
const CALIBRATION: f32 = 0.34;

/// The height of the images that the network is not sure about, in points. The panel scrolls.
const UNSURE: f32 = 720.0;

/// The view with its textures.
#[derive(Default)]
pub struct EvaluateView {
    mistakes: Gallery,
    unsure: Gallery,
    similar: Similar,
    /// In a low window: whether the curves are shown in place of the mistakes.
    shows_curves: bool,
}

impl View for EvaluateView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        header::header_ui(ui, state, actions);
        let is_low = ui.available_height() < LOW;
        header::progress_ui(ui, state, is_low.then_some(&mut self.shows_curves), actions);
        ui.add_space(space::XS);
        let evaluate = &state.evaluate;
        let Some(measured) = &evaluate.measured else {
            let t = Tokens::of(ui);
            ui.add_space(space::L);
            ui.label(RichText::new(header::why_nothing(state)).color(t.second));
            return;
        };
        figures::figures_ui(ui, measured);
        ui.add_space(space::M);
        let room = ui.available_size();
        if !is_low {
            let upper = (room.y * UPPER).floor();
            self.mistakes_ui(ui, state, measured, vec2(room.x, upper - space::L), actions);
            ui.add_space(space::L);
            curves_ui(ui, state, measured, vec2(room.x, room.y - upper - space::S), actions);
        } else if self.shows_curves {
            curves_ui(ui, state, measured, room, actions);
        } else {
            self.mistakes_ui(ui, state, measured, room, actions);
        }
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let t = Tokens::of(ui);
        self.similar.ui(ui, state, actions);
        let Some(measured) = &state.evaluate.measured else {
            section_with_detail(ui, Term::NotSure.label(), "");
            return;
        };
        let count = numbers::count(measured.unsure.len() as u64);
        let detail = fill(tr("{count} images below 65 %"), &[("count", &count)]);
        explain(section_with_detail(ui, Term::NotSure.label(), &detail), Term::NotSure);
        let wrong = measured.unsure.iter().filter(|judgement| !judgement.is_correct()).count();
        let sentence = fill(
            tr("{wrong} of them would be wrong. The least confident answers first."),
            &[("wrong", &numbers::count(wrong as u64))],
        );
        ui.label(RichText::new(sentence).color(t.second));
        ui.add_space(space::S);
        let room = vec2(ui.available_width(), UNSURE);
        let list = |of: &Measurement| of.unsure.clone();
        self.unsure.ui(ui, state, (tr("Not sure"), measured, None), room, list, actions);
    }
}

impl EvaluateView {
    /// The confusion matrix, and the images of its cell.
    fn mistakes_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        measured: &Arc<Measurement>,
        room: Vec2,
        actions: &mut Actions,
    ) {
        let cell = state.evaluate.cell;
        let names = names_of(state, measured);
        beside_ui(ui, room, |ui| {
            let width = matrix::matrix_ui(ui, (measured, &names), cell, room, actions);
            let left = (width + space::XL).min(room.x);
            (
                left,
                move |ui: &mut Ui, actions: &mut Actions| {
                    let list = |of: &Measurement| match cell {
                        Some((label, said)) => images_of_cell(&of.judgements, label, said),
                        None => of.mistakes.clone(),
                    };
                    images::heading_ui(ui, (measured, &names), cell, actions);
                    let room = vec2(room.x - left, room.y - 34.0);
                    self.mistakes.ui(ui, state, (tr("Image"), measured, cell), room, list, actions);
                },
                actions,
            )
        });
    }
}

/// Two parts side by side in this room: the first says how wide it is, and what shows the second.
fn beside_ui<'a, F>(ui: &mut Ui, room: Vec2, left: impl FnOnce(&mut Ui) -> (f32, F, &'a mut Actions))
where
    F: FnOnce(&mut Ui, &mut Actions),
{
    let (rect, _) = ui.allocate_exact_size(room, egui::Sense::hover());
    let mut first = ui.new_child(UiBuilder::new().id_salt("left").max_rect(rect));
    let (width, right, actions) = left(&mut first);
    let rest = rect.with_min_x((rect.left() + width).min(rect.right()));
    let mut second = ui.new_child(UiBuilder::new().id_salt("right").max_rect(rest));
    right(&mut second, actions);
}

/// Calibration, and accuracy under changes.
fn curves_ui(ui: &mut Ui, state: &AppState, measured: &Measurement, room: Vec2, actions: &mut Actions) {
    let left = (room.x * CALIBRATION).floor();
    beside_ui(ui, room, |ui| {
        calibration::calibration_ui(ui, measured, vec2(left - space::XL, room.y));
        (
            left,
            |ui: &mut Ui, actions: &mut Actions| {
                changes::changes_ui(ui, state, measured, vec2(room.x - left, room.y), actions);
            },
            actions,
        )
    });
}
