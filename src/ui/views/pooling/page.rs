//! The state of the Pooling view between frames.

use crate::{explain::pooling::PoolingStep, ui::model::pooling::Study};
use egui::Ui;
use std::rc::Rc;

/// The view with what is under the pointer.
#[derive(Default)]
pub struct PoolingView {
    /// The cell of the map under the pointer, in the last frame.
    pub(super) pointed: Option<(usize, usize)>,
    /// The window whose output is under the pointer, in the last frame.
    pub(super) pointed_window: Option<usize>,
    /// The message about a text in a cell that is not a number.
    pub(super) refused: Option<String>,
    /// The window of the last frame.
    pub(super) inspected: Option<Rc<InspectedWindow>>,
}

/// A window in both layers, computed once.
pub(super) struct InspectedWindow {
    /// The number of the study and of the window.
    pub(super) of: (u64, usize),
    /// Max pooling.
    pub(super) max: PoolingStep,
    /// Average pooling, if it is on.
    pub(super) average: Option<PoolingStep>,
    /// The cells of the map that are equal to the maximum.
    pub(super) winners: Vec<(usize, usize)>,
}

impl PoolingView {
    /// A window of a study; computed again only if it is not that of the last frame.
    pub(super) fn inspect(&mut self, study: &Study, window: usize) -> Rc<InspectedWindow> {
        let of = (study.number, window);
        let kept = self.inspected.take().filter(|inspected| inspected.of == of);
        let inspected = kept.unwrap_or_else(|| {
            let max = study.max.step(window);
            let average = study.average.as_ref().map(|average| average.step(window));
            Rc::new(InspectedWindow { of, winners: max.winners(), max, average })
        });
        self.inspected.insert(inspected).clone()
    }

    /// Stores what is under the pointer, and asks for another frame if it changed.
    pub(super) fn point(&mut self, ui: &Ui, cell: Option<(usize, usize)>, window: Option<usize>) {
        if (self.pointed, self.pointed_window) != (cell, window) {
            (self.pointed, self.pointed_window) = (cell, window);
            ui.ctx().request_repaint();
        }
    }
}
