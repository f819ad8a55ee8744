//! Pictures, drawings and films of the views.
//!
//! Shapes are collected where a view is shown; painting and encoding need nothing of the window, so that they run anywhere.

mod caption;
mod film;
mod frame;
mod gaps;
mod mesh;
mod outline;
mod plain;
mod sheet;
mod stage;
mod studio;
mod take;
mod trace;
mod words;

pub use caption::caption;
pub use film::{Player, film};
pub use frame::input;
pub use sheet::Sheet;
pub use studio::{Look, Studio};
pub use take::take;
pub use trace::{DRAWN, drawing};
