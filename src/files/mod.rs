//! Writing files atomically. Any folder may import this one; it imports none.

mod atomic;

pub use atomic::{Prepared, check_writable, write};
