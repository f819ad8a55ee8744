//! Photographs that come with the program; see `assets/photos/README.md` for their sources.

use super::photo::Photo;
use std::sync::Arc;

/// A photograph that comes with the program.
pub struct BuiltInPhoto {
    /// What it shows, in English.
    pub name: &'static str,
    /// Who made it, and its licence.
    pub source: &'static str,
    jpeg: &'static [u8],
}

/// The size of the whole grid. The first is shown until another is chosen.
pub const PHOTOS: [BuiltInPhoto; 4] = [
    BuiltInPhoto {
        name: "Cat",
        source: "Stéfan van der Walt, CC0",
        jpeg: include_bytes!("../../../../assets/photos/cat.jpg"),
    },
    BuiltInPhoto {
        name: "Astronaut",
        source: "NASA, public domain",
        jpeg: include_bytes!("../../../../assets/photos/astronaut.jpg"),
    },
    BuiltInPhoto {
        name: "Camera",
        source: "Lav Varshney, CC0",
        jpeg: include_bytes!("../../../../assets/photos/camera.jpg"),
    },
    BuiltInPhoto {
        name: "Brick wall",
        source: "CC0Textures, CC0",
        jpeg: include_bytes!("../../../../assets/photos/bricks.jpg"),
    },
];

impl BuiltInPhoto {
    /// The decoded photograph. Takes less than a millisecond.
    pub fn photo(&self) -> Option<Arc<Photo>> {
        let decoded = image::load_from_memory(self.jpeg).ok()?.to_rgb8();
        Some(Arc::new(Photo::new(self.name.to_owned(), &decoded)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_shown_unscaled() {
        for built_in in &PHOTOS {
            let photo = built_in.photo().unwrap();
            assert!(!photo.is_scaled(), "{}", built_in.name);
            assert_eq!(photo.values.len(), photo.size.0 * photo.size.1 * photo.size.2);
        }
        assert_eq!(PHOTOS.each_ref().map(|photo| photo.photo().unwrap().size.0), [3, 3, 1, 1]);
    }
}
