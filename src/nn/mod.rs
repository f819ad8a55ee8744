//! The convolutional network core: shapes, layers, networks, gradients, optimisers.
//!
//! Everything is `f32` in PyTorch's order (N, C, H, W), batches are slices of whole images, and names and
//! semantics are those of `torch.nn`. No thread, no clock and no unseeded random number lives here.

mod abreast;
mod aligned;
pub mod backward;
pub mod cost;
mod exp;
pub mod gradcheck;
pub mod im2col;
pub mod init;
pub mod lab;
mod lane;
pub mod layers;
pub mod loss;
pub mod network;
pub mod optim;
pub mod pair;
mod parts;
pub mod presets;
mod products;
mod setting_error;
pub mod shape;
mod simd;
pub mod spec;
mod sums;
pub mod tensor;
pub mod trace;
mod whole;
mod windows;
pub mod workspace;

pub use backward::ActivationGradients;
pub use cost::LayerCost;
pub use init::Init;
pub use layers::{Layer, LayerError, LayerSpec, Mode};
pub use network::Network;
pub use pair::Pair;
pub use setting_error::SettingError;
pub use shape::{Shape, ShapeError};
pub use spec::{NetworkSpec, Preprocess, SpecError};
pub use sums::add_up;
pub use tensor::Tensor;
pub use trace::Trace;
pub use workspace::{Executor, Lane, Serial, Workspace};
