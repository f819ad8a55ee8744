//! A small plot of shares from 0 to 100 %.

use crate::ui::style::{
    fonts,
    tokens::{Tokens, size},
};
use egui::{
    Align2, Color32, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// The room at the left and below for the axes' numbers, in points.
const AXES: Vec2 = vec2(48.0, 38.0);

/// The room above and at the right, in points.
const MARGIN: Vec2 = vec2(14.0, 8.0);

/// A plot that is being painted.
pub(super) struct Axes {
    /// All of it, for the pointer.
    pub(super) response: Response,
    /// Where the values are.
    pub(super) rect: Rect,
    /// The values at the left and at the right end.
    ends: (f32, f32),
}

impl Axes {
    /// The axes in this room: horizontally from 0, or from the first of `marks` if it is
    /// less, to the last, vertically from 0 to 1. Of the texts for `below`,
    /// the first one that fits is shown.
    pub(super) fn ui(ui: &mut Ui, room: Vec2, marks: &[(f32, String)], below: &[&str]) -> Self {
        let t = Tokens::of(ui);
        let (all, response) = ui.allocate_exact_size(room.max(AXES + Vec2::splat(60.0)), Sense::hover());
        let rect = Rect::from_min_max(
            pos2(all.left() + AXES.x, all.top() + MARGIN.y),
            pos2(all.right() - MARGIN.x, all.bottom() - AXES.y),
        );
        let begin = marks.first().map_or(0.0, |(value, _)| value.min(0.0));
        let end = marks.last().map_or(1.0, |(value, _)| *value).max(begin + f32::MIN_POSITIVE);
        let axes = Self { response, rect, ends: (begin, end) };
        let painter = ui.painter();
        let font = || fonts::mono(12.0);
        for part in 0..=4 {
            let y = axes.at(begin, f64::from(part) / 4.0).y;
            painter.hline(rect.x_range(), y, t.line_stroke());
            if part % 2 == 0 {
                let place = pos2(rect.left() - 6.0, y);
                painter.text(place, Align2::RIGHT_CENTER, format!("{} %", part * 25), font(), t.second);
            }
        }
        for (value, label) in marks {
            let x = axes.at(*value, 0.0).x;
            painter.vline(x, rect.y_range(), t.line_stroke());
            painter.text(pos2(x, rect.bottom() + 4.0), Align2::CENTER_TOP, label, font(), t.second);
        }
        let place = pos2(rect.center().x, all.bottom());
        let lay_out =
            |text: &&str| painter.layout_no_wrap((*text).to_owned(), fonts::words(size::SMALL), t.second);
        if let Some(text) = below.iter().map(lay_out).find(|text| text.size().x <= all.width()) {
            let left = Align2::CENTER_BOTTOM.anchor_size(place, text.size()).left();
            let left = left.min(all.right() - text.size().x);
            painter.galley(pos2(left, place.y - text.size().y), text, t.second);
        }
        axes
    }

    /// Where a value is.
    pub(super) fn at(&self, x: f32, share: f64) -> Pos2 {
        pos2(
            self.rect.left() + (x - self.ends.0) / (self.ends.1 - self.ends.0) * self.rect.width(),
            self.rect.bottom() - share as f32 * self.rect.height(),
        )
    }

    /// A line through the points, with dots.
    pub(super) fn line(&self, ui: &Ui, points: &[(f32, f64)], color: Color32, is_dashed: bool) {
        let places: Vec<Pos2> = points.iter().map(|(x, share)| self.at(*x, *share)).collect();
        let stroke = Stroke::new(2.0, color);
        if is_dashed {
            ui.painter().extend(Shape::dashed_line(&places, stroke, 5.0, 4.0));
        } else {
            ui.painter().add(Shape::line(places.clone(), stroke));
        }
        for place in places {
            ui.painter().circle_filled(place, 3.5, color);
        }
    }

    /// The nearest of the places on the horizontal axis, if the pointer is over the plot.
    pub(super) fn pointed(&self, places: impl Iterator<Item = f32>) -> Option<usize> {
        let pointer = self.response.hover_pos()?;
        let distance = |x: f32| (self.at(x, 0.0).x - pointer.x).abs();
        places.enumerate().min_by(|(_, a), (_, b)| distance(*a).total_cmp(&distance(*b))).map(|(i, _)| i)
    }

    /// Says to screen readers what it shows.
    pub(super) fn say(&self, name: &str, value: &str) {
        self.response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Image, true, name);
            info.current_text_value = Some(value.to_owned());
            info
        });
    }
}
