//! The whole window without a display.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic in a test's helper fails the test"
)]

mod compare;
mod convolution;
mod drawing;
mod files;
mod keyboard;
mod lessons;
mod network;
mod pictures;
mod pooling;
mod presenting;
mod restart;
mod saliency;
mod settings;
mod steady;
mod support;
mod teach;
mod training;
mod views;
mod vocabulary;
mod what_if;
mod window;
mod zoom;
