//! Networks as files for other programs: ONNX, PyTorch, Keras, the spec, and C.
//!
//! To give a new layer its exports, add its arm to `onnx/layers.rs`, `torch/layers.rs` and `keras/layers.rs`: code for it, or
//! the reason why there is none.

mod error;
mod format;
mod header;
mod keras;
mod network;
mod onnx;
mod python;
mod torch;
mod write;

pub use error::ExportError;
pub use format::Format;
pub use write::{Exported, companion, export, export_spec};
