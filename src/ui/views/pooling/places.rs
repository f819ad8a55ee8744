//! The layout of the view: rectangles of the map, the outputs and the text.

use crate::ui::style::tokens::space;
use egui::{Rect, Vec2, pos2, vec2};

/// The height of a title, in points.
pub const TITLE: f32 = 24.0;

/// The width of text beside a picture, in points.
const WORDS: f32 = 148.0;

/// The width from which the view uses large text, in points.
const WIDE: f32 = 700.0;

/// The rectangles of a page.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// Whether there is room for large text.
    pub is_wide: bool,
    /// Whether there is room for one line below the map only: when presented to the back row.
    pub is_low: bool,
    /// The title of the map.
    pub title: Rect,
    /// The map.
    pub map: Rect,
    /// Text and controls below the map.
    pub below: Rect,
    /// One band for each layer: max and average pooling.
    pub bands: [Rect; 2],
}

impl Places {
    /// Divides the room: the map on the left, as large as possible, two bands on the right.
    pub fn of(room: Rect, is_low: bool) -> Self {
        let is_wide = room.width() >= WIDE && !is_low;
        let gap = if is_wide { space::XL } else { space::M };
        let below = match (is_low, is_wide) {
            (true, _) => 38.0,
            (false, true) => 156.0,
            (false, false) => 118.0,
        };
        let side = (room.width() * 0.5).min(room.height() - TITLE - below).max(80.0);
        let title = Rect::from_min_size(room.min, vec2(side, TITLE));
        let map = Rect::from_min_size(title.left_bottom(), Vec2::splat(side));
        let below = Rect::from_min_max(map.left_bottom(), pos2(map.right(), room.bottom()));
        let right = room.with_min_x(map.right() + gap);
        let height = (right.height() - gap) / 2.0;
        let upper = right.with_max_y(right.top() + height);
        let lower = right.with_min_y(right.bottom() - height);
        Self { is_wide, is_low, title, map, below, bands: [upper, lower] }
    }
}

/// The rectangles of a band.
#[derive(Clone, Copy, Debug)]
pub struct Band {
    /// The title.
    pub title: Rect,
    /// The first picture.
    pub picture: Rect,
    /// The second picture, if there is one.
    pub beside: Rect,
    /// The text.
    pub words: Rect,
}

impl Band {
    /// Two pictures side by side, text of `lines` points below.
    pub fn of_two(rect: Rect, lines: f32) -> Self {
        let (title, rest) = rect.split_top_bottom_at_y(rect.top() + TITLE);
        let (pictures, words) = rest.split_top_bottom_at_y(rest.bottom() - lines);
        let pictures = pictures.with_max_y(pictures.bottom() - space::XS);
        let side = pictures.height().min(pictures.width() * 0.54);
        let (picture, beside) = pictures.split_left_right_at_x(pictures.left() + side);
        Self { title, picture, beside: beside.with_min_x(beside.left() + space::L), words }
    }

    /// One picture with text beside it, or below it in `lines` points if there is no room beside it.
    pub fn of_one(rect: Rect, lines: f32) -> Self {
        let (title, rest) = rect.split_top_bottom_at_y(rect.top() + TITLE);
        let side = rest.height().min(rest.width() - WORDS - space::L);
        let is_beside = rest.height() < WORDS && rest.width() - rest.height() - space::L > WORDS;
        if side > WORDS || is_beside {
            let (picture, words) = rest.split_left_right_at_x(rest.left() + side);
            return Self {
                title,
                picture,
                beside: Rect::NOTHING,
                words: words.with_min_x(words.left() + space::L),
            };
        }
        let (picture, words) = rest.split_top_bottom_at_y(rest.bottom() - lines);
        Self {
            title,
            picture: picture.with_max_y(picture.bottom() - space::XS),
            beside: Rect::NOTHING,
            words,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_do_not_overlap() {
        for (size, is_low) in [
            (vec2(468.0, 370.0), false),
            (vec2(1032.0, 745.0), false),
            (vec2(1800.0, 1100.0), false),
            (vec2(740.0, 420.0), false),
            (vec2(612.0, 316.0), true),
            (vec2(740.0, 388.0), true),
        ] {
            let room = Rect::from_min_size(pos2(10.0, 20.0), size);
            let places = Places::of(room, is_low);
            let [max, average] = places.bands;
            for bands in [Band::of_two, Band::of_one] {
                let mut all = vec![places.title, places.map, places.below];
                for band in [bands(max, 56.0), bands(average, 56.0)] {
                    all.extend([band.title, band.picture, band.words]);
                    all.extend(Some(band.beside).filter(Rect::is_positive));
                }
                for (i, a) in all.iter().enumerate() {
                    assert!(room.expand(0.01).contains_rect(*a) && a.is_positive(), "{size}: {a} in {room}");
                    for b in &all[i + 1..] {
                        assert!(!a.shrink(0.01).intersects(b.shrink(0.01)), "{size}: {a} and {b}");
                    }
                }
            }
        }
    }
}
