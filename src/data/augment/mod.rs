//! Data augmentation: each training image is transformed, redrawn or replaced at random, anew in every epoch.
//!
//! Geometric transforms map each output pixel back to a position in the input, which is interpolated bilinearly; outside
//! the input is background. Elastic distortion follows Simard, Steinkraus and Platt, "Best Practices for Convolutional
//! Neural Networks Applied to Visual Document Analysis" (2003).

mod hand;
mod outlier;
mod pen;
mod scan;
mod serif;
mod settings;
mod sheet;
pub(super) mod warp;

pub use settings::{Augment, AugmentError};

use super::{Split, area};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sheet::{FINE, Sheet};
use std::borrow::Cow;
use warp::{Affine, Elastic, bilinear};

// One random stream per purpose: settings of one kind do not change the draws of another, nor the order of images.
const STREAM: u64 = 0x61_75_67_6d_65_6e_74;
const OUTLIERS: u64 = 0x6f_75_74_6c_69_65_72;
const HANDS: u64 = 0x68_61_6e_64_73;

/// The label of an outlier, an image of no class. Training sets have fewer than 256 classes.
pub const NO_CLASS: u8 = 255;

/// Writes an image with the edges of its strokes moved outwards by so many pixels, or inwards if negative.
pub(super) fn thickened(pixels: &[u8], (height, width): (usize, usize), by: f32, out: &mut [u8]) {
    let as_it_is = Affine::turned(0.0, (0, 0), height, width);
    let mut sheet = Sheet::read(pixels, (height, width), &as_it_is, None);
    pen::thicken(&mut sheet, by * FINE as f32);
    sheet.write(out, (height, width), false);
}

impl Augment {
    /// Writes image `index` of `split` to `out`, augmented, and returns its label: [`NO_CLASS`] if an outlier replaced it.
    ///
    /// The result depends only on `seed`, `epoch` and `index`. Outliers are made from the first `learnt` images, so that
    /// they never contain validation images.
    pub fn change(
        &self,
        (seed, epoch, index): (u64, u64, u32),
        split: &Split,
        learnt: usize,
        out: &mut [u8],
    ) -> u8 {
        let label = split.label(index as usize);
        let size = (split.height(), split.width());
        let turn = |share: f32, stream: u64| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed ^ stream);
            rng.set_stream(epoch << 32 | u64::from(index));
            (share > 0.0 && rng.random::<f32>() < share).then_some(rng)
        };
        if let Some(mut rng) = turn(self.outliers, OUTLIERS) {
            outlier::draw(split, learnt.clamp(1, split.len().max(1)), &mut rng).write(out, size, true);
            return NO_CLASS;
        }
        if let Some(mut rng) = turn(self.hands, HANDS)
            && let Some(mut sheet) = hand::draw(label, &mut rng)
        {
            self.rescan(&mut sheet, &mut rng);
            sheet.write(out, size, true);
            return label;
        }
        let map = size.0 * size.1;
        let image = split.image(index as usize);
        // The same random numbers for each channel: all are moved alike.
        for (pixels, out) in image.chunks_exact(map).zip(out.chunks_exact_mut(map)) {
            self.apply((seed, epoch, index), pixels, size, out);
        }
        label
    }

    /// Writes an image of `height × width` bytes to `out`, transformed. The result depends only on `seed`, `epoch` and
    /// `index`. Replaces no image: see [`Augment::change`].
    pub fn apply(
        &self,
        (seed, epoch, index): (u64, u64, u32),
        pixels: &[u8],
        (height, width): (usize, usize),
        out: &mut [u8],
    ) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ STREAM);
        rng.set_stream(epoch << 32 | u64::from(index));
        let map = Affine::draw(self, &mut rng, height, width);
        let bend = (self.elastic > 0.0).then(|| Elastic::draw(self.elastic, &mut rng, height, width));
        if self.changes_strokes() {
            let stem = serif::Stem::of(pixels, width);
            let has_serifs = rng.random::<f32>() < self.serifs;
            let source = match &stem {
                Some(stem) if has_serifs => Cow::Owned(stem.with_serifs(pixels, width, &mut rng)),
                _ => Cow::Borrowed(pixels),
            };
            let mut sheet = Sheet::read(&source, (height, width), &map, bend.as_ref());
            self.redraw(&mut sheet, stem.is_some() && !has_serifs, &mut rng);
            sheet.write(out, (height, width), self.normalise);
            return;
        }
        for (at, pixel) in out.iter_mut().enumerate().take(height * width) {
            let (mut x, mut y) = map.back((at % width) as f32, (at / width) as f32);
            if let Some(bend) = &bend {
                x += bend.dx[at];
                y += bend.dy[at];
            }
            *pixel = bilinear(pixels, height, width, x, y).round() as u8;
        }
    }

    /// The first setting that redraws strokes or replaces images, which is made for grey images alone, with its value.
    pub fn for_grey_alone(&self) -> Option<(&'static str, f32)> {
        let settings = [
            ("thickness", self.thickness),
            ("pen", self.pen),
            ("serifs", self.serifs),
            ("scan", self.scan),
            ("blur", self.blur),
            ("hands", self.hands),
            ("outliers", self.outliers),
            ("normalise", f32::from(u8::from(self.normalise))),
        ];
        settings.into_iter().find(|(_, value)| *value > 0.0)
    }

    fn changes_strokes(&self) -> bool {
        self.normalise
            || [self.thickness, self.pen, self.serifs, self.scan, self.blur].iter().any(|&range| range > 0.0)
    }

    /// Redraws the strokes or changes their thickness.
    fn redraw(&self, sheet: &mut Sheet, is_straight: bool, rng: &mut impl Rng) {
        // Always drawn, so that a setting does not change the draws of those after it.
        let [by_pen, width, thickness] = std::array::from_fn(|_| rng.random::<f32>());
        if by_pen < self.pen {
            pen::redraw(sheet, width, is_straight, rng);
        } else if self.thickness > 0.0 {
            pen::thicken(sheet, self.thickness * (2.0 * thickness - 1.0) * FINE as f32);
        }
        self.rescan(sheet, rng);
    }

    /// Simulates a camera's blur and a coarse scan.
    fn rescan(&self, sheet: &mut Sheet, rng: &mut impl Rng) {
        let [by_scan, blur] = std::array::from_fn(|_| rng.random::<f32>());
        if self.blur > 0.0 {
            scan::blur(sheet, self.blur * blur * FINE as f32);
        }
        if by_scan < self.scan {
            scan::coarsen(sheet, rng);
        }
    }
}

#[cfg(test)]
mod tests;
