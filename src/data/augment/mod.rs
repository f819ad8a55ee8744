//! Augmentation: each time an image is learnt from, it is moved, bent and drawn anew a little, so that a network learns
//! what does not matter.
//!
//! Coordinates are mapped back from the new image to the old one, which is read between its pixels (bilinear); what
//! comes from outside is background. Elastic distortion is that of Simard, Steinkraus and Platt (2003), "Best Practices
//! for Convolutional Neural Networks Applied to Visual Document Analysis".

mod outlier;
mod pen;
mod scan;
mod serif;
mod warp;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt, str::FromStr};

use super::{Split, area, digit};
use image::GrayImage;
use warp::{Affine, Elastic, bilinear};

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
    /// Share by which an image may become wider or narrower at the same height.
    pub aspect: f32,
    /// Degrees that a vertical line may lean, either way.
    pub shear: f32,
    /// Strength α of elastic distortion, in pixels before smoothing: every pixel's displacement is drawn from −α … α and
    /// the field is smoothed by a Gaussian of deviation [`Augment::ELASTIC_SIGMA`].
    pub elastic: f32,
    /// Pixels by which each side of a stroke may grow or be worn away.
    pub thickness: f32,
    /// The share of images that are drawn anew along the middle of their strokes, by a round pen of even width: from a
    /// hair to a fifth of a digit's height.
    pub pen: f32,
    /// The share of single straight strokes, which among digits only a 1 is, that get the flag at the top, the foot, or
    /// both, that many people write a 1 with.
    pub serifs: f32,
    /// The share of images that are seen as a coarse scan of 7 to 12 pixels, blown up.
    pub scan: f32,
    /// The largest deviation of a Gaussian blur, in pixels.
    pub blur: f32,
    /// The share of images that are replaced by what shows no class: letters, scribbles, two digits, turned digits,
    /// textures. The network is to be sure of nothing about them ([`NO_CLASS`]).
    pub outliers: f32,
    /// Whether every other image, by chance, is mirrored left to right. Digits are not the same then.
    pub flip: bool,
    /// Whether the changed image is brought to the size and place of MNIST's digits again, as a drawing is before it is
    /// read ([`super::digit::normalise`]).
    pub normalise: bool,
}

/// Keeps these draws apart from those of the same seed that order the images.
const STREAM: u64 = 0x61_75_67_6d_65_6e_74;

const OUTLIERS: u64 = 0x6f_75_74_6c_69_65_72;

/// The label of what [`Augment::replace`] wrote: with fewer than 256 classes it is none of them.
pub const NO_CLASS: u8 = 255;

/// Pixels of the sheet that a pixel of the image becomes, where strokes are changed.
const FINE: usize = 2;

impl Augment {
    /// σ of the Gaussian that smooths elastic distortion, in pixels: Simard's best for digits of 28 pixels.
    pub const ELASTIC_SIGMA: f32 = 4.0;

    /// Changes nothing.
    const NONE: Self = Self {
        rotation: 0.0,
        shift: 0.0,
        scale: 0.0,
        aspect: 0.0,
        shear: 0.0,
        elastic: 0.0,
        thickness: 0.0,
        pen: 0.0,
        serifs: 0.0,
        scan: 0.0,
        blur: 0.0,
        outliers: 0.0,
        flip: false,
        normalise: false,
    };

    /// What suits handwritten digits.
    pub const DIGITS: Self =
        Self { rotation: 10.0, shift: 0.07, scale: 0.1, shear: 10.0, elastic: 16.0, ..Self::NONE };

    /// What `keras-tanh-cnn` may be trained with: ±20°, ±20 % and a horizontal flip.
    pub const KERAS: Self = Self { rotation: 20.0, shift: 0.2, flip: true, ..Self::NONE };

    /// What makes of scanned digits such as people draw with a mouse or pen: what the shipped network is trained with.
    pub const DRAWN: Self = Self {
        rotation: 12.0,
        aspect: 0.45,
        shear: 18.0,
        elastic: 24.0,
        thickness: 0.6,
        pen: 0.5,
        serifs: 0.55,
        scan: 0.22,
        blur: 0.6,
        outliers: 0.1,
        normalise: true,
        ..Self::NONE
    };

    /// The numbers by name, with the largest that makes sense, and that in words.
    const SETTINGS: [(&'static str, f32, &'static str); 12] = [
        ("rotation", 180.0, "must be from 0 to 180 degrees"),
        ("shift", 0.5, "must be from 0 to 0.5"),
        ("scale", 0.9, "must be from 0 to 0.9"),
        ("aspect", 0.9, "must be from 0 to 0.9"),
        ("shear", 60.0, "must be from 0 to 60 degrees"),
        ("elastic", 200.0, "must be from 0 to 200"),
        ("thickness", 2.0, "must be from 0 to 2 pixels"),
        ("pen", 1.0, "must be from 0 to 1"),
        ("serifs", 1.0, "must be from 0 to 1"),
        ("scan", 1.0, "must be from 0 to 1"),
        ("blur", 4.0, "must be from 0 to 4 pixels"),
        ("outliers", 0.9, "must be from 0 to 0.9"),
    ];

    /// Refuses ranges that no image can be changed by: the setting, its value and the rule.
    pub fn check(&self) -> Result<(), (&'static str, f32, &'static str)> {
        for ((name, most, rule), value) in Self::SETTINGS.into_iter().zip(self.numbers()) {
            if !(0.0..=most).contains(&value) {
                return Err((name, value, rule));
            }
        }
        Ok(())
    }

    fn numbers(&self) -> [f32; 12] {
        let mut copy = *self;
        Self::SETTINGS.map(|(name, ..)| copy.number_mut(name).copied().unwrap_or_default())
    }

    fn number_mut(&mut self, name: &str) -> Option<&mut f32> {
        match name {
            "rotation" => Some(&mut self.rotation),
            "shift" => Some(&mut self.shift),
            "scale" => Some(&mut self.scale),
            "aspect" => Some(&mut self.aspect),
            "shear" => Some(&mut self.shear),
            "elastic" => Some(&mut self.elastic),
            "thickness" => Some(&mut self.thickness),
            "pen" => Some(&mut self.pen),
            "serifs" => Some(&mut self.serifs),
            "scan" => Some(&mut self.scan),
            "blur" => Some(&mut self.blur),
            "outliers" => Some(&mut self.outliers),
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

    /// Writes what shows no class to `out`, if that is this image's turn by `seed`, `epoch` and `index`.
    pub fn replace(&self, (seed, epoch, index): (u64, u64, u32), split: &Split, out: &mut [u8]) -> bool {
        if self.outliers == 0.0 {
            return false;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ OUTLIERS);
        rng.set_stream(epoch << 32 | u64::from(index));
        let is_replaced = rng.random::<f32>() < self.outliers;
        if is_replaced {
            let sheet = outlier::draw(split, &mut rng);
            sheet.write(out, (split.height(), split.width()), true);
        }
        is_replaced
    }

    fn changes_strokes(&self) -> bool {
        self.normalise
            || [self.thickness, self.pen, self.serifs, self.scan, self.blur].iter().any(|&range| range > 0.0)
    }

    /// What is done to strokes, on the fine sheet.
    fn redraw(&self, sheet: &mut Sheet, is_straight: bool, rng: &mut impl Rng) {
        // Drawn in any case, so that one setting's draws are not another one's.
        let [by_pen, width, by_scan, blur, thickness] = std::array::from_fn(|_| rng.random::<f32>());
        if by_pen < self.pen {
            pen::redraw(sheet, width, is_straight, rng);
        } else if self.thickness > 0.0 {
            pen::thicken(sheet, self.thickness * (2.0 * thickness - 1.0) * FINE as f32);
        }
        if self.blur > 0.0 {
            scan::blur(sheet, self.blur * blur * FINE as f32);
        }
        if by_scan < self.scan {
            scan::coarsen(sheet, rng);
        }
    }
}

/// An image on its way, [`FINE`] times as fine: values from 0 to 255, row by row.
struct Sheet {
    values: Vec<f32>,
    height: usize,
    width: usize,
}

impl Sheet {
    /// The moved and bent image.
    fn read(pixels: &[u8], (height, width): (usize, usize), map: &Affine, bend: Option<&Elastic>) -> Self {
        let mut sheet = Self { values: Vec::new(), height: height * FINE, width: width * FINE };
        let coarse = |fine: usize| (fine as f32 + 0.5) / FINE as f32 - 0.5;
        let value = |at: usize| {
            let (column, row) = (at % sheet.width, at / sheet.width);
            let (mut x, mut y) = map.back(coarse(column), coarse(row));
            if let Some(bend) = bend {
                let at = row / FINE * width + column / FINE;
                x += bend.dx[at];
                y += bend.dy[at];
            }
            bilinear(pixels, height, width, x, y)
        };
        sheet.values = (0..sheet.width * sheet.height).map(value).collect();
        sheet
    }

    /// Writes the image in its own size, brought to the size and place of MNIST's digits if that is wanted. What would
    /// have no ink then stays as it is.
    fn write(&self, out: &mut [u8], (height, width): (usize, usize), normalise: bool) {
        let bytes = self.values.iter().map(|value| value.round() as u8).collect();
        let mut image = GrayImage::from_raw(self.width as u32, self.height as u32, bytes).unwrap_or_default();
        if normalise && let Some(stages) = digit::fitted(&image) {
            image = stages.input;
        }
        let values = area::resample(&image, width, height);
        for (pixel, value) in out.iter_mut().zip(values) {
            *pixel = value.round() as u8;
        }
    }
}

impl fmt::Display for Augment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = Self::SETTINGS.into_iter().zip(self.numbers()).filter(|(_, value)| *value != 0.0);
        let mut parts: Vec<String> = numbers.map(|((name, ..), value)| format!("{name}:{value}")).collect();
        let flags = [(self.flip, "flip"), (self.normalise, "normalise")];
        parts.extend(flags.into_iter().filter(|(is_on, _)| *is_on).map(|(_, name)| name.to_owned()));
        f.write_str(&if parts.is_empty() { "none".into() } else { parts.join(",") })
    }
}

impl FromStr for Augment {
    type Err = String;

    /// `drawn`, `digits`, `keras`, `none`, or settings such as `rotation:10,shift:0.1,flip`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "drawn" => return Ok(Self::DRAWN),
            "digits" => return Ok(Self::DIGITS),
            "keras" => return Ok(Self::KERAS),
            "none" => return Ok(Self::default()),
            _ => {}
        }
        let mut augment = Self::default();
        for part in text.split(',') {
            let unknown = || {
                format!(
                    "'{part}' is no augmentation: drawn, digits, keras, none, or a list of rotation:DEGREES, shift:SHARE, scale:SHARE, aspect:SHARE, shear:DEGREES, elastic:ALPHA, thickness:PIXELS, pen:SHARE, serifs:SHARE, scan:SHARE, blur:PIXELS, outliers:SHARE, flip and normalise"
                )
            };
            match part {
                "flip" => augment.flip = true,
                "normalise" => augment.normalise = true,
                _ => {
                    let (name, value) = part.split_once(':').ok_or_else(unknown)?;
                    *augment.number_mut(name).ok_or_else(unknown)? = value.parse().map_err(|_| unknown())?;
                }
            }
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
