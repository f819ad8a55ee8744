//! The variants: their descriptions, layers and baselines.

use super::{VariantModel, VariantSetting, VariantSettings};
use crate::nn::{
    LayerSpec, Pair, Shape,
    layers::{ChannelShuffle, Conv2d, ConvTranspose2d},
};
use serde::{Deserialize, Serialize};

/// A variant of convolution that is a chain of layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "`about` says what each is")]
pub enum Variant {
    #[default]
    Transposed,
    Dilated,
    Grouped,
    Shuffled,
    DepthwiseSeparable,
    SpatiallySeparable,
    Flattened,
    Pointwise,
    Stacked,
}

/// The ordinary layers that a variant is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// The kind of layers.
    pub kind: BaselineKind,
    /// The shape of their input.
    pub input: Shape,
    /// The layers.
    pub layers: Vec<LayerSpec>,
}

/// The kind of baseline that a variant is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaselineKind {
    /// A convolution with stride 1 and this padding.
    Padded(Pair),
    /// A convolution over the input with zeros inserted between its values.
    ZerosBetween,
    /// One layer with kernels of this size.
    Kernel(Pair),
    /// The same layers without groups.
    AllChannels,
    /// A fully connected layer.
    FullyConnected,
    /// A two-dimensional kernel of this size, applied to each slice separately.
    EachSlice(Pair),
}

const fn plain(filters: usize, kernel_size: Pair) -> Conv2d {
    Conv2d { kernel_size, bias: false, ..Conv2d::new(filters, 1) }
}

const ONE: Pair = Pair::square(1);

/// The distance from the first element of a kernel to the last.
fn reach(kernel: usize, dilation: usize) -> usize {
    dilation.saturating_mul(kernel.saturating_sub(1))
}

impl Variant {
    /// All variants.
    pub const ALL: [Self; 9] = [
        Self::Transposed,
        Self::Dilated,
        Self::Grouped,
        Self::Shuffled,
        Self::DepthwiseSeparable,
        Self::SpatiallySeparable,
        Self::Flattened,
        Self::Pointwise,
        Self::Stacked,
    ];

    /// Name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Transposed => "Transposed",
            Self::Dilated => "Dilated",
            Self::Grouped => "Grouped",
            Self::Shuffled => "Shuffled grouped",
            Self::DepthwiseSeparable => "Depthwise separable",
            Self::SpatiallySeparable => "Spatially separable",
            Self::Flattened => "Flattened",
            Self::Pointwise => "1×1",
            Self::Stacked => "Stacked",
        }
    }

    /// A short description.
    pub fn about(self) -> &'static str {
        match self {
            Self::Transposed => {
                "Each input value, times the whole kernel, is added to the output; overlapping copies add up. It is the product with the transposed matrix of a convolution."
            }
            Self::Dilated => {
                "The kernel's elements are spread out, with dilation − 1 gaps between them: with dilation 2, nine weights cover 5×5."
            }
            Self::Grouped => {
                "Channels and filters are split into groups. A filter reads the channels of its own group only, so it has fewer weights."
            }
            Self::Shuffled => {
                "Groups do not exchange information. Shuffling the channels between two grouped layers mixes them."
            }
            Self::DepthwiseSeparable => {
                "First one kernel for each channel, then a 1×1 convolution that mixes the channels."
            }
            Self::SpatiallySeparable => {
                "Some kernels, such as Sobel's, are the product of a column and a row. A 3×1 layer followed by a 1×3 layer then gives the same map with 6 weights instead of 9."
            }
            Self::Flattened => {
                "A filter with three dimensions is split into three filters with one dimension each: over the channels, the rows and the columns."
            }
            Self::Pointwise => {
                "A 1×1 kernel reads one position in all channels: it mixes channels and nothing else."
            }
            Self::Stacked => {
                "Several small kernels in a row have the receptive field of one large kernel: three 3×3 layers cover 7×7, with 27C² weights instead of 49C²."
            }
        }
    }

    /// The settings of this variant.
    pub fn settings(self) -> &'static [VariantSetting] {
        use VariantSetting::{
            Channels, Dilation, Filters, Groups, Kernel, Layers, OutputPadding, Padding, Size, Stride,
        };
        match self {
            Self::Transposed => &[Size, Kernel, Stride, Padding, OutputPadding, Dilation],
            Self::Dilated => &[Size, Kernel, Dilation, Stride, Padding],
            Self::Grouped => &[Size, Channels, Filters, Groups, Kernel, Stride, Padding],
            Self::Shuffled => &[Size, Channels, Filters, Groups, Kernel],
            Self::DepthwiseSeparable => &[Size, Channels, Filters, Kernel, Stride, Padding],
            Self::SpatiallySeparable => &[Size, Kernel, Stride, Padding],
            Self::Flattened => &[Size, Channels, Kernel],
            Self::Pointwise => &[Size, Channels, Filters],
            Self::Stacked => &[Size, Channels, Kernel, Layers],
        }
    }

    /// The layers for these settings, which can be impossible.
    pub fn layers(self, settings: &VariantSettings) -> Vec<LayerSpec> {
        let VariantSettings {
            channels,
            filters,
            kernel,
            stride,
            padding,
            output_padding,
            dilation,
            groups,
            ..
        } = *settings;
        match self {
            Self::Transposed => {
                let conv = ConvTranspose2d {
                    kernel_size: kernel,
                    stride,
                    padding,
                    output_padding,
                    dilation,
                    bias: false,
                    ..ConvTranspose2d::new(1, 1)
                };
                vec![conv.into()]
            }
            Self::Dilated => {
                vec![Conv2d { stride, padding: padding.into(), dilation, ..plain(1, kernel) }.into()]
            }
            Self::Grouped => {
                vec![Conv2d { stride, padding: padding.into(), groups, ..plain(filters, kernel) }.into()]
            }
            Self::Shuffled => vec![
                Conv2d { groups, ..plain(filters, kernel) }.into(),
                ChannelShuffle { groups }.into(),
                Conv2d { groups, ..plain(filters, ONE) }.into(),
            ],
            Self::DepthwiseSeparable => vec![
                Conv2d { stride, padding: padding.into(), groups: channels, ..plain(channels, kernel) }
                    .into(),
                plain(filters, ONE).into(),
            ],
            Self::SpatiallySeparable => {
                let down = Conv2d {
                    stride: Pair { w: 1, ..stride },
                    padding: Pair { w: 0, ..padding }.into(),
                    ..plain(1, Pair { w: 1, ..kernel })
                };
                let right = Conv2d {
                    stride: Pair { h: 1, ..stride },
                    padding: Pair { h: 0, ..padding }.into(),
                    ..plain(1, Pair { h: 1, ..kernel })
                };
                vec![down.into(), right.into()]
            }
            Self::Flattened => {
                let (down, right) = (Pair { w: 1, ..kernel }, Pair { h: 1, ..kernel });
                vec![plain(1, ONE).into(), plain(1, down).into(), plain(1, right).into()]
            }
            Self::Pointwise => vec![plain(filters, ONE).into()],
            Self::Stacked => vec![plain(channels, kernel).into(); settings.layers],
        }
    }

    /// The ordinary layers with the same input and output size. For a 1×1 convolution, a 3×3 convolution with the same
    /// output size. `None` if there are none.
    pub fn baseline(self, settings: &VariantSettings) -> Option<Baseline> {
        let VariantSettings { channels, filters, kernel, stride, padding, dilation, groups, layers, .. } =
            *settings;
        let input = settings.input(self);
        let span = Pair { h: reach(kernel.h, dilation.h) + 1, w: reach(kernel.w, dilation.w) + 1 };
        let one =
            |conv: Conv2d, kind: BaselineKind| Some(Baseline { kind, input, layers: vec![conv.into()] });
        match self {
            Self::Transposed => stuffed(settings),
            Self::Dilated => {
                one(Conv2d { stride, padding: padding.into(), ..plain(1, span) }, BaselineKind::Kernel(span))
            }
            Self::Grouped | Self::Shuffled if groups > 0 => {
                let layers = Self::layers(self, &VariantSettings { groups: 1, ..*settings });
                let convs = layers.into_iter().filter(|layer| matches!(layer, LayerSpec::Conv2d(_)));
                Some(Baseline { kind: BaselineKind::AllChannels, input, layers: convs.collect() })
            }
            Self::DepthwiseSeparable => one(
                Conv2d { stride, padding: padding.into(), ..plain(filters, kernel) },
                BaselineKind::Kernel(kernel),
            ),
            Self::SpatiallySeparable => one(
                Conv2d { stride, padding: padding.into(), ..plain(1, kernel) },
                BaselineKind::Kernel(kernel),
            ),
            Self::Flattened => one(plain(1, kernel), BaselineKind::Kernel(kernel)),
            Self::Pointwise => {
                let three = Pair::square(3);
                let conv = Conv2d { padding: ONE.into(), ..plain(filters, three) };
                one(conv, BaselineKind::Kernel(three))
            }
            Self::Stacked => {
                let side = |side: usize| reach(side, layers) + 1;
                let large = Pair { h: side(kernel.h), w: side(kernel.w) };
                one(plain(channels, large), BaselineKind::Kernel(large))
            }
            Self::Grouped | Self::Shuffled => None,
        }
    }

    /// The small example.
    pub fn example(self) -> VariantModel {
        VariantModel::new(self)
    }
}

/// A transposed convolution as an ordinary one: over the input with `stride − 1` zeros inserted between its values and
/// the output padding appended. Source: V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning*,
/// 2016, chapter 4.
fn stuffed(settings: &VariantSettings) -> Option<Baseline> {
    let VariantSettings { size, kernel, stride, padding, output_padding, dilation, .. } = *settings;
    // Padding beyond the reach of the kernel crops the input.
    let side = |n: usize, k: usize, s: usize, p: usize, more: usize, d: usize| {
        let (beyond, whole) = (reach(k, d), n.checked_sub(1)?.checked_mul(s)? + 1 + more);
        let cut = p.saturating_sub(beyond);
        Some((whole.checked_sub(2 * cut)?, beyond.saturating_sub(p)))
    };
    let (height, top) = side(size.h, kernel.h, stride.h, padding.h, output_padding.h, dilation.h)?;
    let (width, left) = side(size.w, kernel.w, stride.w, padding.w, output_padding.w, dilation.w)?;
    let around = Pair { h: top, w: left };
    let kind = if stride == ONE { BaselineKind::Padded(around) } else { BaselineKind::ZerosBetween };
    let conv = Conv2d { padding: around.into(), dilation, ..plain(1, kernel) };
    Some(Baseline { kind, input: Shape::maps(1, height, width), layers: vec![conv.into()] })
}
