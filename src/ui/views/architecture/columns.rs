//! The columns of the list and of the totals.

use crate::ui::style::tokens::space;
use egui::{
    Align2, Color32, FontId, Rect, Ui, pos2,
    text::{LayoutJob, TextWrapping},
    vec2,
};

/// The width of the grip, in points.
pub const GRIP: f32 = 18.0;
/// The width of the switch, in points.
pub const SWITCH: f32 = 40.0;
/// The width of the layer's number, in points.
pub const NUMBER: f32 = 26.0;
/// The width of the buttons at the right end, in points.
pub const BUTTONS: f32 = 116.0;

const OUTPUT: f32 = 96.0;
const PARAMETERS: f32 = 96.0;
const MULTIPLY_ADDS: f32 = 112.0;
const MEMORY: f32 = 84.0;
const FIELD: f32 = 64.0;

/// Rooms that are narrower leave columns out, in points.
const WIDE: f32 = 880.0;
const MEDIUM: f32 = 640.0;

/// Where the columns are, from the left edge of the list. Numbers end at their place.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// The width of the list.
    pub width: f32,
    /// The beginning of the names.
    pub name: f32,
    /// The end of the names.
    pub name_end: f32,
    /// The end of the numbers: output, parameters, multiply-adds, memory, field. Some have no room.
    pub ends: [Option<f32>; 5],
    /// The beginning of a row's buttons, where there is room for them.
    pub buttons: Option<f32>,
}

impl Columns {
    /// The columns of a list of this width.
    pub fn of(width: f32) -> Self {
        let is_wide = width >= WIDE;
        let is_medium = width >= MEDIUM;
        let mut right = width - 2.0 * space::S;
        let buttons = is_wide.then(|| {
            right -= BUTTONS;
            right + space::XS
        });
        let mut end = |is_there: bool, column: f32| {
            is_there.then(|| {
                let end = right;
                right -= column;
                end
            })
        };
        let field = end(is_medium, FIELD);
        let memory = end(is_wide, MEMORY);
        let multiply_adds = end(is_medium, MULTIPLY_ADDS);
        let parameters = end(true, PARAMETERS);
        let output = end(true, OUTPUT);
        Self {
            width,
            name: GRIP + SWITCH + NUMBER + space::S,
            name_end: right - space::S,
            ends: [output, parameters, multiply_adds, memory, field],
            buttons,
        }
    }
}

/// A text on one line of a row, cut with an ellipsis if it is wider than `room`.
pub struct Line<'a> {
    /// The words.
    pub text: &'a str,
    /// Their face.
    pub font: FontId,
    /// Their colour.
    pub color: Color32,
    /// The room.
    pub room: f32,
}

impl Line<'_> {
    /// Paints it from `x` on, or up to `x`, at this height. Returns where it is.
    pub fn paint(self, ui: &Ui, align: Align2, x: f32, y: f32) -> Rect {
        let mut job = LayoutJob::simple_singleline(self.text.to_owned(), self.font, self.color);
        job.wrap = TextWrapping::truncate_at_width(self.room.max(0.0));
        let galley = ui.painter().layout_job(job);
        let place = align.anchor_size(pos2(x, y), galley.size());
        ui.painter().galley(place.min, galley, self.color);
        place
    }
}

/// A part of a row, in points from its left edge.
pub fn part(row: Rect, from: f32, width: f32) -> Rect {
    Rect::from_min_size(pos2(row.left() + from, row.top()), vec2(width, row.height()))
}
