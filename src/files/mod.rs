//! Writing files atomically, for the folders that write any. This folder imports none.

mod atomic;

pub use atomic::{Prepared, check_writable, write};
