//! Training curves made smooth: each point is the mean of the steps up to it.

use super::history::{History, Point};

/// A smoothed training curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Smoothed {
    /// As many points as the curve has; the first ones are means of fewer steps.
    pub points: Vec<Point>,
    /// The steps of each mean: at least those of a point of the curve itself.
    pub steps: u64,
}

/// The training curve with every point replaced by the mean of about `steps` steps up to it, weighted by their images.
pub fn smoothed(history: &History, steps: u64) -> Smoothed {
    let each = history.steps_per_point();
    let window = (steps / each).max(1) as usize;
    let raw: Vec<Point> = history.training().collect();
    // Sums up to each point: the mean of a window is the difference of two.
    let mut sums = vec![[0.0; 3]];
    for point in &raw {
        let [loss, accuracy, images] = sums.last().copied().unwrap_or_default();
        let weight = point.images as f64;
        sums.push([loss + point.loss * weight, accuracy + point.accuracy * weight, images + weight]);
    }
    let mean = |(i, point): (usize, &Point)| {
        let first = (i + 1).saturating_sub(window);
        if i + 1 - first == 1 {
            return *point;
        }
        let [loss, accuracy, images] = [0, 1, 2].map(|k| sums[i + 1][k] - sums[first][k]);
        Point {
            step: point.step,
            // The difference of two sums can be a rounding error below 0.
            loss: (loss / images.max(1.0)).max(0.0),
            accuracy: (accuracy / images.max(1.0)).clamp(0.0, 1.0),
            images: images as usize,
        }
    };
    Smoothed { points: raw.iter().enumerate().map(mean).collect(), steps: window as u64 * each }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(losses: impl IntoIterator<Item = f64>) -> History {
        let mut history = History::default();
        for (i, loss) in losses.into_iter().enumerate() {
            history.push(Point { step: i as u64 + 1, loss, accuracy: loss / 100.0, images: 8 });
        }
        history
    }

    #[test]
    fn every_point_is_the_plain_mean_of_the_steps_up_to_it() {
        let losses: Vec<f64> = (0..300_u32).map(|i| f64::from(i * 37 % 91)).collect();
        let found = smoothed(&history(losses.clone()), 50);
        assert_eq!((found.steps, found.points.len()), (50, 300));
        for (i, point) in found.points.iter().enumerate() {
            let window = &losses[(i + 1).saturating_sub(50)..=i];
            let mean = window.iter().sum::<f64>() / window.len() as f64;
            assert!((point.loss - mean).abs() < 1e-9 && (point.accuracy - mean / 100.0).abs() < 1e-9);
            assert_eq!((point.step, point.images), (i as u64 + 1, 8 * window.len()));
        }
    }

    #[test]
    fn one_step_is_the_curve_itself_and_a_thinned_curve_says_how_much_it_is() {
        let short = history([3.0, 1.0, 2.0]);
        assert_eq!(smoothed(&short, 0).points, short.training().collect::<Vec<_>>());
        assert_eq!(smoothed(&History::default(), 50).points, []);
        // From 2048 points on, a point is the mean of 2 steps, then of 4.
        let long = history((0..5000).map(f64::from));
        assert_eq!(long.steps_per_point(), 4);
        let found = smoothed(&long, 50);
        assert_eq!(found.steps, 48);
        // Steps 357 to 404, whose losses are 356 to 403.
        assert!((found.points[100].loss - 379.5).abs() < 1e-9, "{:?}", found.points[100]);
        assert_eq!(smoothed(&long, 1).steps, 4);
    }
}
