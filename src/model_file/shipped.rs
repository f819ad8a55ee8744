//! The trained network inside the program.

use super::{ModelError, from_bytes};
use crate::nn::Network;

/// `assets/models/README.md` says how it was trained.
const BYTES: &[u8] = include_bytes!("../../assets/models/lenet5-wide.safetensors");

/// The name of the network inside the program.
pub const SHIPPED: &str = "lenet5-wide";

/// Reads the network inside the program.
pub fn shipped() -> Result<Network, ModelError> {
    from_bytes("the built-in lenet5-wide", BYTES, None)
}
