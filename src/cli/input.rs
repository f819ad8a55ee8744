//! Preprocessing of pictures for a network.

use crate::{
    data::{
        digit::{self, FIELD, Objection},
        picture,
    },
    nn::{Network, Shape},
    text::Sentence,
    train::evaluate::{network_input, network_input_colors},
};
use anyhow::{Result, bail};
use image::{GrayImage, RgbImage, imageops};
use std::{
    io::{self, Read},
    path::Path,
};

/// A part of a picture: x, y, width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Crop([u32; 4]);

/// Parses `x,y,w,h`.
pub(super) fn parse_crop(text: &str) -> Result<Crop, String> {
    let numbers: Option<Vec<u32>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[x, y, width, height]) if width > 0 && height > 0 => Ok(Crop([x, y, width, height])),
        _ => Err(Sentence::new(
            "must be four whole numbers, as in 10,20,100,100, of which the last two are above 0",
        )
        .to_string()),
    }
}

impl Crop {
    fn check(self, name: &str, (width, height): (u32, u32)) -> Result<()> {
        let [x, y, w, h] = self.0.map(u64::from);
        if x + w > u64::from(width) || y + h > u64::from(height) {
            let [x, y, w, h] = self.0;
            let sentence =
                Sentence::new("{file}: is {width}×{height}, which does not hold --crop {x},{y},{w},{h}");
            let sentence = sentence.with("file", name).with("width", width).with("height", height);
            bail!(sentence.with("x", x).with("y", y).with("w", w).with("h", h));
        }
        Ok(())
    }
}

/// Reads the bytes of a picture, or of standard input if the path is a dash; with what errors call it.
pub(super) fn read_picture(path: &Path) -> Result<(String, Vec<u8>)> {
    if path.as_os_str() == "-" {
        let name = "-".to_owned();
        let mut bytes = Vec::new();
        let most = picture::MAX_FILE_BYTES;
        io::stdin().lock().take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            bail!(
                Sentence::new("{file}: is {megabytes} MB long; the limit for pictures is {limit} MB")
                    .with("file", name)
                    .with("megabytes", bytes.len() / 1_000_000)
                    .with("limit", most / 1_000_000)
            );
        }
        return Ok((name, bytes));
    }
    let name = path.display().to_string();
    let bytes = picture::read(path, &name)?;
    Ok((name, bytes))
}

/// A picture in its colours, if it has any and the network takes them.
pub(super) fn colors_for(network: &Network, name: &str, bytes: &[u8]) -> Result<Option<RgbImage>> {
    if network.input().as_maps().0 != 3 {
        return Ok(None);
    }
    let colors = picture::colors_from_bytes(name, bytes)?;
    let is_grey = |pixel: &image::Rgb<u8>| pixel.0[0] == pixel.0[1] && pixel.0[1] == pixel.0[2];
    Ok((!colors.pixels().all(is_grey)).then_some(colors))
}

/// A picture as a network sees it.
pub(super) struct Seen {
    /// The pixels, white ink on black. They need not have the network's size.
    pub pixels: GrayImage,
    /// The same in colour, for a network that takes colours.
    colors: Option<RgbImage>,
    /// Whether there is any ink.
    pub has_ink: bool,
    /// Why the picture is probably not a single digit.
    pub objection: Option<Objection>,
}

impl Seen {
    /// Opens a picture. One in colour is resized for a network that takes colours; of any other, see [`Seen::of`].
    pub(super) fn open(path: &Path, raw: bool, crop: Option<Crop>, network: &Network) -> Result<Self> {
        let (name, bytes) = read_picture(path)?;
        if let Some(mut colors) = colors_for(network, &name, &bytes)? {
            if let Some(crop) = crop {
                crop.check(&name, colors.dimensions())?;
                let [x, y, w, h] = crop.0;
                colors = imageops::crop_imm(&colors, x, y, w, h).to_image();
            }
            let pixels = imageops::grayscale(&colors);
            return Ok(Self { pixels, colors: Some(colors), has_ink: true, objection: None });
        }
        let mut grey = picture::from_bytes(&name, &bytes)?;
        if let Some(crop) = crop {
            crop.check(&name, grey.dimensions())?;
            let [x, y, w, h] = crop.0;
            grey = imageops::crop_imm(&grey, x, y, w, h).to_image();
        }
        Ok(Self::of(&picture::to_ink(&grey), raw, network))
    }

    /// Normalises a drawing in white ink on black like MNIST's digits. With `raw` it keeps its place and size.
    pub(super) fn of(ink: &GrayImage, raw: bool, network: &Network) -> Self {
        let colors = None;
        match digit::normalise(ink) {
            Some(stages) if !raw => {
                Self { pixels: stages.input, colors, has_ink: true, objection: stages.objection }
            }
            stages => Self {
                pixels: if is_mnist_size(network) { digit::raw(ink) } else { ink.clone() },
                colors,
                has_ink: stages.is_some(),
                objection: stages.and_then(|stages| stages.objection),
            },
        }
    }

    /// The network's input, of shape (C, H, W).
    pub(super) fn input(&self, network: &Network) -> Result<Vec<f32>> {
        match &self.colors {
            Some(colors) => of_colors(network, colors),
            None => of_picture(network, &self.pixels),
        }
    }
}

/// The network's input, of shape (C, H, W), for a picture in colour.
pub(super) fn of_colors(network: &Network, picture: &RgbImage) -> Result<Vec<f32>> {
    check_takes_pictures(network)?;
    Ok(network_input_colors(network, picture))
}

/// The network's input, of shape (C, H, W), for a grey picture with white ink on black.
pub(super) fn of_picture(network: &Network, picture: &GrayImage) -> Result<Vec<f32>> {
    check_takes_pictures(network)?;
    Ok(network_input(network, picture))
}

fn check_takes_pictures(network: &Network) -> Result<()> {
    if let Shape::Vector(values) = network.input() {
        let sentence = Sentence::new("the input of {network} is a vector of {values}, not a picture");
        bail!(sentence.with("network", &network.spec().name).with("values", values));
    }
    Ok(())
}

fn is_mnist_size(network: &Network) -> bool {
    network.spec().picture_size() == (FIELD as usize, FIELD as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crop_is_four_numbers_inside_the_picture() {
        assert_eq!(parse_crop("1, 2,3,4"), Ok(Crop([1, 2, 3, 4])));
        for wrong in ["", "1,2,3", "1,2,0,4", "-1,2,3,4", "1,2,3,4,5"] {
            parse_crop(wrong).unwrap_err();
        }
        Crop([1, 2, 3, 4]).check("f", (4, 6)).unwrap();
        let said = Crop([1, 2, 3, 5]).check("f", (4, 6)).unwrap_err().to_string();
        assert_eq!(said, "f: is 4×6, which does not hold --crop 1,2,3,5");
        Crop([u32::MAX, 0, u32::MAX, 1]).check("f", (4, 6)).unwrap_err();
    }
}
