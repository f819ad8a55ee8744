//! The data that the grids of a variant share in a frame.

use crate::ui::{
    action::{Action, Actions},
    model::convolution::{ConvolutionLab, act::ConvolutionAct},
    widgets::PlaybackAct,
};

/// What a frame shows of a variant, and what a person does to it.
pub(super) struct Stage<'a> {
    /// The current step.
    pub(super) position: usize,
    /// Whether outputs after the current step are shown.
    pub(super) is_whole: bool,
    /// Whether numbers can be edited: the shown ones are current and do not move.
    pub(super) is_editable: bool,
    /// What a person did.
    pub(super) actions: &'a mut Actions,
    /// The message about a text that is not a number.
    pub(super) refused: &'a mut Option<String>,
    /// The settings, and what is shown if there is no room for all.
    pub(super) lab: &'a ConvolutionLab,
}

impl Stage<'_> {
    pub(super) fn send(&mut self, act: ConvolutionAct) {
        self.actions.send(Action::Convolution(act));
        *self.refused = None;
    }

    /// Goes to the step that was clicked.
    pub(super) fn seek(&mut self, at: usize) {
        self.send(ConvolutionAct::Play(PlaybackAct::Seek(at)));
    }

    /// Keeps the message about a text in a grid that is not a number.
    pub(super) fn take(&mut self, refused: Option<String>) {
        *self.refused = refused.or(self.refused.take());
    }
}
