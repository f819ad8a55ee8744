//! A drawing: marks one above the other. Lengths are points, from the upper left corner.

use super::Pixels;

/// Red, green, blue and alpha; the colour is not multiplied with alpha.
pub type Ink = [u8; 4];

/// Marks on a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// (width, height).
    pub size: [f32; 2],
    /// What is below the marks; `None` is nothing.
    pub ground: Option<Ink>,
    /// The marks, the lowest first.
    pub marks: Vec<Mark>,
}

/// Something that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// (left, top, right, bottom): nothing is seen outside; `None` if the mark does not reach further.
    pub clip: Option<[f32; 4]>,
    /// What it is.
    pub form: Form,
}

/// What a mark is.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// An area, a line, or both.
    Path {
        /// Where it goes.
        pieces: Vec<Piece>,
        /// The ink inside.
        fill: Option<Ink>,
        /// The line.
        pen: Option<Pen>,
    },
    /// Glyphs of one face on one line.
    Glyphs {
        /// The index of the face in [`super::FACES`].
        face: usize,
        /// The size of an em.
        size: f32,
        /// The ink.
        ink: Ink,
        /// What the glyphs show.
        text: String,
        /// The glyphs.
        glyphs: Vec<Glyph>,
        /// How the line is turned.
        turn: Option<Turn>,
    },
    /// A picture, whose pixels are squares unless it `is_smooth`.
    Picture {
        /// (left, top, right, bottom).
        at: [f32; 4],
        /// The picture.
        pixels: Pixels,
        /// Whether colours blend from pixel to pixel.
        is_smooth: bool,
    },
}

/// A part of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece {
    /// Begins elsewhere.
    Move([f32; 2]),
    /// A straight line.
    Line([f32; 2]),
    /// A cubic Bézier curve: two control points and the end.
    Curve([[f32; 2]; 3]),
    /// Back to the beginning.
    Close,
}

/// A line's width and ink.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pen {
    /// Its width.
    pub width: f32,
    /// Its ink.
    pub ink: Ink,
}

/// A glyph and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// Its number in the face.
    pub id: u16,
    /// The left end of its baseline.
    pub at: [f32; 2],
    /// How far it moves on.
    pub advance: f32,
    /// The bytes of the text that it shows.
    pub range: std::ops::Range<usize>,
}

/// Clockwise around a point, in radians.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    /// The angle.
    pub angle: f32,
    /// The point.
    pub around: [f32; 2],
}

impl Drawing {
    /// A rectangle as a path.
    pub fn rectangle([left, top, right, bottom]: [f32; 4]) -> Vec<Piece> {
        vec![
            Piece::Move([left, top]),
            Piece::Line([right, top]),
            Piece::Line([right, bottom]),
            Piece::Line([left, bottom]),
            Piece::Close,
        ]
    }
}
