//! The variants of convolution: settings and results.

pub mod made;
pub mod setup;

pub use made::{ChainResult, FamilyResult};
pub use setup::{Block, FamilyChoice, FamilySetup, Functions, MAX_LENGTHS};
