//! The heading of an exercise, and its further questions.

use super::{
    fonts::Face,
    item::{MARGIN, Tone},
    pen::{Pen, SMALL},
};
use crate::worksheet::Question;

/// The side of the square with the number.
const BADGE: f32 = 16.0;

/// How far text stands from the margin, behind the number.
const INSET: f32 = 24.0;

/// The number, the title, and what is to be done; `below` is the height that has to stay with them.
pub(super) fn heading(pen: &mut Pen, number: usize, title: &str, texts: &[&str], below: f32) {
    pen.need(BADGE + 14.0 * texts.len() as f32 + below + 8.0);
    let top = pen.y;
    pen.area((MARGIN, top), (BADGE, BADGE), Tone::INK);
    let numeral = (9.5, Face::Bold, Tone::PAPER);
    pen.text_centred(MARGIN + BADGE / 2.0, top + 11.5, numeral, &number.to_string());
    pen.text(MARGIN + INSET, top + 12.0, (11.5, Face::Bold, Tone::INK), title);
    pen.y = top + BADGE + 1.0;
    for text in texts.iter().filter(|text| !text.is_empty()) {
        pen.paragraph(INSET, SMALL, text);
    }
    pen.y += 6.0;
}

/// The further questions.
pub(super) fn questions(pen: &mut Pen, questions: &[Question]) {
    for question in questions {
        pen.question(&question.ask.translated(), &question.answer.translated());
    }
}
