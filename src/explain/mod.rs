//! What a network is and did, put as data that can be shown: no second computation, no window.

pub mod cell;
pub mod convolution;
pub mod edges;
pub mod exciting;
pub mod family;
pub mod filters;
pub mod making;
pub mod pooling;
pub mod probability;
pub mod receptive_field;
pub mod saliency;
pub mod verdict;
pub mod what_if;

pub use cell::Cell;
pub use convolution::Convolution;
pub use edges::{Edge, edge_count, edges};
pub use filters::Filters;
pub use making::Making;
pub use pooling::Pooling;
pub use probability::Softmax;
pub use receptive_field::{ReceptiveField, cell_of_value};
pub use saliency::Saliency;
pub use verdict::{Verdict, Why};
pub use what_if::WhatIf;
