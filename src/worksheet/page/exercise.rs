//! An exercise of any kind.

use super::{convolution, lesson, pen::Pen, pooling, sizes};
use crate::worksheet::Exercise;

/// Draws an exercise. `earlier` is the one before it.
pub(super) fn exercise(pen: &mut Pen, number: usize, one: &Exercise, earlier: Option<&Exercise>) {
    match one {
        Exercise::Convolution(exercise) => {
            let is_again =
                matches!(earlier, Some(Exercise::Convolution(other)) if other.settings == exercise.settings);
            convolution::draw(pen, number, exercise, is_again);
        }
        Exercise::Pooling(exercise) => pooling::draw(pen, number, exercise),
        Exercise::Sizes(exercise) => sizes::sizes(pen, number, exercise),
        Exercise::Same(exercise) => sizes::same(pen, number, exercise),
        Exercise::Chain(exercise) => sizes::chain(pen, number, exercise),
        Exercise::Lesson(exercise) => lesson::draw(pen, number, exercise),
    }
}
