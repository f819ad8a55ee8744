//! The Convolution view.

pub mod act;
mod family;
pub mod make;
pub mod open;
pub mod setup;
