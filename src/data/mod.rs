//! Images and labels: data sets, pictures and drawings, and their preprocessing for a network.
//!
//! Pixels are bytes, 0 for background and 255 for ink, until [`InputTransform`] turns them into a network's input.

mod area;
mod augment;
mod batches;
mod changed;
pub mod collection;
mod components;
mod dataset;
pub mod digit;
mod error;
pub mod formats;
pub mod idx;
mod ink;
mod jpeg;
mod light;
mod marks;
pub mod mnist;
mod objection;
mod packed;
pub mod picture;
mod shape;
mod svg;

pub use augment::{Augment, AugmentError, NO_CLASS};
pub use batches::{Augmented, InputTransform, fill, shuffled};
pub use changed::{Change, ChangeError};
pub use collection::Collection;
pub use dataset::{DataSet, Split};
pub use error::DataError;
pub use marks::marks;
