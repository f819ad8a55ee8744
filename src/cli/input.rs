//! Preprocessing of pictures for a network.

use crate::{
    data::digit::{self, FIELD, Objection},
    nn::{Network, Shape},
    text::Sentence,
    train::evaluate::network_input,
};
use anyhow::{Result, bail};
use image::GrayImage;

/// A picture as a network sees it.
pub(super) struct Seen {
    /// The pixels, white ink on black. They need not have the network's size.
    pub pixels: GrayImage,
    /// Whether there is any ink.
    pub has_ink: bool,
    /// Why the picture is probably not a single digit.
    pub objection: Option<Objection>,
}

impl Seen {
    /// Normalises a drawing in white ink on black like MNIST's digits. With `raw` it keeps its place and size.
    pub(super) fn of(ink: &GrayImage, raw: bool, network: &Network) -> Self {
        match digit::normalise(ink) {
            Some(stages) if !raw => Self { pixels: stages.input, has_ink: true, objection: stages.objection },
            stages => Self {
                pixels: if is_mnist_size(network) { digit::raw(ink) } else { ink.clone() },
                has_ink: stages.is_some(),
                objection: stages.and_then(|stages| stages.objection),
            },
        }
    }

    /// The network's input, of shape (C, H, W).
    pub(super) fn input(&self, network: &Network) -> Result<Vec<f32>> {
        of_picture(network, &self.pixels)
    }
}

/// The network's input, of shape (C, H, W), for a grey picture with white ink on black.
pub(super) fn of_picture(network: &Network, picture: &GrayImage) -> Result<Vec<f32>> {
    if let Shape::Vector(values) = network.input() {
        let sentence = Sentence::new("the input of {network} is a vector of {values}, not a picture");
        bail!(sentence.with("network", &network.spec().name).with("values", values));
    }
    Ok(network_input(network, picture))
}

fn is_mnist_size(network: &Network) -> bool {
    network.spec().picture_size() == (FIELD as usize, FIELD as usize)
}
