//! The distribution of many numbers.

/// Bars of a histogram.
const BARS: usize = 40;

/// The bars reach to this many times the typical size of the numbers: a single large one would squeeze all others into one
/// bar.
const REACH: f64 = 4.0;

/// The distribution of the numbers that are not 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// The left end of the first bar: 0 if no number is negative.
    pub low: f32,
    /// The right end of the last bar.
    pub high: f32,
    /// How many numbers fall into each bar. The outer ones also count what lies beyond.
    pub bars: Vec<u64>,
    /// How many numbers are exactly 0.
    pub zeros: u64,
    /// How many numbers there are, zeros included.
    pub count: u64,
    /// The typical size: the root of the mean square of those that are not 0.
    pub rms: f64,
    /// The largest size.
    pub largest: f32,
}

impl Histogram {
    /// The distribution of these numbers. What is not finite is counted only.
    pub fn of(values: &[f32]) -> Self {
        let (mut zeros, mut counted, mut squares) = (0_u64, 0_u64, 0.0_f64);
        let (mut largest, mut is_signed) = (0.0_f32, false);
        for &value in values {
            if value == 0.0 {
                zeros += 1;
            } else if value.is_finite() {
                counted += 1;
                squares += f64::from(value) * f64::from(value);
                largest = largest.max(value.abs());
                is_signed |= value < 0.0;
            }
        }
        let rms = (squares / counted.max(1) as f64).sqrt();
        let high = f64::from(largest).min(REACH * rms) as f32;
        let low = if is_signed { -high } else { 0.0 };
        let mut bars = vec![0; BARS];
        let per_bar = BARS as f32 / (high - low);
        if per_bar.is_finite() {
            for value in values.iter().filter(|value| **value != 0.0 && value.is_finite()) {
                let bar = ((value - low) * per_bar).max(0.0) as usize;
                bars[bar.min(BARS - 1)] += 1;
            }
        }
        Self { low, high, bars, zeros, count: values.len() as u64, rms, largest }
    }

    /// The fraction of the numbers that are exactly 0.
    pub fn zero_share(&self) -> f64 {
        self.zeros as f64 / self.count.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_in_the_bar_between_whose_ends_it_lies() {
        let values: Vec<f32> = (0..2000).map(|i| ((i * 37 % 401) as f32 - 200.0) / 100.0).collect();
        let found = Histogram::of(&values);
        assert_eq!((found.low, found.high, found.largest, found.bars.len()), (-2.0, 2.0, 2.0, BARS));
        assert_eq!(found.zeros, values.iter().filter(|value| **value == 0.0).count() as u64);
        assert_eq!(found.bars.iter().sum::<u64>() + found.zeros, 2000);
        let width = 4.0 / BARS as f32;
        for (i, &bar) in found.bars.iter().enumerate() {
            let (from, to) = (-2.0 + i as f32 * width, -2.0 + (i + 1) as f32 * width);
            let is_within = |value: &&f32| **value != 0.0 && **value > from + 1e-4 && **value < to - 1e-4;
            // Numbers at an end may count on either side.
            let inside = values.iter().filter(is_within).count() as u64;
            assert!(bar >= inside && bar <= inside + 10, "bar {i}: {bar}, {inside}");
        }
        let squares: f64 = values.iter().map(|value| f64::from(*value).powi(2)).sum();
        assert!((found.rms - (squares / (2000 - found.zeros) as f64).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn numbers_that_are_never_negative_begin_at_0_and_zeros_are_apart() {
        let found = Histogram::of(&[0.0, 0.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!((found.low, found.high, found.zeros, found.count), (0.0, 3.0, 3, 6));
        assert_eq!((found.zero_share(), found.bars.iter().sum::<u64>()), (0.5, 3));
        assert_eq!(found.bars[BARS - 1], 1);
    }

    #[test]
    fn one_huge_number_does_not_hide_the_others() {
        let mut values = vec![0.1; 1000];
        values.push(100.0);
        let found = Histogram::of(&values);
        assert!(found.high < 13.0 && found.largest == 100.0);
        assert_eq!((found.bars[0], found.bars[BARS - 1]), (1000, 1));
    }

    #[test]
    fn nothing_zeros_and_what_is_not_finite_do_no_harm() {
        assert_eq!(Histogram::of(&[]).count, 0);
        assert_eq!(Histogram::of(&[0.0; 5]).bars.iter().sum::<u64>(), 0);
        let found = Histogram::of(&[f32::NAN, f32::INFINITY, 1.0, f32::MIN_POSITIVE]);
        assert_eq!((found.count, found.bars.iter().sum::<u64>(), found.largest), (4, 2, 1.0));
        assert!(Histogram::of(&[f32::MAX; 3]).rms.is_finite());
    }
}
