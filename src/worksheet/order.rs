//! What a person asks for: the topic, the settings, how many sheets, the seed.

use super::Digit;
use crate::nn::SettingError;
use serde::{Deserialize, Serialize};
use std::{ops::RangeInclusive, sync::Arc};

/// The most sheets that are made at once.
pub const MAX_COUNT: usize = 200;

/// What settings can be, so that a sheet is readable on paper.
pub mod limits {
    use std::ops::RangeInclusive;

    /// The side of the input.
    pub const SIZE: RangeInclusive<usize> = 2..=12;
    /// The side of the kernel or window.
    pub const KERNEL_SIZE: RangeInclusive<usize> = 1..=5;
    /// The stride.
    pub const STRIDE: RangeInclusive<usize> = 1..=4;
    /// The padding.
    pub const PADDING: RangeInclusive<usize> = 0..=3;
    /// The dilation.
    pub const DILATION: RangeInclusive<usize> = 1..=3;
    /// Channels of the input.
    pub const CHANNELS: RangeInclusive<usize> = 1..=3;
    /// Filters.
    pub const FILTERS: RangeInclusive<usize> = 1..=3;
}

/// What a sheet is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// Sliding a kernel over numbers.
    #[default]
    Convolution,
    /// The largest number and the mean of windows.
    Pooling,
    /// The size of the output, padding and stride.
    Sizes,
}

/// The settings that are chosen; the others are drawn by the seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chosen {
    /// The side of the input.
    pub size: Option<usize>,
    /// The side of the kernel or window.
    pub kernel_size: Option<usize>,
    /// The stride.
    pub stride: Option<usize>,
    /// The padding.
    pub padding: Option<usize>,
    /// The dilation.
    pub dilation: Option<usize>,
    /// Channels of the input.
    pub channels: Option<usize>,
    /// Filters.
    pub filters: Option<usize>,
}

/// An order for sheets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    /// What they are about.
    pub topic: Topic,
    /// The chosen settings.
    pub chosen: Chosen,
    /// How many.
    pub count: usize,
    /// The seed of all that is drawn.
    pub seed: u64,
    /// A student's own digit.
    pub digit: Option<Arc<Digit>>,
}

impl Topic {
    /// All topics.
    pub const ALL: [Self; 3] = [Self::Convolution, Self::Pooling, Self::Sizes];
}

impl Chosen {
    /// Refuses a setting that is too large or too small for paper, or that the topic does not have.
    pub fn check(&self, topic: Topic) -> Result<(), SettingError> {
        let own: [(&'static str, Option<usize>, RangeInclusive<usize>); 7] = [
            ("size", self.size, limits::SIZE),
            ("kernel_size", self.kernel_size, limits::KERNEL_SIZE),
            ("stride", self.stride, limits::STRIDE),
            ("padding", self.padding, limits::PADDING),
            ("dilation", self.dilation, limits::DILATION),
            ("channels", self.channels, limits::CHANNELS),
            ("filters", self.filters, limits::FILTERS),
        ];
        for (name, value, range) in own {
            let Some(value) = value else { continue };
            SettingError::check(name, value, range)?;
            let is_many = matches!(name, "channels" | "filters") && value > 1;
            if is_many && topic == Topic::Pooling {
                let sentence = "{setting} is {value}, but pooling works on one map at a time: leave it out";
                return Err(SettingError::new(name, value, sentence));
            }
            if is_many && topic == Topic::Sizes {
                let sentence = "{setting} is {value}, but does not change the size of a map: leave it out";
                return Err(SettingError::new(name, value, sentence));
            }
        }
        Ok(())
    }
}
