//! The lessons that ship with the program.

use super::Lesson;
use std::sync::LazyLock;

/// The file of each lesson.
pub const SHIPPED: &[&str] = &[
    include_str!("../../assets/lessons/01-what-a-computer-sees.md"),
    include_str!("../../assets/lessons/02-sliding-window.md"),
    include_str!("../../assets/lessons/03-padding-and-stride.md"),
    include_str!("../../assets/lessons/04-channels-add-up.md"),
    include_str!("../../assets/lessons/05-kernels-by-hand.md"),
    include_str!("../../assets/lessons/06-made-to-learned.md"),
    include_str!("../../assets/lessons/07-pooling.md"),
    include_str!("../../assets/lessons/08-bends-and-answers.md"),
    include_str!("../../assets/lessons/09-pixel-to-answer.md"),
    include_str!("../../assets/lessons/10-why-not-fully-connected.md"),
    include_str!("../../assets/lessons/11-how-it-learns.md"),
    include_str!("../../assets/lessons/12-learning-by-heart.md"),
    include_str!("../../assets/lessons/13-one-big-product.md"),
    include_str!("../../assets/lessons/14-receptive-field.md"),
    include_str!("../../assets/lessons/15-the-family.md"),
    include_str!("../../assets/lessons/16-what-convinced-it.md"),
];

/// All shipped lessons, read once. A test reads them all, so that none is missing here.
pub fn shipped() -> &'static [Lesson] {
    static LESSONS: LazyLock<Vec<Lesson>> =
        LazyLock::new(|| SHIPPED.iter().filter_map(|text| Lesson::read(text).ok()).collect());
    &LESSONS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::LessonError;

    #[test]
    fn every_shipped_lesson_can_be_read() {
        let read: Result<Vec<Lesson>, LessonError> = SHIPPED.iter().map(|text| Lesson::read(text)).collect();
        let lessons = read.unwrap();
        for (i, lesson) in lessons.iter().enumerate() {
            assert!(
                lessons[..i].iter().all(|other| (&other.id, other.number) != (&lesson.id, lesson.number))
            );
            let predictions = lesson.steps.iter().filter(|step| step.task.is_some()).count();
            assert!(predictions >= 3, "{} asks {predictions} times", lesson.id);
        }
        assert!(lessons.is_sorted_by_key(|lesson| lesson.number));
    }

    #[test]
    fn steps_are_short() {
        for lesson in shipped() {
            for step in &lesson.steps {
                let words = step.text.words();
                assert!(words <= 70, "{}, “{}”: {words} words", lesson.id, step.title);
            }
        }
    }
}
