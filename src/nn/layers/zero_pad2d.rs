//! `zero_pad2d`: rows and columns of zeros around each map.

use super::{
    context::{BackwardInput, LayerContext},
    error::LayerError,
    layer::{Interleaving, Layer},
    padding::{Padder, PaddingMode},
    settings::{Settings, need_maps},
};
use crate::nn::{
    border::Border, im2col::MAX_SETTING, setting_error::SettingError, shape::Shape, tensor::Tensor,
};
use crate::text::{fill, tr};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.ZeroPad2d`, without its negative numbers, which cut rows and columns off.
/// (N, C, H, W) → (N, C, H + top + bottom, W + left + right).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZeroPad2d {
    /// Columns and rows of zeros: `[left, right, top, bottom]`, or the same number on all sides.
    pub padding: Border,
}

impl Settings for ZeroPad2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let maps = need_maps(input)?;
        for side in self.padding.sides() {
            SettingError::check("padding", side, 0..=MAX_SETTING)?;
        }
        Ok(Box::new(Module { input, padder: Padder::new(maps, self.padding, PaddingMode::Zeros) }))
    }

    fn summary(&self) -> String {
        fill(tr("zero pad {padding}"), &[("padding", &self.padding.to_string())])
    }

    fn examples() -> Vec<(Self, Shape)> {
        let of = |padding: Border| Self { padding };
        vec![
            (of(Border::even(1)), Shape::maps(2, 4, 3)),
            (of(Border { left: 0, right: 1, top: 2, bottom: 0 }), Shape::maps(3, 2, 5)),
            (of(Border::even(0)), Shape::maps(1, 1, 2)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    input: Shape,
    padder: Padder,
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        self.padder.output()
    }

    fn interleaving(&self) -> Interleaving {
        Interleaving::Kept
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        self.padder.pad(context.interleaved, x, y);
    }

    fn backward(
        &self,
        _: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        context: &mut LayerContext<'_>,
    ) {
        if let Some(dx) = dx {
            self.padder.fold(context.interleaved, input.dy, dx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_where_the_settings_say() {
        let layer = ZeroPad2d { padding: [1, 0, 0, 1].into() }.build(Shape::maps(1, 1, 2)).unwrap();
        let mut y = [f32::NAN; 6];
        layer.forward(&[], &[3.0, 4.0], &mut y, &mut LayerContext::empty());
        assert_eq!(y, [0.0, 3.0, 4.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn absurd_borders_are_refused() {
        let settings = ZeroPad2d { padding: [0, 0, 0, 5000].into() };
        let reason = settings.build(Shape::maps(1, 1, 2)).unwrap_err().to_string();
        assert_eq!(reason, "padding is 5000, but must be from 0 to 4096");
        assert!(settings.build(Shape::Vector(4)).unwrap_err().to_string().contains("needs maps"));
    }
}
