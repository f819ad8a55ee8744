//! The window: design tokens, reusable widgets, and what is built from them.
//!
//! Colours are constructed in [`tokens`] and [`colormap`] only; every visible string goes through [`crate::text::tr`]. Views read
//! [`state::AppState`] and send [`action::Action`]s; `update` is the one place where these change it.

pub mod action;
pub mod app;
pub mod colormap;
pub mod convolution;
pub mod exciting;
pub mod fonts;
pub mod icons;
pub mod inference;
mod keeping;
mod latest;
pub mod pasted;
pub mod pooling;
pub mod saliency;
pub mod selection;
pub mod settings;
mod shell;
mod starter;
pub mod state;
pub mod tasks;
pub mod theme;
pub mod tokens;
mod update;
pub mod views;
pub mod widgets;
mod window;

pub use app::{App, Options};
pub use window::run_window;
