//! Training sessions, the training thread, and the files they are saved in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic in a test's helper fails the test"
)]

mod compare;
mod frozen;
mod health;
mod judging;
mod layers;
mod model_file;
mod presets;
mod replay;
mod resume;
mod session;
mod similar;
mod support;
mod worker;
