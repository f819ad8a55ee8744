//! Where many small maps lie in few textures: rows of maps of like height.

/// The place of one map, in texels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The texture.
    pub page: usize,
    /// From the texture's left.
    pub x: usize,
    /// From the texture's top.
    pub y: usize,
    /// Columns: those of the map, or fewer where a texture is too narrow.
    pub width: usize,
    /// Rows: those of the map, or fewer where a texture is too low.
    pub height: usize,
}

/// The places of all maps, in the order of their sizes, and the sizes of the textures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtlasLayout {
    /// One a map.
    pub slots: Vec<Slot>,
    /// \[width, height\] of each texture.
    pub pages: Vec<[usize; 2]>,
}

impl AtlasLayout {
    /// Places maps of these (width, height)s into textures of at most `max_side` × `max_side`.
    pub fn new(sizes: &[(usize, usize)], max_side: usize) -> Self {
        let max_side = max_side.max(1);
        let mut order: Vec<usize> = (0..sizes.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(sizes[*i].1));
        let page_width = page_width(sizes, max_side);
        let nowhere = Slot { page: 0, x: 0, y: 0, width: 0, height: 0 };
        let mut layout = Self { slots: vec![nowhere; sizes.len()], pages: Vec::new() };
        // The current shelf: its page, left end, top and height.
        let (mut page, mut x, mut y, mut shelf_height) = (0, 0, 0, 0);
        for i in order {
            let (width, height) = (sizes[i].0.min(max_side), sizes[i].1.min(max_side));
            if x + width > page_width {
                (x, y, shelf_height) = (0, y + shelf_height, 0);
            }
            if y + height > max_side {
                (page, x, y, shelf_height) = (page + 1, 0, 0, 0);
            }
            layout.slots[i] = Slot { page, x, y, width, height };
            if layout.pages.len() <= page {
                layout.pages.push([1, 1]);
            }
            let size = &mut layout.pages[page];
            *size = [size[0].max(x + width), size[1].max(y + height)];
            x += width;
            shelf_height = shelf_height.max(height);
        }
        layout
    }
}

/// Wide enough for the widest map, and about as wide as everything is high.
fn page_width(sizes: &[(usize, usize)], max_side: usize) -> usize {
    let area: usize = sizes.iter().map(|(w, h)| w.min(&max_side) * h.min(&max_side)).sum();
    let widest = sizes.iter().map(|(w, _)| (*w).min(max_side)).max().unwrap_or(1);
    let square = (area as f64).sqrt().ceil() as usize;
    square.next_power_of_two().clamp(1, max_side).max(widest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No two maps share a texel, and each lies inside its page.
    fn check(sizes: &[(usize, usize)], max_side: usize) -> AtlasLayout {
        let layout = AtlasLayout::new(sizes, max_side);
        assert_eq!(layout.slots.len(), sizes.len());
        let mut taken: Vec<Vec<bool>> = layout.pages.iter().map(|[w, h]| vec![false; w * h]).collect();
        for (slot, (w, h)) in layout.slots.iter().zip(sizes) {
            assert_eq!((slot.width, slot.height), ((*w).min(max_side), (*h).min(max_side)));
            for y in slot.y..slot.y + slot.height {
                for x in slot.x..slot.x + slot.width {
                    let texel = &mut taken[slot.page][y * layout.pages[slot.page][0] + x];
                    assert!(!std::mem::replace(texel, true), "{slot:?} overlaps");
                }
            }
        }
        assert!(layout.pages.iter().all(|[w, h]| *w <= max_side && *h <= max_side));
        layout
    }

    #[test]
    fn ordinary_networks_need_one_page() {
        check(&[], 2048);
        assert_eq!(check(&[(28, 28)], 2048).pages, [[28, 28]]);
        assert_eq!(check(&[(26, 26); 512], 2048).pages.len(), 1);
        let mut lenet = vec![(32, 32)];
        lenet.extend([(28, 28); 12]);
        lenet.extend([(14, 14); 6]);
        lenet.extend([(10, 10); 32]);
        lenet.extend([(5, 5); 16]);
        lenet.extend([(1, 120), (1, 84), (1, 10)]);
        assert_eq!(check(&lenet, 2048).pages.len(), 1);
    }

    #[test]
    fn what_does_not_fit_one_page_takes_more() {
        assert!(check(&[(224, 224); 512], 2048).pages.len() > 1);
        assert!(check(&[(30, 30); 50], 64).pages.len() > 10);
    }

    #[test]
    fn giants_and_nothings_have_places() {
        check(&[(1, 10_000), (10_000, 1), (26, 26), (0, 5), (5, 0), (0, 0)], 2048);
        check(&[(3, 3); 4], 1);
        assert_eq!(AtlasLayout::new(&[(3, 3)], 0).slots.len(), 1);
    }
}
