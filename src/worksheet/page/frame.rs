//! The head and foot of a sheet, and its exercises between them.

use super::{
    exercise::exercise,
    fonts::{Face, width},
    item::{HEIGHT, INNER, Item, MARGIN, Page, Tone},
    pen::Pen,
    words,
};
use crate::{
    text::{fill, tr},
    worksheet::Sheet,
};

/// The baseline of the foot.
const FOOT: f32 = HEIGHT - 30.0;

/// The pages of a sheet, to be filled in.
pub fn pages(sheet: &Sheet) -> Vec<Page> {
    draw(sheet, false, 0)
}

/// The pages of a sheet with its answers; `before` pages precede them in their file.
pub fn to_pages(sheet: &Sheet, before: usize) -> Vec<Page> {
    draw(sheet, true, before)
}

fn draw(sheet: &Sheet, is_solved: bool, before: usize) -> Vec<Page> {
    let mut pen = Pen::new(is_solved);
    head(&mut pen, sheet);
    for (at, one) in sheet.exercises.iter().enumerate() {
        let earlier = sheet.exercises[..at].last();
        exercise(&mut pen, at + 1, one, earlier);
        pen.y += 9.0;
    }
    let mut pages = pen.finish();
    let count = pages.len();
    for (at, page) in pages.iter_mut().enumerate() {
        let mut end = words::place(sheet);
        let number = |n: usize| n.to_string();
        if is_solved {
            end.push_str(&fill(tr(" · answers, page {page}"), &[("page", &number(before + at + 1))]));
        } else if count > 1 {
            let values = [("page", &*number(at + 1)), ("pages", &*number(count))];
            end.push_str(&fill(tr(" · page {page} of {pages}"), &values));
        }
        foot(page, &format!("ConvLens · {}", words::title(sheet)), &end);
    }
    pages
}

fn head(pen: &mut Pen, sheet: &Sheet) {
    let right = MARGIN + INNER;
    let title = words::title(sheet);
    // A lesson's long title stays beside its number.
    let size = (18.5_f32).min(18.5 * (INNER - 110.0) / width(&title, Face::Bold, 18.5).max(1.0));
    pen.y += 16.0;
    pen.text(MARGIN, pen.y, (size, Face::Bold, Tone::INK), &title);
    if pen.is_solved {
        let (label, style) = (tr("Solutions"), (11.0, Face::Bold, Tone::PAPER));
        let room = width(label, style.1, style.0) + 28.0;
        pen.area((right - room, pen.y - 15.0), (room, 21.0), Tone::INK);
        pen.text_to(right - 14.0, pen.y, style, label);
        pen.y += 24.0;
        pen.text(MARGIN, pen.y, (10.0, Face::Words, Tone::INK), &words::place(sheet));
    } else {
        pen.text_to(right, pen.y, (11.5, Face::Words, Tone::INK), &words::number(sheet));
        pen.y += 29.0;
        // The line of each field ends where the next field begins.
        let fields = [(tr("Name:"), 0.0, 0.52), (tr("Class:"), 0.545, 0.72), (tr("Date:"), 0.745, 1.0)];
        for (label, begin, end) in fields {
            let x = MARGIN + begin * INNER;
            let style = (9.5, Face::Words, Tone::INK);
            pen.text(x, pen.y, style, label);
            let from = x + width(label, style.1, style.0) + 6.0;
            pen.line((from, pen.y + 3.0), (MARGIN + end * INNER, pen.y + 3.0), 0.6, Tone::INK);
        }
    }
    pen.y += 14.0;
    pen.line((MARGIN, pen.y), (right, pen.y), 1.2, Tone::INK);
    pen.y += 12.0;
}

fn foot(page: &mut Page, begin: &str, end: &str) {
    let (size, face, tone) = (7.5, Face::Numbers, Tone::SECOND);
    let mut text = |x: f32, text: &str| {
        page.items.push(Item::Text { at: (x, FOOT), size, face, tone, text: text.to_owned() });
    };
    text(MARGIN, begin);
    text(MARGIN + INNER - width(end, face, size), end);
    let y = FOOT - 11.0;
    let (from, to) = ((MARGIN, y), (MARGIN + INNER, y));
    page.items.push(Item::Line { from, to, width: 0.6, tone: Tone::INK, is_dashed: false });
}
