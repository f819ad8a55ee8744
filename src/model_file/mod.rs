//! Models as `.safetensors`, with the keys of the same `torch.nn.Sequential` and the spec in the metadata.

mod entry;
mod error;
mod read;
mod shipped;
mod write;

pub use error::ModelError;
pub use read::{from_bytes, load};
pub use shipped::shipped;
pub use write::{save, to_bytes};

/// The metadata key that holds the spec's JSON.
pub const SPEC_KEY: &str = "convlens.spec";

/// The largest model file that is read, in bytes.
pub const MAX_BYTES: u64 = 2 << 30;
