//! Models as `.safetensors`, with the keys of the same `torch.nn.Sequential` and the spec in the metadata; beside one, the
//! state of the training that made it.

mod atomic;
mod entry;
mod error;
mod read;
mod shipped;
mod training;
mod write;

pub use atomic::{check_writable, write_atomically};
pub use error::ModelError;
pub use read::{from_bytes, load, read_file};
pub use shipped::{SHIPPED, shipped};
pub use training::{TrainingState, load_training, save_run, training_from_bytes, training_path};
pub use write::{save, to_bytes};

/// The metadata key that holds the spec's JSON.
pub const SPEC_KEY: &str = "convlens.spec";

/// The largest model file that is read, in bytes.
pub const MAX_BYTES: u64 = 2 << 30;
