//! A training step: forward, backward and the gradients of a batch.
//!
//! A batch is split into [`SHARDS`](super::parallel::SHARDS) shards, whatever the number of threads. Each shard computes the
//! loss and the gradients of its images in its own memory, and the shards' gradients are added in order: the number of
//! threads changes a run's speed, but not one bit of its result. Fully connected layers compute their gradients after that,
//! over the whole batch at once, each chunk of the weights by itself.
//!
//! A layer that couples the images of a batch in training (batch normalisation) is a barrier: all shards reach it, their
//! sums are added in order, and all shards go on.

mod full_batch;
mod pass;
mod reduce;
mod shard;
mod sides;
mod workspace;

pub use reduce::reduce;
pub use workspace::{BatchResult, Workspace};
