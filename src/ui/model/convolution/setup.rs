//! The settings of the Convolution view, as data.

use crate::{
    explain::convolution::{
        ConvolutionExample, EXAMPLES, KERNELS, PaddingMode, Postprocess, full_padding, resized, same_padding,
    },
    nn::{
        self, Pair, SettingError,
        layers::{Conv2d, Padding},
    },
};
use serde::{Deserialize, Serialize};

/// The largest side of an input of small numbers.
pub const MAX_SIDE: usize = 16;
/// The most channels of an input of small numbers.
pub const MAX_CHANNELS: usize = 8;
/// The most filters.
pub const MAX_FILTERS: usize = 64;
/// The most weights that are kept outside of a network.
pub const MAX_WEIGHTS: usize = 1 << 16;

/// Where the input comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConvolutionSource {
    /// Numbers that a person types.
    #[default]
    Numbers,
    /// The current image.
    Image,
    /// The input of a layer of the current network.
    Layer(usize),
    /// The photograph that was opened.
    Photo,
}

/// Kernels outside of a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kernels {
    /// (filters, channels of a group, KH, KW)
    pub shape: [usize; 4],
    /// The values, in that shape.
    pub values: Vec<f32>,
}

/// Where the kernels come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Weights {
    /// Typed, chosen or random kernels.
    Own(Kernels),
    /// Kernels that a layer of the current network learnt.
    Learned(usize),
}

/// All settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConvolutionSetup {
    /// Where the input comes from.
    pub source: ConvolutionSource,
    /// (channels, height, width) of the small numbers.
    pub size: (usize, usize, usize),
    /// The small numbers, (C, H, W).
    pub numbers: Vec<f32>,
    /// Height and width of a kernel.
    pub kernel: Pair,
    /// The window's step.
    pub stride: Pair,
    /// Zeros on each side, if no padding mode is set.
    pub zeros: Pair,
    /// The padding mode.
    pub padding: PaddingMode,
    /// What the padding shows, as the layer that the settings come from has it.
    pub fill: nn::layers::PaddingMode,
    /// Whether padding that keeps the size may have one more cell below and at the right, as that layer's has.
    pub is_uneven: bool,
    /// Distance between two elements of a kernel.
    pub dilation: Pair,
    /// Parts into which channels and filters are split.
    pub groups: usize,
    /// Filters.
    pub filters: usize,
    /// Whether biases are added.
    pub has_bias: bool,
    /// One bias a filter.
    pub bias: Vec<f32>,
    /// The kernels.
    pub weights: Weights,
    /// Whether strides that leave rows or columns over are rejected.
    pub refuses_rest: bool,
    /// What follows the products.
    pub then: Postprocess,
}

impl Default for ConvolutionSetup {
    fn default() -> Self {
        // The 5×5 example is the best known.
        EXAMPLES.get(2).map_or_else(
            || Self {
                source: ConvolutionSource::Numbers,
                size: (1, 1, 1),
                numbers: vec![0.0],
                kernel: Pair::square(1),
                stride: Pair::square(1),
                zeros: Pair::square(0),
                padding: PaddingMode::Zeros,
                fill: nn::layers::PaddingMode::Zeros,
                is_uneven: false,
                dilation: Pair::square(1),
                groups: 1,
                filters: 1,
                has_bias: false,
                bias: vec![0.0],
                weights: Weights::Own(Kernels { shape: [1; 4], values: vec![0.0] }),
                refuses_rest: false,
                then: Postprocess::default(),
            },
            Self::of_example,
        )
    }
}

impl ConvolutionSource {
    /// Whether both are of the same kind, such as two layers.
    pub fn is_like(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

impl ConvolutionSetup {
    /// The first settings of a source: an edge kernel for pictures, an example for numbers.
    pub fn of_source(source: ConvolutionSource) -> Self {
        let setup = Self::default();
        match source {
            ConvolutionSource::Numbers => setup,
            ConvolutionSource::Image | ConvolutionSource::Photo | ConvolutionSource::Layer(_) => {
                let sobel = &KERNELS[0];
                let Pair { h, w } = sobel.size;
                let kernels = Kernels { shape: [1, 1, h, w], values: sobel.weights() };
                let weights = Weights::Own(kernels);
                Self { source, weights, kernel: sobel.size, padding: PaddingMode::Same, ..setup }
            }
        }
    }

    /// The settings of an example.
    pub fn of_example(example: &ConvolutionExample) -> Self {
        let ConvolutionExample { input, x, conv, weight, bias, postprocess, .. } = example;
        let Pair { h, w } = conv.kernel_size;
        let shape = [conv.out_channels, input.0 / conv.groups.max(1), h, w];
        Self {
            source: ConvolutionSource::Numbers,
            size: *input,
            numbers: x.to_vec(),
            bias: bias.to_vec(),
            weights: Weights::Own(Kernels { shape, values: weight.to_vec() }),
            refuses_rest: false,
            then: *postprocess,
            ..Self::of_settings(conv)
        }
    }

    fn of_settings(conv: &Conv2d) -> Self {
        Self {
            source: ConvolutionSource::Numbers,
            size: (1, 1, 1),
            numbers: vec![0.0],
            kernel: conv.kernel_size,
            stride: conv.stride,
            zeros: conv.window().padding,
            padding: if conv.padding == Padding::Same { PaddingMode::Same } else { PaddingMode::Zeros },
            fill: conv.padding_mode,
            is_uneven: conv.padding == Padding::Same,
            dilation: conv.dilation,
            groups: conv.groups,
            filters: conv.out_channels,
            has_bias: conv.bias,
            bias: vec![0.0; conv.out_channels],
            weights: Weights::Own(Kernels { shape: [0; 4], values: Vec::new() }),
            refuses_rest: false,
            then: Postprocess::default(),
        }
    }

    /// The same input with the settings of a network's layer.
    #[must_use]
    pub fn with_settings(self, conv: &Conv2d) -> Self {
        let Self { source, size, numbers, weights, refuses_rest, .. } = self;
        Self { source, size, numbers, weights, refuses_rest, ..Self::of_settings(conv) }
    }

    /// The padding of the layer. The error says why a padding mode has none.
    pub fn layer_padding(&self) -> Result<Padding, SettingError> {
        if self.is_uneven && self.padding == PaddingMode::Same {
            return Ok(Padding::Same);
        }
        self.zeros().map(Padding::Each)
    }

    /// The zeros on each side. The error says why a padding mode has none.
    pub fn zeros(&self) -> Result<Pair, SettingError> {
        let Self { kernel: k, stride: s, dilation: d, .. } = *self;
        Ok(match self.padding {
            PaddingMode::Zeros => self.zeros,
            PaddingMode::Valid => Pair::square(0),
            PaddingMode::Same => Pair { h: same_padding(k.h, s.h, d.h)?, w: same_padding(k.w, s.w, d.w)? },
            PaddingMode::Full => Pair { h: full_padding(k.h, d.h), w: full_padding(k.w, d.w) },
        })
    }

    /// Resizes numbers, kernels and biases to the other settings. Existing values stay; new ones are small
    /// numbers, named kernels and zeros. `channels` are the input's. Impossible settings change nothing.
    pub fn fit(&mut self, channels: usize) {
        let (c, h, w) = self.size;
        let is_size = c <= MAX_CHANNELS && h <= MAX_SIDE && w <= MAX_SIDE;
        if self.source == ConvolutionSource::Numbers && is_size && self.numbers.len() != c * h * w {
            self.numbers = self.refilled();
        }
        if self.filters <= MAX_FILTERS && self.filters > 0 {
            self.bias.resize(self.filters, 0.0);
        }
        let groups = self.groups;
        if groups == 0 || !channels.is_multiple_of(groups) || !self.filters.is_multiple_of(groups) {
            return;
        }
        let shape = [self.filters, channels / groups, self.kernel.h, self.kernel.w];
        let len = shape.iter().try_fold(1_usize, |len, &side| len.checked_mul(side));
        if let Weights::Own(kernels) = &mut self.weights
            && len.is_some_and(|len| (1..=MAX_WEIGHTS).contains(&len))
            && kernels.shape != shape
        {
            *kernels = kernels.fitted(shape);
        }
    }

    /// Resizes the numbers. [`ConvolutionSetup::size`] is already the new size, so the old one follows from their count.
    fn refilled(&self) -> Vec<f32> {
        let (c, h, w) = self.size;
        // New numbers are small and differ, so that their sums do, too.
        (0..c * h * w).map(|i| ((i / (h * w) + 2 * (i / w % h) + 3 * (i % w)) % 4) as f32).collect()
    }

    /// Copies the numbers of `old` that fit into this size.
    pub fn keep_numbers(&mut self, old: &Self) {
        let ((c, h, w), (oc, oh, ow)) = (self.size, old.size);
        let len = |sides: [usize; 3]| sides.iter().fold(1_usize, |len, &side| len.saturating_mul(side));
        let is_fit = self.numbers.len() == len([c, h, w]) && old.numbers.len() == len([oc, oh, ow]);
        if is_fit && self.size != old.size {
            for (i, number) in self.numbers.iter_mut().enumerate() {
                let (channel, row, column) = (i / (h * w), i / w % h, i % w);
                if channel < oc && row < oh && column < ow {
                    *number = old.numbers[(channel * oh + row) * ow + column];
                }
            }
        }
    }
}

impl Kernels {
    /// Resizes kernels: each stays in the middle of its new size; a new channel gets its filter's first kernel, a
    /// new filter a named kernel.
    #[must_use]
    pub fn fitted(&self, shape: [usize; 4]) -> Self {
        let [filters, channels, h, w] = shape;
        let [old_filters, old_channels, old_h, old_w] = self.shape;
        let (from, to) = (Pair { h: old_h, w: old_w }, Pair { h, w });
        let mut values = Vec::with_capacity(filters * channels * to.area());
        for (filter, channel) in (0..filters).flat_map(|f| (0..channels).map(move |c| (f, c))) {
            let place = filter * old_channels + channel % old_channels.max(1);
            let old = self.values.get(place * from.area()..(place + 1) * from.area());
            values.extend(match old {
                Some(old) if filter < old_filters && !old.is_empty() => resized(old, from, to),
                _ => {
                    let preset = KERNELS[filter % KERNELS.len()];
                    resized(&preset.weights(), preset.size, to)
                }
            });
        }
        Self { shape, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_change_keep_what_was_typed() {
        let old = ConvolutionSetup::default();
        let mut new =
            ConvolutionSetup { size: (2, 6, 4), kernel: Pair::square(5), filters: 3, ..old.clone() };
        new.fit(2);
        new.keep_numbers(&old);
        assert_eq!(new.numbers.len(), 48);
        assert_eq!(new.numbers[..4], old.numbers[..4]);
        assert_eq!(new.numbers[4..8], old.numbers[5..9]);
        let Weights::Own(kernels) = &new.weights else { panic!("{:?}", new.weights) };
        assert_eq!(kernels.shape, [3, 2, 5, 5]);
        let Weights::Own(before) = &old.weights else { panic!("{:?}", old.weights) };
        assert_eq!(kernels.values[6..9], before.values[..3]);
        assert_eq!(kernels.values[..25], kernels.values[25..50], "a new channel has the first one's kernel");
        assert_eq!(new.bias, [0.0; 3]);
    }

    #[test]
    fn impossible_settings_change_nothing() {
        let huge = Pair::square(usize::MAX);
        for setup in [
            ConvolutionSetup { groups: 3, filters: 0, size: (1, 900, 900), ..ConvolutionSetup::default() },
            ConvolutionSetup {
                size: (usize::MAX, 2, 2),
                kernel: huge,
                filters: usize::MAX,
                ..ConvolutionSetup::default()
            },
            ConvolutionSetup {
                padding: PaddingMode::Full,
                kernel: huge,
                dilation: huge,
                ..ConvolutionSetup::default()
            },
        ] {
            let mut fitted = setup.clone();
            fitted.fit(1);
            fitted.keep_numbers(&ConvolutionSetup::default());
            let _ = fitted.zeros();
            assert_eq!(fitted, setup);
        }
    }

    #[test]
    fn paddings_with_names_follow_the_kernel() {
        let setup = ConvolutionSetup {
            padding: PaddingMode::Same,
            kernel: Pair { h: 3, w: 5 },
            ..ConvolutionSetup::default()
        };
        assert_eq!(setup.zeros(), Ok(Pair { h: 1, w: 2 }));
        assert!(ConvolutionSetup { kernel: Pair::square(4), ..setup.clone() }.zeros().is_err());
        let full = ConvolutionSetup { padding: PaddingMode::Full, dilation: Pair::square(2), ..setup };
        assert_eq!(full.zeros(), Ok(Pair { h: 4, w: 8 }));
    }
}
