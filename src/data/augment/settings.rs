//! The settings of data augmentation, and their text form.

use crate::text::{Say, Sentence};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The settings of data augmentation. Each image's transform is drawn uniformly from these ranges; the default changes
/// nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Augment {
    /// Largest rotation either way, in degrees.
    pub rotation: f32,
    /// Largest shift each way, as a fraction of the image's height and width.
    pub shift: f32,
    /// Largest relative change of size.
    pub scale: f32,
    /// Largest relative change of the width alone.
    pub aspect: f32,
    /// Largest slant of a vertical line either way, in degrees.
    pub shear: f32,
    /// Strength α of elastic distortion in pixels: each pixel's displacement is drawn from −α … α, and the field is
    /// smoothed by a Gaussian with the standard deviation [`Augment::ELASTIC_SIGMA`].
    pub elastic: f32,
    /// Largest dilation or erosion of a stroke on each side, in pixels.
    pub thickness: f32,
    /// The fraction of images whose strokes are redrawn along their centre lines with a round pen.
    pub pen: f32,
    /// The fraction of single straight strokes, which among digits only a 1 is, that get a flag at the top, a foot, or
    /// both.
    pub serifs: f32,
    /// The fraction of images that are reduced to a coarse scan of 7 to 12 pixels and enlarged again.
    pub scan: f32,
    /// Largest standard deviation of a Gaussian blur, in pixels.
    pub blur: f32,
    /// The fraction of images that are replaced by synthetic handwriting of the same class. For data sets whose classes are
    /// the digits 0 to 9.
    pub hands: f32,
    /// The fraction of images that are replaced by outliers of no class ([`NO_CLASS`]): letters, scribbles, pairs of
    /// digits, rotated digits, textures and shapes. Their target is the uniform distribution.
    pub outliers: f32,
    /// Whether half of the images are mirrored left to right. Unsuitable for digits.
    pub flip: bool,
    /// Whether the transformed image is scaled and centred again, as a drawing is for the network
    /// ([`super::digit::normalise`]).
    pub normalise: bool,
}

impl Augment {
    /// σ of the Gaussian that smooths elastic distortion, in pixels: Simard's best value for MNIST.
    pub const ELASTIC_SIGMA: f32 = 4.0;

    /// No augmentation.
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

    /// The usual augmentation for handwritten digits.
    pub const DIGITS: Self =
        Self { rotation: 10.0, shift: 0.07, scale: 0.1, shear: 10.0, elastic: 16.0, ..Self::NONE };

    /// The augmentation of `keras-tanh-cnn`: ±20°, ±20 % and a horizontal flip.
    pub const KERAS: Self = Self { rotation: 20.0, shift: 0.2, flip: true, ..Self::NONE };

    /// The augmentation of the shipped network, which turns scanned digits into drawings by mouse or pen.
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
        hands: 0.28,
        outliers: 0.12,
        normalise: true,
        ..Self::NONE
    };

    /// The numeric settings: name, largest value, and the rule in words.
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

    /// Checks all ranges. The error is the setting's name, its value and the rule that it breaks.
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

/// Why a text is not an augmentation.
#[derive(Clone, Debug, PartialEq)]
pub enum AugmentError {
    /// This part is not a setting, or its value is not a number.
    Unknown(String),
    /// A setting is out of its range.
    OutOfRange {
        /// The setting's name.
        setting: &'static str,
        /// Its value.
        value: f32,
        /// The rule that it breaks.
        rule: &'static str,
    },
}

impl Say for AugmentError {
    fn say(&self) -> Sentence {
        match self {
            Self::Unknown(part) => Sentence::new(
                "unknown augmentation '{part}': use drawn, digits, keras, none, or a list of rotation:DEGREES, shift:FRACTION, scale:FRACTION, aspect:FRACTION, shear:DEGREES, elastic:ALPHA, thickness:PIXELS, pen:FRACTION, serifs:FRACTION, scan:FRACTION, blur:PIXELS, hands:FRACTION, outliers:FRACTION, flip and normalise",
            )
            .with("part", part),
            Self::OutOfRange { setting, value, rule } => Sentence::new("{setting} is {value}, but {rule}")
                .name("setting", setting)
                .with("value", value)
                .part("rule", Sentence::new(rule)),
        }
    }
}

impl fmt::Display for AugmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for AugmentError {}

impl FromStr for Augment {
    type Err = AugmentError;

    /// Parses `drawn`, `digits`, `keras`, `none`, or a list of settings such as `rotation:10,shift:0.1,flip`.
    fn from_str(text: &str) -> Result<Self, AugmentError> {
        match text {
            "drawn" => return Ok(Self::DRAWN),
            "digits" => return Ok(Self::DIGITS),
            "keras" => return Ok(Self::KERAS),
            "none" => return Ok(Self::default()),
            _ => {}
        }
        let mut augment = Self::default();
        for part in text.split(',') {
            let unknown = || AugmentError::Unknown(part.to_owned());
            match part {
                "flip" => augment.flip = true,
                "normalise" => augment.normalise = true,
                _ => {
                    let (name, value) = part.split_once(':').ok_or_else(unknown)?;
                    *augment.number_mut(name).ok_or_else(unknown)? = value.parse().map_err(|_| unknown())?;
                }
            }
        }
        let out_of_range = |(setting, value, rule)| AugmentError::OutOfRange { setting, value, rule };
        augment.check().map_err(out_of_range)?;
        Ok(augment)
    }
}
