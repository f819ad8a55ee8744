//! The axis of the timeline: log(1 + step), up to the last step that is planned.

use egui::Rangef;

/// The least distance between two labels, in points.
const LABEL_ROOM: f32 = 42.0;

/// The axis: steps from 0 to `end` over a range of points.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// The last step.
    pub end: u64,
    /// Where it lies, in points.
    pub range: Rangef,
}

impl Axis {
    /// The place of a step.
    pub fn place(self, step: u64) -> f32 {
        let part = ((1 + step) as f64).ln() / ((1 + self.end.max(1)) as f64).ln();
        self.range.min + self.range.span() * (part as f32).min(1.0)
    }

    /// The step at a place.
    pub fn step(self, place: f32) -> u64 {
        let part = ((place - self.range.min) / self.range.span().max(1.0)).clamp(0.0, 1.0);
        (((1 + self.end.max(1)) as f64).powf(f64::from(part)) - 1.0).round() as u64
    }

    /// The steps that have a label: 0, powers of ten, and the last one, as far as there is room.
    pub fn labels(self) -> Vec<u64> {
        let tens = std::iter::successors(Some(1), |ten: &u64| ten.checked_mul(10));
        let mut labels = vec![0];
        for step in tens.take_while(|ten| *ten < self.end) {
            let last = labels.last().map_or(f32::MIN, |step| self.place(*step));
            if self.place(step) - last >= LABEL_ROOM && self.range.max - self.place(step) >= LABEL_ROOM {
                labels.push(step);
            }
        }
        labels.push(self.end);
        labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_leads_back_to_its_step() {
        for end in [1, 20, 4220, 1_000_000] {
            let axis = Axis { end, range: Rangef::new(100.0, 900.0) };
            assert_eq!((axis.place(0), axis.place(end)), (100.0, 900.0));
            assert_eq!((axis.step(0.0), axis.step(2000.0)), (0, end));
            for step in [0, 1, 2, 7, 19].into_iter().filter(|step| *step <= end) {
                assert_eq!(axis.step(axis.place(step)), step);
            }
        }
    }

    #[test]
    fn labels_do_not_touch() {
        for width in [80.0, 300.0, 1000.0] {
            let axis = Axis { end: 48_000, range: Rangef::new(0.0, width) };
            let places: Vec<f32> = axis.labels().iter().map(|step| axis.place(*step)).collect();
            assert!(places.windows(2).all(|w| w[1] - w[0] >= LABEL_ROOM), "{places:?}");
        }
    }
}
