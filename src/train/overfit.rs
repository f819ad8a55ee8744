//! Whether a run learns its training images by heart: the loss on images that it does not learn from rises, while that
//! on those it learns from goes on falling.

use super::history::{History, Point};

/// The fewest evaluations after the lowest one.
const LEAST_EVALUATIONS: usize = 3;

/// The least rise of the loss, as a part of the lowest one: less is noise.
const LEAST_RISE: f64 = 0.05;

/// The least rise, in nats: a loss near 0 doubles by chance.
const LEAST_NATS: f64 = 0.005;

/// A rise is over when the loss has fallen by this part of it.
const FALLEN: f64 = 0.5;

/// A run that learns by heart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overfitting {
    /// Evaluations since the one with the lowest loss.
    pub evaluations: usize,
    /// The one with the lowest loss.
    pub lowest: Point,
    /// The last one.
    pub last: Point,
}

/// Whether these curves are of a run that learns by heart, by its evaluations at the ends of the epochs.
///
/// The last three of them must lie above the lowest one by more than noise, and the loss must not have come half of its
/// way back; the training loss must have fallen meanwhile, or the run has another trouble.
pub fn overfitting(history: &History) -> Option<Overfitting> {
    let all = &history.full;
    let (place, lowest) = all.iter().enumerate().min_by(|a, b| a.1.loss.total_cmp(&b.1.loss))?;
    let since = all.get(place + 1..).filter(|since| since.len() >= LEAST_EVALUATIONS)?;
    let least = lowest.loss + (lowest.loss * LEAST_RISE).max(LEAST_NATS);
    let last = *since.last()?;
    let highest = since.iter().map(|point| point.loss).fold(lowest.loss, f64::max);
    let has_risen = since[since.len() - LEAST_EVALUATIONS..].iter().all(|point| point.loss >= least);
    let is_falling = last.loss < highest - FALLEN * (highest - lowest.loss);
    // The epochs that ended with the two evaluations.
    let epoch = all[0].step.max(1);
    let training = |end: u64| mean_loss(history, end.saturating_sub(epoch), end);
    let is_learnt = training(last.step)? < training(lowest.step)?;
    (has_risen && !is_falling && is_learnt).then_some(Overfitting {
        evaluations: since.len(),
        lowest: *lowest,
        last,
    })
}

/// The mean training loss of the steps after `from` up to `to`.
fn mean_loss(history: &History, from: u64, to: u64) -> Option<f64> {
    let within = history.training().filter(|point| point.step > from && point.step <= to);
    let (sum, images) = within.fold((0.0, 0.0), |(sum, images), point| {
        (sum + point.loss * point.images as f64, images + point.images as f64)
    });
    (images > 0.0).then(|| sum / images)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of ten steps an epoch with these losses: training and evaluation, an epoch each.
    fn run(epochs: &[(f64, f64)]) -> History {
        let mut history = History::default();
        let point = |step, loss| Point { step, loss, accuracy: 0.5, images: 10 };
        for (epoch, (training, evaluation)) in epochs.iter().enumerate() {
            let begun = epoch as u64 * 10;
            (1..=10).for_each(|step| history.push(point(begun + step, *training)));
            history.full.push(point(begun + 10, *evaluation));
        }
        history
    }

    fn evaluations(epochs: &[(f64, f64)]) -> Option<usize> {
        overfitting(&run(epochs)).map(|found| found.evaluations)
    }

    const BEGUN: [(f64, f64); 3] = [(2.0, 1.0), (0.5, 0.4), (0.3, 0.3)];

    fn then(more: &[(f64, f64)]) -> Option<usize> {
        evaluations(&[&BEGUN, more].concat())
    }

    #[test]
    fn a_rise_while_the_training_loss_falls_is_learning_by_heart() {
        assert_eq!(then(&[(0.2, 0.33), (0.1, 0.36)]), None, "two evaluations may be chance");
        assert_eq!(then(&[(0.2, 0.33), (0.1, 0.36), (0.05, 0.4)]), Some(3));
        let found = overfitting(&run(&[&BEGUN[..], &[(0.2, 0.33), (0.1, 0.36), (0.05, 0.4)]].concat()));
        let found = found.unwrap();
        assert_eq!((found.lowest.step, found.lowest.loss), (30, 0.3));
        assert_eq!((found.last.step, found.last.loss), (60, 0.4));
        // A dent in a rise does not end it.
        assert_eq!(then(&[(0.2, 0.33), (0.1, 0.4), (0.05, 0.38), (0.04, 0.45)]), Some(4));
    }

    #[test]
    fn noise_is_no_rise() {
        assert_eq!(then(&[(0.2, 0.305), (0.1, 0.301), (0.05, 0.31)]), None);
        assert_eq!(then(&[(0.2, 0.4), (0.1, 0.301), (0.05, 0.4)]), None, "one of three is as low as before");
        assert_eq!(evaluations(&[(0.1, 0.002), (0.05, 0.004), (0.04, 0.005), (0.03, 0.006)]), None);
        assert_eq!(evaluations(&[]), None);
        assert_eq!(evaluations(&BEGUN), None);
    }

    #[test]
    fn it_is_over_when_the_loss_falls_again() {
        let risen = [(0.2, 0.4), (0.1, 0.5), (0.05, 0.6)];
        assert_eq!(then(&risen), Some(3));
        let fallen = |loss| then(&[&risen[..], &[(0.04, loss)]].concat());
        assert_eq!(fallen(0.55), Some(4));
        assert_eq!(fallen(0.44), None, "half of the rise is gone");
        assert_eq!(fallen(0.2), None, "lower than ever");
    }

    #[test]
    fn a_run_whose_training_loss_rises_too_has_another_trouble() {
        assert_eq!(then(&[(0.4, 0.4), (0.5, 0.5), (0.6, 0.6)]), None);
    }
}
