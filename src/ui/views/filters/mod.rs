//! *Filters*: every convolution's filters before, now and what has changed; one of them closely, to be painted and frozen.

mod board;
mod brush;
mod detail;
mod header;
mod kernel_button;
mod keys;
mod numbers_grid;
mod panel;
mod patches;
mod photograph;
mod pictures;
mod shown;

use self::{board::FilterBoard, brush::BrushSetup, detail::Detail, photograph::Photograph, shown::Shown};
use crate::{
    text::tr,
    ui::{
        action::Actions,
        state::AppState,
        style::tokens::{Tokens, space},
        view::View,
    },
};
use egui::{RichText, Sense, Ui, UiBuilder, vec2};

/// A view lower than this, in points, shows either all filters or one.
const LOW: f32 = 620.0;

/// The height of the filter that is looked at.
const DETAIL: f32 = 344.0;

/// The view with its textures.
#[derive(Default)]
pub struct FiltersView {
    board: FilterBoard,
    detail: Detail,
    photograph: Photograph,
    brush: BrushSetup,
    presets: panel::Presets,
    /// In a low window: whether one filter is shown in place of all.
    shows_one: bool,
    /// In a low window, whether a question waits that one filter shows.
    waited: bool,
}

impl View for FiltersView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let Some(shown) = Shown::of(state) else {
            header::empty_header_ui(ui);
            let t = Tokens::of(ui);
            ui.add_space(space::L);
            let text = tr(
                "This network has no convolution, so it has no filters. Choose another one in the bar above.",
            );
            ui.label(RichText::new(text).color(t.second));
            return;
        };
        let is_low = ui.ctx().content_rect().height() < LOW + 130.0;
        let waits = shown.filters.waits.is_some();
        self.shows_one |= waits && !self.waited;
        self.waited = waits;
        let page = is_low.then_some(&mut self.shows_one);
        header::header_ui(ui, state, &shown, &mut self.board, page, actions);
        ui.add_space(space::S);
        keys::read(ui, &shown, &self.board, actions);
        if shown.filters.shows_photo {
            self.photograph.ui(ui, state, &shown, actions);
            return;
        }
        let room = ui.available_rect_before_wrap();
        if is_low {
            if self.shows_one {
                self.detail.ui(ui, state, &shown, &mut self.brush, actions);
            } else {
                self.board.ui(ui, state, &shown, actions);
            }
            return;
        }
        let upper = room.with_max_y(room.bottom() - DETAIL - space::L);
        let lower = room.with_min_y(room.bottom() - DETAIL);
        self.board.ui(
            &mut ui.new_child(UiBuilder::new().id_salt("all").max_rect(upper)),
            state,
            &shown,
            actions,
        );
        let t = Tokens::of(ui);
        ui.painter().hline(room.x_range(), lower.top() - space::S, t.line_stroke());
        let mut child = ui.new_child(UiBuilder::new().id_salt("one").max_rect(lower));
        self.detail.ui(&mut child, state, &shown, &mut self.brush, actions);
        ui.allocate_exact_size(vec2(room.width(), room.height()), Sense::hover());
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let Some(shown) = Shown::of(state) else { return };
        panel::panel_ui(ui, state, &shown, (&mut self.brush, &mut self.presets), actions);
    }
}
