//! Writing files atomically, for the folders that write any, and the report of a crash. This folder imports none.

mod atomic;
pub mod crash;
mod npy;

pub use atomic::{Prepared, check_writable, write};
pub use npy::{to_npy, to_npz};
