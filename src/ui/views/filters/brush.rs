//! The brush: what a click or a stroke on the numbers does.

use crate::text::tr;
use egui::Vec2;

/// The largest number of the brush.
pub const MOST: f32 = 1.0;

/// What the mouse does on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The left button paints the value, the right one its negative.
    Paint,
    /// A cell is typed into, or dragged.
    Type,
}

/// The brush.
#[derive(Clone, Debug)]
pub struct BrushSetup {
    /// What the mouse does.
    pub mode: Mode,
    /// The number that is painted.
    pub value: f32,
    /// The cell of the stroke that is going on, painted last.
    pub last: Option<(usize, usize)>,
    /// Where the pointer was in the last frame of the stroke, in cells from the grid's corner.
    pub at: Option<Vec2>,
    /// Whether the stroke that is going on has changed a number.
    pub has_painted: bool,
    /// Why the number that was typed last was not taken.
    pub refused: Option<String>,
}

impl Default for BrushSetup {
    fn default() -> Self {
        Self { mode: Mode::Paint, value: 0.5, last: None, at: None, has_painted: false, refused: None }
    }
}

impl Mode {
    /// The choices with their names.
    pub fn options() -> [(Self, &'static str); 2] {
        [(Self::Paint, tr("Paint")), (Self::Type, tr("Type"))]
    }
}
