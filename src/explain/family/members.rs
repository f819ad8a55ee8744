//! The members: what each is, which layers it is made of, and what it stands beside.

use super::{Knob, MemberSetup, Options};
use crate::nn::{
    LayerSpec, Pair, Shape,
    layers::{ChannelShuffle, Conv2d, ConvTranspose2d},
};
use serde::{Deserialize, Serialize};

/// A kind of convolution that is made of layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "`about` says what each is")]
pub enum Member {
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

/// The layers that do without the member's saving, and over which input.
#[derive(Clone, Debug, PartialEq)]
pub struct Standard {
    /// What they are.
    pub kind: StandardKind,
    /// What they look at.
    pub input: Shape,
    /// The layers.
    pub layers: Vec<LayerSpec>,
}

/// What a member, or another kind of convolution, stands beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandardKind {
    /// A convolution of stride 1 with so much padding.
    Padded(Pair),
    /// A convolution over the input with zeros put between its values.
    ZerosBetween,
    /// One layer with kernels of this size.
    Kernel(Pair),
    /// The same layers, whose filters see all channels.
    AllChannels,
    /// A fully connected layer.
    FullyConnected,
    /// A kernel of one slice, of this size, over each slice by itself.
    EachSlice(Pair),
}

const fn plain(filters: usize, kernel_size: Pair) -> Conv2d {
    Conv2d { kernel_size, bias: false, ..Conv2d::new(filters, 1) }
}

const ONE: Pair = Pair::square(1);

/// How far a kernel of this side spans beyond its first element.
fn reach(kernel: usize, dilation: usize) -> usize {
    dilation.saturating_mul(kernel.saturating_sub(1))
}

impl Member {
    /// All of them.
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

    /// Its name.
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

    /// What it is, in a sentence or two.
    pub fn about(self) -> &'static str {
        match self {
            Self::Transposed => {
                "Each input writes the whole kernel, times itself, into the output; where copies overlap they add up. It is the product with the transposed matrix of a convolution."
            }
            Self::Dilated => {
                "The kernel's elements stand apart, with dilation − 1 gaps between: at dilation 2 nine weights see 5×5."
            }
            Self::Grouped => {
                "Channels and filters are split into groups; a filter sees its own group alone, and has fewer weights."
            }
            Self::Shuffled => {
                "Groups never learn of each other; shuffling the channels between two grouped layers mixes them."
            }
            Self::DepthwiseSeparable => {
                "First a kernel of its own for each channel, then a 1×1 convolution that mixes the channels."
            }
            Self::SpatiallySeparable => {
                "A kernel that is a column times a row, as Sobel's is: a 3×1 layer and then a 1×3 layer give the same map with 6 weights for 9."
            }
            Self::Flattened => {
                "A filter of three sides as three filters of one side each: across the channels, down, and to the right."
            }
            Self::Pointwise => {
                "A 1×1 kernel sees one place through all channels: it mixes channels, and nothing else."
            }
            Self::Stacked => {
                "Small kernels one after the other see as far as one large one: three layers of 3×3 see 7×7, with 27C² weights for 49C²."
            }
        }
    }

    /// What of it can be set.
    pub fn knobs(self) -> &'static [Knob] {
        use Knob::{
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

    /// Its layers with these settings, which may be impossible.
    pub fn layers(self, options: &Options) -> Vec<LayerSpec> {
        let Options { channels, filters, kernel, stride, padding, output_padding, dilation, groups, .. } =
            *options;
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
            Self::Dilated => vec![Conv2d { stride, padding, dilation, ..plain(1, kernel) }.into()],
            Self::Grouped => vec![Conv2d { stride, padding, groups, ..plain(filters, kernel) }.into()],
            Self::Shuffled => vec![
                Conv2d { groups, ..plain(filters, kernel) }.into(),
                ChannelShuffle { groups }.into(),
                Conv2d { groups, ..plain(filters, ONE) }.into(),
            ],
            Self::DepthwiseSeparable => vec![
                Conv2d { stride, padding, groups: channels, ..plain(channels, kernel) }.into(),
                plain(filters, ONE).into(),
            ],
            Self::SpatiallySeparable => {
                let down = Conv2d {
                    stride: Pair { w: 1, ..stride },
                    padding: Pair { w: 0, ..padding },
                    ..plain(1, Pair { w: 1, ..kernel })
                };
                let right = Conv2d {
                    stride: Pair { h: 1, ..stride },
                    padding: Pair { h: 0, ..padding },
                    ..plain(1, Pair { h: 1, ..kernel })
                };
                vec![down.into(), right.into()]
            }
            Self::Flattened => {
                let (down, right) = (Pair { w: 1, ..kernel }, Pair { h: 1, ..kernel });
                vec![plain(1, ONE).into(), plain(1, down).into(), plain(1, right).into()]
            }
            Self::Pointwise => vec![plain(filters, ONE).into()],
            Self::Stacked => vec![plain(channels, kernel).into(); options.layers],
        }
    }

    /// The layers that do without its saving, from the same input to an output of the same size; `None` where there are
    /// none. Of a 1×1 convolution, 3×3 kernels that keep the size.
    pub fn standard(self, options: &Options) -> Option<Standard> {
        let Options { channels, filters, kernel, stride, padding, dilation, groups, layers, .. } = *options;
        let input = options.input(self);
        let span = Pair { h: reach(kernel.h, dilation.h) + 1, w: reach(kernel.w, dilation.w) + 1 };
        let one =
            |conv: Conv2d, kind: StandardKind| Some(Standard { kind, input, layers: vec![conv.into()] });
        match self {
            Self::Transposed => stuffed(options),
            Self::Dilated => one(Conv2d { stride, padding, ..plain(1, span) }, StandardKind::Kernel(span)),
            Self::Grouped | Self::Shuffled if groups > 0 => {
                let layers = Self::layers(self, &Options { groups: 1, ..*options });
                let convs = layers.into_iter().filter(|layer| matches!(layer, LayerSpec::Conv2d(_)));
                Some(Standard { kind: StandardKind::AllChannels, input, layers: convs.collect() })
            }
            Self::DepthwiseSeparable => {
                one(Conv2d { stride, padding, ..plain(filters, kernel) }, StandardKind::Kernel(kernel))
            }
            Self::SpatiallySeparable => {
                one(Conv2d { stride, padding, ..plain(1, kernel) }, StandardKind::Kernel(kernel))
            }
            Self::Flattened => one(plain(1, kernel), StandardKind::Kernel(kernel)),
            Self::Pointwise => {
                let three = Pair::square(3);
                let conv = Conv2d { padding: ONE, ..plain(filters, three) };
                one(conv, StandardKind::Kernel(three))
            }
            Self::Stacked => {
                let side = |side: usize| reach(side, layers) + 1;
                let large = Pair { h: side(kernel.h), w: side(kernel.w) };
                one(plain(channels, large), StandardKind::Kernel(large))
            }
            Self::Grouped | Self::Shuffled => None,
        }
    }

    /// Its input, layers and weights, with numbers to see it by.
    pub fn example(self) -> MemberSetup {
        MemberSetup::new(self)
    }
}

/// A transposed convolution as one that slides over the input with `stride − 1` zeros between its values; the last
/// rows and columns are those of the output padding (Dumoulin and Visin 2016, "A guide to convolution arithmetic for
/// deep learning", chapter 4).
fn stuffed(options: &Options) -> Option<Standard> {
    let Options { size, kernel, stride, padding, output_padding, dilation, .. } = *options;
    // What the transposed padding cuts off beyond the kernel's reach is cut off the input.
    let side = |n: usize, k: usize, s: usize, p: usize, more: usize, d: usize| {
        let (beyond, whole) = (reach(k, d), n.checked_sub(1)?.checked_mul(s)? + 1 + more);
        let cut = p.saturating_sub(beyond);
        Some((whole.checked_sub(2 * cut)?, beyond.saturating_sub(p)))
    };
    let (height, top) = side(size.h, kernel.h, stride.h, padding.h, output_padding.h, dilation.h)?;
    let (width, left) = side(size.w, kernel.w, stride.w, padding.w, output_padding.w, dilation.w)?;
    let around = Pair { h: top, w: left };
    let kind = if stride == ONE { StandardKind::Padded(around) } else { StandardKind::ZerosBetween };
    let conv = Conv2d { padding: around, dilation, ..plain(1, kernel) };
    Some(Standard { kind, input: Shape::maps(1, height, width), layers: vec![conv.into()] })
}

#[cfg(test)]
mod tests;
