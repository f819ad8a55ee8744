//! Output sizes by the formula: rows of settings, each with its output.

use super::{error::WorksheetError, order::Chosen, settings::Settings};
use crate::{
    explain::{Convolution, convolution::ConvOutputSize},
    nn::Shape,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// How many rows there are.
const ROWS: usize = 8;

/// Rows to reckon.
#[derive(Clone, Debug, PartialEq)]
pub struct Sizes {
    /// The rows.
    pub rows: Vec<SizeRow>,
}

/// A row: its settings, and the size that follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeRow {
    /// The settings and the output along a side.
    pub size: ConvOutputSize,
    /// Rows at the end that no window covers.
    pub rest: usize,
}

impl Sizes {
    /// Draws rows with what was chosen.
    pub(super) fn draw(chosen: &Chosen, random: &mut ChaCha8Rng) -> Result<Self, WorksheetError> {
        let mut rows = Vec::with_capacity(ROWS);
        for at in 0..ROWS {
            // From small inputs, which can be drawn, to those of networks.
            let (least, most) = if at < ROWS / 2 { (5, 12) } else { (14, 64) };
            let row = (0..50).find_map(|_| {
                let settings = Settings {
                    size: chosen.size.unwrap_or_else(|| random.random_range(least..=most)),
                    kernel_size: chosen.kernel_size.unwrap_or_else(|| random.random_range(2..=5)),
                    stride: chosen.stride.unwrap_or_else(|| random.random_range(1..=3)),
                    padding: chosen.padding.unwrap_or_else(|| random.random_range(0..=2)),
                    dilation: chosen.dilation.unwrap_or_else(|| if random.random_bool(0.25) { 2 } else { 1 }),
                    channels: 1,
                    filters: 1,
                };
                SizeRow::of(&settings).ok()
            });
            match row {
                Some(row) => rows.push(row),
                // Only what was chosen can fail so often: its own error says why.
                None => rows.push(SizeRow::of(&Settings::draw(super::order::Topic::Sizes, chosen, random)?)?),
            }
        }
        Ok(Self { rows })
    }
}

impl SizeRow {
    fn of(settings: &Settings) -> Result<Self, WorksheetError> {
        let (n, k) = (settings.size, settings.kernel_size);
        let conv = Convolution::new(
            settings.conv(),
            Shape::maps(1, n, n),
            &vec![0.0; n * n],
            &vec![0.0; k * k],
            &[],
        )?;
        let [size, _] = conv.output_sizes();
        Ok(Self { size, rest: size.remainder() })
    }
}
