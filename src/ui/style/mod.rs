//! The look of the window: colours and sizes by role, colours of numbers, fonts and icons.

pub mod colormap;
pub mod fonts;
pub mod icons;
pub mod picture;
pub mod theme;
pub mod tokens;
