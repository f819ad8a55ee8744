//! Explanations of a network and its activations, as data that a view can show.
//!
//! Every number comes from the network's own weights and trace: nothing is computed a second time for display.

pub mod arrays;
pub mod breakdown;
pub mod cell;
pub mod connections;
pub mod convolution;
pub mod edges;
mod error;
pub mod filters;
pub mod kernels;
pub mod pooling;
pub mod probability;
pub mod reach;
pub mod receptive_field;
pub mod saliency;
pub mod sheet;
pub mod top_activations;
pub mod variants;
pub mod verdict;
pub mod what_if;
pub mod written;

pub use breakdown::Breakdown;
pub use cell::Cell;
pub use connections::Connections;
pub use convolution::Convolution;
pub use edges::{Edge, edge_count, edges};
pub use error::ExplainError;
pub use filters::{FilterChange, Filters};
pub use pooling::Pooling;
pub use probability::Softmax;
pub use receptive_field::{ReceptiveField, cell_of_value};
pub use saliency::Saliency;
pub use sheet::{LayerFigures, RowFault, Sheet, SheetRow};
pub use verdict::{DoubtReason, Verdict};
pub use what_if::WhatIf;
