//! The layers: one file for each, with its settings, its computation and its tests.
//!
//! To add a layer, add its file here and its line in `registry.rs`.

mod activation;
mod avg_pool2d;
mod batch;
mod batch_norm2d;
mod channel_shuffle;
mod context;
mod conv2d;
mod conv_transpose2d;
mod convolution;
mod dropout;
mod elu;
mod error;
mod flatten;
mod gelu;
mod global_avg_pool2d;
mod layer;
mod leaky_relu;
mod linear;
mod local_response_norm;
mod max_pool2d;
mod max_pool_interleaved;
mod pooling;
mod registry;
mod relu;
mod settings;
mod sigmoid;
mod silu;
mod softplus;
mod tanh;

pub use avg_pool2d::AvgPool2d;
pub use batch::{BatchShard, BatchStatistics, FullBatch};
pub use batch_norm2d::BatchNorm2d;
pub use channel_shuffle::ChannelShuffle;
pub use context::{BackwardInput, BatchSums, ForwardMode, LayerContext};
pub use conv_transpose2d::ConvTranspose2d;
pub use conv2d::Conv2d;
pub use dropout::Dropout;
pub use elu::Elu;
pub use error::LayerError;
pub use flatten::Flatten;
pub use gelu::{Gelu, GeluApproximation};
pub use global_avg_pool2d::GlobalAvgPool2d;
pub use layer::{Initial, Interleaving, Layer, ParameterSpec};
pub use leaky_relu::LeakyRelu;
pub use linear::Linear;
pub use local_response_norm::LocalResponseNorm;
pub use max_pool2d::MaxPool2d;
pub use registry::LayerSpec;
pub use relu::Relu;
pub use settings::Settings;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub use softplus::Softplus;
pub use tanh::Tanh;
