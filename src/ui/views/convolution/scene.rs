//! The data that the parts of the Convolution view share in a frame.

use crate::{
    explain::{Convolution, convolution::ConvolutionStep},
    lesson::Quantity,
    ui::{
        action::Actions,
        model::{convolution::lab::ConvolutionLab, lesson::OpenLesson},
        state::AppState,
        style::picture::PictureGround,
        widgets::number_grid,
    },
};

/// What the grids report in a frame.
pub(super) struct GridBack<'a> {
    /// What the pointer is over now.
    pub(super) hover: &'a mut Hover,
    /// The message about a text that is not a number.
    pub(super) refused: &'a mut Option<String>,
    /// What a person did.
    pub(super) actions: &'a mut Actions,
}

/// What a lesson hides until it is answered.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent questions of a lesson")]
pub(super) struct Hides {
    /// These outputs.
    pub(super) outputs: Vec<usize>,
    /// The output that the animation stands at, whichever it is.
    pub(super) is_everywhere: bool,
    /// The size of the output, in words and formulas.
    pub(super) size: bool,
    /// Whether the step that is shown asks for an output.
    pub(super) asks_output: bool,
    /// Whether it asks for the size of the output.
    pub(super) asks_size: bool,
    /// Whether it asks for a click: then a click is an answer and does nothing else, and pointing tells nothing.
    pub(super) asks_click: bool,
}

impl Hides {
    /// What the lesson that is open hides.
    pub(super) fn of(state: &AppState) -> Self {
        let asks_click = state.lesson.as_ref().is_some_and(OpenLesson::asks_click);
        let mut hides = Self { size: state.hides_output_size(), asks_click, ..Self::default() };
        for hidden in state.hidden_numbers() {
            match hidden.quantity {
                Quantity::ConvOutput => {
                    hides.asks_output |= hidden.is_asked;
                    hides.is_everywhere |= hidden.is_asked && hidden.position.is_none();
                    hides.outputs.extend(hidden.position);
                }
                Quantity::ConvOutputHeight | Quantity::ConvOutputWidth => hides.asks_size |= hidden.is_asked,
                _ => {}
            }
        }
        hides
    }

    /// Whether the step that is shown asks for something here.
    pub(super) fn is_asking(&self) -> bool {
        self.asks_output || self.asks_size
    }
}

/// What a frame shows of a convolution.
pub(super) struct ConvolutionScene<'a> {
    pub(super) lab: &'a ConvolutionLab,
    pub(super) conv: &'a Convolution,
    /// The inspected output: the one under the pointer, or that of the current step.
    pub(super) step: &'a ConvolutionStep,
    /// Its number.
    pub(super) at: usize,
    /// The output of the current step.
    pub(super) position: usize,
    pub(super) hover: Hover,
    /// Whether outputs are hidden until they are predicted.
    pub(super) is_asking: bool,
    /// What a lesson hides.
    pub(super) hides: &'a Hides,
    /// What the ink of an input is on that is a picture.
    pub(super) ground: PictureGround,
}

impl ConvolutionScene<'_> {
    /// The selected input channel, or the one with the largest subtotal.
    pub(super) fn part(&self) -> usize {
        let parts = &self.step.parts;
        let place = |channel: usize| parts.iter().position(|part| part.channel == channel);
        self.lab.channel.and_then(place).or_else(|| place(self.step.strongest_channel())).unwrap_or(0)
    }

    /// Whether this output is hidden.
    pub(super) fn is_hidden(&self, at: usize) -> bool {
        self.is_asking && !self.lab.round.told.contains(&at) || self.is_asked(at)
    }

    /// Whether a lesson asks for this output, now or later.
    pub(super) fn is_asked(&self, at: usize) -> bool {
        self.hides.outputs.contains(&at) || self.hides.is_everywhere && at == self.position
    }
}

/// What the pointer is over, since the last frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Hover {
    /// An output, by its step.
    pub(super) output: Option<usize>,
    /// An input cell: channel, row, column. Cells of the padding are outside the input.
    pub(super) input: Option<(usize, isize, isize)>,
}

/// The subtotal of a channel, unless it is hidden.
pub fn part_total(scene: &ConvolutionScene<'_>, inner: usize) -> String {
    if scene.is_hidden(scene.at) {
        return String::new();
    }
    format!("Σ {}", number_grid::exact(scene.step.parts[inner].subtotal()))
}
