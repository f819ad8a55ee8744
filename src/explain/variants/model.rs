//! A variant with its settings, input and weights.

use super::{Chain, CostComparison, TotalCost, Variant};
use crate::{
    explain::{ExplainError, convolution::resized},
    nn::{LayerError, Pair, SettingError, Shape},
    text::{Say, Sentence},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A setting of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the field of `VariantSettings` of its name")]
pub enum VariantSetting {
    Size,
    Channels,
    Filters,
    Kernel,
    Stride,
    Padding,
    OutputPadding,
    Dilation,
    Groups,
    Layers,
}

/// The settings of all variants; each reads those listed in [`Variant::settings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantSettings {
    /// Height and width of the input.
    pub size: Pair,
    /// Channels of the input.
    pub channels: usize,
    /// Channels of the output.
    pub filters: usize,
    /// Height and width of the kernels.
    pub kernel: Pair,
    /// Stride.
    pub stride: Pair,
    /// Zeros added on each side; for a transposed convolution, cells removed on each side of the output.
    pub padding: Pair,
    /// Rows and columns added at the end of a transposed convolution's output.
    pub output_padding: Pair,
    /// Distance between neighbouring kernel elements.
    pub dilation: Pair,
    /// Number of groups of channels and filters.
    pub groups: usize,
    /// Number of consecutive layers.
    pub layers: usize,
}

impl VariantSettings {
    const PLAIN: Self = Self {
        size: Pair::square(4),
        channels: 1,
        filters: 1,
        kernel: Pair::square(3),
        stride: Pair::square(1),
        padding: Pair::square(0),
        output_padding: Pair::square(0),
        dilation: Pair::square(1),
        groups: 1,
        layers: 1,
    };

    /// The settings of the small example of a variant.
    pub fn of(variant: Variant) -> Self {
        let (two, plain) = (Pair::square(2), Self::PLAIN);
        match variant {
            Variant::Transposed => Self { size: two, ..plain },
            Variant::Dilated => Self { size: Pair::square(7), dilation: two, ..plain },
            Variant::Grouped | Variant::Shuffled => {
                Self { size: Pair::square(3), channels: 4, filters: 4, kernel: two, groups: 2, ..plain }
            }
            Variant::DepthwiseSeparable => Self { channels: 3, filters: 3, ..plain },
            Variant::SpatiallySeparable => Self { size: Pair::square(5), ..plain },
            Variant::Flattened => Self { channels: 3, ..plain },
            Variant::Pointwise => Self { size: Pair::square(3), channels: 3, filters: 2, ..plain },
            Variant::Stacked => Self { size: Pair::square(7), layers: 3, ..plain },
        }
    }

    /// Typical settings in a network, as compared in the literature; `None` if the small example is typical.
    pub fn of_literature(variant: Variant) -> Option<Self> {
        let (small, size) = (Self::of(variant), Pair::square(28));
        let eight = Self { size, channels: 8, filters: 8, kernel: Pair::square(3), ..small };
        match variant {
            Variant::Transposed | Variant::Dilated => None,
            Variant::SpatiallySeparable => Some(Self { size, ..small }),
            Variant::Flattened => Some(Self { size, kernel: Pair::square(5), ..small }),
            Variant::Pointwise => Some(Self { size, channels: 64, filters: 32, ..small }),
            _ => Some(eight),
        }
    }

    /// The shape of the input.
    pub fn input(&self, variant: Variant) -> Shape {
        let channels = if variant.settings().contains(&VariantSetting::Channels) { self.channels } else { 1 };
        Shape::maps(channels, self.size.h, self.size.w)
    }
}

/// Why the settings of a variant are impossible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantError {
    /// The setting to change.
    pub setting: VariantSetting,
    /// The reason.
    pub reason: ExplainError,
}

impl Say for VariantError {
    fn say(&self) -> Sentence {
        self.reason.say()
    }
}

impl fmt::Display for VariantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl std::error::Error for VariantError {}

impl VariantError {
    /// An error of layer `number` of a variant, for the setting that the error names.
    fn of_layer(variant: Variant, number: usize, reason: impl Into<LayerError>) -> Self {
        let reason = ExplainError::layer(number, reason);
        let named = match reason.setting().map(SettingError::setting) {
            // Each layer fits if there are fewer of them.
            _ if variant == Variant::Stacked && number > 0 => VariantSetting::Layers,
            Some("kernel_size") => VariantSetting::Kernel,
            Some("stride") => VariantSetting::Stride,
            Some("padding") => VariantSetting::Padding,
            Some("output_padding") => VariantSetting::OutputPadding,
            Some("dilation") => VariantSetting::Dilation,
            Some("groups") => VariantSetting::Groups,
            Some("out_channels") => VariantSetting::Filters,
            _ => VariantSetting::Size,
        };
        let has = variant.settings().contains(&named);
        Self { setting: if has { named } else { VariantSetting::Size }, reason }
    }
}

/// A four-dimensional array: kernels, or an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tensor4 {
    /// (filters, channels per group, KH, KW) for kernels, (1, C, H, W) for an input.
    pub shape: [usize; 4],
    /// The values, row-major.
    pub values: Vec<f32>,
}

/// A variant with its settings and numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariantModel {
    /// The variant.
    #[serde(rename = "member")]
    pub variant: Variant,
    /// The settings; they can be impossible.
    #[serde(rename = "options")]
    pub settings: VariantSettings,
    /// The input.
    pub x: Tensor4,
    /// The weights of each layer that has some.
    pub weights: Vec<Tensor4>,
}

/// Small whole numbers from −1 to 2, in a fixed sequence.
fn small(len: usize, shift: usize) -> Vec<f32> {
    (0..len).map(|i| ((5 * i + i / 3 + shift) % 4) as f32 - 1.0).collect()
}

/// Small whole numbers from 0 to 3, in a fixed sequence.
fn counting(len: usize) -> Vec<f32> {
    (0..len).map(|i| ((i + i / 5 * 2 + i / 7) % 4) as f32).collect()
}

impl VariantModel {
    /// The small example of a variant.
    pub fn new(variant: Variant) -> Self {
        let settings = VariantSettings::of(variant);
        let mut new = Self { variant, settings, x: Tensor4::none(), weights: Vec::new() };
        new.fit();
        if variant == Variant::Transposed {
            new.x.values = vec![1.0, 2.0, 3.0, 4.0];
        }
        let (column, row) = (vec![1.0, 2.0, 1.0], vec![-1.0, 0.0, 1.0]);
        let weights: Vec<Vec<f32>> = match variant {
            Variant::Transposed => vec![vec![1.0, 2.0, 1.0, 0.0, 1.0, 0.0, 2.0, 1.0, 2.0]],
            Variant::Dilated => vec![small(9, 1)],
            Variant::Grouped => vec![small(32, 0)],
            Variant::Shuffled => vec![small(32, 0), small(8, 2)],
            Variant::DepthwiseSeparable => vec![small(27, 0), small(9, 3)],
            // Sobel's kernel as the product of a column and a row.
            Variant::SpatiallySeparable => vec![column, row],
            Variant::Flattened => vec![vec![1.0, -1.0, 2.0], column, row],
            Variant::Pointwise => vec![vec![1.0, 0.0, -1.0, 1.0, 2.0, 1.0]],
            Variant::Stacked => vec![small(9, 0), small(9, 1), small(9, 2)],
        };
        for (tensor, values) in new.weights.iter_mut().zip(weights) {
            tensor.values = values;
        }
        new
    }

    /// Changes the settings and resizes the numbers: existing values are kept, new kernels and inputs get small
    /// numbers, and kernels that grow are padded with 0. Impossible settings leave the numbers unchanged.
    #[must_use]
    pub fn with(&self, settings: VariantSettings) -> Self {
        let mut new = Self { settings, ..self.clone() };
        new.fit();
        new
    }

    /// Whether every array has the length of its shape and only finite values.
    pub fn is_sound(&self) -> bool {
        self.x.is_sound() && self.weights.iter().all(Tensor4::is_sound)
    }

    /// Resizes the numbers to the settings, if those are possible.
    fn fit(&mut self) {
        let Ok(shapes) = shapes(self.variant, &self.settings) else { return };
        let (channels, height, width) = self.settings.input(self.variant).as_maps();
        self.x = self.x.cropped([1, channels, height, width]);
        self.weights.truncate(shapes.len());
        for (number, shape) in shapes.into_iter().enumerate() {
            match self.weights.get_mut(number) {
                Some(tensor) => *tensor = tensor.fitted(shape, number),
                None => self.weights.push(Tensor4::none().fitted(shape, number)),
            }
        }
    }

    /// Computes the variant.
    pub fn chain(&self) -> Result<Chain, VariantError> {
        shapes(self.variant, &self.settings)?;
        let weights: Vec<Vec<f32>> = self.weights.iter().map(|tensor| tensor.values.clone()).collect();
        let (input, layers) = (self.settings.input(self.variant), self.variant.layers(&self.settings));
        Chain::new(input, &self.x.values, layers, &weights)
            .map_err(|reason| VariantError { setting: VariantSetting::Size, reason })
    }

    /// The single layer with the same output, if there is one: for a separable kernel, the product of its factors.
    pub fn same_as(&self) -> Option<Chain> {
        let sides: Vec<&[f32]> = self.weights.iter().map(|tensor| tensor.values.as_slice()).collect();
        let (across, down, right): (&[f32], &[f32], &[f32]) = match (self.variant, sides.as_slice()) {
            (Variant::SpatiallySeparable, [down, right]) => (&[1.0], down, right),
            (Variant::Flattened, [across, down, right]) => (across, down, right),
            _ => return None,
        };
        let rows = across.iter().flat_map(|a| down.iter().map(move |d| a * d));
        let kernel: Vec<f32> = rows.flat_map(|weight| right.iter().map(move |r| weight * r)).collect();
        let baseline = self.variant.baseline(&self.settings)?;
        Chain::new(baseline.input, &self.x.values, baseline.layers, &[kernel]).ok()
    }
}

/// Compares the cost of a variant with its baseline; `None` if either is impossible.
pub fn compare_costs(variant: Variant, settings: &VariantSettings) -> Option<CostComparison> {
    let baseline = variant.baseline(settings)?;
    Some(CostComparison {
        kind: baseline.kind,
        baseline: TotalCost::of(baseline.input, &baseline.layers).ok()?,
        variant: TotalCost::of(settings.input(variant), &variant.layers(settings)).ok()?,
    })
}

/// The shapes of the weights, (filters, channels per group, KH, KW), or (channels, filters per group, KH, KW) for a
/// transposed convolution. Fails with the setting that is impossible.
fn shapes(variant: Variant, settings: &VariantSettings) -> Result<Vec<[usize; 4]>, VariantError> {
    let VariantSettings { filters, groups, .. } = *settings;
    let input = settings.input(variant);
    input.check().map_err(|error| VariantError::of_layer(variant, 0, error))?;
    let channels = settings.channels;
    if variant.settings().contains(&VariantSetting::Groups)
        && (groups == 0 || !channels.is_multiple_of(groups) || !filters.is_multiple_of(groups))
    {
        let sentence =
            "{setting} is {value}, but must divide both the {channels} channels and the {filters} filters";
        let error = SettingError::new("groups", groups, sentence).with("channels", channels);
        return Err(VariantError::of_layer(variant, 0, error.with("filters", filters)));
    }
    let layers = variant.layers(settings);
    if layers.is_empty() {
        let error = SettingError::new("layers", 0, "there must be at least one layer");
        let reason = ExplainError::layer(0, error);
        return Err(VariantError { setting: VariantSetting::Layers, reason });
    }
    let mut shape = input;
    let mut all = Vec::new();
    for (number, layer) in layers.iter().enumerate() {
        let layer = layer.build(shape).map_err(|reason| VariantError::of_layer(variant, number, reason))?;
        shape = layer.output();
        let weight = layer.parameters().first().map(|weight| weight.shape.clone());
        all.extend(weight.and_then(|sides| <[usize; 4]>::try_from(sides).ok()));
    }
    Ok(all)
}

impl Tensor4 {
    fn none() -> Self {
        Self { shape: [0; 4], values: Vec::new() }
    }

    /// Whether the length matches the shape and all values are finite.
    pub fn is_sound(&self) -> bool {
        let len = self.shape.iter().try_fold(1_usize, |len, &side| len.checked_mul(side));
        len == Some(self.values.len()) && self.values.iter().all(|value| value.is_finite())
    }

    /// Resizes kernels, keeping each centred. New kernels get small numbers.
    fn fitted(&self, shape: [usize; 4], number: usize) -> Self {
        let [_, inner, h, w] = shape;
        let [_, old_inner, old_h, old_w] = self.shape;
        let (from, to) = (Pair { h: old_h, w: old_w }, Pair { h, w });
        let new = small(shape.iter().product(), number);
        let kernels = new.chunks_exact(to.area().max(1)).enumerate().flat_map(|(i, new)| {
            let (a, b) = (i / inner.max(1), i % inner.max(1));
            let old = (a * old_inner + b) * from.area();
            let old = self.values.get(old..old + from.area()).filter(|old| b < old_inner && !old.is_empty());
            old.map_or_else(|| new.to_vec(), |old| resized(old, from, to))
        });
        Self { shape, values: kernels.collect() }
    }

    /// Resizes an input, keeping the top left corner. New values are small numbers.
    fn cropped(&self, shape: [usize; 4]) -> Self {
        let [_, _, h, w] = shape;
        let [_, old_c, old_h, old_w] = self.shape;
        let mut values = counting(shape.iter().product());
        for (i, value) in values.iter_mut().enumerate() {
            let (c, row, column) = (i / (h * w), i / w % h, i % w);
            if c < old_c
                && row < old_h
                && column < old_w
                && let Some(old) = self.values.get((c * old_h + row) * old_w + column)
            {
                *value = *old;
            }
        }
        Self { shape, values }
    }
}
