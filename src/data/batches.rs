//! The order of a data set's images in an epoch, and filling batches with them.

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{Augment, Split};

/// The numbers `0..len`, shuffled by `seed` and `epoch`: each epoch of a seed has its own order.
pub fn shuffled(len: usize, seed: u64, epoch: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..len as u32).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(epoch);
    order.shuffle(&mut rng);
    order
}

/// The transformation from the bytes of an image to a network's input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InputTransform {
    /// The value to subtract, where full ink is 1.
    pub mean: f32,
    /// The value to divide the difference by, where full ink is 1. Not zero.
    pub std: f32,
    /// Pixels of background to add on each of the four sides.
    pub pad: usize,
}

impl Default for InputTransform {
    /// Bytes to the range 0 to 1, without centring, scaling or padding.
    fn default() -> Self {
        Self { mean: 0.0, std: 1.0, pad: 0 }
    }
}

impl InputTransform {
    /// Height or width after padding, in pixels.
    pub fn padded(&self, side: usize) -> usize {
        side + 2 * self.pad
    }

    /// Transforms one image. `pixels` has shape (channels, height, width), `out` has shape (channels, height + 2·pad,
    /// width + 2·pad). Each value is `(byte / 255 − mean) / std`; the padding has the value of byte 0.
    pub fn apply(&self, pixels: &[u8], height: usize, width: usize, out: &mut [f32]) {
        self.apply_with(&self.table(), pixels, height, width, out);
    }

    /// The value of each byte.
    fn table(&self) -> [f32; 256] {
        std::array::from_fn(|byte| (byte as f32 / 255.0 - self.mean) / self.std)
    }

    fn apply_with(&self, table: &[f32; 256], pixels: &[u8], height: usize, width: usize, out: &mut [f32]) {
        debug_assert!(pixels.len().is_multiple_of((height * width).max(1)));
        if self.pad == 0 {
            write_row(table, pixels, out);
            return;
        }
        out.fill(table[0]);
        let padded = (self.padded(height) * self.padded(width)).max(1);
        for (map, pixels) in out.chunks_exact_mut(padded).zip(pixels.chunks_exact((height * width).max(1))) {
            let rows = map.chunks_exact_mut(self.padded(width).max(1)).skip(self.pad);
            for (row, pixels) in rows.zip(pixels.chunks_exact(width.max(1))) {
                write_row(table, pixels, &mut row[self.pad..]);
            }
        }
    }
}

fn write_row(table: &[f32; 256], pixels: &[u8], out: &mut [f32]) {
    for (value, &byte) in out.iter_mut().zip(pixels) {
        *value = table[byte as usize];
    }
}

/// The augmentation of the images of one epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Augmented {
    /// The settings.
    pub settings: Augment,
    /// The seed of the random changes.
    pub seed: u64,
    /// The epoch, which has random changes of its own.
    pub epoch: u64,
    /// The number of training images, which come first in the split. Outliers are made of these alone.
    pub learnt: usize,
}

/// Fills a batch with the images at `indices`. Without augmentation it does not allocate.
///
/// `inputs` has shape (`indices.len()`, channels, height + 2·pad, width + 2·pad), `labels` has `indices.len()` bytes. Every index
/// must be below `split.len()`.
pub fn fill(
    split: &Split,
    indices: &[u32],
    transform: &InputTransform,
    augmented: Option<Augmented>,
    inputs: &mut [f32],
    labels: &mut [u8],
) {
    let size = split.channels() * transform.padded(split.height()) * transform.padded(split.width());
    debug_assert_eq!(inputs.len(), indices.len() * size);
    debug_assert_eq!(labels.len(), indices.len());
    let table = transform.table();
    let (height, width) = (split.height(), split.width());
    let mut changed = vec![0; if augmented.is_some() { split.channels() * height * width } else { 0 }];
    let places = inputs.chunks_exact_mut(size).zip(labels);
    for ((input, label), &index) in places.zip(indices) {
        let mut image = split.image(index as usize);
        *label = split.label(index as usize);
        if let Some(Augmented { settings, seed, epoch, learnt }) = augmented {
            *label = settings.change((seed, epoch, index), split, learnt, &mut changed);
            image = &changed;
        }
        transform.apply_with(&table, image, height, width, input);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_a_permutation_that_seed_and_epoch_determine() {
        let order = shuffled(1000, 7, 3);
        assert_eq!(order, shuffled(1000, 7, 3));
        assert_ne!(order, shuffled(1000, 7, 4));
        assert_ne!(order, shuffled(1000, 8, 3));
        let mut sorted = order;
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..1000));
        assert!(shuffled(0, 1, 1).is_empty());
    }

    #[test]
    fn the_order_of_a_seed_never_changes() {
        assert_eq!(shuffled(10, 1, 0), [3, 8, 5, 2, 7, 9, 6, 0, 4, 1]);
    }

    #[test]
    fn bytes_are_centred_and_scaled() {
        let transform = InputTransform { mean: 0.1307, std: 0.3081, pad: 0 };
        let mut out = [0.0; 3];
        transform.apply(&[0, 128, 255], 1, 3, &mut out);
        for (value, byte) in out.into_iter().zip([0.0f32, 128.0, 255.0]) {
            assert_eq!(value, (byte / 255.0 - 0.1307) / 0.3081);
        }
    }

    #[test]
    fn padding_is_background_on_each_side() {
        let transform = InputTransform { mean: 0.5, std: 0.5, pad: 1 };
        let mut out = [9.0; 20];
        transform.apply(&[255, 0, 255, 255, 255, 0], 2, 3, &mut out);
        #[rustfmt::skip]
        assert_eq!(out, [
            -1.0, -1.0, -1.0, -1.0, -1.0,
            -1.0,  1.0, -1.0,  1.0, -1.0,
            -1.0,  1.0,  1.0, -1.0, -1.0,
            -1.0, -1.0, -1.0, -1.0, -1.0,
        ]);
    }

    #[test]
    fn a_batch_has_the_images_in_the_order_of_the_indices() {
        let split = Split::new("s", (0..12).collect(), vec![5, 6, 7], 2, 2).unwrap();
        let transform = InputTransform { mean: 0.0, std: 1.0 / 255.0, pad: 0 };
        let (mut inputs, mut labels) = ([0.0; 12], [0; 3]);
        fill(&split, &[2, 0, 2], &transform, None, &mut inputs, &mut labels);
        assert_eq!(labels, [7, 5, 7]);
        assert_eq!(inputs.map(f32::round), [8., 9., 10., 11., 0., 1., 2., 3., 8., 9., 10., 11.]);
    }

    #[test]
    fn images_in_colour_are_padded_and_augmented_channel_by_channel() {
        let pixels: Vec<u8> = [[10; 9], [20; 9], [30; 9]].concat();
        let split = Split::with_channels("s", pixels, vec![1], (3, 3, 3)).unwrap();
        let transform = InputTransform { mean: 0.0, std: 1.0 / 255.0, pad: 1 };
        let (mut inputs, mut labels) = ([0.0; 75], [0]);
        fill(&split, &[0], &transform, None, &mut inputs, &mut labels);
        assert_eq!([6, 31, 56, 0, 25].map(|at| inputs[at].round()), [10.0, 20.0, 30.0, 0.0, 0.0]);
        let settings = Augment { flip: true, rotation: 20.0, shift: 0.3, ..Augment::default() };
        let augmented = Augmented { settings, seed: 1, epoch: 0, learnt: 1 };
        fill(&split, &[0], &transform, Some(augmented), &mut inputs, &mut labels);
        // All channels are moved alike.
        for at in 0..25 {
            let [red, green, blue] = [0, 25, 50].map(|channel| inputs[channel + at]);
            assert!(
                (green - 2.0 * red).abs() <= 1.51 && (blue - 3.0 * red).abs() <= 2.01,
                "{red} {green} {blue}"
            );
        }
        assert!(settings.for_grey_alone().is_none() && Augment::DRAWN.for_grey_alone().is_some());
    }
}
