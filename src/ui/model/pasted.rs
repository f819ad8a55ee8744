//! A picture from the clipboard.

use crate::data::{DataError, picture};
use egui::{Color32, ColorImage};
use image::GrayImage;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// The pixels of the clipboard. They can be stored like every action.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Pixels", into = "Pixels")]
pub struct Pasted(Arc<ColorImage>);

/// Red, green, blue and opacity of every pixel, row by row.
#[derive(Serialize, Deserialize)]
struct Pixels {
    width: usize,
    height: usize,
    rgba: Vec<u8>,
}

impl Pasted {
    /// The event's picture.
    pub fn new(picture: Arc<ColorImage>) -> Self {
        Self(picture)
    }

    /// Converts it to grey, like a picture file. Large pictures take more than a frame.
    pub fn to_grey(&self) -> Result<GrayImage, DataError> {
        let [width, height] = self.0.size;
        let rgba = self.0.pixels.iter().map(Color32::to_srgba_unmultiplied);
        picture::from_rgba("clipboard", (width, height), rgba)
    }
}

impl From<Pixels> for Pasted {
    fn from(Pixels { width, height, rgba }: Pixels) -> Self {
        // Missing pixels are transparent.
        let mut rgba = rgba;
        rgba.resize(width.saturating_mul(height).min(rgba.len() / 4) * 4, 0);
        let height = rgba.len() / 4 / width.max(1);
        rgba.truncate(width * height * 4);
        Self(Arc::new(ColorImage::from_rgba_unmultiplied([width, height], &rgba)))
    }
}

impl From<Pasted> for Pixels {
    fn from(Pasted(picture): Pasted) -> Self {
        let rgba = picture.pixels.iter().flat_map(Color32::to_srgba_unmultiplied).collect();
        Self { width: picture.size[0], height: picture.size[1], rgba }
    }
}

impl fmt::Debug for Pasted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pasted({}×{})", self.0.size[0], self.0.size[1])
    }
}
