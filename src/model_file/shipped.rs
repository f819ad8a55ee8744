//! The trained network that is part of the program.

use super::{ModelError, from_bytes};
use crate::nn::Network;

/// How it was made stands in `assets/models/README.md`.
const BYTES: &[u8] = include_bytes!("../../assets/models/lenet5-wide.safetensors");

/// The shipped network's name.
pub const SHIPPED: &str = "lenet5-wide";

/// The shipped [`SHIPPED`].
pub fn shipped() -> Result<Network, ModelError> {
    from_bytes("the built-in lenet5-wide", BYTES, None)
}
