//! What a person does in the Convolution view, as data.

use super::{
    family::setup::{FamilyChoice, FamilySetup},
    kernel_grid::KernelGrid,
    setup::{ConvolutionSetup, ConvolutionSource},
};
use crate::ui::widgets::PlaybackAct;
use serde::{Deserialize, Serialize};

/// One act of a person in the Convolution view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ConvolutionAct {
    /// Other settings; what they need of numbers, kernels and biases is made to fit.
    Set(Box<ConvolutionSetup>),
    /// One of the small examples, by its number.
    UseExample(usize),
    /// Other numbers to convolve.
    UseSource(ConvolutionSource),
    /// Another number in the input of small numbers, by its element.
    SetNumber(usize, f32),
    /// Another weight, by its element in (filters, C / groups, KH, KW).
    SetWeight(usize, f32),
    /// Another bias, by its filter.
    SetBias(usize, f32),
    /// A kernel with a name for all channels of a filter: the filter, the kernel's number.
    UseKernel(usize, usize),
    /// Takes back the last change of settings or numbers.
    Undo,
    /// Makes it again.
    Redo,
    /// Other random kernels.
    RandomKernels,
    /// The kernels that the current network learnt in this layer.
    UseLearned(usize),
    /// Moves the animation.
    Play(PlaybackAct),
    /// The input channel that is looked at; `None` is the strongest.
    LookAt(Option<usize>),
    /// One of the photographs that come with the program, by its index.
    UsePhoto(usize),
    /// Whether outputs are shown that the animation has not come to.
    ShowWhole(bool),
    /// What is shown of the convolution.
    SetMode(ConvolutionMode),
    /// Which grid is shown where there is room for one.
    ShowGrid(KernelGrid),
    /// Which result is shown where there is room for one: 0 the output, then the layers after it.
    ShowResult(usize),
    /// Which grid of a kind is shown where there is room for one; `None` is the matrix.
    ShowFamilyGrid(Option<KernelGrid>),
    /// The first of the kernels of a kind that are shown at once, where there is no room for all.
    ShowKernels(usize),
    /// What a person thinks the hidden output is.
    Guess(f32),
    /// On to the next hidden output.
    NextGuess,
    /// A new round of guesses.
    NewRound,
    /// A kind of convolution to look at.
    UseFamily(FamilyChoice),
    /// Other settings of that kind.
    SetFamily(Box<FamilySetup>),
    /// The kind as its example has it.
    ResetFamily,
    /// Another number in the input of that kind, by its element.
    SetFamilyNumber(usize, f32),
    /// Another weight: the number of its tensor, its element there, its value.
    SetFamilyWeight(usize, usize, f32),
}

/// What is shown of a convolution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConvolutionMode {
    /// The window, the products, the sum.
    #[default]
    Sum,
    /// The product of matrices that it is.
    Im2col,
    /// Its outputs are hidden until they are guessed.
    Predict,
    /// The kinds of convolution beside the standard one.
    Family,
}
