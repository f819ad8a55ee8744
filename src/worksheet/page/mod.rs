//! Sheets on A4 pages: a list of texts, lines and rectangles, drawn as PDF and as a picture.

mod blocks;
mod convolution;
mod exercise;
mod flow;
mod fonts;
mod frame;
mod grid;
mod heading;
mod item;
mod lesson;
mod pdf;
mod pen;
mod picture;
mod png;
mod pooling;
mod sizes;
mod words;

pub use frame::{pages, to_pages};
pub use item::{Item, Page, Tone};
pub use pdf::{PdfError, to_pdf};
pub use png::to_png;
