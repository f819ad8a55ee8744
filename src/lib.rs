//! ConvLens shows how a convolutional neural network works by letting a person run one.
//!
//! The folders are the architecture; `ARCHITECTURE.md` says who may import whom.

pub mod cli;
pub mod data;
pub mod explain;
pub mod export;
pub mod figure;
pub mod files;
pub mod lesson;
pub mod model_file;
pub mod nn;
pub mod report;
pub mod text;
pub mod train;
pub mod ui;
pub mod worksheet;
