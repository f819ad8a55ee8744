//! A picture in memory.

use std::collections::BTreeMap;

/// A picture: rows of pixels from the top, each red, green, blue and alpha; colours are not multiplied with alpha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// (width, height) in pixels.
    pub size: [usize; 2],
    /// The pixels, row by row.
    pub rgba: Vec<[u8; 4]>,
}

impl Pixels {
    /// Whether every pixel is opaque.
    pub fn is_opaque(&self) -> bool {
        self.rgba.iter().all(|pixel| pixel[3] == 255)
    }

    /// The colours with the index of each, in their order, if there are at most `most`.
    pub fn palette(&self, most: usize) -> Option<BTreeMap<[u8; 4], u8>> {
        let mut colours = BTreeMap::new();
        let mut last = None;
        for pixel in &self.rgba {
            if last != Some(pixel) {
                colours.insert(*pixel, 0);
                if colours.len() > most {
                    return None;
                }
                last = Some(pixel);
            }
        }
        colours.values_mut().zip(0..=u8::MAX).for_each(|(index, i)| *index = i);
        Some(colours)
    }

    /// The smallest rectangle (left, top, width, height) outside of which it is like `other`, which has its size; `None` if
    /// it is like it everywhere.
    pub fn changed_from(&self, other: &Self) -> Option<[usize; 4]> {
        let [width, height] = self.size;
        let is_same_row = |y: &usize| self.rgba[y * width..][..width] == other.rgba[y * width..][..width];
        let top = (0..height).find(|y| !is_same_row(y))?;
        let bottom = (top..height).rev().find(|y| !is_same_row(y))? + 1;
        let is_same = |x: usize| (top..bottom).all(|y| self.rgba[y * width + x] == other.rgba[y * width + x]);
        let left = (0..width).find(|x| !is_same(*x))?;
        let right = (left..width).rev().find(|x| !is_same(*x))? + 1;
        Some([left, top, right - left, bottom - top])
    }

    /// A part of it: (left, top, width, height), inside it.
    #[must_use]
    pub fn part(&self, [left, top, width, height]: [usize; 4]) -> Self {
        let row = |y: usize| &self.rgba[y * self.size[0] + left..][..width];
        Self { size: [width, height], rgba: (top..top + height).flat_map(row).copied().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_is_found() {
        let one = Pixels { size: [4, 3], rgba: vec![[0; 4]; 12] };
        let mut other = one.clone();
        assert_eq!(one.changed_from(&other), None);
        other.rgba[5] = [1; 4];
        other.rgba[10] = [2; 4];
        assert_eq!(other.changed_from(&one), Some([1, 1, 2, 2]));
        let part = other.part([1, 1, 2, 2]);
        assert_eq!(part.rgba, [[1; 4], [0; 4], [0; 4], [2; 4]]);
        assert_eq!(
            other.palette(3).unwrap().into_iter().collect::<Vec<_>>(),
            [([0; 4], 0), ([1; 4], 1), ([2; 4], 2)]
        );
        assert_eq!(other.palette(2), None);
        assert!(!other.is_opaque());
    }
}
