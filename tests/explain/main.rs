//! The explanations, against the values of a forward pass.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic in a test's helper fails the test"
)]

mod cells;
mod convolution;
mod edges;
mod exciting;
mod making;
mod pooling;
mod saliency;
mod support;
mod what_if;
mod written;
