//! Views fill the room that they have; on paper, empty bands between their parts are closed.

use egui::Rect;

/// The highest band that stays as it is, in points.
const MOST: f32 = 40.0;

/// What is left of a higher one, in points.
const LEFT: f32 = 20.0;

/// How far what stands below empty bands is moved up.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Gaps(Vec<(f32, f32)>);

impl Gaps {
    /// The empty bands between rectangles.
    pub(super) fn between(rects: &[Rect]) -> Self {
        let mut bands: Vec<(f32, f32)> = rects.iter().map(|rect| (rect.top(), rect.bottom())).collect();
        bands.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut gaps = Vec::new();
        let (mut end, mut moved) = (f32::INFINITY, 0.0);
        for (top, bottom) in bands {
            if top - end > MOST {
                moved += (top - end - LEFT).floor();
                gaps.push((top, moved));
            }
            end = if end.is_finite() { end.max(bottom) } else { bottom };
        }
        Self(gaps)
    }

    /// How far something at this height is moved up.
    pub(super) fn above(&self, top: f32) -> f32 {
        let last = self.0.iter().rev().find(|(from, _)| top >= from - 0.5);
        last.map_or(0.0, |(_, moved)| *moved)
    }

    /// How far the lowest is moved up.
    pub(super) fn total(&self) -> f32 {
        self.above(f32::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn high_bands_are_closed_and_low_ones_stay() {
        let at = |top: f32, bottom: f32| Rect::from_min_max(pos2(0.0, top), pos2(9.0, bottom));
        let gaps = Gaps::between(&[at(200.0, 210.0), at(0.0, 50.0), at(20.0, 90.0), at(120.0, 130.0)]);
        // From 90 to 120 is little; from 130 to 200 is much.
        assert_eq!([0.0, 119.0, 150.0, 200.0, 300.0].map(|top| gaps.above(top)), [0.0, 0.0, 0.0, 50.0, 50.0]);
        assert_eq!((gaps.total(), Gaps::between(&[]).total()), (50.0, 0.0));
    }
}
