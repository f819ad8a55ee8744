//! Where the digits of a picture may be: boxes around marks that stand apart.

use super::components;
use image::GrayImage;

/// The most marks of a picture.
pub const MOST: usize = 12;

/// Room around a mark, as a fraction of its longer side.
const ROOM: f32 = 0.2;

/// Boxes around the separate marks in white ink on black, each (x, y, width, height) in pixels, from left to right. Marks
/// that are close together are one, and specks are none; of many, the [`MOST`] with the most ink.
pub fn marks(ink: &GrayImage) -> Vec<[u32; 4]> {
    let (width, height) = ink.dimensions();
    let mut boxes = components::marks(ink);
    boxes.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    boxes.truncate(MOST);
    let mut boxes: Vec<[u32; 4]> = boxes
        .into_iter()
        .map(|(_, [left, top, right, bottom])| {
            let room = ((right - left).max(bottom - top) as f32 * ROOM).ceil() as u32;
            let (x, y) = (left.saturating_sub(room), top.saturating_sub(room));
            let (right, bottom) = ((right + room).min(width), (bottom + room).min(height));
            [x, y, right - x, bottom - y]
        })
        .collect();
    boxes.sort_unstable();
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn marks_that_stand_apart_have_boxes() {
        let is_ink = |x: u32, y: u32| {
            // Two bars, a bar with another one close to it, and a speck.
            let bar = |left: u32| (left..left + 10).contains(&x) && (50..150).contains(&y);
            bar(30)
                || bar(200)
                || bar(300)
                || ((314..320).contains(&x) && (60..90).contains(&y))
                || (x, y) == (120, 20)
        };
        let picture = GrayImage::from_fn(400, 200, |x, y| Luma([u8::from(is_ink(x, y)) * 255]));
        let found = marks(&picture);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found.iter().all(|[x, y, width, height]| x + width <= 400 && y + height <= 200 && *height >= 100)
        );
        assert!(found[2][0] < 300 && found[2][0] + found[2][2] > 320);
        assert!(marks(&GrayImage::new(50, 50)).is_empty());
        assert!(marks(&GrayImage::new(0, 0)).is_empty());
    }
}
