//! Colours and rectangles of egui as a drawing has them.

use crate::figure::Ink;
use egui::{Color32, Rect};

/// A colour that is seen.
pub(super) fn ink(colour: Color32) -> Option<Ink> {
    let ink = colour.to_srgba_unmultiplied();
    (ink[3] > 0).then_some(ink)
}

/// (left, top, right, bottom).
pub(super) fn edges(rect: Rect) -> [f32; 4] {
    let sound = |edge: f32| edge.clamp(-1e6, 1e6);
    [rect.left(), rect.top(), rect.right(), rect.bottom()].map(sound)
}
