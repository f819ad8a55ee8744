//! The program itself on a small data set: exit codes, one-line errors, JSON, files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic in a test's helper fails the test"
)]

mod cases;
mod chinese;
mod compare;
mod data;
mod evaluate;
mod export;
mod lesson;
mod mark;
mod other;
mod predict;
mod render;
mod similar;
mod support;
mod train;
mod window;
mod worksheet;
