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
    /// New settings; numbers, kernels and biases are resized to fit them.
    Set(Box<ConvolutionSetup>),
    /// Loads one of the small examples, by its index.
    UseExample(usize),
    /// Another source of the input.
    UseSource(ConvolutionSource),
    /// A new value of a typed input, by its element.
    SetNumber(usize, f32),
    /// A new weight, by its element in (filters, C / groups, KH, KW).
    SetWeight(usize, f32),
    /// A new bias, by its filter.
    SetBias(usize, f32),
    /// A named kernel for all channels of a filter: the filter, the kernel's index.
    UseKernel(usize, usize),
    /// Undoes the last change of settings or numbers.
    Undo,
    /// Redoes the change that was undone last.
    Redo,
    /// New random kernels.
    RandomKernels,
    /// The kernels that the current network learnt in this layer.
    UseLearned(usize),
    /// Moves the animation.
    Play(PlaybackAct),
    /// The selected input channel; `None` is the strongest.
    LookAt(Option<usize>),
    /// One of the photographs that come with the program, by its index.
    UsePhoto(usize),
    /// Whether outputs after the current step are shown.
    ShowWhole(bool),
    /// The page of the view.
    SetMode(ConvolutionMode),
    /// Which grid is shown if there is room for one.
    ShowGrid(KernelGrid),
    /// Which result is shown if there is room for one: 0 the output, then the following layers.
    ShowResult(usize),
    /// Which grid of a variant is shown if there is room for one; `None` is the matrix.
    ShowFamilyGrid(Option<KernelGrid>),
    /// The first kernel of a variant that is shown, if there is no room for all.
    ShowKernels(usize),
    /// A person's prediction of the hidden output.
    Guess(f32),
    /// Goes on to the next hidden output.
    NextGuess,
    /// A new round of predictions.
    NewRound,
    /// Selects a variant.
    UseFamily(FamilyChoice),
    /// New settings of the variant.
    SetFamily(Box<FamilySetup>),
    /// Resets the variant to its example.
    ResetFamily,
    /// A new value of the variant's input, by its element.
    SetFamilyNumber(usize, f32),
    /// A new weight of the variant: the index of its tensor, its element, its value.
    SetFamilyWeight(usize, usize, f32),
}

/// A page of the Convolution view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConvolutionMode {
    /// The window, the products, the sum.
    #[default]
    Sum,
    /// The convolution as a matrix product.
    Im2col,
    /// Outputs are hidden until they are predicted.
    Predict,
    /// The variants of convolution.
    Family,
}
