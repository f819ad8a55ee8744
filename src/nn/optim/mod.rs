//! Optimisers, one file each, with the update rules and defaults of `torch.optim`, and learning rate schedules.
//!
//! To add an optimiser, add its file here and its line in `registry.rs`.

mod adagrad;
mod adam;
mod adamw;
mod optimizer;
mod registry;
mod rmsprop;
mod rule;
mod schedule;
mod sgd;

pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamw::AdamW;
pub use optimizer::Optimizer;
pub use registry::OptimizerSpec;
pub use rmsprop::RmsProp;
pub use schedule::{Progress, Schedule};
pub use sgd::Sgd;
