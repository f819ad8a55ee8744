//! A student's own digit, as the program reads it.

use super::error::WorksheetError;
use crate::data::{digit, picture};
use image::GrayImage;
use std::path::Path;

/// A digit after the program's preprocessing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digit {
    /// The name of its picture.
    pub name: String,
    /// The 28×28 image, white ink on black.
    pub image: GrayImage,
}

impl Digit {
    /// Reads the picture of a digit, dark on light or light on dark.
    pub fn open(path: &Path) -> Result<Self, WorksheetError> {
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into());
        let ink = picture::to_ink(&picture::open(path)?);
        Self::of_ink(name, &ink)
    }

    /// The digit of a drawing in white ink on black.
    pub fn of_ink(name: String, ink: &GrayImage) -> Result<Self, WorksheetError> {
        match digit::normalise(ink) {
            Some(stages) => Ok(Self { name, image: stages.input }),
            None => Err(WorksheetError::Blank(name)),
        }
    }

    /// The ink in a grid of `side` × `side` cells, from 0 to `most`, row by row.
    pub fn grid(&self, side: usize, most: u8) -> Vec<f32> {
        let ink = digit::reduced(&self.image, side);
        let strongest = ink.iter().copied().fold(0.0, f32::max);
        let level =
            |ink: f32| if strongest > 0.0 { (ink / strongest * f32::from(most)).round() } else { 0.0 };
        ink.into_iter().map(level).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn a_digit_becomes_a_small_grid_of_whole_numbers() {
        let bar = GrayImage::from_fn(60, 60, |x, y| {
            Luma([if (26..34).contains(&x) && (8..52).contains(&y) { 255 } else { 0 }])
        });
        let digit = Digit::of_ink("one".into(), &bar).unwrap();
        let grid = digit.grid(7, 9);
        assert_eq!(grid.len(), 49);
        assert!(
            grid.contains(&9.0) && grid.iter().all(|cell| cell.fract() == 0.0 && (0.0..=9.0).contains(cell))
        );
        // The bar is in the middle column, and the corners are empty.
        assert!(grid[3 * 7 + 3] > 4.0 && grid[0] == 0.0 && grid[48] == 0.0, "{grid:?}");
        assert!(Digit::of_ink("none".into(), &GrayImage::new(20, 20)).is_err());
    }
}
