//! What the grids of a kind of convolution share in a frame.

use crate::ui::{
    action::{Action, Actions},
    model::convolution::{ConvolutionLab, act::ConvolutionAct},
    widgets::PlaybackAct,
};

/// What is painted of a kind in a frame, and what comes back of it.
pub(super) struct Stage<'a> {
    /// The step that the animation has come to.
    pub(super) position: usize,
    /// Whether outputs are shown that it has not come to.
    pub(super) is_whole: bool,
    /// Whether numbers can be typed: they are those of the picture, and stand still.
    pub(super) is_editable: bool,
    /// What was done.
    pub(super) actions: &'a mut Actions,
    /// What was typed and is no number.
    pub(super) refused: &'a mut Option<String>,
    /// What is set, and what is shown where there is no room for all.
    pub(super) lab: &'a ConvolutionLab,
}

impl Stage<'_> {
    pub(super) fn send(&mut self, act: ConvolutionAct) {
        self.actions.send(Action::Convolution(act));
        *self.refused = None;
    }

    /// Goes to a step that was clicked.
    pub(super) fn seek(&mut self, at: usize) {
        self.send(ConvolutionAct::Play(PlaybackAct::Seek(at)));
    }

    /// Keeps what was typed into a grid and is no number.
    pub(super) fn take(&mut self, refused: Option<String>) {
        *self.refused = refused.or(self.refused.take());
    }
}
