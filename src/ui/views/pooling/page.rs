//! What the Pooling view keeps between frames.

use crate::{explain::pooling::PoolingStep, ui::model::pooling::Study};
use egui::Ui;
use std::rc::Rc;

/// The view with what the pointer is over.
#[derive(Default)]
pub struct PoolingView {
    /// The cell of the map under the pointer, in the last frame.
    pub(super) pointed: Option<(usize, usize)>,
    /// The window whose output is under the pointer, in the last frame.
    pub(super) pointed_window: Option<usize>,
    /// What was typed into a cell and is no number.
    pub(super) refused: Option<String>,
    /// The window that was looked at last.
    pub(super) looked: Option<Rc<Looked>>,
}

/// A window as both layers see it, taken apart once.
pub(super) struct Looked {
    /// Of which study, and which window of it.
    pub(super) of: (u64, usize),
    /// Max pooling.
    pub(super) max: PoolingStep,
    /// Average pooling, if it is on.
    pub(super) average: Option<PoolingStep>,
    /// The cells of the map that are as large as the largest.
    pub(super) winners: Vec<(usize, usize)>,
}

impl PoolingView {
    /// A window of a study; taken apart anew only if it is another than in the last frame.
    pub(super) fn look(&mut self, study: &Study, window: usize) -> Rc<Looked> {
        let of = (study.number, window);
        let kept = self.looked.take().filter(|looked| looked.of == of);
        let looked = kept.unwrap_or_else(|| {
            let max = study.max.step(window);
            let average = study.average.as_ref().map(|average| average.step(window));
            Rc::new(Looked { of, winners: max.winners(), max, average })
        });
        self.looked.insert(looked).clone()
    }

    /// What the pointer is over now; a frame more if that is something else than before.
    pub(super) fn point(&mut self, ui: &Ui, cell: Option<(usize, usize)>, window: Option<usize>) {
        if (self.pointed, self.pointed_window) != (cell, window) {
            (self.pointed, self.pointed_window) = (cell, window);
            ui.ctx().request_repaint();
        }
    }
}
