//! What a network is and did, put as data that can be shown: no second computation, no window.

pub mod filters;
pub mod receptive_field;
pub mod verdict;

pub use filters::Filters;
pub use receptive_field::ReceptiveField;
pub use verdict::Verdict;
