//! The curves of a run: the training curve, thinned to a bounded size, and every evaluation.

use serde::{Deserialize, Serialize};

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Optimiser steps made; for a mean over several steps, the last of these.
    pub step: u64,
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Fraction of images classified correctly, 0 to 1.
    pub accuracy: f64,
    /// Images that loss and accuracy were measured on.
    pub images: usize,
}

/// The most points of a training curve.
const MAX_POINTS: usize = 2048;

/// The curves of a run so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Means over [`History::steps_per_point`] steps each.
    training: Vec<Point>,
    /// The mean that is being collected, and the number of steps in it.
    open: Option<(Point, u64)>,
    /// log₂ of the steps per point.
    thinning: u32,
    /// Quick evaluations on the first images of the evaluation set.
    pub quick: Vec<Point>,
    /// Evaluations on the whole evaluation set, one per epoch.
    pub full: Vec<Point>,
}

impl History {
    /// Steps per point of the training curve. The number doubles as the curve grows.
    pub fn steps_per_point(&self) -> u64 {
        1 << self.thinning
    }

    /// The training curve: each point is the mean of [`History::steps_per_point`] steps, the last one of fewer perhaps.
    pub fn training(&self) -> impl Iterator<Item = Point> + '_ {
        self.training.iter().copied().chain(self.open.map(|(point, _)| point))
    }

    /// The last point of the training curve.
    pub fn last(&self) -> Option<Point> {
        self.training().last()
    }

    /// The last evaluation up to a step, of some images or of all.
    pub fn evaluation_at(&self, step: u64) -> Option<Point> {
        let until = |points: &[Point]| points.iter().rev().find(|point| point.step <= step).copied();
        until(&self.quick).into_iter().chain(until(&self.full)).max_by_key(|point| point.step)
    }

    /// The best accuracy on images that the run does not learn from: of the evaluations of the whole set, or, before the
    /// first one, of its first images.
    pub fn best_accuracy(&self) -> Option<f64> {
        let all = if self.full.is_empty() { &self.quick } else { &self.full };
        all.iter().map(|point| point.accuracy).max_by(f64::total_cmp)
    }

    /// Whether a run can have these curves; for curves from a file.
    pub(super) fn is_sound(&self) -> bool {
        let evaluations = self.quick.iter().chain(&self.full);
        self.thinning < 48
            && self.training.len() <= MAX_POINTS
            && self.open.is_none_or(|(_, count)| count < self.steps_per_point())
            && self
                .training()
                .chain(evaluations.copied())
                .all(|p| p.loss.is_finite() && (0.0..=1.0).contains(&p.accuracy) && p.images < 1 << 48)
    }

    /// The curves up to a step. A point that is a mean over steps before and after it is left out.
    #[must_use]
    pub(super) fn until(mut self, step: u64) -> Self {
        let is_before = |point: &Point| point.step <= step;
        self.training.retain(is_before);
        self.open = self.open.filter(|(point, _)| is_before(point));
        self.quick.retain(is_before);
        self.full.retain(is_before);
        self
    }

    /// Adds a step.
    pub fn push(&mut self, point: Point) {
        let (open, count) = match self.open.take() {
            Some((open, count)) => (merge(open, point), count + 1),
            None => (point, 1),
        };
        if count < self.steps_per_point() {
            self.open = Some((open, count));
            return;
        }
        self.training.push(open);
        if self.training.len() >= MAX_POINTS {
            self.training = self
                .training
                .chunks(2)
                .map(|pair| pair.iter().copied().reduce(merge).unwrap_or(pair[0]))
                .collect();
            self.thinning += 1;
        }
    }
}

/// The mean of two points, weighted by their images.
fn merge(a: Point, b: Point) -> Point {
    let images = a.images + b.images;
    let mean = |x: f64, y: f64| (x * a.images as f64 + y * b.images as f64) / images.max(1) as f64;
    Point {
        step: a.step.max(b.step),
        loss: mean(a.loss, b.loss),
        accuracy: mean(a.accuracy, b.accuracy),
        images,
    }
}

/// A loss in nats as it is written everywhere: four decimals, from a million on a power of ten.
///
/// ```
/// use convlens::train::written_loss;
/// assert_eq!([written_loss(0.31234), written_loss(2.62e28)], ["0.3123", "2.6e28"]);
/// ```
pub fn written_loss(loss: f64) -> String {
    if loss.is_finite() && loss.abs() < 1e6 { format!("{loss:.4}") } else { format!("{loss:.1e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounded_and_still_the_mean_of_all_steps() {
        let mut history = History::default();
        let steps = 10_007;
        for step in 1..=steps {
            history.push(Point { step, loss: step as f64, accuracy: 0.5, images: 64 });
        }
        let points: Vec<Point> = history.training().collect();
        assert!(points.len() <= MAX_POINTS + 1 && points.len() > MAX_POINTS / 4);
        assert_eq!(points.iter().map(|p| p.images).sum::<usize>(), steps as usize * 64);
        let mean = points.iter().map(|p| p.loss * p.images as f64).sum::<f64>() / (steps as f64 * 64.0);
        assert!((mean - (steps + 1) as f64 / 2.0).abs() < 1e-6);
        assert!(points.windows(2).all(|w| w[0].step < w[1].step));
        assert_eq!(points.last().unwrap().step, steps);
    }

    #[test]
    fn a_step_has_the_evaluation_before_it() {
        let point = |step| Point { step, loss: 1.0, accuracy: 0.1, images: 10 };
        let history =
            History { quick: vec![point(10), point(30)], full: vec![point(20)], ..History::default() };
        let at = |step| history.evaluation_at(step).map(|point| point.step);
        assert_eq!(
            [9, 10, 19, 20, 29, 30, 99].map(at),
            [None, Some(10), Some(10), Some(20), Some(20), Some(30), Some(30)]
        );
    }

    #[test]
    fn curves_are_cut_at_a_step() {
        let point = |step| Point { step, loss: 1.0, accuracy: 0.1, images: 10 };
        let mut history = History::default();
        (1..=5000).for_each(|step| history.push(point(step)));
        (history.quick, history.full) = (vec![point(10), point(300)], vec![point(100), point(200)]);
        let steps = history.steps_per_point();
        let cut = history.until(150);
        assert!(cut.is_sound());
        assert!((150 - steps..=150).contains(&cut.last().unwrap().step), "{:?}", cut.last());
        assert_eq!((cut.quick, cut.full), (vec![point(10)], vec![point(100)]));
    }

    #[test]
    fn the_best_accuracy_is_of_the_whole_set_once_that_was_evaluated() {
        let point = |accuracy| Point { step: 1, loss: 1.0, accuracy, images: 10 };
        let mut history = History::default();
        assert_eq!(history.best_accuracy(), None);
        history.quick = vec![point(0.9), point(0.95)];
        assert_eq!(history.best_accuracy(), Some(0.95));
        history.full = vec![point(0.91), point(0.93), point(0.92)];
        assert_eq!(history.best_accuracy(), Some(0.93));
    }

    #[test]
    fn short_runs_keep_every_step() {
        let mut history = History::default();
        for step in 1..=100 {
            history.push(Point { step, loss: 1.0, accuracy: 0.1, images: 10 });
        }
        assert_eq!(history.training().count(), 100);
        assert_eq!(history.steps_per_point(), 1);
    }
}
