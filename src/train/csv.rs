//! The curves of a run as CSV: a header line, then a row per measurement.
//!
//! | column | meaning |
//! |---|---|
//! | `step` | optimiser steps made |
//! | `epoch` | the epoch that the step belongs to, from 1 |
//! | `loss` | mean cross-entropy in nats |
//! | `accuracy` | fraction of images classified correctly, 0 to 1 |
//! | `set` | `train`: the batches up to that step; `validation` or `test`: images that the run does not learn from |
//! | `images` | images that loss and accuracy were measured on |

use super::history::{History, Point};

/// The first line.
pub const CSV_HEADER: &str = "step,epoch,loss,accuracy,set,images";

/// The row of a measurement, without the end of the line.
pub fn csv_row(point: &Point, epoch: u64, set: &str) -> String {
    let Point { step, loss, accuracy, images } = point;
    format!("{step},{epoch},{loss:.6},{accuracy:.6},{set},{images}")
}

impl History {
    /// The curves as CSV, in the order of the steps. `validation` says what the evaluations were made on.
    pub fn to_csv(&self, validation: bool) -> String {
        let set = if validation { "validation" } else { "test" };
        // The first evaluation of the whole set is at the end of the first epoch.
        let per_epoch = self.full.first().map_or(u64::MAX, |point| point.step.max(1));
        let evaluations = self.quick.iter().chain(&self.full).map(|point| (*point, set));
        let mut all: Vec<(Point, &str)> =
            self.training().map(|point| (point, "train")).chain(evaluations).collect();
        all.sort_by_key(|(point, _)| point.step);
        let rows =
            all.iter().map(|(point, set)| csv_row(point, point.step.div_ceil(per_epoch).max(1), set) + "\n");
        std::iter::once(format!("{CSV_HEADER}\n")).chain(rows).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measurement_is_a_row_in_the_order_of_the_steps() {
        let point = |step, images| Point { step, loss: 0.5, accuracy: 0.75, images };
        let mut history = History::default();
        assert_eq!(history.to_csv(true), "step,epoch,loss,accuracy,set,images\n");
        (1..=3).for_each(|step| history.push(point(step, 64)));
        (history.quick, history.full) = (vec![point(1, 1000)], vec![point(2, 10_000)]);
        assert_eq!(
            history.to_csv(false),
            "step,epoch,loss,accuracy,set,images\n1,1,0.500000,0.750000,train,64\n1,1,0.500000,0.750000,test,1000\n\
             2,1,0.500000,0.750000,train,64\n2,1,0.500000,0.750000,test,10000\n3,2,0.500000,0.750000,train,64\n"
        );
        assert!(history.to_csv(true).contains(",validation,10000"));
    }
}
