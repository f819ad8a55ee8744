//! What the parts of the Convolution view share in a frame.

use crate::{
    explain::{Convolution, convolution::ConvolutionStep},
    ui::{
        action::Actions, model::convolution::lab::ConvolutionLab, style::picture::PictureGround,
        widgets::number_grid,
    },
};

/// What comes back from the grids in a frame.
pub(super) struct GridBack<'a> {
    /// What the pointer is over now.
    pub(super) hover: &'a mut Hover,
    /// What was typed and is no number.
    pub(super) refused: &'a mut Option<String>,
    /// What was done.
    pub(super) actions: &'a mut Actions,
}

/// What is painted of a convolution in a frame.
pub(super) struct ConvolutionScene<'a> {
    pub(super) lab: &'a ConvolutionLab,
    pub(super) conv: &'a Convolution,
    /// The output that is looked at: the one under the pointer, or the one that the animation has come to.
    pub(super) step: &'a ConvolutionStep,
    /// Its number.
    pub(super) at: usize,
    /// The one that the animation has come to.
    pub(super) position: usize,
    pub(super) hover: Hover,
    /// Whether outputs are hidden until they are guessed.
    pub(super) is_asking: bool,
    /// Whether a lesson asks for the output that the animation has come to.
    pub(super) is_asked: bool,
    /// What the ink of an input is on that is a picture.
    pub(super) ground: PictureGround,
}

impl ConvolutionScene<'_> {
    /// The input channel that is looked at: the chosen one, or the one that gives most.
    pub(super) fn part(&self) -> usize {
        let parts = &self.step.parts;
        let place = |channel: usize| parts.iter().position(|part| part.channel == channel);
        self.lab.channel.and_then(place).or_else(|| place(self.step.strongest_channel())).unwrap_or(0)
    }

    /// Whether this output is not told.
    pub(super) fn is_hidden(&self, at: usize) -> bool {
        self.is_asking && !self.lab.round.told.contains(&at) || self.is_asked && at == self.position
    }
}

/// What the pointer is over, since the last frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Hover {
    /// An output, by its step.
    pub(super) output: Option<usize>,
    /// An input cell: channel, row, column; outside the input in the padding.
    pub(super) input: Option<(usize, isize, isize)>,
}

/// What a channel's products add up to, if it may be told.
pub fn part_total(scene: &ConvolutionScene<'_>, inner: usize) -> String {
    if scene.is_hidden(scene.at) {
        return String::new();
    }
    format!("Σ {}", number_grid::exact(scene.step.parts[inner].subtotal()))
}
