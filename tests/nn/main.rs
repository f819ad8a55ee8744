//! The core: PyTorch's values, the seven-loop oracle, gradients, damaged bytes, threads.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic in a test's helper fails the test"
)]

mod bytes;
mod determinism;
mod extremes;
mod gradients;
mod interleaved;
mod oracle;
mod random;
mod random_reference;
mod reference;
mod support;
