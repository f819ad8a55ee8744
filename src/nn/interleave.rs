//! Interleaving images: (images, values) to (values, images) and back. See [`Interleaving`](super::layers::Interleaving).

/// Cells that are copied at a time, so that the destination stays in the L1 cache.
const BLOCK: usize = 16;

/// Interleaves images.
///
/// `images`: (n, len); `interleaved`: (len, n), overwritten.
pub(super) fn interleave(images: &[f32], len: usize, interleaved: &mut [f32]) {
    let count = images.len() / len;
    for (i, cells) in interleaved.chunks_mut(BLOCK * count).enumerate() {
        for (number, image) in images.chunks_exact(len).enumerate() {
            let image = &image[i * BLOCK..][..cells.len() / count];
            for cell in 0..image.len() {
                cells[cell * count + number] = image[cell];
            }
        }
    }
}

/// The inverse of [`interleave`].
///
/// `interleaved`: (len, n); `images`: (n, len), overwritten.
pub(super) fn deinterleave(interleaved: &[f32], len: usize, images: &mut [f32]) {
    let count = interleaved.len() / len;
    for (i, cells) in interleaved.chunks(BLOCK * count).enumerate() {
        for (number, image) in images.chunks_exact_mut(len).enumerate() {
            let image = &mut image[i * BLOCK..][..cells.len() / count];
            for cell in 0..image.len() {
                image[cell] = cells[cell * count + number];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_interleaved_and_back() {
        for (len, count) in [(1, 1), (5, 3), (40, 16), (33, 7)] {
            let images: Vec<f32> = (0..len * count).map(|i| i as f32).collect();
            let mut interleaved = vec![f32::NAN; images.len()];
            interleave(&images, len, &mut interleaved);
            for (at, &value) in interleaved.iter().enumerate() {
                assert_eq!(value, (at % count * len + at / count) as f32);
            }
            let mut back = vec![f32::NAN; images.len()];
            deinterleave(&interleaved, len, &mut back);
            assert_eq!(back, images);
        }
    }
}
