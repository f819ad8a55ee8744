//! The convolutional network core: shapes, layers, networks, gradients, optimisers.
//!
//! All values are `f32` in PyTorch's order (N, C, H, W), a batch is a slice of whole images, and names and semantics are
//! those of `torch.nn`. The core starts no thread and reads no clock, and every random number comes from a seed.

pub mod backward;
pub mod border;
pub mod cost;
pub mod edit;
pub mod filters;
pub mod gradcheck;
pub mod im2col;
pub mod init;
mod interleave;
mod kernels;
pub mod lab;
pub mod layers;
pub mod loss;
pub mod network;
pub mod optim;
pub mod pair;
pub mod parallel;
pub mod presets;
pub mod repair;
mod setting_error;
pub mod shape;
mod simd;
pub mod spec;
pub mod step;
pub mod tensor;
pub mod trace;
mod windows;

pub use backward::ActivationGradients;
pub use border::Border;
pub use cost::LayerCost;
pub use edit::SpecEdit;
pub use init::Init;
pub use layers::{ForwardMode, Layer, LayerError, LayerSetting, LayerSpec, SettingKind, SettingValue};
pub use network::Network;
pub use pair::Pair;
pub use parallel::{Executor, Serial};
pub use repair::Repair;
pub use setting_error::SettingError;
pub use shape::{Shape, ShapeError};
pub use spec::{NetworkSpec, Preprocess, SpecError, SpecFault};
pub use step::Workspace;
pub use tensor::Tensor;
pub use trace::Trace;
