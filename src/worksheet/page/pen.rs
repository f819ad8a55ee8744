//! Draws on pages from top to bottom.

use super::{
    fonts::{Face, width, wrap},
    item::{HEIGHT, INNER, Item, MARGIN, Page, Tone},
};

/// Where a page's room ends, above its foot.
const BOTTOM: f32 = HEIGHT - 46.0;

/// Where the room of a further page begins.
const TOP: f32 = 44.0;

/// How text looks: its size, face and grey.
pub(super) type Style = (f32, Face, Tone);

/// Explanations.
pub(super) const SMALL: Style = (9.0, Face::Words, Tone::SECOND);

/// What is asked.
pub(super) const ASKED: Style = (9.5, Face::Words, Tone::INK);

/// Answers in words.
pub(super) const ANSWER: Style = (9.5, Face::Bold, Tone::INK);

/// Draws the pages of a sheet.
pub(super) struct Pen {
    /// Whether answers are shown.
    pub(super) is_solved: bool,
    /// Where the next thing begins on the last page.
    pub(super) y: f32,
    pages: Vec<Page>,
}

impl Pen {
    /// Begins a first page.
    pub(super) fn new(is_solved: bool) -> Self {
        Self { is_solved, y: TOP, pages: vec![Page::default()] }
    }

    /// All pages.
    pub(super) fn finish(self) -> Vec<Page> {
        self.pages
    }

    /// Begins another page unless this one has so much room left.
    pub(super) fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP + 1.0 {
            self.pages.push(Page::default());
            self.y = TOP;
        }
    }

    fn add(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.items.push(item);
        }
    }

    /// Writes from a point of the baseline.
    pub(super) fn text(&mut self, x: f32, baseline: f32, (size, face, tone): Style, text: &str) {
        if !text.is_empty() {
            self.add(Item::Text { at: (x, baseline), size, face, tone, text: text.to_owned() });
        }
    }

    /// Writes with its end at `right`.
    pub(super) fn text_to(&mut self, right: f32, baseline: f32, style: Style, text: &str) {
        self.text(right - width(text, style.1, style.0), baseline, style, text);
    }

    /// Writes around the middle `x`.
    pub(super) fn text_centred(&mut self, x: f32, baseline: f32, style: Style, text: &str) {
        self.text(x - width(text, style.1, style.0) / 2.0, baseline, style, text);
    }

    /// Draws a line.
    pub(super) fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, tone: Tone) {
        self.add(Item::Line { from, to, width, tone, is_dashed: false });
    }

    /// Draws a dashed line.
    pub(super) fn dashes(&mut self, from: (f32, f32), to: (f32, f32), tone: Tone) {
        self.add(Item::Line { from, to, width: 0.6, tone, is_dashed: true });
    }

    /// Fills a rectangle.
    pub(super) fn area(&mut self, at: (f32, f32), size: (f32, f32), tone: Tone) {
        self.add(Item::Area { at, size, tone });
    }

    /// Draws the outline of a rectangle, its corners closed.
    pub(super) fn outline(&mut self, (x, y): (f32, f32), (w, h): (f32, f32), width: f32, tone: Tone) {
        let half = width / 2.0;
        for at in [y, y + h] {
            self.line((x - half, at), (x + w + half, at), width, tone);
        }
        for at in [x, x + w] {
            self.line((at, y - half), (at, y + h + half), width, tone);
        }
    }

    /// Writes a paragraph from the left margin, `inset` from it, and moves below it.
    pub(super) fn paragraph(&mut self, inset: f32, style: Style, text: &str) {
        for line in wrap(text, style.1, style.0, INNER - inset) {
            self.need(style.0 * 1.4);
            self.y += style.0 * 1.4;
            self.text(MARGIN + inset, self.y - style.0 * 0.3, style, &line);
        }
    }

    /// A question, and a line for its answer behind it, or below where that is too short.
    pub(super) fn question(&mut self, ask: &str, answer: &str) {
        const GAP: f32 = 8.0;
        /// The least room for an answer.
        const ROOM: f32 = 90.0;
        let lines = wrap(ask, ASKED.1, ASKED.0, INNER);
        self.need(lines.len() as f32 * 14.0 + 26.0);
        let mut end = 0.0;
        for line in &lines {
            self.y += 15.0;
            self.text(MARGIN, self.y, ASKED, line);
            end = width(line, ASKED.1, ASKED.0) + GAP;
        }
        let room = ROOM.max(width(answer, ANSWER.1, ANSWER.0) + 8.0);
        if end + room > INNER {
            self.y += 19.0;
            end = 0.0;
        }
        self.line((MARGIN + end, self.y + 3.0), (MARGIN + INNER, self.y + 3.0), 0.6, Tone::RULE);
        if self.is_solved {
            self.text(MARGIN + end + 4.0, self.y, ANSWER, answer);
        }
        self.y += 5.0;
    }
}
