//! Images moved, rotated, with thinner or thicker strokes, or with noise: how a network does on images other than those that it learnt.

use super::{
    Split,
    augment::{
        thickened,
        warp::{Affine, bilinear},
    },
};
use crate::text::{Say, Sentence};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use std::{fmt, ops::Range};

/// Noise has a random stream of its own.
const STREAM: u64 = 0x6e_6f_69_73_65;

/// The most pixels by which the edges of strokes are moved. Beyond it, few strokes of a digit are left, or little between
/// them.
const MAX_THICKNESS: f32 = 4.0;

/// The largest standard deviation of noise. Beyond it, nearly every pixel is 0 or full ink.
const MAX_NOISE: f32 = 10.0;

/// A change of an image: its strokes get thinner or thicker, it is rotated, then moved, then gets noise. The default changes
/// nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Change {
    /// Pixels by which the edges of strokes are moved outwards, or inwards if negative.
    pub thickness: f32,
    /// Pixels down and to the right. What comes in from outside is background.
    pub shift: (i32, i32),
    /// Degrees counter-clockwise about the image's centre, by bilinear interpolation.
    pub rotation: f32,
    /// The standard deviation of Gaussian noise, where full ink is 1. Values stay between 0 and full ink.
    pub noise: f32,
}

/// A setting of a change that is out of its range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeError {
    setting: &'static str,
    value: String,
    rule: Sentence,
}

impl Say for ChangeError {
    fn say(&self) -> Sentence {
        Sentence::new("{setting} is {value}, but {rule}")
            .name("setting", self.setting)
            .with("value", &self.value)
            .part("rule", self.rule.clone())
    }
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for ChangeError {}

impl Change {
    /// Whether it changes nothing.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Checks the settings for images of this size.
    ///
    /// # Errors
    /// If a number is not finite or out of its range, or if the shift would move every pixel out of the image.
    pub fn check(&self, height: usize, width: usize) -> Result<(), ChangeError> {
        let (down, right) = self.shift;
        let leaves = |by: i32, side: usize| by.unsigned_abs() as usize >= side;
        if leaves(down, height) || leaves(right, width) {
            let rule = Sentence::new("must keep a part of images of {height}×{width} in sight")
                .with("height", height)
                .with("width", width);
            return Err(ChangeError { setting: "shift", value: format!("{down},{right}"), rule });
        }
        if !(-360.0..=360.0).contains(&self.rotation) {
            let rule = Sentence::new("must be from −360 to 360 degrees");
            return Err(ChangeError { setting: "rotation", value: self.rotation.to_string(), rule });
        }
        if !(-MAX_THICKNESS..=MAX_THICKNESS).contains(&self.thickness) {
            let rule = Sentence::new("must be from −{most} to {most} pixels").with("most", MAX_THICKNESS);
            return Err(ChangeError { setting: "thickness", value: self.thickness.to_string(), rule });
        }
        if !(0.0..=MAX_NOISE).contains(&self.noise) {
            let rule = Sentence::new("must be from 0 to {most}").with("most", MAX_NOISE);
            return Err(ChangeError { setting: "noise", value: self.noise.to_string(), rule });
        }
        Ok(())
    }

    /// Writes an image of `height × width` bytes to `out`, changed. The noise depends on `seed` and `index` only.
    pub fn apply(
        &self,
        (seed, index): (u64, u64),
        pixels: &[u8],
        (height, width): (usize, usize),
        out: &mut [u8],
    ) {
        let mut thicker = Vec::new();
        let pixels = if self.thickness == 0.0 {
            pixels
        } else {
            thicker.resize(pixels.len(), 0);
            thickened(pixels, (height, width), self.thickness, &mut thicker);
            &thicker
        };
        if self.rotation == 0.0 && self.shift == (0, 0) {
            out.copy_from_slice(pixels);
        } else {
            let map = Affine::turned(self.rotation, self.shift, height, width);
            for (at, pixel) in out.iter_mut().enumerate() {
                let (x, y) = map.back((at % width) as f32, (at / width) as f32);
                *pixel = bilinear(pixels, height, width, x, y).round() as u8;
            }
        }
        if self.noise > 0.0 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed ^ STREAM);
            rng.set_stream(index);
            let deviation = self.noise * 255.0;
            for pixel in out {
                let noise: f32 = rng.sample(StandardNormal);
                // A conversion to bytes ends at 0 and 255.
                *pixel = (f32::from(*pixel) + deviation * noise).round() as u8;
            }
        }
    }

    /// A copy of the images in `range`, each changed.
    #[must_use]
    pub fn of(&self, split: &Split, range: Range<usize>, seed: u64) -> Split {
        let size = (split.height(), split.width());
        let map = size.0 * size.1;
        split.rewritten(range, |index, image, out| {
            for (channel, (image, out)) in image.chunks_exact(map).zip(out.chunks_exact_mut(map)).enumerate()
            {
                // Each channel has noise of its own.
                self.apply((seed, (channel as u64) << 48 | index as u64), image, size, out);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(change: Change, pixels: &[u8], (height, width): (usize, usize)) -> Vec<u8> {
        let mut out = vec![9; height * width];
        change.apply((1, 0), pixels, (height, width), &mut out);
        out
    }

    #[test]
    fn a_shift_moves_every_pixel_and_fills_with_background() {
        let pixels: Vec<u8> = (1..=20).collect();
        let (height, width) = (4, 5);
        for shift in [(0, 0), (1, 0), (0, -2), (-3, 4), (2, 1)] {
            let out = changed(Change { shift, ..Change::default() }, &pixels, (height, width));
            for y in 0..height as i32 {
                for x in 0..width as i32 {
                    let (from_y, from_x) = (y - shift.0, x - shift.1);
                    let is_inside =
                        (0..height as i32).contains(&from_y) && (0..width as i32).contains(&from_x);
                    let expected = if is_inside { pixels[(from_y * 5 + from_x) as usize] } else { 0 };
                    assert_eq!(out[(y * 5 + x) as usize], expected, "{shift:?} at {y}, {x}");
                }
            }
        }
    }

    #[test]
    fn a_rotation_is_counter_clockwise_about_the_centre() {
        #[rustfmt::skip]
        let pixels = [1, 2, 3,
                      4, 5, 6,
                      7, 8, 9];
        let turned = |rotation| changed(Change { rotation, ..Change::default() }, &pixels, (3, 3));
        assert_eq!(turned(90.0), [3, 6, 9, 2, 5, 8, 1, 4, 7]);
        assert_eq!(turned(-90.0), [7, 4, 1, 8, 5, 2, 9, 6, 3]);
        assert_eq!(turned(180.0), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
        // Rotated, then moved.
        let both = Change { rotation: 90.0, shift: (1, 0), ..Change::default() };
        assert_eq!(changed(both, &pixels, (3, 3)), [0, 0, 0, 3, 6, 9, 2, 5, 8]);
        // Between pixels, each value is a mean of the four around it.
        let half =
            changed(Change { rotation: 45.0, ..Change::default() }, &[0, 0, 0, 0, 200, 0, 0, 0, 0], (3, 3));
        let diagonal = 2.0_f32.sqrt() / 2.0;
        let side = 200.0 * (1.0 - diagonal) * (1.0 - diagonal);
        assert_eq!((half[4], half[0]), (200, 0));
        assert!((f32::from(half[1]) - side).abs() <= 0.5, "{half:?}");
    }

    #[test]
    fn noise_has_its_deviation_its_seed_and_its_range() {
        let noisy = |index, seed, noise, value| {
            let mut out = vec![0; 10_000];
            Change { noise, ..Change::default() }.apply(
                (seed, index),
                &[value; 10_000],
                (100, 100),
                &mut out,
            );
            out
        };
        let out = noisy(0, 1, 0.1, 128);
        let mean = out.iter().map(|&v| f64::from(v)).sum::<f64>() / 1e4;
        let variance = out.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / 1e4;
        assert!((mean - 128.0).abs() < 1.0 && (variance.sqrt() - 25.5).abs() < 1.0, "{mean} {variance}");
        assert_eq!(out, noisy(0, 1, 0.1, 128));
        assert_ne!(out, noisy(1, 1, 0.1, 128));
        assert_ne!(out, noisy(0, 2, 0.1, 128));
        // Half of the noise on a background would be below 0.
        let ends =
            |value: u8| noisy(0, 1, 0.3, value).into_iter().filter(|v| *v == value).map(u32::from).count();
        assert!((4700..5300).contains(&ends(0)), "{}", ends(0));
        assert!((4700..5300).contains(&ends(255)), "{}", ends(255));
    }

    #[test]
    fn the_edges_of_strokes_are_moved_by_so_much() {
        // A bar of four columns.
        let bar: Vec<u8> = (0..20 * 20).map(|at| u8::from((8..12).contains(&(at % 20))) * 255).collect();
        let width = |thickness| {
            let out = changed(Change { thickness, ..Change::default() }, &bar, (20, 20));
            out[10 * 20..11 * 20].iter().map(|&v| f32::from(v) / 255.0).sum::<f32>()
        };
        for by in [-1.0, -0.5, 0.5, 1.0, 2.0] {
            assert!((width(by) - (4.0 + 2.0 * by)).abs() < 0.7, "{by}: {}", width(by));
        }
        assert_eq!(width(0.0), 4.0);
        let widths = [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5].map(width);
        assert!(widths.is_sorted(), "{widths:?}");
        // A stroke thinner than that is gone.
        assert!(width(-3.0) < 0.1);
    }

    #[test]
    fn a_part_of_a_set_is_changed_as_the_whole_is() {
        let split = Split::new("s", (0..60).collect(), (0..10).collect(), 2, 3).unwrap();
        let change = Change { shift: (0, 1), noise: 0.2, ..Change::default() };
        let (whole, part) = (change.of(&split, 0..10, 7), change.of(&split, 4..9, 7));
        assert_eq!((part.len(), part.labels()), (5, &[4, 5, 6, 7, 8][..]));
        assert!((0..5).all(|i| part.image(i) == whole.image(i + 4)));
    }

    #[test]
    fn a_setting_out_of_its_range_is_told() {
        let told = |change: Change| change.check(28, 20).unwrap_err().to_string();
        let none = Change::default();
        assert_eq!(none.check(28, 20), Ok(()));
        let most = Change { thickness: -4.0, shift: (-27, 19), rotation: -360.0, noise: 10.0 };
        assert_eq!(most.check(28, 20), Ok(()));
        let line = told(Change { shift: (0, 20), ..none });
        assert_eq!(line, "shift is 0,20, but must keep a part of images of 28×20 in sight");
        assert!(told(Change { shift: (i32::MIN, 0), ..none }).contains("-2147483648,0"));
        assert_eq!(
            told(Change { rotation: 361.0, ..none }),
            "rotation is 361, but must be from −360 to 360 degrees"
        );
        assert!(told(Change { rotation: f32::NAN, ..none }).contains("rotation is NaN"));
        assert_eq!(told(Change { noise: -0.1, ..none }), "noise is -0.1, but must be from 0 to 10");
        assert!(told(Change { noise: f32::INFINITY, ..none }).contains("noise is inf"));
        let line = told(Change { thickness: 4.5, ..none });
        assert_eq!(line, "thickness is 4.5, but must be from −4 to 4 pixels");
    }
}
