//! Sizes through a network, layer by layer.

use super::error::WorksheetError;
use crate::nn::{
    LayerError, LayerSpec, Shape,
    layers::{Conv2d, MaxPool2d},
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// A small network, whose sizes are to be filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// The side of the input.
    pub input: usize,
    /// The layers.
    pub rows: Vec<ChainRow>,
}

/// A layer with its output.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainRow {
    /// The layer.
    pub layer: LayerSpec,
    /// Its channels.
    pub channels: usize,
    /// The side of its output.
    pub side: usize,
}

impl Chain {
    /// Draws a network of two convolutions, each with its pooling.
    pub(super) fn draw(random: &mut ChaCha8Rng) -> Result<Self, WorksheetError> {
        let input = [28, 32, 36, 48][random.random_range(0..4)];
        let mut channels = [4, 6, 8][random.random_range(0..3)];
        let mut layers: Vec<LayerSpec> = Vec::new();
        for _ in 0..2 {
            let (kernel, padding) = [(3, 0), (3, 1), (5, 0), (5, 2)][random.random_range(0..4)];
            layers.push(Conv2d::new(channels, kernel).padded(padding).into());
            layers.push(MaxPool2d::new(random.random_range(2..=3)).into());
            channels *= 2;
        }
        Self::of(input, layers).map_err(Into::into)
    }

    /// The sizes of the core.
    fn of(input: usize, layers: Vec<LayerSpec>) -> Result<Self, LayerError> {
        let mut shape = Shape::maps(1, input, input);
        let mut rows = Vec::with_capacity(layers.len());
        for layer in layers {
            shape = layer.build(shape)?.output();
            let (channels, side, _) = shape.as_maps();
            rows.push(ChainRow { layer, channels, side });
        }
        Ok(Self { input, rows })
    }
}
