//! A photograph in a saved state.

use super::bytes;
use crate::ui::model::convolution::photo::Photo;
use serde::{Deserialize, Serialize};

/// A photograph as it is shown, with its pixels as text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedPhoto {
    /// The file's name.
    name: String,
    /// Channels, height and width.
    size: (usize, usize, usize),
    /// Height and width in the file that it was opened from.
    original: (usize, usize),
    /// One byte a pixel and channel, channel by channel, in Base64.
    pixels: String,
}

impl SavedPhoto {
    /// What is shown of a photograph.
    pub fn of(photo: &Photo) -> Self {
        let pixels: Vec<u8> = photo.values.iter().map(|value| (value * 255.0).round() as u8).collect();
        let Photo { name, size, original, .. } = photo.clone();
        Self { name, size, original, pixels: bytes::encode(&pixels) }
    }

    /// The photograph; `None` if its pixels are damaged.
    pub fn photo(&self) -> Option<Photo> {
        let pixels = bytes::decode(&self.pixels).ok()?;
        let (channels, height, width) = self.size;
        let most = 1..=Photo::MOST as usize;
        let is_sound = matches!(channels, 1 | 3)
            && most.contains(&height)
            && most.contains(&width)
            && pixels.len() == channels * height * width;
        is_sound.then(|| Photo {
            name: self.name.clone(),
            size: self.size,
            original: self.original,
            values: pixels.into_iter().map(|pixel| f32::from(pixel) / 255.0).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::model::convolution::photos::PHOTOS;

    #[test]
    fn a_photograph_comes_back_value_by_value() {
        let photo = PHOTOS[0].photo().unwrap();
        let saved = SavedPhoto::of(&photo);
        assert_eq!(saved.photo().unwrap(), *photo);
        let wrong = SavedPhoto { size: (3, 1 << 40, 1 << 40), ..saved.clone() };
        assert_eq!(wrong.photo(), None);
        assert_eq!(SavedPhoto { pixels: "###".into(), ..saved }.photo(), None);
    }
}
