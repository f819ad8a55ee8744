//! Textures and their filters.

use egui::{
    Color32, ColorImage, ImageData, Rect, TextureFilter, TextureOptions, TextureWrapMode, epaint::ImageDelta,
};

/// An RGBA colour in gamma space with premultiplied alpha.
pub(super) type Rgba = [u8; 4];

/// An image with the way it is scaled.
pub(super) struct Texture {
    size: [usize; 2],
    texels: Vec<Rgba>,
    options: TextureOptions,
}

/// A texture with the filter that one triangle needs.
#[derive(Clone, Copy)]
pub(super) struct Sampler<'a> {
    texture: &'a Texture,
    filter: TextureFilter,
}

impl Texture {
    /// A texture from its first change, which sets the whole image.
    pub(super) fn new(change: &ImageDelta) -> Self {
        let ImageData::Color(image) = &change.image;
        let texels = image.pixels.iter().map(Color32::to_array).collect();
        Self { size: image.size, texels, options: change.options }
    }

    /// Replaces the image or a part of it. What lies outside the image is ignored.
    pub(super) fn update(&mut self, change: &ImageDelta) {
        let Some([left, top]) = change.pos else {
            *self = Self::new(change);
            return;
        };
        self.options = change.options;
        let ImageData::Color(image) = &change.image;
        let [width, height] = self.size;
        let columns = image.width().min(width.saturating_sub(left));
        for row in 0..image.height().min(height.saturating_sub(top)) {
            let source = &image.pixels[row * image.width()..][..columns];
            let target = &mut self.texels[(top + row) * width + left..][..columns];
            for (texel, colour) in target.iter_mut().zip(source) {
                *texel = colour.to_array();
            }
        }
    }

    /// The texels from `uv`'s corner to its opposite one, and whether they blend when they are enlarged; `None` if its edges are
    /// not edges of texels, or not inside.
    pub(super) fn part(&self, uv: Rect) -> Option<(ColorImage, bool)> {
        let [width, height] = self.size;
        let whole = |part: f32, side: usize| {
            let texels = part * side as f32;
            let is_edge =
                (texels - texels.round()).abs() < 0.02 && (-0.5..=side as f32 + 0.5).contains(&texels);
            is_edge.then_some(texels.round() as usize)
        };
        let [left, right] = [whole(uv.min.x, width)?, whole(uv.max.x, width)?];
        let [top, bottom] = [whole(uv.min.y, height)?, whole(uv.max.y, height)?];
        if left >= right || top >= bottom {
            return None;
        }
        let row = |y: usize| self.texels[y * width + left..y * width + right].iter();
        let pixels: Vec<u8> = (top..bottom).flat_map(row).flatten().copied().collect();
        let image = ColorImage::from_rgba_premultiplied([right - left, bottom - top], &pixels);
        Some((image, self.options.magnification == TextureFilter::Linear))
    }

    /// (width, height) in texels.
    pub(super) fn size(&self) -> [usize; 2] {
        self.size
    }

    /// The sampler for a triangle of which one pixel is as large as `texels_per_pixel` texels.
    pub(super) fn sampler(&self, texels_per_pixel: f32) -> Sampler<'_> {
        // One texel a pixel is no minification, whatever the rounding of the coordinates.
        const ONE: f32 = 1.001;
        let TextureOptions { magnification, minification, .. } = self.options;
        Sampler { texture: self, filter: if texels_per_pixel > ONE { minification } else { magnification } }
    }
}

impl Sampler<'_> {
    /// The colour at (x, y) in texels; each channel is from 0 to 255.
    #[inline]
    pub(super) fn at(self, [x, y]: [f32; 2]) -> [f32; 4] {
        if self.texture.texels.is_empty() {
            return [0.0; 4];
        }
        match self.filter {
            TextureFilter::Nearest => self.texel(x.floor(), y.floor()),
            TextureFilter::Linear => {
                let (left, top) = ((x - 0.5).floor(), (y - 0.5).floor());
                let (right, below) = (x - 0.5 - left, y - 0.5 - top);
                let upper = mix(self.texel(left, top), self.texel(left + 1.0, top), right);
                let lower = mix(self.texel(left, top + 1.0), self.texel(left + 1.0, top + 1.0), right);
                mix(upper, lower, below)
            }
        }
    }

    #[inline]
    fn texel(self, x: f32, y: f32) -> [f32; 4] {
        let Texture { size: [width, height], texels, options } = self.texture;
        let column = wrap(x as i64, *width, options.wrap_mode);
        let row = wrap(y as i64, *height, options.wrap_mode);
        texels[row * width + column].map(f32::from)
    }
}

#[inline]
fn mix(a: [f32; 4], b: [f32; 4], share: f32) -> [f32; 4] {
    [0, 1, 2, 3].map(|i| a[i] + (b[i] - a[i]) * share)
}

#[inline]
fn wrap(index: i64, length: usize, mode: TextureWrapMode) -> usize {
    let length = length as i64;
    let wrapped = match mode {
        TextureWrapMode::ClampToEdge => index.clamp(0, length - 1),
        TextureWrapMode::Repeat => index.rem_euclid(length),
        TextureWrapMode::MirroredRepeat => {
            let place = index.rem_euclid(2 * length);
            place.min(2 * length - 1 - place)
        }
    };
    wrapped as usize
}
