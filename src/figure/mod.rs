//! Pictures and drawings as files: pixels as PNG, drawings of paths, glyphs and pictures as SVG and PDF, frames as GIF and
//! animated PNG. The same input gives the same bytes.

mod apng;
mod drawing;
mod error;
mod film;
mod fonts;
mod frames;
mod gif;
mod pdf;
mod pixels;
mod png;
mod svg;

pub use apng::Apng;
pub use drawing::{Drawing, Form, Glyph, Ink, Mark, Pen, Piece, Turn};
pub use error::FigureError;
pub use film::Film;
pub use fonts::{FACES, glyph_of};
pub use frames::FilmTime;
pub use gif::Gif;
pub use pdf::to_pdf;
pub use pixels::Pixels;
pub use png::to_png;
pub use svg::to_svg;
