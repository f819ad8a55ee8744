//! What a network is and did, put as data that can be shown: no second computation, no window.

pub mod filters;
pub mod verdict;

pub use filters::Filters;
pub use verdict::Verdict;
