//! Writing files atomically, for the folders that write any. This folder imports none.

mod atomic;
mod npy;

pub use atomic::{Prepared, check_writable, write};
pub use npy::{to_npy, to_npz};
