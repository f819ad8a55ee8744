//! The columns of the table of runs.

use crate::{
    text::{Term, tr},
    ui::style::{
        fonts,
        tokens::{Tokens, size, space},
    },
};
use egui::{Align2, Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, text::LayoutJob, vec2};

/// The height of the heading, in points.
const HEADING: f32 = 22.0;

/// The room of a button, in points.
pub(super) const BUTTON: f32 = 26.0;

/// The room of the colour, in points.
const COLOR: f32 = 26.0;

/// The widths of the columns of numbers, in points: parameters, seconds, best accuracy, seed, loss, accuracy.
const NUMBERS: [f32; 6] = [72.0, 54.0, 66.0, 40.0, 66.0, 66.0];

/// The room of the two buttons at the end of a row, in points.
const ENDS: f32 = 2.0 * BUTTON;

/// A name has at least this room, in points: columns that leave less are left out, the seed first, then the seconds,
/// then the parameters. The tooltip of a row has them.
const NAME: f32 = 110.0;

/// The columns that are left out where there is no room, in this order.
const SPARED: [usize; 3] = [3, 1, 0];

/// Which columns there are, and how wide.
pub(super) struct Columns {
    width: f32,
    numbers: [f32; 6],
}

impl Columns {
    pub(super) fn new(width: f32) -> Self {
        let mut numbers = NUMBERS;
        for spared in SPARED {
            if width - numbers.iter().sum::<f32>() - BUTTON - COLOR - ENDS < NAME {
                numbers[spared] = 0.0;
            }
        }
        Self { width, numbers }
    }

    /// The place of the button that shows or hides a run.
    pub(super) fn eye(row: Rect) -> Rect {
        Rect::from_min_size(row.min, vec2(BUTTON, row.height()))
    }

    /// The place of the colour.
    pub(super) fn color(row: Rect) -> Rect {
        Rect::from_min_size(row.min + vec2(BUTTON, 0.0), vec2(COLOR, row.height()))
    }

    /// The place of the name, and of what is below it.
    pub(super) fn name(&self, row: Rect) -> Rect {
        let left = row.left() + BUTTON + COLOR;
        let right = row.right() - ENDS - self.numbers.iter().sum::<f32>();
        Rect::from_min_max(pos2(left, row.top()), pos2(right, row.bottom()))
    }

    /// The place of the line below the name: to the end of the numbers.
    pub(super) fn below(&self, row: Rect) -> Rect {
        self.name(row).with_max_x(row.right() - ENDS)
    }

    /// The places of the buttons at the end.
    pub(super) fn ends(row: Rect) -> [Rect; 2] {
        let one = |i: f32| {
            let size = vec2(BUTTON, row.height());
            Rect::from_min_size(pos2(row.right() - ENDS + i * BUTTON, row.top()), size)
        };
        [one(0.0), one(1.0)]
    }

    /// The right ends of the columns of numbers; `None` for one that is left out.
    pub(super) fn number_ends(&self, row: Rect) -> [Option<f32>; 6] {
        let mut end = row.right() - ENDS - self.numbers.iter().sum::<f32>();
        self.numbers.map(|width| {
            end += width;
            (width > 0.0).then_some(end - space::XS)
        })
    }

    /// The heading; `at` says which step the last two columns are of.
    pub(super) fn heading_ui(&self, ui: &mut Ui, at: &str, is_pointed: bool) {
        let t = Tokens::of(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(self.width, HEADING), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, at));
        let paint = |end: f32, text: &str, ink: Color32| {
            let font = fonts::words(size::SMALL - 1.0);
            let galley = ui.painter().layout_no_wrap(text.to_owned(), font, ink);
            let place = Align2::RIGHT_CENTER.anchor_size(pos2(end, rect.center().y), galley.size());
            ui.painter().galley(place.min, galley, ink);
        };
        let ends = self.number_ends(rect);
        let names = [tr("parameters"), tr("seconds"), tr("best"), tr("seed")];
        for (end, name) in ends.into_iter().zip(names) {
            if let Some(end) = end {
                paint(end, name, t.second);
            }
        }
        if let Some(end) = ends[5] {
            let ink = if is_pointed { t.highlight_text } else { t.second };
            paint(end, &format!("{}, {at}", Term::Loss.label().to_lowercase()), ink);
        }
        let name = self.name(rect);
        let font = fonts::words(size::SMALL - 1.0);
        let text = tr("what differs").to_owned();
        let mut job = LayoutJob::simple_singleline(text, font, t.second);
        job.wrap = egui::text::TextWrapping::truncate_at_width(name.width());
        let galley = ui.painter().layout_job(job);
        let place = Align2::LEFT_CENTER.anchor_size(name.left_center(), galley.size());
        ui.painter().galley(place.min, galley, t.second);
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, t.line));
    }
}
