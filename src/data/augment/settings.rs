//! Which changes there may be, and how they are written.

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
    /// The share of images that are replaced by a digit of the same class written anew, as strokes of a pen, in one of the
    /// ways that people have of writing it. For labels 0 to 9 that are digits.
    pub hands: f32,
    /// The share of images that are replaced by what shows no class: letters, scribbles, two digits, turned digits,
    /// textures. The network is to be sure of nothing about them ([`NO_CLASS`]).
    pub outliers: f32,
    /// Whether every other image, by chance, is mirrored left to right. Digits are not the same then.
    pub flip: bool,
    /// Whether the changed image is brought to the size and place of MNIST's digits again, as a drawing is before it is
    /// read ([`super::digit::normalise`]).
    pub normalise: bool,
}

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
        hands: 0.0,
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
        hands: 0.2,
        outliers: 0.1,
        normalise: true,
        ..Self::NONE
    };

    /// The numbers by name, with the largest that makes sense, and that in words.
    const SETTINGS: [(&'static str, f32, &'static str); 13] = [
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
        ("hands", 1.0, "must be from 0 to 1"),
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

    fn numbers(&self) -> [f32; 13] {
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
            "hands" => Some(&mut self.hands),
            "outliers" => Some(&mut self.outliers),
            _ => None,
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
                    "'{part}' is no augmentation: drawn, digits, keras, none, or a list of rotation:DEGREES, shift:SHARE, scale:SHARE, aspect:SHARE, shear:DEGREES, elastic:ALPHA, thickness:PIXELS, pen:SHARE, serifs:SHARE, scan:SHARE, blur:PIXELS, hands:SHARE, outliers:SHARE, flip and normalise"
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
