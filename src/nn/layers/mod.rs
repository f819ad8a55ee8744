//! The layer registry: one file a layer with its settings, its computation and its tests.
//!
//! To add a layer: a file here, and a line in [`registry!`].

mod activation;
mod conv2d;
mod flatten;
mod linear;
mod max_pool2d;
mod relu;
mod sigmoid;
mod tanh;

pub use conv2d::Conv2d;
pub use flatten::Flatten;
pub use linear::Linear;
pub use max_pool2d::MaxPool2d;
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use tanh::Tanh;

use super::{shape::Shape, tensor::Tensor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A parameter that a layer learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterSpec {
    /// PyTorch's name in the layer: `weight` or `bias`.
    pub name: &'static str,
    /// PyTorch's shape, e.g. (filters, channels, height, width).
    pub shape: Vec<usize>,
    /// (inputs, outputs) that one weight connects, for its initialisation; `None` starts at zero.
    pub fans: Option<(usize, usize)>,
}

/// What a layer may use beside its input and output while it computes, for `n` images.
#[derive(Debug)]
pub struct Aux<'a> {
    /// [`Layer::indices_len`] · n whole numbers that forward leaves for backward.
    pub indices: &'a mut [u32],
    /// At least [`Layer::scratch_len`] values; what was in them is lost.
    pub scratch: &'a mut [f32],
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
/// Batches are slices of `n` whole images, one after the other; `n` is the slice's length over the shape's.
pub trait Layer: fmt::Debug + Send + Sync {
    /// The shape of one input image.
    fn input(&self) -> Shape;

    /// The shape of one output image.
    fn output(&self) -> Shape;

    /// What it learns, in PyTorch's order.
    fn parameters(&self) -> Vec<ParameterSpec> {
        Vec::new()
    }

    /// Multiply-adds for one image.
    fn multiply_adds(&self) -> u64 {
        0
    }

    /// Values of scratch memory, whatever the number of images is.
    fn scratch_len(&self) -> usize {
        0
    }

    /// Whole numbers an image that forward leaves for backward.
    fn indices_len(&self) -> usize {
        0
    }

    /// Computes `y` (n, output shape), all of it, from `x` (n, input shape).
    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], aux: &mut Aux<'_>);

    /// Adds the parameters' gradients to `gradients` and overwrites `dx` (n, input shape), if it is asked for.
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
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, String>;

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
            pub fn build(&self, input: Shape) -> Result<Box<dyn Layer>, String> {
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
    MaxPool2d => "max_pool2d",
    Linear => "linear",
    Flatten => "flatten",
    Relu => "relu",
    Sigmoid => "sigmoid",
    Tanh => "tanh",
}

/// The input's (channels, height, width), or why a vector will not do.
fn need_maps(input: Shape) -> Result<(usize, usize, usize), String> {
    match input {
        Shape::Maps { channels, height, width } => Ok((channels, height, width)),
        Shape::Vector(features) => {
            Err(format!("needs maps (channels×height×width), but its input is a vector of {features}"))
        }
    }
}
