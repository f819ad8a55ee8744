//! One bar a class, with the winner lit.

use super::{
    face::elided,
    numbers::{points, probability},
};
use crate::{
    text::{fill, tr},
    ui::style::{
        fonts,
        tokens::{Tokens, radius, size, space},
    },
};
use egui::{Align2, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// More classes than this scroll.
const MOST_WITHOUT_SCROLLING: usize = 20;
/// The least and the greatest height of a row, in points.
const ROW_HEIGHTS: (f32, f32) = (18.0, 44.0);
/// The widest a class's name may be, in points.
const NAME_WIDTH: f32 = 110.0;

/// The pointer's actions on the bars.
#[derive(Debug)]
pub struct BarsResponse {
    /// All rows together.
    pub response: Response,
    /// The class under the pointer.
    pub hovered: Option<usize>,
    /// The class that was clicked.
    pub clicked: Option<usize>,
}

/// One row a class: its name, a bar and its probability.
#[must_use = "show it with `ui`"]
pub struct ProbabilityBars<'a, S> {
    names: &'a [S],
    shares: &'a [f32],
    winner: Option<usize>,
    before: &'a [f32],
    height: Option<f32>,
    is_compact: bool,
}

impl<'a, S: AsRef<str>> ProbabilityBars<'a, S> {
    /// Bars for classes of these names with these probabilities; a probability that is missing is none.
    pub fn new(names: &'a [S], shares: &'a [f32]) -> Self {
        Self { names, shares, winner: None, before: &[], height: None, is_compact: false }
    }

    /// Lights one class; without a winner, as on a blank canvas, none is lit.
    pub fn winner(mut self, winner: Option<usize>) -> Self {
        self.winner = winner;
        self
    }

    /// Marks each probability before the change, and shows the difference in percentage points.
    pub fn before(mut self, shares: &'a [f32]) -> Self {
        self.before = shares;
        self
    }

    /// Sets the height; the default is all the room.
    pub fn height(mut self, height: f32) -> Self {
        self.height = Some(height);
        self
    }

    /// Leaves the numbers out, for narrow places; they are in the tooltip of a row.
    pub fn compact(mut self) -> Self {
        self.is_compact = true;
        self
    }

    /// Shows the bars, as wide as there is room.
    pub fn ui(self, ui: &mut Ui) -> BarsResponse {
        if self.names.len() <= MOST_WITHOUT_SCROLLING {
            return self.rows_ui(ui);
        }
        let height = self.height.unwrap_or_else(|| ui.available_height()).max(ROW_HEIGHTS.0);
        ScrollArea::vertical()
            .max_height(height)
            .auto_shrink([false, true])
            .show(ui, |ui| self.rows_ui(ui))
            .inner
    }

    fn rows_ui(&self, ui: &mut Ui) -> BarsResponse {
        let count = self.names.len().max(1) as f32;
        let (least, most) = ROW_HEIGHTS;
        let room = self.height.unwrap_or_else(|| ui.available_height());
        let row_height = if self.names.len() > MOST_WITHOUT_SCROLLING {
            26.0
        } else {
            (room / count).clamp(least, most).floor()
        };
        let font_size = if row_height >= 30.0 { size::LARGE } else { size::BODY };
        let measure = |text: &str, font| {
            ui.painter().layout_no_wrap(text.to_owned(), font, Tokens::of(ui).text).size().x
        };
        let widest = self.names.iter().map(|name| measure(name.as_ref(), fonts::mono_bold(font_size)));
        let columns = Columns {
            name: widest.fold(0.0, f32::max).min(NAME_WIDTH),
            // The widest possible number, so that nothing moves when the numbers change.
            number: if self.is_compact {
                0.0
            } else {
                measure("100.0 %", fonts::mono(size::MONO)) + space::M
            },
            difference: if self.before.is_empty() {
                0.0
            } else {
                measure("−100.0", fonts::mono(size::SMALL)) + space::XS
            },
            font_size,
        };
        let size = vec2(ui.available_width(), row_height * self.names.len() as f32);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let (mut hovered, mut clicked) = (None, None);
        for class in 0..self.names.len() {
            let top = rect.top() + row_height * class as f32;
            let row = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), row_height));
            let row_response = ui.interact(row, response.id.with(class), Sense::click());
            let row_response = self.row_ui(ui, row_response, class, &columns);
            hovered = hovered.or(row_response.hovered().then_some(class));
            clicked = clicked.or(row_response.clicked().then_some(class));
        }
        BarsResponse { response, hovered, clicked }
    }

    fn row_ui(&self, ui: &Ui, response: Response, class: usize, columns: &Columns) -> Response {
        let t = Tokens::of(ui);
        let name = self.names.get(class).map_or("", AsRef::as_ref);
        let share = self.shares.get(class).copied().unwrap_or(0.0);
        let is_winner = self.winner == Some(class);
        let number = probability(share);
        response.widget_info(|| {
            let label = fill(tr("Probability of {class}"), &[("class", name)]);
            let mut info = WidgetInfo::labeled(Role::Meter, ui.is_enabled(), label);
            info.current_text_value = Some(number.clone());
            info
        });
        if !ui.is_rect_visible(response.rect) {
            return response;
        }
        let row = response.rect;
        let (name_ink, number_ink, fill_color) =
            if is_winner { (t.highlight_text, t.text, t.highlight) } else { (t.text, t.second, t.accent) };
        let galley =
            elided(ui, name, fonts::mono_bold(columns.font_size), name_ink, columns.name.max(8.0) + 1.0);
        let place = Align2::LEFT_CENTER.anchor_size(row.left_center(), galley.size());
        ui.painter().galley(place.min, galley, name_ink);

        let height = (row.height() * 0.42).clamp(8.0, 18.0).round();
        let left = row.left() + columns.name + space::M;
        let right = (row.right() - columns.number - columns.difference).max(left + 8.0);
        let bar = Rect::from_min_max(
            pos2(left, (row.center().y - height / 2.0).round()),
            pos2(right, (row.center().y + height / 2.0).round()),
        );
        let ground = if response.hovered() { t.line_strong } else { t.track };
        ui.painter().rect_filled(bar, radius::S, ground);
        if share.is_finite() {
            // Tiny values keep a sliver, clipped so that its corners do not bulge.
            let width = (bar.width() * share.clamp(0.0, 1.0)).max(if share > 0.0 { 1.5 } else { 0.0 });
            let filled = Rect::from_min_size(bar.min, vec2(width, bar.height()));
            let painter = ui.painter().with_clip_rect(filled.intersect(ui.clip_rect()));
            let shape =
                Rect::from_min_size(bar.min, vec2(width.max(2.0 * f32::from(radius::S)), bar.height()));
            painter.rect_filled(shape, radius::S, fill_color);
        }
        let before = self.before.get(class).copied();
        if let Some(before) = before {
            let x = bar.left() + bar.width() * before.clamp(0.0, 1.0);
            ui.painter().vline(x, bar.y_range().expand(3.0), (2.0, t.second));
            let difference = (share - before) * 100.0;
            let ink = if points(difference) == points(0.0) { t.second } else { t.text };
            let galley = ui.painter().layout_no_wrap(points(difference), fonts::mono(size::SMALL), ink);
            let place = Align2::RIGHT_CENTER.anchor_size(row.right_center(), galley.size());
            ui.painter().galley(place.min, galley, ink);
        }
        if self.is_compact {
            let told = match before {
                Some(before) => fill(
                    tr("{now}, with everything on {before}"),
                    &[("now", &number), ("before", &probability(before))],
                ),
                None => number,
            };
            return response.on_hover_text(told);
        }
        let galley = ui.painter().layout_no_wrap(number, fonts::mono(size::MONO), number_ink);
        let end = row.right_center() - vec2(columns.difference, 0.0);
        let place = Align2::RIGHT_CENTER.anchor_size(end, galley.size());
        ui.painter().galley(place.min, galley, number_ink);
        response
    }
}

/// The columns that all rows share.
struct Columns {
    name: f32,
    number: f32,
    difference: f32,
    font_size: f32,
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::ui::widgets::testing::harness;

    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    #[test]
    fn every_class_tells_its_probability() {
        let mut harness = harness(|ui, clicked: &mut Option<usize>| {
            let shares = [0.0, 0.0, 0.002, 0.001, 0.0, 0.0, 0.0, 0.989, 0.0, f32::NAN];
            let shown = ProbabilityBars::new(&DIGITS, &shares).winner(Some(7)).ui(ui);
            *clicked = clicked.or(shown.clicked);
        });
        harness.run();
        let value = |name| harness.get_by_role_and_label(Role::Meter, name).value();
        assert_eq!(value("Probability of 7").as_deref(), Some("98.9 %"));
        assert_eq!(value("Probability of 9").as_deref(), Some("–"));
        harness.get_by_label("Probability of 3").click();
        harness.run();
        assert_eq!(*harness.state(), Some(3));
    }

    #[test]
    fn rows_do_not_move_with_the_numbers() {
        let rects = |share: f32| {
            let mut harness = harness(move |ui, (): &mut ()| {
                ProbabilityBars::new(&DIGITS, &[share; 10])
                    .winner((share > 0.5).then_some(1))
                    .height(300.0)
                    .ui(ui);
            });
            harness.run();
            DIGITS.map(|digit| harness.get_by_label(&format!("Probability of {digit}")).rect())
        };
        assert_eq!(rects(0.0), rects(1.0));
        assert_eq!(rects(0.0)[0].height(), 30.0);
    }

    #[test]
    fn what_was_before_changes_no_number() {
        let mut harness = harness(|ui, (): &mut ()| {
            let (now, before) = ([0.25; 10], [0.1, f32::NAN, 2.0]);
            ProbabilityBars::new(&DIGITS, &now).before(&before).height(200.0).ui(ui);
            ProbabilityBars::new(&DIGITS, &now).before(&before).height(200.0).compact().ui(ui);
        });
        harness.run();
        let values = harness.query_all_by_label("Probability of 0").map(|node| node.value());
        assert!(values.eq([Some("25.0 %".to_owned()), Some("25.0 %".to_owned())]));
    }

    #[test]
    fn any_number_of_classes_fits() {
        for count in [0, 1, 20, 47] {
            let names: Vec<String> =
                (0..count).map(|i| format!("class {i} with quite a long name")).collect();
            let mut harness = harness(move |ui, (): &mut ()| {
                ProbabilityBars::new(&names, &[0.1]).compact().ui(ui);
                assert!(ui.min_rect().height() < ui.content_rect().height());
            });
            harness.run();
        }
    }
}
