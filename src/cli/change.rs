//! `--thickness`, `--shift`, `--rotate` and `--noise`: changes of the images before a network sees them.

use super::{error::Usage, number::real};
use crate::{
    data::Change,
    text::{Sentence, tr},
};
use anyhow::Result;
use clap::Args;

/// The seed of the noise: the same images get the same noise every time.
pub(super) const NOISE_SEED: u64 = 1;

/// The options.
#[derive(Debug, Args)]
pub(super) struct ChangeOptions {
    /// Make strokes thicker by this many pixels on each side first, or thinner if negative.
    #[arg(long, value_name = "PX", value_parser = real::<f32>(), allow_hyphen_values = true, default_value = "0", hide_default_value = true)]
    thickness: f32,
    /// Move the images this many pixels down and to the right first; what comes in is background.
    #[arg(long, value_name = "DY,DX", value_parser = read_shift, allow_hyphen_values = true, default_value = "0,0", hide_default_value = true)]
    shift: (i32, i32),
    /// Rotate the images by this many degrees counter-clockwise first.
    #[arg(long, value_name = "DEG", value_parser = real::<f32>(), default_value = "0", hide_default_value = true)]
    rotate: f32,
    /// Add Gaussian noise of this standard deviation first, where full ink is 1; values stay from 0 to 1.
    #[arg(long, value_name = "SIGMA", value_parser = real::<f32>(), default_value = "0", hide_default_value = true)]
    noise: f32,
}

impl ChangeOptions {
    /// The change, checked for images of this size.
    pub(super) fn of(&self, height: usize, width: usize) -> Result<Change> {
        let Self { thickness, shift, rotate: rotation, noise } = *self;
        let change = Change { thickness, shift, rotation, noise };
        change.check(height, width).map_err(|e| Usage(e.to_string()))?;
        Ok(change)
    }
}

/// A change in words that follow `test images`; empty for none.
pub(super) fn in_words(change: &Change) -> String {
    let (down, right) = change.shift;
    let shift = (change.shift != (0, 0))
        .then(|| Sentence::new("shifted by {down},{right}").with("down", down).with("right", right));
    let rotation = (change.rotation != 0.0)
        .then(|| Sentence::new("rotated by {degrees}°").with("degrees", change.rotation));
    let noise =
        (change.noise != 0.0).then(|| Sentence::new("with noise of σ {sigma}").with("sigma", change.noise));
    let thickness = (change.thickness.abs() > 0.0).then(|| {
        let sentence = if change.thickness > 0.0 {
            Sentence::new("with strokes {by} px thicker on each side")
        } else {
            Sentence::new("with strokes {by} px thinner on each side")
        };
        sentence.with("by", change.thickness.abs())
    });
    let parts = [thickness, shift, rotation, noise].into_iter().flatten().map(|part| part.to_string());
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { String::new() } else { format!("{}{}", tr(", "), parts.join(tr(", "))) }
}

/// Reads `DY,DX`.
fn read_shift(text: &str) -> Result<(i32, i32), &'static str> {
    let numbers = text
        .split_once(',')
        .and_then(|(down, right)| Some((down.trim().parse().ok()?, right.trim().parse().ok()?)));
    numbers.ok_or_else(|| tr("must be two whole numbers, pixels down and to the right, such as 2,-1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_is_two_whole_numbers() {
        assert_eq!(read_shift("2,-1"), Ok((2, -1)));
        for wrong in ["", "2", "2,", "2,1,0", "a,b", "1.5,0", "--json"] {
            assert!(read_shift(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_change_is_told_in_words() {
        assert_eq!(in_words(&Change::default()), "");
        let change = Change { shift: (2, -1), rotation: 15.0, noise: 0.3, ..Change::default() };
        assert_eq!(in_words(&change), ", shifted by 2,-1, rotated by 15°, with noise of σ 0.3");
        let thinner = Change { thickness: -0.5, ..Change::default() };
        assert_eq!(in_words(&thinner), ", with strokes 0.5 px thinner on each side");
    }
}
