//! The other kinds of convolution: how one is set, and what the core makes of it.

pub mod made;
pub mod setup;

pub use made::{ChainResult, FamilyResult};
pub use setup::{Block, FamilyChoice, FamilySetup, Functions, MAX_LENGTHS};
