//! What a page is made of. Lengths are points, from the top left corner.

use super::fonts::Face;

/// The width of A4.
pub const WIDTH: f32 = 595.276;

/// The height of A4.
pub const HEIGHT: f32 = 841.89;

/// The margin at the left and the right.
pub const MARGIN: f32 = 44.0;

/// The width between the margins.
pub const INNER: f32 = WIDTH - 2.0 * MARGIN;

/// A grey: 0 is black, 255 is white. Sheets are copied in black and white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tone(pub u8);

impl Tone {
    /// Text and numbers.
    pub const INK: Self = Self(0);
    /// Explanations.
    pub const SECOND: Self = Self(70);
    /// The zeros of the padding, the foot.
    pub const FAINT: Self = Self(125);
    /// Lines to write on.
    pub const RULE: Self = Self(150);
    /// The ground of a heading.
    pub const PAPER: Self = Self(255);
}

/// A mark on a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Text that begins at a point of its baseline.
    Text {
        /// The point.
        at: (f32, f32),
        /// The size of the face.
        size: f32,
        /// The face.
        face: Face,
        /// The grey.
        tone: Tone,
        /// The text.
        text: String,
    },
    /// A line.
    Line {
        /// One end.
        from: (f32, f32),
        /// The other.
        to: (f32, f32),
        /// Its width.
        width: f32,
        /// The grey.
        tone: Tone,
        /// Whether it is dashed.
        is_dashed: bool,
    },
    /// A filled rectangle.
    Area {
        /// Its top left corner.
        at: (f32, f32),
        /// Its width and height.
        size: (f32, f32),
        /// The grey.
        tone: Tone,
    },
}

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Its marks, the lowest first.
    pub items: Vec<Item>,
}
