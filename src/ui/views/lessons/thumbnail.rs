//! A small drawing of what a lesson is about.

use crate::ui::style::tokens::{Tokens, radius};
use egui::{Color32, Painter, Pos2, Rect, Stroke, StrokeKind, Ui, vec2};

/// The side of a drawing, in points.
pub(super) const SIDE: f32 = 56.0;

/// The pixels of a 7, row by row.
const SEVEN: [&str; 7] = [".......", ".#####.", ".....#.", "....#..", "...#...", "...#...", "......."];

/// Signs of a kernel that finds vertical edges, and of one that is learnt.
const EDGE: [&str; 3] = ["-.+", "-.+", "-.+"];
const LEARNT: [&str; 5] = ["+.-.-", "++.-.", ".++--", "-.++.", "--.++"];

/// Draws the subject of the lesson of this id in the frame.
pub(super) fn draw(ui: &Ui, rect: Rect, id: &str) {
    let t = Tokens::of(ui);
    let painter = ui.painter_at(rect);
    painter.rect(rect, radius::M, t.panel, t.line_stroke(), StrokeKind::Inside);
    let room = rect.shrink(7.0);
    let pen = Pen { painter: &painter, room, t: &t };
    match id {
        "what-a-computer-sees" => pen.seven(),
        "sliding-window" => pen.window(5, 0..5),
        "padding-and-stride" => pen.window(7, 1..6),
        "channels-add-up" => pen.channels(),
        "kernels-by-hand" => pen.signs(&EDGE),
        "made-to-learned" => pen.signs(&LEARNT),
        "pooling" => pen.pooling(),
        "bends-and-answers" => {
            pen.line(&[[0.0, 0.62], [0.5, 0.62], [1.0, 0.1]], t.accent);
            pen.line(&[[0.5, 0.0], [0.5, 1.0]], t.line_strong);
        }
        "pixel-to-answer" => pen.bars(),
        "why-not-fully-connected" => pen.connections(),
        "how-it-learns" => {
            pen.curve(|x| 0.1 + 3.2 * (x - 0.55) * (x - 0.55), t.accent);
            for x in [0.12, 0.3, 0.44, 0.53] {
                let y = 0.1 + 3.2 * (x - 0.55) * (x - 0.55);
                painter.circle_filled(pen.at([x, 1.0 - y]), 3.0, t.highlight);
            }
        }
        "learning-by-heart" => {
            pen.curve(|x| 0.08 + 0.85 * (-4.0 * x).exp(), t.accent);
            pen.curve(|x| 0.3 + 0.65 * (-5.0 * x).exp() + 0.28 * x * x, t.highlight);
        }
        "one-big-product" => {
            pen.grid(8, 6, |row, column| if (row * 5 + column * 3) % 4 == 0 { t.text } else { t.track });
            pen.frame(Rect::from_min_max(pen.at([0.0, 0.375]), pen.at([1.0, 0.5])).expand(1.0));
        }
        "receptive-field" => {
            for (i, color) in [t.track, t.line_strong, t.accent, t.highlight].into_iter().enumerate() {
                painter.rect_filled(room.shrink(5.6 * i as f32), 2, color);
            }
        }
        "the-family" => {
            pen.grid(5, 5, |row, column| if row % 2 == 0 && column % 2 == 0 { t.accent } else { t.track });
        }
        "what-convinced-it" => {
            pen.seven();
            let spot = Rect::from_center_size(pen.at([0.72, 0.3]), vec2(17.0, 17.0));
            painter.rect_filled(spot, 2, t.highlight.gamma_multiply(0.45));
            pen.frame(spot);
        }
        _ => pen.page(),
    }
}

struct Pen<'a> {
    painter: &'a Painter,
    room: Rect,
    t: &'a Tokens,
}

impl Pen<'_> {
    fn at(&self, [x, y]: [f32; 2]) -> Pos2 {
        self.room.lerp_inside(vec2(x, y))
    }

    fn grid(&self, rows: usize, columns: usize, color: impl Fn(usize, usize) -> Color32) {
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let place = |row: usize, column: usize| {
                self.at([column as f32 / columns as f32, row as f32 / rows as f32])
            };
            let cell = Rect::from_min_max(place(row, column), place(row + 1, column + 1)).shrink(0.7);
            self.painter.rect_filled(cell, 1, color(row, column));
        }
    }

    fn frame(&self, rect: Rect) {
        self.painter.rect_stroke(rect, 2, Stroke::new(2.0, self.t.highlight), StrokeKind::Middle);
    }

    fn seven(&self) {
        let is_ink = |row: usize, column: usize| SEVEN[row].as_bytes().get(column) == Some(&b'#');
        self.grid(7, 7, |row, column| if is_ink(row, column) { self.t.text } else { self.t.track });
    }

    /// An input of numbers with the window over its corner.
    fn window(&self, side: usize, inside: std::ops::Range<usize>) {
        let t = self.t;
        self.grid(side, side, |row, column| {
            if !inside.contains(&row) || !inside.contains(&column) {
                t.track
            } else if (row * 2 + column) % 3 == 0 {
                t.positive
            } else {
                t.positive.gamma_multiply(0.4)
            }
        });
        let end = 3.0 / side as f32;
        self.frame(Rect::from_min_max(self.at([0.0, 0.0]), self.at([end, end])));
    }

    fn signs(&self, rows: &[&str]) {
        let sign = |row: usize, column: usize| rows[row].as_bytes().get(column).copied();
        self.grid(rows.len(), rows.len(), |row, column| match sign(row, column) {
            Some(b'+') => self.t.positive,
            Some(b'-') => self.t.negative,
            _ => self.t.track,
        });
    }

    fn channels(&self) {
        let colors = [self.t.negative, self.t.good, self.t.positive];
        for (i, color) in colors.into_iter().enumerate() {
            let corner = self.at([0.18 * i as f32, 0.18 * i as f32]);
            let square = Rect::from_min_size(corner, self.room.size() * 0.64);
            self.painter.rect(square, 2, color, Stroke::new(1.0, self.t.panel), StrokeKind::Outside);
        }
    }

    fn pooling(&self) {
        let t = self.t;
        let largest = [(1, 0), (0, 3), (3, 1), (2, 2)];
        self.grid(4, 4, |row, column| {
            if largest.contains(&(row, column)) { t.positive } else { t.positive.gamma_multiply(0.3) }
        });
        self.line(&[[0.5, 0.0], [0.5, 1.0]], t.panel);
        self.line(&[[0.0, 0.5], [1.0, 0.5]], t.panel);
    }

    fn bars(&self) {
        for (i, height) in [1.0, 0.75, 0.75, 0.5, 0.5].into_iter().enumerate() {
            let x = i as f32 * 0.22;
            let color = if i % 2 == 0 { self.t.accent } else { self.t.positive };
            let bar =
                Rect::from_min_max(self.at([x, 0.5 - height / 2.0]), self.at([x + 0.12, 0.5 + height / 2.0]));
            self.painter.rect_filled(bar, 1, color);
        }
    }

    fn connections(&self) {
        let heights = [0.05, 0.35, 0.65, 0.95];
        for (from, to) in heights.iter().flat_map(|from| heights[..3].iter().map(move |to| (from, to))) {
            let ends = [self.at([0.1, *from]), self.at([0.9, to + 0.15])];
            self.painter.line_segment(ends, Stroke::new(1.0, self.t.line_strong));
        }
        for height in heights {
            self.painter.circle_filled(self.at([0.1, height]), 3.0, self.t.accent);
        }
        for height in &heights[..3] {
            self.painter.circle_filled(self.at([0.9, height + 0.15]), 3.0, self.t.accent);
        }
    }

    fn page(&self) {
        for (i, width) in [0.6, 1.0, 0.9, 1.0, 0.5].into_iter().enumerate() {
            let y = 0.08 + 0.2 * i as f32;
            let color = if i == 0 { self.t.accent } else { self.t.line_strong };
            self.line(&[[0.0, y], [width, y]], color);
        }
    }

    fn line(&self, points: &[[f32; 2]], color: Color32) {
        let points: Vec<Pos2> = points.iter().map(|point| self.at(*point)).collect();
        self.painter.line(points, Stroke::new(2.0, color));
    }

    /// A function from 0 to 1, upwards.
    fn curve(&self, height: impl Fn(f32) -> f32, color: Color32) {
        let points: Vec<[f32; 2]> =
            (0..=24).map(|i| i as f32 / 24.0).map(|x| [x, 1.0 - height(x).clamp(0.0, 1.0)]).collect();
        self.line(&points, color);
    }
}
