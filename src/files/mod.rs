//! Writing files atomically, for the folders that write any, and the report of a crash. This folder imports none.

mod atomic;
pub mod crash;

pub use atomic::{Prepared, check_writable, write};
