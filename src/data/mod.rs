//! Images and labels: reading them, keeping them, turning drawings and pictures into what a network is fed.
//!
//! Pixels are bytes, 0 the background and 255 the ink, until [`InputTransform`] makes them a network's numbers.

mod area;
mod augment;
mod batches;
pub mod collection;
mod dataset;
pub mod digit;
mod error;
pub mod idx;
mod ink;
mod light;
pub mod mnist;
pub mod picture;
mod pieces;

pub use augment::{Augment, NO_CLASS};
pub use batches::{Augmented, InputTransform, fill, shuffled};
pub use collection::Collection;
pub use dataset::{DataSet, Split};
pub use error::DataError;
