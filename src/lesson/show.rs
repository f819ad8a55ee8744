//! The state of the window that a step shows, as a lesson writes it.

use crate::nn::Pair;
use serde::{Deserialize, Serialize};

/// The state of a step. What is not named is as at a first start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// The view.
    pub view: Option<ShowView>,
    /// The current image.
    pub image: Option<ShowImage>,
    /// The current network, and what of it is looked at.
    pub network: Option<ShowNetwork>,
    /// The Convolution view.
    pub convolution: Option<ShowConvolution>,
    /// The Pooling view.
    pub pooling: Option<ShowPooling>,
    /// The training.
    pub train: Option<ShowTrain>,
    /// Further places that stay lit while the text points at one.
    #[serde(default)]
    pub also: Vec<String>,
}

/// A view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names of the views")]
pub enum ShowView {
    Draw,
    Network,
    Filters,
    Architecture,
    Train,
    Compare,
    Evaluate,
    Convolution,
    Pooling,
}

/// The current image: one of these.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowImage {
    /// A test image, by its number from 0.
    pub sample: Option<usize>,
    /// The drawing of a first start.
    pub digit: Option<ShowDigit>,
    /// No drawing.
    #[serde(default)]
    pub blank: bool,
    /// Strokes of points (x, y), each from 0 to 1.
    pub strokes: Option<Vec<Vec<[f32; 2]>>>,
}

/// A drawing that ships with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ShowDigit {
    /// The 7 of a first start.
    Seven,
}

/// The current network, and what of it is looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowNetwork {
    /// `trained`, or the name of a preset.
    pub name: Option<String>,
    /// The column of the selected map: 0 is the input, i + 1 the output of layer i.
    pub column: Option<usize>,
    /// The selected map.
    pub map: Option<usize>,
    /// Its selected pixel.
    pub pixel: Option<(usize, usize)>,
    /// Activations or gradients.
    pub values: Option<ShowValues>,
    /// Whether the gradient check is open.
    pub check: Option<bool>,
    /// The maps that are switched off, each as its column and its number.
    #[serde(default)]
    pub off: Vec<(usize, usize)>,
}

/// What maps show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the choices of the Network view")]
pub enum ShowValues {
    Activations,
    Gradients,
}

/// Where the numbers of Convolution come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the choices of the Convolution view")]
pub enum ShowConvolutionSource {
    Numbers,
    Image,
    Photo,
    Layer,
}

/// A page of the Convolution view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the pages of the Convolution view")]
pub enum ShowConvolutionMode {
    Sum,
    Im2col,
    Predict,
    Family,
}

/// A padding mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the choices of the Convolution view")]
pub enum ShowPaddingMode {
    Valid,
    Same,
    Full,
}

/// A size: one number, or height and width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a number, or [height, width]")]
pub enum Size {
    /// Both.
    Square(usize),
    /// Height and width.
    Pair(usize, usize),
}

impl From<Size> for Pair {
    fn from(size: Size) -> Self {
        match size {
            Size::Square(side) => Self::square(side),
            Size::Pair(h, w) => Self { h, w },
        }
    }
}

/// Rows of numbers, or channels of rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "rows of numbers, or a list of channels, each of them rows of numbers")]
pub enum Grid {
    /// One channel.
    Rows(Vec<Vec<f32>>),
    /// Channels.
    Channels(Vec<Vec<Vec<f32>>>),
}

/// A kernel: its name, or rows of numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "the name of a kernel, or rows of numbers")]
pub enum Kernel {
    /// One with a name.
    Named(String),
    /// Rows.
    Rows(Vec<Vec<f32>>),
}

/// The Convolution view.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowConvolution {
    /// An example, by its name.
    pub example: Option<String>,
    /// Where the input comes from.
    pub source: Option<ShowConvolutionSource>,
    /// A built-in photograph, by its index.
    pub photo: Option<usize>,
    /// The layer whose input and kernels are shown.
    pub layer: Option<usize>,
    /// The input.
    pub input: Option<Grid>,
    /// The kernel of all channels and filters.
    pub kernel: Option<Kernel>,
    /// All kernels: filters of channels of rows.
    pub kernels: Option<Vec<Vec<Vec<Vec<f32>>>>>,
    /// The kernel's size.
    pub kernel_size: Option<Size>,
    /// The stride.
    pub stride: Option<Size>,
    /// The padding.
    pub padding: Option<Size>,
    /// The padding mode that sets the padding.
    pub padding_mode: Option<ShowPaddingMode>,
    /// The dilation.
    pub dilation: Option<Size>,
    /// The groups.
    pub groups: Option<usize>,
    /// The filters.
    pub filters: Option<usize>,
    /// The bias of all filters.
    pub bias: Option<f32>,
    /// The bias of each filter.
    pub biases: Option<Vec<f32>>,
    /// Whether ReLU follows.
    pub relu: Option<bool>,
    /// Whether 2×2 max pooling follows.
    pub pool: Option<bool>,
    /// The page.
    pub mode: Option<ShowConvolutionMode>,
    /// The kind of the Family page, by its name.
    pub family: Option<String>,
    /// The position of the animation.
    pub output: Option<usize>,
    /// Whether all outputs are shown.
    pub whole: Option<bool>,
    /// The channel that is looked at.
    pub channel: Option<usize>,
}

/// The source of Pooling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the choices of the Pooling view")]
pub enum ShowPoolingSource {
    Numbers,
    Image,
    Map,
}

/// A page of the Pooling view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the pages of the Pooling view")]
pub enum ShowPoolingPage {
    Windows,
    Gradient,
    Shift,
    Loss,
}

/// The Pooling view.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowPooling {
    /// Where the input comes from.
    pub source: Option<ShowPoolingSource>,
    /// The column of the map, as [`ShowNetwork::column`].
    pub column: Option<usize>,
    /// The map.
    pub map: Option<usize>,
    /// The numbers.
    pub input: Option<Vec<Vec<f32>>>,
    /// The window's size.
    pub kernel_size: Option<Size>,
    /// The stride; the kernel's size without one.
    pub stride: Option<Size>,
    /// The padding.
    pub padding: Option<Size>,
    /// The dilation.
    pub dilation: Option<Size>,
    /// Whether the output's size is rounded up.
    pub ceil_mode: Option<bool>,
    /// Whether means count the zeros of the padding.
    pub count_include_pad: Option<bool>,
    /// Whether the gradient is that of one output alone.
    pub of_one: Option<bool>,
    /// The page.
    pub show: Option<ShowPoolingPage>,
    /// The position of the animation.
    pub window: Option<usize>,
}

/// The training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowTrain {
    /// The learning rate.
    pub rate: Option<f32>,
    /// The momentum.
    pub momentum: Option<f32>,
    /// Images a step.
    pub batch: Option<usize>,
    /// Epochs.
    pub epochs: Option<usize>,
    /// The seed.
    pub seed: Option<u64>,
    /// The part of the training images that is kept for validation.
    pub validation: Option<f32>,
    /// How many training images are learnt from.
    pub images: Option<usize>,
    /// Whether the run begins anew, at step 0.
    #[serde(default)]
    pub fresh: bool,
    /// Trains so many steps in all.
    pub run: Option<usize>,
}
