//! The embedded MNIST, and what the shipped network reads of drawings, fonts, scans and photographs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic in a test's helper fails the test"
)]
#![allow(clippy::print_stdout, reason = "the accuracies are there to be read")]

mod drawings;
mod mnist;
mod readers;
