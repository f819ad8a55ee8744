//! The checked weights as a table, those that differ most first.

use super::{scatter::Kind, words};
use crate::{
    text::tr,
    ui::{
        model::gradcheck::CheckResult,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
    },
};
use egui::{Align2, FontId, Rect, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

/// The height of a row, in points.
const ROW: f32 = 23.0;

/// The widths of the columns after the tensor's name: the index, both slopes, the difference, in points.
const COLUMNS: [f32; 4] = [92.0, 84.0, 84.0, 78.0];

/// The least width of the table, in points.
pub(super) const LEAST: f32 = 470.0;

/// The room of the mark of a corner at the right, in points.
const MARK: f32 = 22.0;

/// The table in this room.
pub(super) fn table_ui(ui: &mut Ui, found: Option<&CheckResult>, room: Vec2) {
    let t = Tokens::of(ui);
    ui.allocate_ui(room, |ui| {
        ui.vertical(|ui| {
            ui.set_min_size(room);
            ui.spacing_mut().item_spacing.y = 0.0;
            let (heading, _) = ui.allocate_exact_size(vec2(room.x, ROW + space::XS), Sense::hover());
            let names = [tr("Weights of"), tr("Index"), tr("Measured"), tr("Computed"), tr("Difference")]
                .map(str::to_owned);
            let small = |_: usize| fonts::words(size::SMALL);
            cells_ui(ui, inner(heading), &names, &small, [t.second; 5]);
            ui.interact(heading, ui.scope_id().with("difference"), Sense::hover()).on_hover_text(tr(
                "The difference of both slopes, as a share of the largest slope of its tensor: small slopes are not judged by their own size.",
            ));
            ui.painter().hline(heading.x_range(), heading.bottom() - 1.0, t.line_stroke());
            let Some(found) = found else { return };
            let area = ScrollArea::vertical().id_salt("checked weights").auto_shrink(false);
            area.max_height(room.y - heading.height()).show_rows(ui, ROW, found.rows.len(), |ui, range| {
                for number in range {
                    row_ui(ui, found, number);
                }
            });
        });
    });
}

/// Without the mark, and without the scroll bar's room.
fn inner(row: Rect) -> Rect {
    row.with_max_x(row.right() - MARK)
}

fn row_ui(ui: &mut Ui, found: &CheckResult, number: usize) {
    let t = Tokens::of(ui);
    let Some(row) = found.rows.get(number) else { return };
    let network = &found.of.network;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let name = words::tensor_name(network, row.check.layer, &row.check.name);
    let texts = [
        name,
        words::index(network, row),
        words::slope(row.check.numerical),
        words::slope(row.check.backpropagated),
        words::share(row.relative),
    ];
    let kind = Kind::of(row);
    if response.hovered() {
        ui.painter().rect_filled(rect, 0, t.hover);
    }
    let last = if kind == Kind::Differs { t.bad } else { t.text };
    let font = |column: usize| if column == 0 { fonts::words(size::SMALL) } else { fonts::mono(size::MONO) };
    cells_ui(ui, inner(rect), &texts, &font, [t.text, t.second, t.text, t.text, last]);
    if row.check.corner.is_some() {
        let place = pos2(rect.right() - MARK / 2.0, rect.center().y);
        let ink = if kind == Kind::Corner { t.highlight_text } else { t.second };
        ui.painter().text(place, Align2::CENTER_CENTER, icons::CHEVRON_UP, fonts::icons(size::BODY), ink);
    }
    let said = super::scatter::row_text(found, row);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Row, true, format!("Checked weight {}", number + 1));
        info.current_text_value = Some(said.clone());
        info
    });
    response.on_hover_text(said);
}

fn cells_ui(
    ui: &Ui,
    row: Rect,
    texts: &[String; 5],
    font: &dyn Fn(usize) -> FontId,
    inks: [egui::Color32; 5],
) {
    let y = row.center().y;
    // A wide table gives its room to all columns.
    let wider = (row.width() + MARK - LEAST).max(0.0) / 8.0;
    let mut end = row.right();
    for column in (0..texts.len()).rev() {
        let begin = match column.checked_sub(1) {
            Some(number) => end - COLUMNS[number] - wider,
            None => row.left(),
        };
        let clip = Rect::from_x_y_ranges(begin..=end, row.y_range());
        let (place, anchor) = if column == 0 {
            (pos2(row.left(), y), Align2::LEFT_CENTER)
        } else {
            (pos2(end, y), Align2::RIGHT_CENTER)
        };
        ui.painter_at(clip).text(place, anchor, &texts[column], font(column), inks[column]);
        end = begin;
    }
}
