//! A photograph to convolve.

/// A photograph to convolve.
#[derive(Clone, Debug, PartialEq)]
pub struct Photo {
    /// The file's name.
    pub name: String,
    /// (channels, height, width), at most [`Photo::MOST`] high and wide.
    pub size: (usize, usize, usize),
    /// 0 to 1, (C, H, W).
    pub values: Vec<f32>,
    /// (height, width) in the file.
    pub original: (usize, usize),
}

impl Photo {
    /// The largest side that is shown, in pixels; larger photographs are scaled.
    pub const MOST: u32 = 128;

    /// A photograph of this name, scaled to fit. Without colours it has one channel.
    pub fn new(name: String, photo: &image::RgbImage) -> Self {
        let original = (photo.height() as usize, photo.width() as usize);
        let longest = photo.width().max(photo.height());
        let scaled;
        let photo = if longest > Self::MOST {
            let side = |n: u32| (n * Self::MOST / longest).max(1);
            let filter = image::imageops::FilterType::Triangle;
            scaled = image::imageops::resize(photo, side(photo.width()), side(photo.height()), filter);
            &scaled
        } else {
            photo
        };
        let is_grey = photo.pixels().all(|pixel| pixel.0[0] == pixel.0[1] && pixel.0[1] == pixel.0[2]);
        let channels = if is_grey { 1 } else { 3 };
        let values = (0..channels).flat_map(|c| photo.pixels().map(move |p| f32::from(p.0[c]) / 255.0));
        let size = (channels, photo.height() as usize, photo.width() as usize);
        Self { name, size, values: values.collect(), original }
    }

    /// Whether it was scaled down.
    pub fn is_scaled(&self) -> bool {
        (self.size.1, self.size.2) != self.original
    }
}
