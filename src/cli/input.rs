//! From a picture's pixels to a network's input.

use crate::{
    data::digit::{self, Objection},
    nn::{Network, Shape},
    train::evaluate::input_transform,
};
use anyhow::{Result, bail};
use image::GrayImage;

/// The network's input for a picture of exactly its size, white ink on black.
pub(super) fn from_field(network: &Network, name: &str, field: &GrayImage) -> Result<Vec<f32>> {
    let spec = network.spec();
    let (height, width) = spec.picture_size();
    if !matches!(spec.input, Shape::Maps { channels: 1, .. }) {
        bail!("{name}: is a grey picture of 1 channel, but the input of {} is {}", spec.name, spec.input);
    }
    let (found_width, found_height) = (field.width() as usize, field.height() as usize);
    if (found_height, found_width) != (height, width) {
        bail!(
            "{name}: becomes a digit of {found_height}×{found_width}, but {} takes {height}×{width}",
            spec.name
        );
    }
    let mut input = vec![0.0; spec.input.len()];
    input_transform(network).apply(field.as_raw(), height, width, &mut input);
    Ok(input)
}

/// What a network is fed of a picture.
pub(super) struct Field {
    /// The digit, white on black.
    pub pixels: GrayImage,
    /// Whether there is any ink.
    pub has_ink: bool,
    /// What speaks against its being one digit.
    pub objection: Option<Objection>,
}

/// Makes a digit of a drawing in white ink on black, as MNIST's were made; `raw` leaves it where and as large as it is.
pub(super) fn digit_of(ink: &GrayImage, raw: bool) -> Field {
    match digit::normalise(ink) {
        Some(stages) if !raw => Field { pixels: stages.input, has_ink: true, objection: stages.objection },
        stages => Field {
            pixels: digit::raw(ink),
            has_ink: stages.is_some(),
            objection: stages.and_then(|stages| stages.objection),
        },
    }
}
