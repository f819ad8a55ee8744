//! The window.
//!
//! The folders are layers. Each may import those above it in this list, and none below it:
//!
//! | layer | holds |
//! |---|---|
//! | [`style`] | colours, sizes, fonts and icons by role |
//! | [`widgets`] | what views are built from; widgets know nothing of networks |
//! | [`model`] | the data that views read, that actions carry and that background work returns |
//! | [`action`] | everything a person can do, as data |
//! | [`work`] | background work: the only threads of the window |
//! | [`state`] | everything that is shown |
//! | `quantity` | the numbers of it that lessons name |
//! | [`store`] | the settings file, and when it is written |
//! | `core` | the state, with the background work that changes it |
//! | `update` | the one place where the state changes: by actions and by results of the threads |
//! | [`view`] | the trait of views |
//! | [`views`] | one folder a view. A view reads the state and sends actions; it imports neither `core` nor `update` |
//! | `shell` | bars, panels and shortcuts around the views; the same holds for it |
//! | [`placement`] | the place of the window, and its zoom |
//! | [`export`] | pictures, drawings and films of the views |
//! | [`app`] | a frame: views, shell and `update` together |
//! | [`render`] | the window as a picture, without a display |
//! | [`offscreen`] | paints what egui draws to an image, without a window; imports no other layer |
//! | [`start`] | what the command line says about the window |
//! | `window` | the window of the operating system |
//!
//! Inside a folder, files import each other one way, too. Colours are made in [`style::tokens`] and
//! [`style::colormap`] only; every visible string goes through [`crate::text::tr`].

pub mod action;
pub mod app;
mod core;
pub mod export;
pub mod model;
pub mod offscreen;
pub mod placement;
pub mod quantity;
pub mod render;
mod shell;
pub mod start;
pub mod state;
pub mod store;
pub mod style;
mod update;
pub mod view;
pub mod views;
pub mod widgets;
mod window;
pub mod work;

pub use self::core::Options;
pub use app::App;
pub use render::render;
pub use start::Start;
pub use update::marking::mark;
pub use window::run_window;
pub use work::dialog::say_without_a_window;
