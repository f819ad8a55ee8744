//! The whole window without a display.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic in a test's helper fails the test"
)]

mod architecture;
mod compare;
mod convolution;
mod data_preview;
mod drawing;
mod evaluate;
mod exporting;
mod files;
mod filters;
mod foreign;
mod hand_in;
mod keyboard;
mod killed;
mod languages;
mod lessons;
mod lessons_answers;
mod lessons_held;
mod lessons_way;
mod lessons_window;
mod network;
mod numberless;
mod pictures;
mod pooling;
mod presenting;
mod random;
mod recording;
mod restart;
mod saliency;
mod settings;
mod steady;
mod support;
mod teach;
mod training;
mod views;
mod vocabulary;
#[cfg(unix)]
mod watchdog;
mod what_if;
mod window;
mod worksheets;
mod zoom;
