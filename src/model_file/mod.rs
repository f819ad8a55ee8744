//! Models as `.safetensors` files, with the keys of the same `torch.nn.Sequential` and the network's spec in the
//! metadata; and training states, each in a second file beside its model's.

mod arrays;
mod entry;
mod error;
mod read;
mod shipped;
mod training;
mod write;

pub use arrays::{Array, load_arrays, save_arrays};
pub use error::{ModelError, StateFault};
pub use read::{from_bytes, load, read_file};
pub use shipped::{SHIPPED, shipped};
pub use training::{
    TrainingState, load_training, read_training_json, save_run, save_training, training_from_bytes,
    training_path,
};
pub use write::{save, to_bytes};

/// The metadata key that holds the spec's JSON.
pub const SPEC_KEY: &str = "convlens.spec";

/// The largest model file that is read, in bytes.
pub const MAX_BYTES: u64 = 2 << 30;
