//! The layer registry: one file a layer with its settings, its computation and its tests.
//!
//! To add a layer: a file here, and a line in [`registry!`].

mod activation;
mod avg_pool2d;
mod batch;
mod batch_norm2d;
mod channel_shuffle;
mod conv2d;
mod conv_transpose2d;
mod dropout;
mod error;
mod flatten;
mod global_avg_pool2d;
mod leaky_relu;
mod linear;
mod local_response_norm;
mod max_abreast;
mod max_pool2d;
mod pooling;
mod relu;
mod sigmoid;
mod tanh;

pub use avg_pool2d::AvgPool2d;
pub use batch::{Abreast, BatchSums, Coupled, Part, WholeBatch};
pub use batch_norm2d::BatchNorm2d;
pub use channel_shuffle::ChannelShuffle;
pub use conv_transpose2d::ConvTranspose2d;
pub use conv2d::Conv2d;
pub use dropout::Dropout;
pub use error::LayerError;
pub use flatten::Flatten;
pub use global_avg_pool2d::GlobalAvgPool2d;
pub use leaky_relu::LeakyRelu;
pub use linear::Linear;
pub use local_response_norm::LocalResponseNorm;
pub use max_pool2d::MaxPool2d;
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use tanh::Tanh;

use super::{setting_error::SettingError, shape::Shape, tensor::Tensor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A tensor that a layer learns (a parameter) or keeps beside (a buffer).
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterSpec {
    /// PyTorch's name in the layer, such as `weight` or `running_mean`.
    pub name: &'static str,
    /// PyTorch's shape, e.g. (filters, channels, height, width).
    pub shape: Vec<usize>,
    /// What it holds before training.
    pub start: Start,
}

/// What a tensor holds before training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// Values drawn at random, as wide as an [`Init`](super::Init) makes of the (inputs, outputs) that one weight
    /// connects.
    Drawn {
        /// Inputs that reach one output.
        fan_in: usize,
        /// Outputs that one input reaches.
        fan_out: usize,
    },
    /// This value everywhere.
    At(f32),
}

/// How a pass treats the layers that are not the same in training and in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// In use: nothing is dropped, and statistics are the running ones.
    #[default]
    Eval,
    /// In training: random choices come from this seed, which is another one in each pass.
    Train {
        /// The pass's seed.
        seed: u64,
    },
}

/// What a layer may use beside its input and output while it computes, for `n` images.
#[derive(Debug)]
pub struct Aux<'a> {
    /// [`Layer::indices_len`] · n whole numbers that forward leaves for backward.
    pub indices: &'a mut [u32],
    /// At least [`Layer::scratch_len`] values; what was in them is lost.
    pub scratch: &'a mut [f32],
    /// The layer's [`Layer::buffers`].
    pub buffers: &'a [Tensor],
    /// Whether the pass trains.
    pub mode: Mode,
    /// The layer's place in the network.
    pub layer: usize,
    /// The place in the batch of the first of the `n` images.
    pub first: usize,
    /// How many images stand abreast; 1 but for layers that take them so.
    pub abreast: usize,
    /// What a [`Coupled`] layer must know of the whole batch in training; empty for all others.
    pub batch: BatchSums<'a>,
}

impl Aux<'_> {
    /// For a layer by itself, in use, that needs none of it.
    pub fn alone() -> Self {
        Self {
            indices: &mut [],
            scratch: &mut [],
            buffers: &[],
            mode: Mode::Eval,
            layer: 0,
            first: 0,
            abreast: 1,
            batch: BatchSums::default(),
        }
    }
}

/// What backward reads: the forward pass of the same `n` images.
#[derive(Clone, Copy, Debug)]
pub struct Passed<'a> {
    /// The input, (n, input shape).
    pub x: &'a [f32],
    /// The output, (n, output shape).
    pub y: &'a [f32],
    /// The gradient of the loss by the output, (n, output shape).
    pub dy: &'a [f32],
}

/// A layer with its shapes fixed: built from its settings, it holds no weights and no state.
///
/// Batches are slices of `n` whole images, one after the other; `n` is the slice's length over the shape's. Layers that
/// take images [`Abreast`] see, if [`Aux::abreast`] says so, slices of so many images, cell by cell beside each other.
pub trait Layer: fmt::Debug + Send + Sync {
    /// The shape of one input image.
    fn input(&self) -> Shape;

    /// The shape of one output image.
    fn output(&self) -> Shape;

    /// What it learns, in PyTorch's order.
    fn parameters(&self) -> Vec<ParameterSpec> {
        Vec::new()
    }

    /// What it keeps beside its parameters without learning it, in PyTorch's order.
    fn buffers(&self) -> Vec<ParameterSpec> {
        Vec::new()
    }

    /// What it does with images that stand abreast.
    fn abreast(&self) -> Abreast {
        Abreast::Never
    }

    /// How it looks at a whole batch in training, if it does.
    fn coupled(&self) -> Option<&dyn Coupled> {
        None
    }

    /// How it takes its parameters' gradients over a whole batch, if it does.
    fn whole_batch(&self) -> Option<&dyn WholeBatch> {
        None
    }

    /// Whether it adds the gradient of its first parameter turned, since its products come out so: then of how many
    /// matrices that tensor is made, of which each is added with its axes (outputs, all others) exchanged.
    fn turned_gradient(&self) -> Option<usize> {
        None
    }

    /// Multiply-adds for one image.
    fn multiply_adds(&self) -> u64 {
        0
    }

    /// Values of scratch memory, whatever the number of images is; of so many images abreast.
    fn scratch_len(&self, abreast: usize) -> usize {
        let _ = abreast;
        0
    }

    /// Whole numbers an image that forward leaves for backward.
    fn indices_len(&self) -> usize {
        0
    }

    /// Computes `y` (n, output shape), all of it, from `x` (n, input shape).
    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], aux: &mut Aux<'_>);

    /// Adds the parameters' gradients to `gradients`, unless that is empty (because they are taken over the
    /// [`Layer::whole_batch`], or because nobody wants them), and overwrites `dx` (n, input shape), if it is asked for. The first gradient may be added
    /// as [`Layer::turned_gradient`] says.
    fn backward(
        &self,
        parameters: &[Tensor],
        passed: Passed<'_>,
        dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        aux: &mut Aux<'_>,
    );
}

/// A layer's settings as data: what a person edits and a file stores.
pub trait Settings: Clone + fmt::Debug + PartialEq {
    /// Checks the settings against the input's shape and fixes the output's; the error is one clause.
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError>;

    /// A line for a person, such as `conv 6@5×5`.
    fn summary(&self) -> String;

    /// Settings and input shapes that cover the layer, for tests that go over the registry.
    fn examples() -> Vec<(Self, Shape)>;
}

/// Defines [`LayerSpec`] from one line a layer.
macro_rules! registry {
    ($($variant:ident => $name:literal),+ $(,)?) => {
        /// One layer of a spec: its type and settings, with PyTorch's names and defaults.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        #[expect(missing_docs, reason = "each variant is documented by its settings")]
        pub enum LayerSpec {
            $(#[serde(rename = $name)] $variant($variant)),+
        }

        impl LayerSpec {
            /// The names of all layer types, as in spec files.
            pub const TYPES: &'static [&'static str] = &[$($name),+];

            /// The name of this layer's type, as in spec files.
            pub fn type_name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name),+ }
            }

            /// Fixes the layer's shapes; the error is one clause without the layer's name.
            pub fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
                match self { $(Self::$variant(settings) => settings.build(input)),+ }
            }

            /// A line for a person, such as `conv 6@5×5`.
            pub fn summary(&self) -> String {
                match self { $(Self::$variant(settings) => settings.summary()),+ }
            }

            /// Settings and input shapes that cover every layer type.
            pub fn examples() -> Vec<(Self, Shape)> {
                let mut all = Vec::new();
                $(all.extend($variant::examples().into_iter().map(|(s, shape)| (Self::$variant(s), shape)));)+
                all
            }
        }

        $(impl From<$variant> for LayerSpec {
            fn from(settings: $variant) -> Self {
                Self::$variant(settings)
            }
        })+
    };
}

registry! {
    Conv2d => "conv2d",
    ConvTranspose2d => "conv_transpose2d",
    MaxPool2d => "max_pool2d",
    AvgPool2d => "avg_pool2d",
    GlobalAvgPool2d => "global_avg_pool2d",
    Linear => "linear",
    Flatten => "flatten",
    Relu => "relu",
    LeakyRelu => "leaky_relu",
    Sigmoid => "sigmoid",
    Tanh => "tanh",
    Dropout => "dropout",
    LocalResponseNorm => "local_response_norm",
    BatchNorm2d => "batch_norm2d",
    ChannelShuffle => "channel_shuffle",
}

/// The most output channels that a convolution may have.
const MAX_CHANNELS: usize = 1 << 16;

/// Refuses a number of output channels or groups that a convolution of `channels` cannot have.
fn check_channels(out_channels: usize, channels: usize, groups: usize) -> Result<(), SettingError> {
    SettingError::check("out_channels", out_channels, 1..=MAX_CHANNELS)?;
    if groups == 0 || !channels.is_multiple_of(groups) || !out_channels.is_multiple_of(groups) {
        let sentence = "{setting} is {value}, but must divide both the {channels} input channels and {other} {out_channels}";
        let error = SettingError::new("groups", groups, sentence).name("other", "out_channels");
        return Err(error.with("channels", channels).with("out_channels", out_channels));
    }
    Ok(())
}

/// A layer's `weight` of this shape and fans, and its `bias` of `outputs` zeros if it has one.
fn weight_and_bias(
    shape: Vec<usize>,
    (fan_in, fan_out): (usize, usize),
    bias: bool,
    outputs: usize,
) -> Vec<ParameterSpec> {
    let weight = ParameterSpec { name: "weight", shape, start: Start::Drawn { fan_in, fan_out } };
    let bias = bias.then(|| ParameterSpec { name: "bias", shape: vec![outputs], start: Start::At(0.0) });
    std::iter::once(weight).chain(bias).collect()
}

/// The input's (channels, height, width), or why a vector will not do.
fn need_maps(input: Shape) -> Result<(usize, usize, usize), LayerError> {
    match input {
        Shape::Maps { channels, height, width } => Ok((channels, height, width)),
        Shape::Vector(features) => Err(LayerError::NeedsMaps(features)),
    }
}
