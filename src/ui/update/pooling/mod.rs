//! Changes of the Pooling view.

pub mod act;
pub mod make;
pub mod open;
