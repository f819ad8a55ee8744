//! The colours of the pictures, those of the window's dark theme.

use colorgrad::{BlendMode, Color, Gradient, GradientBuilder, LinearGradient};
use plotters::style::RGBColor;

pub(super) const GROUND: RGBColor = RGBColor(0x14, 0x16, 0x1B);
pub(super) const LINE: RGBColor = RGBColor(0x27, 0x2C, 0x36);
pub(super) const TEXT: RGBColor = RGBColor(0xD9, 0xDE, 0xE7);
pub(super) const SECOND: RGBColor = RGBColor(0x8A, 0x93, 0xA3);
pub(super) const ACCENT: RGBColor = RGBColor(0x4C, 0x8D, 0xFF);
/// A faint accent, for single batches behind their mean.
pub(super) const ACCENT_FAINT: RGBColor = RGBColor(0x25, 0x3D, 0x68);
pub(super) const HIGHLIGHT: RGBColor = RGBColor(0xFF, 0xD1, 0x66);

/// Blue below zero, near the background at zero, orange above.
const DIVERGING: [[u8; 3]; 5] =
    [[0x46, 0xA0, 0xFF], [0x1F, 0x55, 0x98], [0x1E, 0x21, 0x28], [0x95, 0x50, 0x19], [0xFF, 0x96, 0x3C]];

/// Colours for signed numbers from −`limit` to `limit`.
pub(super) struct Diverging {
    gradient: LinearGradient,
    limit: f32,
}

impl Diverging {
    pub(super) fn new(limit: f32) -> anyhow::Result<Self> {
        let colors = DIVERGING.map(|[r, g, b]| Color::from_rgba8(r, g, b, 255));
        let gradient = GradientBuilder::new().colors(&colors).mode(BlendMode::Oklab).build()?;
        Ok(Self { gradient, limit: limit.max(f32::MIN_POSITIVE) })
    }

    pub(super) fn color(&self, value: f32) -> RGBColor {
        let [r, g, b, _] = self.gradient.at(f32::midpoint(value / self.limit, 1.0)).to_rgba8();
        RGBColor(r, g, b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_is_blue_and_positive_is_orange() {
        let map = Diverging::new(0.5).unwrap();
        assert_eq!(map.color(-0.5), RGBColor(0x46, 0xA0, 0xFF));
        assert_eq!(map.color(0.0), RGBColor(0x1E, 0x21, 0x28));
        assert_eq!(map.color(9.0), RGBColor(0xFF, 0x96, 0x3C));
    }
}
