//! `conv2d`: each filter slides over all channels of its group and gives one map.

use super::{
    convolution::check_channels,
    convolve::Convolution,
    defaults::{one, one_group, yes, zero},
    error::LayerError,
    layer::Layer,
    padded_conv2d::PaddedConv2d,
    padding::{Padder, Padding, PaddingMode},
    settings::{Settings, need_maps},
};
use crate::nn::{
    border::Border,
    im2col::{Geometry, MAX_SETTING, Window},
    pair::Pair,
    setting_error::SettingError,
    shape::Shape,
};
use crate::text::{fill, tr};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.Conv2d`; `in_channels` is inferred. (N, C, H, W) → (N, `out_channels`, OH, OW) with
/// `OH = ⌊(H + 2·padding − dilation·(kernel_size − 1) − 1) / stride⌋ + 1`.
///
/// Parameters: weight (`out_channels`, C / groups, KH, KW), bias (`out_channels`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv2d {
    /// The number of filters, and of output maps.
    pub out_channels: usize,
    /// Height and width of a filter.
    pub kernel_size: Pair,
    /// Step between two positions of the filter.
    #[serde(default = "one")]
    pub stride: Pair,
    /// Rows and columns added on each side of the input, or `"same"`.
    #[serde(default = "no_padding")]
    pub padding: Padding,
    /// Distance between two neighbouring elements of the filter.
    #[serde(default = "one")]
    pub dilation: Pair,
    /// Groups into which channels and filters are split; each is an independent convolution.
    #[serde(default = "one_group")]
    pub groups: usize,
    /// Whether each map has a bias.
    #[serde(default = "yes")]
    pub bias: bool,
    /// What the added rows and columns hold.
    #[serde(default)]
    pub padding_mode: PaddingMode,
}

/// None, PyTorch's default.
const fn no_padding() -> Padding {
    Padding::Each(zero())
}

impl Conv2d {
    /// A square kernel with stride 1, no padding, and biases.
    pub const fn new(out_channels: usize, kernel_size: usize) -> Self {
        let kernel_size = Pair::square(kernel_size);
        Self {
            out_channels,
            kernel_size,
            stride: one(),
            padding: no_padding(),
            dilation: one(),
            groups: 1,
            bias: true,
            padding_mode: PaddingMode::Zeros,
        }
    }

    /// With `padding` zeros on each side.
    #[must_use]
    pub const fn padded(self, padding: usize) -> Self {
        Self { padding: Padding::Each(Pair::square(padding)), ..self }
    }

    /// The rows and columns that are added around the input.
    pub const fn border(&self) -> Border {
        match self.padding {
            Padding::Each(Pair { h, w }) => Border { left: w, right: w, top: h, bottom: h },
            Padding::Same => {
                let Self { kernel_size: k, dilation: d, .. } = *self;
                let rows = d.h.saturating_mul(k.h.saturating_sub(1));
                let columns = d.w.saturating_mul(k.w.saturating_sub(1));
                let (left, top) = (columns / 2, rows / 2);
                Border { left, right: columns - left, top, bottom: rows - top }
            }
        }
    }

    /// The window, with the padding before the first row and column.
    pub const fn window(&self) -> Window {
        let Border { left, top, .. } = self.border();
        Window {
            kernel_size: self.kernel_size,
            stride: self.stride,
            padding: Pair { h: top, w: left },
            dilation: self.dilation,
        }
    }

    /// Refuses padding that the stride or the input does not allow.
    fn check_padding(&self, height: usize, width: usize) -> Result<(), SettingError> {
        if self.padding == Padding::Same && self.stride != one() {
            let sentence =
                "{setting} is {value}, but “same” padding needs stride 1: a larger one shrinks the output";
            return Err(SettingError::new("stride", self.stride, sentence));
        }
        let Border { left, right, top, bottom } = self.border();
        for side in self.border().sides() {
            SettingError::check("padding", side, 0..=MAX_SETTING)?;
        }
        let most = match self.padding_mode {
            PaddingMode::Zeros | PaddingMode::Replicate => return Ok(()),
            PaddingMode::Reflect => [height - 1, width - 1],
            PaddingMode::Circular => [height, width],
        };
        if top.max(bottom) > most[0] || left.max(right) > most[1] {
            let sentence = "the border {border} is more than the input {height}×{width} can fill with its own cells: choose less padding, or {setting} zeros";
            let error = SettingError::new("padding_mode", "", sentence).with("border", self.border());
            return Err(error.with("height", height).with("width", width));
        }
        Ok(())
    }
}

impl Settings for Conv2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let Self { out_channels: filters, groups, .. } = *self;
        let (channels, height, width) = need_maps(input)?;
        check_channels(filters, channels, groups)?;
        self.window().check()?;
        self.check_padding(height, width)?;
        let (border, window) = (self.border(), self.window());
        if (border.left, border.top) == (border.right, border.bottom)
            && (self.padding_mode == PaddingMode::Zeros || border == Border::default())
        {
            let group = Geometry::new(channels / groups, height, width, window)?;
            return Ok(Box::new(Convolution::new(input, (filters, groups), self.bias, group)));
        }
        let padder = Padder::new((channels, height, width), border, self.padding_mode);
        let (height, width) = border.around(height, width);
        let window = Window { padding: zero(), ..window };
        let group = Geometry::new(channels / groups, height, width, window)?;
        let inner = Convolution::new(padder.output(), (filters, groups), self.bias, group);
        Ok(Box::new(PaddedConv2d { input, padder, inner }))
    }

    fn summary(&self) -> String {
        let [filters, kernel] = [self.out_channels.to_string(), self.kernel_size.to_string()];
        fill(tr("conv {filters}@{kernel}"), &[("filters", &filters), ("kernel", &kernel)])
    }

    fn examples() -> Vec<(Self, Shape)> {
        let plain = Self::new(2, 3);
        let all = Self {
            out_channels: 6,
            kernel_size: Pair { h: 3, w: 2 },
            stride: Pair { h: 2, w: 1 },
            padding: Pair { h: 2, w: 1 }.into(),
            dilation: Pair { h: 2, w: 3 },
            groups: 2,
            ..plain
        };
        let of = |padding_mode, padding| Self { padding, padding_mode, ..plain };
        let even = Self { kernel_size: Pair { h: 2, w: 4 }, ..of(PaddingMode::Zeros, Padding::Same) };
        // So many filters and elements that the gradient is transposed.
        let many = Self { out_channels: 40, groups: 2, stride: Pair { h: 1, w: 2 }, ..plain.padded(1) };
        vec![
            (plain, Shape::maps(1, 5, 5)),
            (Self { out_channels: 17, ..plain }, Shape::maps(1, 4, 3)),
            (many, Shape::maps(8, 5, 6)),
            (plain.padded(1), Shape::maps(3, 4, 6)),
            (Self { stride: Pair { h: 2, w: 3 }, bias: false, ..plain }, Shape::maps(2, 7, 7)),
            (Self { groups: 4, out_channels: 4, ..plain }, Shape::maps(4, 4, 4)),
            (Self::new(3, 1), Shape::maps(2, 1, 1)),
            (all, Shape::maps(4, 9, 8)),
            (of(PaddingMode::Zeros, Padding::Same), Shape::maps(2, 3, 4)),
            (even, Shape::maps(2, 3, 5)),
            (of(PaddingMode::Reflect, Pair { h: 1, w: 2 }.into()), Shape::maps(2, 5, 6)),
            (of(PaddingMode::Replicate, Pair::square(2).into()), Shape::maps(1, 3, 4)),
            (
                Self { groups: 2, ..of(PaddingMode::Circular, Pair { h: 2, w: 1 }.into()) },
                Shape::maps(4, 6, 5),
            ),
            (Self { padding_mode: PaddingMode::Circular, ..even }, Shape::maps(1, 5, 6)),
            (Self { padding_mode: PaddingMode::Reflect, ..all }, Shape::maps(4, 9, 8)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{layers::LayerContext, tensor::Tensor};

    fn refused(conv: Conv2d, height: usize, width: usize) -> String {
        conv.build(Shape::maps(1, height, width)).unwrap_err().to_string()
    }

    #[test]
    fn same_padding_keeps_the_size() {
        for (h, w, dilation) in [(3, 3, 1), (2, 4, 1), (1, 5, 2), (4, 2, 3)] {
            let (kernel_size, dilation) = (Pair { h, w }, Pair::square(dilation));
            let conv = Conv2d { kernel_size, dilation, padding: Padding::Same, ..Conv2d::new(3, 1) };
            assert_eq!(conv.build(Shape::maps(2, 7, 6)).unwrap().output(), Shape::maps(3, 7, 6));
        }
        let strided = Conv2d { stride: Pair::square(2), padding: Padding::Same, ..Conv2d::new(1, 3) };
        assert!(refused(strided, 5, 5).starts_with("stride is 2×2, but “same” padding needs stride 1"));
    }

    #[test]
    fn the_odd_row_of_same_padding_is_the_last() {
        let conv = Conv2d { padding: Padding::Same, bias: false, ..Conv2d::new(1, 2) };
        let layer = conv.build(Shape::maps(1, 2, 2)).unwrap();
        let weight = [Tensor::new(&[1, 1, 2, 2], &[0.0, 0.0, 0.0, 1.0]).unwrap()];
        let (mut y, mut scratch) = ([f32::NAN; 4], vec![f32::NAN; layer.scratch_len(1)]);
        let mut context = LayerContext { scratch: &mut scratch, ..LayerContext::empty() };
        layer.forward(&weight, &[1.0, 2.0, 3.0, 4.0], &mut y, &mut context);
        assert_eq!(y, [4.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_map_fills_no_more_than_it_has() {
        let of = |padding_mode, padding: usize| Conv2d { padding_mode, ..Conv2d::new(1, 3).padded(padding) };
        let sentence = "the border 3 is more than the input 3×9 can fill with its own cells: choose less padding, or padding_mode zeros";
        assert_eq!(refused(of(PaddingMode::Reflect, 3), 3, 9), sentence);
        assert!(refused(of(PaddingMode::Circular, 4), 3, 9).contains("the border 4"));
        assert!(of(PaddingMode::Reflect, 2).build(Shape::maps(1, 3, 9)).is_ok());
        assert!(of(PaddingMode::Replicate, 9).build(Shape::maps(1, 3, 9)).is_ok());
        assert!(refused(of(PaddingMode::Reflect, 5000), 3, 9).contains("padding is 5000"));
        let huge = Conv2d {
            kernel_size: Pair::square(usize::MAX),
            padding: Padding::Same,
            ..of(PaddingMode::Circular, 0)
        };
        assert!(refused(huge, 3, 9).contains("kernel_size is"));
    }

    #[test]
    fn settings_are_written_as_in_pytorch() {
        let json = r#"{"out_channels": 2, "kernel_size": 3, "padding": "same", "padding_mode": "reflect"}"#;
        let conv: Conv2d = serde_json::from_str(json).unwrap();
        let same = Conv2d { padding: Padding::Same, padding_mode: PaddingMode::Reflect, ..Conv2d::new(2, 3) };
        assert_eq!(conv, same);
        let written = serde_json::to_value(conv).unwrap();
        let word = |name: &str| written[name].as_str();
        assert_eq!((word("padding"), word("padding_mode")), (Some("same"), Some("reflect")));
    }
}
