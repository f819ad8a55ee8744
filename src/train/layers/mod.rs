//! The layers of a network while it learns: the distributions of their weights, activations and gradients, their dead
//! units, and how far a step moves their weights.
//!
//! [`LayerLook`] is of any network, such as that of a moment of the timeline; [`StepLook`] is of the last step of a run.

mod histogram;
mod look;
mod step;

pub use histogram::Histogram;
pub use look::{LayerLook, MOST_IMAGES, images_for, look_at_layers};
pub use step::{LayerStep, StepLook, UpdateSize, look_at_step};
