//! What the grids of a kind of convolution share in a frame.

use crate::ui::{
    action::{Action, Actions},
    model::convolution::{FamilyChoice, act::ConvolutionAct},
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
    /// What is shown where there is no room for all.
    pub(super) near: &'a mut Near,
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

/// What of it is shown: visual state of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Near {
    /// The kind that it is of.
    pub(super) of: Option<FamilyChoice>,
    /// The first of the kernels that are shown at once.
    pub(super) first: usize,
    /// Which grid of each, where there is room for one; 3 is the matrix.
    pub(super) tab: usize,
}

impl Near {
    /// What is shown of this kind: from the beginning, if it is another one than before.
    pub fn turn_to(&mut self, choice: FamilyChoice) {
        if self.of != Some(choice) {
            *self = Self { of: Some(choice), ..Self::default() };
        }
    }
}
