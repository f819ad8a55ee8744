//! Images abreast: the same cell of each beside the next one's. See [`Abreast`](super::layers::Abreast).

use super::layers::Layer;

/// The most images abreast: a register's values. Fewer than half of that leave registers too empty.
const MOST: usize = 16;

/// Values of a layer's output for the images abreast, which may fill the second cache for the sake of longer rows.
const CACHED: usize = 1 << 19;

/// How many images pass `layers` abreast, if it pays; else 0.
pub(super) fn images_abreast(layers: &[Box<dyn Layer>]) -> usize {
    let widest = layers.iter().map(|layer| layer.output().len()).max();
    let images = widest.map_or(0, |widest| (CACHED / widest.max(1)).min(MOST));
    if images < MOST / 2 { 0 } else { images }
}

/// Cells that are put together at a time, so that what is written stays in the innermost cache.
const TOGETHER: usize = 16;

/// Puts images that stand one after the other, of `len` values each, abreast.
pub(super) fn side_by_side(images: &[f32], len: usize, abreast: &mut [f32]) {
    let count = images.len() / len;
    for (i, cells) in abreast.chunks_mut(TOGETHER * count).enumerate() {
        for (number, image) in images.chunks_exact(len).enumerate() {
            let to = cells[number..].iter_mut().step_by(count);
            to.zip(&image[i * TOGETHER..]).for_each(|(to, &value)| *to = value);
        }
    }
}

/// Puts images of `len` values that stand abreast one after the other.
pub(super) fn one_after_the_other(abreast: &[f32], len: usize, images: &mut [f32]) {
    let count = abreast.len() / len;
    for (i, cells) in abreast.chunks(TOGETHER * count).enumerate() {
        for (number, image) in images.chunks_exact_mut(len).enumerate() {
            let from = cells[number..].iter().step_by(count);
            image[i * TOGETHER..].iter_mut().zip(from).for_each(|(to, &value)| *to = value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_cells_stand_side_by_side_and_come_back() {
        for (len, count) in [(1, 1), (5, 3), (40, 16), (33, 7)] {
            let images: Vec<f32> = (0..len * count).map(|i| i as f32).collect();
            let mut abreast = vec![f32::NAN; images.len()];
            side_by_side(&images, len, &mut abreast);
            for (at, &value) in abreast.iter().enumerate() {
                assert_eq!(value, (at % count * len + at / count) as f32);
            }
            let mut back = vec![f32::NAN; images.len()];
            one_after_the_other(&abreast, len, &mut back);
            assert_eq!(back, images);
        }
    }
}
