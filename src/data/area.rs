//! Resamples grey images by exact area averages, so that thin strokes keep their total ink.

use image::GrayImage;

/// The weights of the source pixels of one target pixel, along one axis.
struct Taps {
    start: usize,
    /// Their sum is 1.
    weights: Vec<f32>,
}

/// Resamples to `width × height` values from 0 to 255, row by row: each is the mean over its area of the source.
///
/// An axis along which the target is larger is interpolated linearly instead. An empty source gives zeros.
pub(super) fn resample(source: &GrayImage, width: usize, height: usize) -> Vec<f32> {
    let (source_width, source_height) = (source.width() as usize, source.height() as usize);
    let mut out = vec![0.0; width * height];
    if source_width == 0 || source_height == 0 || out.is_empty() {
        return out;
    }
    let columns = taps(source_width, width);
    let mut line = vec![0.0; source_width];
    for (out, rows) in out.chunks_exact_mut(width).zip(taps(source_height, height)) {
        line.fill(0.0);
        let pixels = source.as_raw().chunks_exact(source_width).skip(rows.start);
        for (pixels, weight) in pixels.zip(rows.weights) {
            for (sum, &pixel) in line.iter_mut().zip(pixels) {
                *sum += pixel as f32 * weight;
            }
        }
        for (value, taps) in out.iter_mut().zip(&columns) {
            *value = line[taps.start..].iter().zip(&taps.weights).map(|(value, weight)| value * weight).sum();
        }
    }
    out
}

/// The size with the longer side `side` and the same aspect ratio, at least 1×1.
pub(super) fn fit((width, height): (u32, u32), side: u32) -> (u32, u32) {
    let scale = f64::from(side) / f64::from(width.max(height).max(1));
    let scaled = |length: u32| ((f64::from(length) * scale).round() as u32).clamp(1, side);
    (scaled(width), scaled(height))
}

/// The taps of each of `to` target pixels among `from` source pixels. Both are at least 1.
fn taps(from: usize, to: usize) -> Vec<Taps> {
    let scale = from as f32 / to as f32;
    let tap =
        |index: usize| if to > from { interpolate(index, scale, from) } else { cover(index, scale, from) };
    (0..to).map(tap).collect()
}

/// Taps for shrinking: the covered source pixels, each weighted by its covered part.
fn cover(index: usize, scale: f32, from: usize) -> Taps {
    let (left, right) = (index as f32 * scale, (index + 1) as f32 * scale);
    let start = (left as usize).min(from - 1);
    let end = (right.ceil() as usize).clamp(start + 1, from);
    let share = |pixel| (right.min((pixel + 1) as f32) - left.max(pixel as f32)).max(0.0) / scale;
    Taps { start, weights: (start..end).map(share).collect() }
}

/// Taps for enlarging: the two source pixels whose centres enclose the target pixel's centre.
fn interpolate(index: usize, scale: f32, from: usize) -> Taps {
    let centre = ((index as f32 + 0.5) * scale - 0.5).clamp(0.0, (from - 1) as f32);
    let start = centre as usize;
    let part = centre - start as f32;
    let weights = if start + 1 < from { vec![1.0 - part, part] } else { vec![1.0] };
    Taps { start, weights }
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn weights_sum_to_one_and_stay_inside() {
        for from in 1..70 {
            for to in 1..40 {
                for taps in taps(from, to) {
                    let sum: f32 = taps.weights.iter().sum();
                    assert!((sum - 1.0).abs() < 1e-4, "{from} to {to}: {sum}");
                    assert!(taps.start + taps.weights.len() <= from);
                }
            }
        }
    }

    #[test]
    fn shrinking_keeps_the_mean() {
        let source = GrayImage::from_fn(53, 37, |x, y| Luma([(x * 5 + y * 3) as u8]));
        let mean = source.as_raw().iter().map(|&p| p as f32).sum::<f32>() / (53.0 * 37.0);
        let out = resample(&source, 20, 14);
        assert!((out.iter().sum::<f32>() / 280.0 - mean).abs() < 0.01);
    }

    #[test]
    fn resampling_to_the_same_size_is_the_identity() {
        let source = GrayImage::from_fn(20, 13, |x, y| Luma([(x * 11 + y * 7) as u8]));
        assert!(resample(&source, 20, 13).iter().zip(source.as_raw()).all(|(&v, &p)| v == p as f32));
    }

    #[test]
    fn blocks_become_their_mean_and_empty_images_zeros() {
        let source = GrayImage::from_raw(4, 2, vec![0, 100, 255, 255, 200, 100, 255, 255]).unwrap();
        assert_eq!(resample(&source, 2, 1), [100.0, 255.0]);
        assert_eq!(resample(&GrayImage::new(0, 5), 2, 1), [0.0, 0.0]);
    }
}
