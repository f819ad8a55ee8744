//! Augmentation: each time an image is learnt from, it is moved and bent a little, so that a network learns what does
//! not matter.
//!
//! Coordinates are mapped back from the new image to the old one, which is read between its pixels (bilinear); what
//! comes from outside is background. Elastic distortion is that of Simard, Steinkraus and Platt (2003), "Best Practices
//! for Convolutional Neural Networks Applied to Visual Document Analysis".

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// How far images may be changed; each image's own change is drawn evenly from the range. All 0 changes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Augment {
    /// Degrees, either way.
    pub rotation: f32,
    /// Shares of the image's height and width, each way.
    pub shift: f32,
    /// Share by which an image may grow or shrink.
    pub scale: f32,
    /// Degrees that a vertical line may lean, either way.
    pub shear: f32,
    /// Strength α of elastic distortion, in pixels before smoothing: every pixel's displacement is drawn from −α … α and
    /// the field is smoothed by a Gaussian of deviation [`Augment::ELASTIC_SIGMA`].
    pub elastic: f32,
    /// Whether every other image, by chance, is mirrored left to right. Digits are not the same then.
    pub flip: bool,
}

/// Keeps these draws apart from those of the same seed that order the images.
const STREAM: u64 = 0x61_75_67_6d_65_6e_74;

impl Augment {
    /// σ of the Gaussian that smooths elastic distortion, in pixels: Simard's best for digits of 28 pixels.
    pub const ELASTIC_SIGMA: f32 = 4.0;

    /// What suits handwritten digits.
    pub const DIGITS: Self =
        Self { rotation: 10.0, shift: 0.07, scale: 0.1, shear: 10.0, elastic: 16.0, flip: false };

    /// What `keras-tanh-cnn` may be trained with: ±20°, ±20 % and a horizontal flip.
    pub const KERAS: Self =
        Self { rotation: 20.0, shift: 0.2, scale: 0.0, shear: 0.0, elastic: 0.0, flip: true };

    /// The numbers by name, with the largest that makes sense.
    const SETTINGS: [(&'static str, f32); 5] =
        [("rotation", 180.0), ("shift", 0.5), ("scale", 0.9), ("shear", 60.0), ("elastic", 200.0)];

    /// Refuses ranges that no image can be changed by: the setting, its value and the rule.
    pub fn check(&self) -> Result<(), (&'static str, f32, &'static str)> {
        let rules = [
            "must be from 0 to 180 degrees",
            "must be from 0 to 0.5",
            "must be from 0 to 0.9",
            "must be from 0 to 60 degrees",
            "must be from 0 to 200",
        ];
        for (((name, most), rule), value) in Self::SETTINGS.into_iter().zip(rules).zip(self.numbers()) {
            if !(0.0..=most).contains(&value) {
                return Err((name, value, rule));
            }
        }
        Ok(())
    }

    fn numbers(&self) -> [f32; 5] {
        [self.rotation, self.shift, self.scale, self.shear, self.elastic]
    }

    fn number_mut(&mut self, name: &str) -> Option<&mut f32> {
        match name {
            "rotation" => Some(&mut self.rotation),
            "shift" => Some(&mut self.shift),
            "scale" => Some(&mut self.scale),
            "shear" => Some(&mut self.shear),
            "elastic" => Some(&mut self.elastic),
            _ => None,
        }
    }

    /// Writes the changed image of `height × width` bytes to `out`: the change that `seed`, `epoch` and the image's
    /// number `index` determine, whatever was drawn before.
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
        for (at, pixel) in out.iter_mut().enumerate().take(height * width) {
            let (mut x, mut y) = map.back((at % width) as f32, (at / width) as f32);
            if let Some(bend) = &bend {
                x += bend.dx[at];
                y += bend.dy[at];
            }
            *pixel = bilinear(pixels, height, width, x, y).round() as u8;
        }
    }
}

/// From a pixel of the new image to where it comes from.
struct Affine {
    matrix: [f32; 4],
    center: [f32; 2],
    from: [f32; 2],
}

impl Affine {
    fn draw(settings: &Augment, rng: &mut impl Rng, height: usize, width: usize) -> Self {
        let mut within = |range: f32| range * (2.0 * rng.random::<f32>() - 1.0);
        let (sin, cos) = within(settings.rotation).to_radians().sin_cos();
        let lean = within(settings.shear).to_radians().tan();
        let grow = 1.0 / (1.0 + within(settings.scale));
        let shift = [within(settings.shift) * width as f32, within(settings.shift) * height as f32];
        let mirror = if settings.flip && rng.random::<bool>() { -1.0 } else { 1.0 };
        // Mirror · shear · rotation · scale, all about the middle.
        let matrix = [cos + lean * sin, lean * cos - sin, sin, cos].map(|v| v * grow);
        let matrix = [mirror * matrix[0], mirror * matrix[1], matrix[2], matrix[3]];
        let center = [(width as f32 - 1.0) / 2.0, (height as f32 - 1.0) / 2.0];
        Self { matrix, center, from: [center[0] + shift[0], center[1] + shift[1]] }
    }

    fn back(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - self.from[0], y - self.from[1]);
        let [a, b, c, d] = self.matrix;
        (a * x + b * y + self.center[0], c * x + d * y + self.center[1])
    }
}

/// The value between the four pixels around a place; outside is 0.
fn bilinear(pixels: &[u8], height: usize, width: usize, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (right_part, lower_part) = (x - left, y - top);
    let at = |dx: f32, dy: f32| {
        let (x, y) = (left + dx, top + dy);
        let is_inside = x >= 0.0 && y >= 0.0 && x < width as f32 && y < height as f32;
        if is_inside { f32::from(pixels[y as usize * width + x as usize]) } else { 0.0 }
    };
    let upper = at(0.0, 0.0) * (1.0 - right_part) + at(1.0, 0.0) * right_part;
    let lower = at(0.0, 1.0) * (1.0 - right_part) + at(1.0, 1.0) * right_part;
    upper * (1.0 - lower_part) + lower * lower_part
}

/// A smooth field of displacements, in pixels.
struct Elastic {
    dx: Vec<f32>,
    dy: Vec<f32>,
}

impl Elastic {
    fn draw(alpha: f32, rng: &mut impl Rng, height: usize, width: usize) -> Self {
        let mut field = || {
            let noise: Vec<f32> =
                (0..height * width).map(|_| alpha * (2.0 * rng.random::<f32>() - 1.0)).collect();
            let once = smooth_rows(&noise, width);
            transposed(&smooth_rows(&transposed(&once, width), height), height)
        };
        Self { dx: field(), dy: field() }
    }
}

/// Each row smoothed by the Gaussian, with nothing beyond its ends.
fn smooth_rows(field: &[f32], width: usize) -> Vec<f32> {
    let sigma = Augment::ELASTIC_SIGMA;
    let reach = (3.0 * sigma) as usize;
    let bell = |offset: usize| (-0.5 * (offset as f32 / sigma).powi(2)).exp();
    let total: f32 = bell(0) + 2.0 * (1..=reach).map(bell).sum::<f32>();
    let kernel: Vec<f32> = (0..=2 * reach).map(|i| bell(i.abs_diff(reach)) / total).collect();
    let mut smooth = vec![0.0; field.len()];
    for (row, out) in field.chunks_exact(width).zip(smooth.chunks_exact_mut(width)) {
        for (i, &weight) in kernel.iter().enumerate() {
            // out[x] += weight · row[x + i − reach], wherever both exist.
            let (to, from) = (reach.saturating_sub(i), i.saturating_sub(reach));
            let count = width.saturating_sub(to.max(from));
            for (o, v) in out.iter_mut().skip(to).zip(&row[from.min(width)..]).take(count) {
                *o += weight * v;
            }
        }
    }
    smooth
}

/// Rows of `width` values as columns.
fn transposed(field: &[f32], width: usize) -> Vec<f32> {
    (0..width).flat_map(|x| field.iter().skip(x).step_by(width).copied()).collect()
}

impl fmt::Display for Augment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = Self::SETTINGS.into_iter().zip(self.numbers()).filter(|(_, value)| *value != 0.0);
        let mut parts: Vec<String> = numbers.map(|((name, _), value)| format!("{name}:{value}")).collect();
        if self.flip {
            parts.push("flip".into());
        }
        f.write_str(&if parts.is_empty() { "none".into() } else { parts.join(",") })
    }
}

impl FromStr for Augment {
    type Err = String;

    /// `digits`, `keras`, `none`, or settings such as `rotation:10,shift:0.1,flip`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "digits" => return Ok(Self::DIGITS),
            "keras" => return Ok(Self::KERAS),
            "none" => return Ok(Self::default()),
            _ => {}
        }
        let mut augment = Self::default();
        for part in text.split(',') {
            let unknown = || {
                format!(
                    "'{part}' is no augmentation: digits, keras, none, or a list of rotation:DEGREES, shift:SHARE, scale:SHARE, shear:DEGREES, elastic:ALPHA and flip"
                )
            };
            if part == "flip" {
                augment.flip = true;
                continue;
            }
            let (name, value) = part.split_once(':').ok_or_else(unknown)?;
            *augment.number_mut(name).ok_or_else(unknown)? = value.parse().map_err(|_| unknown())?;
        }
        match augment.check() {
            Ok(()) => Ok(augment),
            Err((name, value, rule)) => Err(format!("{name} is {value}, but {rule}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::mnist;

    const SIDE: usize = 28;

    fn changed(settings: Augment, pixels: &[u8], draw: (u64, u64, u32)) -> Vec<u8> {
        let mut out = vec![7; SIDE * SIDE];
        settings.apply(draw, pixels, (SIDE, SIDE), &mut out);
        out
    }

    fn digit() -> Vec<u8> {
        mnist::load_test().unwrap().image(0).to_vec()
    }

    /// Where the ink is, and how much.
    fn moments(pixels: &[u8]) -> (f32, f32, f32) {
        let sum = |f: &dyn Fn(usize) -> f32| -> f32 {
            pixels.iter().enumerate().map(|(i, &p)| f32::from(p) * f(i)).sum()
        };
        let ink = sum(&|_| 1.0);
        (ink, sum(&|i| (i % SIDE) as f32) / ink, sum(&|i| (i / SIDE) as f32) / ink)
    }

    #[test]
    fn nothing_to_change_changes_nothing() {
        assert_eq!(changed(Augment::default(), &digit(), (1, 2, 3)), digit());
    }

    #[test]
    fn seed_epoch_and_number_determine_the_change_and_each_matters() {
        let image = digit();
        let of = |draw| changed(Augment::DIGITS, &image, draw);
        assert_eq!(of((1, 2, 3)), of((1, 2, 3)));
        for other in [(2, 2, 3), (1, 3, 3), (1, 2, 4)] {
            assert_ne!(of(other), of((1, 2, 3)), "{other:?}");
        }
    }

    #[test]
    fn a_shift_moves_the_ink_by_at_most_its_range() {
        let image = digit();
        let (_, x, y) = moments(&image);
        let shift = Augment { shift: 0.1, ..Augment::default() };
        let mut widest = 0.0f32;
        for i in 0..50 {
            let (_, x2, y2) = moments(&changed(shift, &image, (1, 0, i)));
            assert!((x2 - x).abs() < 2.9 && (y2 - y).abs() < 2.9);
            widest = widest.max((x2 - x).abs());
        }
        assert!(widest > 2.0, "{widest}");
    }

    #[test]
    fn scaling_changes_the_ink_by_its_square_and_rotation_keeps_it() {
        let image = digit();
        let (ink, ..) = moments(&image);
        let scale = Augment { scale: 0.2, ..Augment::default() };
        let turn = Augment { rotation: 30.0, ..Augment::default() };
        let ratios: Vec<f32> = (0..50).map(|i| moments(&changed(scale, &image, (1, 0, i))).0 / ink).collect();
        assert!(ratios.iter().all(|r| (0.6..1.5).contains(r)), "{ratios:?}");
        assert!(ratios.iter().any(|r| *r < 0.8) && ratios.iter().any(|r| *r > 1.25), "{ratios:?}");
        for i in 0..50 {
            let ratio = moments(&changed(turn, &image, (1, 0, i))).0 / ink;
            assert!((0.95..1.05).contains(&ratio), "{ratio}");
        }
    }

    #[test]
    fn a_flip_mirrors_about_half_of_the_images() {
        let image = digit();
        let mirrored: Vec<u8> = image.chunks(SIDE).flat_map(|row| row.iter().rev().copied()).collect();
        let flip = Augment { flip: true, ..Augment::default() };
        let flips = (0..200).filter(|&i| match changed(flip, &image, (1, 0, i)) {
            new if new == mirrored => true,
            new => {
                assert_eq!(new, image);
                false
            }
        });
        assert!((70..130).contains(&flips.count()));
    }

    #[test]
    fn shear_leans_a_vertical_line_and_keeps_rows() {
        let mut line = vec![0; SIDE * SIDE];
        for y in 4..24 {
            line[y * SIDE + 14] = 255;
        }
        let shear = Augment { shear: 30.0, ..Augment::default() };
        let rows = |pixels: &[u8]| -> Vec<u32> {
            pixels.chunks(SIDE).map(|row| row.iter().map(|&p| u32::from(p)).sum()).collect()
        };
        let new = changed(shear, &line, (1, 0, 0));
        assert_ne!(new, line);
        for (before, after) in rows(&line).into_iter().zip(rows(&new)) {
            assert!(before.abs_diff(after) <= 2, "{before} {after}");
        }
    }

    #[test]
    fn elastic_distortion_is_as_wide_as_simards() {
        // Evenly drawn from −α … α and smoothed over two directions: deviation α/√3 · 1/(2σ√π).
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let fields: Vec<f32> = (0..40)
            .flat_map(|_| {
                let field = Elastic::draw(34.0, &mut rng, SIDE, SIDE);
                // The middle, where the whole kernel fits nearly.
                [field.dx[14 * SIDE + 14], field.dy[14 * SIDE + 14]]
            })
            .collect();
        let deviation = (fields.iter().map(|v| v * v).sum::<f32>() / fields.len() as f32).sqrt();
        let expected = 34.0 / 3f32.sqrt() / (2.0 * Augment::ELASTIC_SIGMA * std::f32::consts::PI.sqrt());
        assert!((0.75..1.25).contains(&(deviation / expected)), "{deviation} {expected}");
    }

    #[test]
    fn images_that_are_not_square_and_of_one_pixel_are_taken() {
        for (height, width) in [(1, 1), (3, 7), (7, 3), (1, 40)] {
            let pixels = vec![200; height * width];
            let mut out = vec![0; height * width];
            Augment::DIGITS.apply((1, 1, 1), &pixels, (height, width), &mut out);
        }
    }

    #[test]
    fn text_reads_back_and_what_makes_no_sense_is_refused() {
        for text in ["none", "rotation:10,shift:0.07,scale:0.1,shear:10,elastic:16", "shift:0.2,flip"] {
            assert_eq!(text.parse::<Augment>().unwrap().to_string(), text);
        }
        assert_eq!("digits".parse(), Ok(Augment::DIGITS));
        assert_eq!(Augment::KERAS.to_string(), "rotation:20,shift:0.2,flip");
        for (text, part) in [
            ("turn:3", "'turn:3' is no augmentation"),
            ("rotation", "'rotation' is no augmentation"),
            ("rotation:x", "'rotation:x' is no augmentation"),
            ("", "'' is no augmentation"),
            ("shift:0.6", "shift is 0.6, but must be from 0 to 0.5"),
            ("rotation:NaN", "rotation is NaN"),
            ("scale:-1", "scale is -1"),
        ] {
            let error = text.parse::<Augment>().unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
