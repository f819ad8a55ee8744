//! Images moved by a few pixels: what a network says to them, and its accuracy over the shift.

use super::{
    error::TrainError,
    evaluate::{Evaluator, check_fit, network_input},
};
use crate::{
    data::Split,
    nn::{Executor, Network},
};
use image::GrayImage;

/// The largest shift of [`ShiftAccuracy`], in pixels.
pub const MOST_SHIFT: usize = 4;

/// The directions in which an image is moved by each shift, as (down, right).
const DIRECTIONS: [(isize, isize); 4] = [(-1, 0), (0, 1), (1, 0), (0, -1)];

/// Moves an image down and to the right, or up and to the left by negative numbers. What comes in at the edges is 0, what
/// leaves is lost.
///
/// `pixels` and `out` have shape (height, width).
pub fn move_image(
    pixels: &[u8],
    (height, width): (usize, usize),
    (down, right): (isize, isize),
    out: &mut [u8],
) {
    out.fill(0);
    for row in 0..height {
        let Some(from) = row.checked_add_signed(-down).filter(|&from| from < height) else { continue };
        let first = right.max(0).unsigned_abs().min(width);
        let end = width.saturating_sub((-right).max(0).unsigned_abs());
        if first < end {
            let source = first.wrapping_add_signed(-right);
            out[row * width..][first..end].copy_from_slice(&pixels[from * width..][source..][..end - first]);
        }
    }
}

/// [`move_image`] for a picture.
pub fn moved_picture(picture: &GrayImage, by: (isize, isize)) -> GrayImage {
    let (width, height) = picture.dimensions();
    let mut moved = picture.clone();
    move_image(picture.as_raw(), (height as usize, width as usize), by, &mut moved);
    moved
}

/// The probabilities of every class for a picture moved by −`most` to `most` pixels down and to the right: row by row, so
/// that the picture itself is in the middle. `None` as soon as `is_wanted` says no.
pub fn moved_probabilities(
    network: &Network,
    picture: &GrayImage,
    most: usize,
    is_wanted: impl Fn() -> bool,
) -> Option<Vec<Vec<f32>>> {
    let most = most as isize;
    let shifts = (-most..=most).flat_map(|down| (-most..=most).map(move |right| (down, right)));
    let one = |by| {
        let input = network_input(network, &moved_picture(picture, by));
        is_wanted().then(|| network.trace(&input).first_probabilities().to_vec())
    };
    shifts.map(one).collect()
}

/// The accuracy of a network on images moved by 0 to [`MOST_SHIFT`] pixels, the mean over up, right, down and left. It is
/// measured one batch at a time, so that it can pause or stop.
#[derive(Debug)]
pub struct ShiftAccuracy {
    /// The images that are moved.
    images: Split,
    /// The direction of the evaluation under way.
    direction: usize,
    /// The evaluation of the images moved by `found.len()` pixels that way.
    evaluation: Option<(Split, Evaluator)>,
    /// Images classified correctly so far with this shift.
    correct: usize,
    found: Vec<f64>,
}

impl ShiftAccuracy {
    /// Prepares the measurement on the first `count` images of a split.
    pub fn new(network: &Network, name: &str, split: &Split, count: usize) -> Result<Self, TrainError> {
        check_fit(network, name, split)?;
        let images = split.take(0..count);
        if images.is_empty() {
            return Err(TrainError::NoTestImages(name.into()));
        }
        Ok(Self { images, direction: 0, evaluation: None, correct: 0, found: Vec::new() })
    }

    /// The number of images.
    pub fn images(&self) -> usize {
        self.images.len()
    }

    /// The accuracies found so far, 0 to 1: of the images as they are, moved by one pixel, and so on.
    pub fn found(&self) -> &[f64] {
        &self.found
    }

    /// Whether the accuracy of every shift is found.
    pub fn is_done(&self) -> bool {
        self.found.len() > MOST_SHIFT
    }

    /// Evaluates the next batch.
    pub fn step(&mut self, network: &Network, executor: &dyn Executor) {
        if self.is_done() {
            return;
        }
        let shift = self.found.len() as isize;
        let (split, evaluator) = self.evaluation.get_or_insert_with(|| {
            let (down, right) = DIRECTIONS[self.direction];
            let size = (self.images.height(), self.images.width());
            let by = (down * shift, right * shift);
            let split = self.images.changed(|pixels, out| move_image(pixels, size, by, out));
            let evaluator = Evaluator::new(network, 0..split.len());
            (split, evaluator)
        });
        let Some(result) = evaluator.step(network, split, executor) else { return };
        self.evaluation = None;
        self.correct += result.correct;
        self.direction += 1;
        // The images as they are have no direction.
        let directions = if shift == 0 { 1 } else { DIRECTIONS.len() };
        if self.direction == directions {
            self.found.push(self.correct as f64 / (directions * self.images.len()) as f64);
            (self.direction, self.correct) = (0, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::mnist,
        nn::{Init, Serial, presets},
        train::evaluate::evaluate,
    };

    fn moved(by: (isize, isize)) -> Vec<u8> {
        let mut out = vec![9; 6];
        move_image(&[1, 2, 3, 4, 5, 6], (2, 3), by, &mut out);
        out
    }

    #[test]
    fn an_image_moves_and_what_comes_in_is_nothing() {
        assert_eq!(moved((0, 0)), [1, 2, 3, 4, 5, 6]);
        assert_eq!(moved((1, 0)), [0, 0, 0, 1, 2, 3]);
        assert_eq!(moved((-1, 0)), [4, 5, 6, 0, 0, 0]);
        assert_eq!(moved((0, 1)), [0, 1, 2, 0, 4, 5]);
        assert_eq!(moved((-1, -2)), [6, 0, 0, 0, 0, 0]);
        for far in [(2, 0), (0, 3), (0, -3), (-9, 9), (isize::MAX, isize::MIN + 1)] {
            assert_eq!(moved(far), [0; 6], "{far:?}");
        }
    }

    #[test]
    fn the_accuracy_over_the_shift_is_the_mean_over_the_directions() {
        let network = Network::new(presets::by_name("mlp-5").unwrap().spec, Init::He, 1).unwrap();
        let test = mnist::load_test().unwrap().take(0..300);
        let mut measured = ShiftAccuracy::new(&network, "MNIST", &test, 250).unwrap();
        while !measured.is_done() {
            measured.step(&network, &Serial);
        }
        let images = test.take(0..250);
        let correct = |by| {
            let moved = images.changed(|pixels, out| move_image(pixels, (28, 28), by, out));
            evaluate(&network, "MNIST", &moved, &Serial, |_| {}).unwrap().correct as f64
        };
        assert_eq!(measured.found().len(), MOST_SHIFT + 1);
        assert_eq!(measured.found()[0], correct((0, 0)) / 250.0);
        let three = [(3, 0), (-3, 0), (0, 3), (0, -3)].map(correct).iter().sum::<f64>() / 1000.0;
        assert_eq!(measured.found()[3], three);
        assert!(ShiftAccuracy::new(&network, "MNIST", &test, 0).is_err());
    }

    #[test]
    fn a_picture_is_asked_about_in_every_place() {
        let network = Network::new(presets::lenet5_relu().spec, Init::He, 1).unwrap();
        let picture = GrayImage::from_fn(28, 28, |x, y| image::Luma([(x * y % 251) as u8]));
        let found = moved_probabilities(&network, &picture, 1, || true).unwrap();
        assert_eq!(found.len(), 9);
        for (i, by) in [(0, (-1, -1)), (4, (0, 0)), (5, (0, 1)), (7, (1, 0))] {
            let input = network_input(&network, &moved_picture(&picture, by));
            assert_eq!(found[i], network.trace(&input).first_probabilities(), "{by:?}");
        }
        assert!(moved_probabilities(&network, &picture, 1, || false).is_none());
    }
}
