//! The question which part of a picture is the digit.

use crate::{data::marks, ui::style::picture::PictureGround};
use image::{GrayImage, imageops};
use serde::{Deserialize, Serialize};

/// Pictures with a shorter side than this, in pixels, are not asked about.
const LARGE: u32 = 160;

/// The smallest side of a part, in pixels.
pub const SMALLEST: u32 = 8;

/// What can be done with the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CropAct {
    /// Chooses a part: x, y, width and height in pixels.
    Choose([u32; 4]),
    /// Takes the part that is chosen.
    Take,
    /// Takes the whole picture.
    Whole,
    /// Takes nothing: the image stays what it was.
    Cancel,
}

/// A large picture with several marks, before a part of it is taken.
#[derive(Clone, Debug)]
pub struct CropQuestion {
    /// The name of the picture.
    pub name: String,
    /// Its ink, white on black.
    pub ink: GrayImage,
    /// The background of the ink.
    pub ground: PictureGround,
    /// Boxes around its marks: x, y, width and height in pixels.
    pub marks: Vec<[u32; 4]>,
    /// The part that is chosen.
    pub chosen: [u32; 4],
    /// A number that identifies the picture.
    pub revision: u64,
}

impl CropQuestion {
    /// The question about a picture; `None` if it is small or has at most one mark.
    pub fn of(name: &str, ink: &GrayImage, ground: PictureGround, revision: u64) -> Option<Self> {
        let (width, height) = ink.dimensions();
        if width.min(height) < LARGE {
            return None;
        }
        let marks = marks(ink);
        let chosen = marks.get(..2)?[0];
        Some(Self { name: name.to_owned(), ink: ink.clone(), ground, marks, chosen, revision })
    }

    /// Chooses a part, as far as it is inside the picture and not too small.
    pub fn choose(&mut self, [x, y, width, height]: [u32; 4]) {
        let (most_x, most_y) = self.ink.dimensions();
        let (x, y) = (x.min(most_x.saturating_sub(SMALLEST)), y.min(most_y.saturating_sub(SMALLEST)));
        let (width, height) = (width.min(most_x - x), height.min(most_y - y));
        if width >= SMALLEST && height >= SMALLEST {
            self.chosen = [x, y, width, height];
        }
    }

    /// The ink of the part that is chosen.
    pub fn part(&self) -> GrayImage {
        let [x, y, width, height] = self.chosen;
        imageops::crop_imm(&self.ink, x, y, width, height).to_image()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    fn bars(width: u32, count: u32) -> Option<CropQuestion> {
        let is_ink = |x: u32, y: u32| (40..160).contains(&y) && x % 100 < 10 && x / 100 < count && x > 9;
        let ink = GrayImage::from_fn(width, 200, |x, y| Luma([u8::from(is_ink(x + 50, y)) * 255]));
        CropQuestion::of("page", &ink, PictureGround::Paper, 1)
    }

    #[test]
    fn only_large_pictures_with_several_marks_are_asked_about() {
        assert!(bars(400, 2).is_none() && bars(100, 4).is_none());
        let mut question = bars(400, 4).unwrap();
        assert_eq!((question.marks.len(), question.chosen), (3, question.marks[0]));
        question.choose([390, 0, 500, 9]);
        assert_eq!(question.part().dimensions(), (10, 9));
        question.choose([5, 5, 2, 2]);
        assert_eq!(question.chosen, [390, 0, 10, 9], "too small");
        question.choose([u32::MAX, u32::MAX, u32::MAX, u32::MAX]);
        assert_eq!(question.part().dimensions(), (8, 8));
    }
}
