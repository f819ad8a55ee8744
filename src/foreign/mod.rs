//! Networks as other programs save them: PyTorch's `.pt` and `.pth`, safetensors with names of their own, ONNX, Keras.
//!
//! A reader makes a list of tensors in PyTorch's layout from a file, and the spec if the file says what its layers are
//! ([`Foreign`]). [`Matching`] says which tensor belongs to which layer, [`propose`] makes a spec from the shapes alone, and
//! [`Foreign::network`] makes the network. No code of a file is ever run.

mod chain;
mod content;
mod error;
mod keras;
mod kind;
mod layer;
mod matching;
mod number;
mod onnx;
mod order;
mod propose;
mod read;
mod safetensors;
mod tensor;
mod torch;

pub use content::Foreign;
pub use error::ForeignError;
pub use kind::{FileKind, LOOKED_AT};
pub use matching::{Map, Matching, Row};
pub use number::Precision;
pub use propose::propose;
pub use read::{has_spec, load, read, read_file};
pub use tensor::FoundTensor;
