//! The layer registry: one line per layer.

use super::{error::LayerError, layer::Layer, settings::Settings};
use crate::{nn::shape::Shape, text::Sentence};
use serde::{Deserialize, Serialize};

/// Defines [`LayerSpec`] from one line per layer.
macro_rules! registry {
    ($($variant:ident => $name:literal),+ $(,)?) => {
        /// One layer of a spec: its type and settings, with PyTorch's names and defaults.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        #[expect(missing_docs, reason = "each variant is documented by its settings")]
        pub enum LayerSpec {
            $(#[serde(rename = $name)] $variant(super::$variant)),+
        }

        impl LayerSpec {
            /// The names of all layer types, as spec files write them.
            pub const TYPES: &'static [&'static str] = &[$($name),+];

            /// The name of this layer's type, as spec files write it.
            pub fn type_name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name),+ }
            }

            /// Checks the settings against the input's shape and fixes the output's. The error does not name the layer.
            pub fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
                match self { $(Self::$variant(settings) => settings.build(input)),+ }
            }

            /// A short description, such as `conv 6@5×5`.
            pub fn summary(&self) -> String {
                match self { $(Self::$variant(settings) => settings.summary()),+ }
            }

            /// The formula `y = f(x)` of an element-wise layer; `None` for all others.
            pub fn formula(&self) -> Option<Sentence> {
                match self { $(Self::$variant(settings) => settings.formula()),+ }
            }

            /// Settings and input shapes that cover every layer type.
            pub fn examples() -> Vec<(Self, Shape)> {
                let mut all = Vec::new();
                $(all.extend(super::$variant::examples().into_iter().map(|(s, shape)| (Self::$variant(s), shape)));)+
                all
            }
        }

        $(impl From<super::$variant> for LayerSpec {
            fn from(settings: super::$variant) -> Self {
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
    AdaptiveAvgPool2d => "adaptive_avg_pool2d",
    AdaptiveMaxPool2d => "adaptive_max_pool2d",
    GlobalAvgPool2d => "global_avg_pool2d",
    ZeroPad2d => "zero_pad2d",
    Upsample => "upsample",
    Linear => "linear",
    Flatten => "flatten",
    Relu => "relu",
    LeakyRelu => "leaky_relu",
    Prelu => "prelu",
    Sigmoid => "sigmoid",
    Tanh => "tanh",
    Softplus => "softplus",
    Gelu => "gelu",
    Silu => "silu",
    Elu => "elu",
    Dropout => "dropout",
    Dropout2d => "dropout2d",
    LocalResponseNorm => "local_response_norm",
    BatchNorm2d => "batch_norm2d",
    BatchNorm1d => "batch_norm1d",
    LayerNorm => "layer_norm",
    GroupNorm => "group_norm",
    ChannelShuffle => "channel_shuffle",
}
