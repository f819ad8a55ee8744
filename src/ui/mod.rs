//! The window: design tokens, reusable widgets, and what is built from them.
//!
//! Colours are constructed in [`tokens`] and [`colormap`] only; every visible string goes through [`tr::tr`].

pub mod colormap;
pub mod fonts;
pub mod icons;
pub mod theme;
pub mod tokens;
pub mod tr;
pub mod widgets;
