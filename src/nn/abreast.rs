//! Images abreast: the same cell of each beside the next one's. See [`Abreast`](super::layers::Abreast).

use super::layers::Layer;

/// The most images abreast: a register's values. Fewer than half of that leave registers too empty.
const MOST: usize = 16;

/// Values of a layer's input or output for the images abreast, which may fill the second cache for the sake of longer rows.
const CACHED: usize = 1 << 19;

/// The most scratch memory that a layer may need for them, in values: a wide border costs it, too.
const SCRATCH: usize = 1 << 22;

/// How many images pass `layers` abreast, if it pays; else 0.
pub(super) fn images_abreast(layers: &[Box<dyn Layer>]) -> usize {
    let widest = layers.iter().map(|layer| layer.input().len().max(layer.output().len())).max();
    let images = widest.map_or(0, |widest| (CACHED / widest.max(1)).min(MOST));
    let pays = images >= MOST / 2 && layers.iter().all(|layer| layer.scratch_len(images) <= SCRATCH);
    if pays { images } else { 0 }
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
    use crate::nn::{Network, NetworkSpec};

    #[test]
    fn as_many_pass_as_fit_the_cache() {
        let images = |input: usize, padding: usize, stride: usize| {
            let json = format!(
                r#"{{"name": "n", "input": [1, {input}, {input}], "layers": [
                    {{"type": "conv2d", "out_channels": 2, "kernel_size": 3, "padding": {padding}, "stride": {stride}}},
                    {{"type": "flatten"}}, {{"type": "linear", "out_features": 2}}]}}"#
            );
            let network = Network::zeros(NetworkSpec::from_json(&json).unwrap()).unwrap();
            images_abreast(&network.layers()[..network.layers_abreast()])
        };
        assert_eq!(images(28, 0, 1), 16);
        assert_eq!(images(160, 1, 1), 10);
        assert_eq!(images(200, 1, 1), 0);
        // Small outputs of a large input, and of a wide border.
        assert_eq!(images(1000, 0, 40), 0);
        assert_eq!(images(8, 500, 40), 0);
    }

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
