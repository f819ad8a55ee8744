//! The map shifted by one cell: the output values that change.

use super::{
    grids::{MapGrid, OutputGrid, Scale, inside, title_ui},
    places::Band,
    scene::{Figure, PoolingScene, off_ui},
    send::seek,
    words,
};
use crate::{
    explain::pooling::{Direction, Pooling, Shift},
    text::{Term, fill, tr},
    ui::{
        action::Actions,
        model::pooling::{ShiftEffect, lab::PoolingLab},
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{GridCell, segmented},
    },
};
use egui::{Align2, Color32, CursorIcon, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Shows the shifted map, its outputs, and the number of changed values in each direction.
pub fn shift_ui(ui: &mut Ui, shown: &PoolingScene<'_>, actions: &mut Actions) {
    let study = shown.study;
    let moved = study.shifts.iter().find(|shift| Some(shift.direction) == shown.direction);
    let (title, size) = shown.map_title();
    let detail = match moved {
        Some(shift) => format!("{size}  {}", arrow(shift.direction)),
        None => fill(tr("{size}, not shifted"), &[("size", &size)]),
    };
    title_ui(ui, shown.places.title, &title, &detail);
    let scale = Scale::of(study, shown.ground, ui.theme());
    let values = moved.map_or(study.max.input(), |shift| &shift.input.after);
    let key = (study.number, shown.position);
    MapGrid::plain(tr("map"), &study.max, scale).ui(ui, shown.places.map, values, key);
    for (i, ((name, pooling), rect)) in shown.layers().into_iter().zip(shown.places.bands).enumerate() {
        let Some(pooling) = pooling else {
            off_ui(ui, rect, name);
            continue;
        };
        let band = Band::of_one(rect, 52.0);
        let (rows, columns) = pooling.output_size();
        title_ui(ui, band.title, name, &format!("{rows}×{columns}"));
        let shift = moved.and_then(|shift| if i == 0 { Some(&shift.max) } else { shift.average.as_ref() });
        let lit: Vec<usize> = shift.map_or_else(Vec::new, |shift| {
            (0..shift.changed.len()).filter(|window| shift.changed[*window]).collect()
        });
        let content = |window: usize| GridCell {
            value: shift.map_or(pooling.output(), |shift| &shift.after).get(window).copied(),
            is_faint: shift.is_some_and(|shift| shift.changed.get(window) != Some(&true)),
            ..GridCell::default()
        };
        let grid = OutputGrid { name, size: (rows, columns), scale, lit: &lit, content: &content };
        let done = grid.ui(ui, band.picture, key);
        if let Some((shift, (row, column))) = shift.zip(done.hovered) {
            let at = row * columns + column;
            let value = |of: &[f32]| of.get(at).copied().unwrap_or(f32::NAN);
            let text = words::change(value(pooling.output()), value(&shift.after));
            done.response.on_hover_text_at_pointer(text);
        }
        inside(ui, band.words, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let (changed, mean) = shift.map_or((0, 0.0), |shift| (shift.count(), shift.mean_change));
            Figure::share(Term::ValuesChanged, name, changed, pooling.len()).ui(ui);
            let division = shift.map(|shift| shift.expression().equation(shift.mean_change));
            Figure::value(Term::MeanChange, name, mean, division.as_ref()).ui(ui);
        });
    }
    inside(ui, shown.places.below, |ui| {
        ui.add_space(space::XS);
        if shown.places.is_low {
            directions_ui(ui, shown, actions);
            return;
        }
        table_ui(ui, shown, actions);
    });
}

fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "↑",
        Direction::Down => "↓",
        Direction::Left => "←",
        Direction::Right => "→",
    }
}

fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => tr("up"),
        Direction::Down => tr("down"),
        Direction::Left => tr("left"),
        Direction::Right => tr("right"),
    }
}

/// The directions alone, where there is no room for what each changes.
fn directions_ui(ui: &mut Ui, shown: &PoolingScene<'_>, actions: &mut Actions) {
    let mut direction = shown.direction;
    let options: Vec<(Option<Direction>, &str)> = std::iter::once((None, tr("none")))
        .chain(
            shown.study.shifts.iter().map(|shift| (Some(shift.direction), direction_name(shift.direction))),
        )
        .collect();
    if segmented(ui, tr("Shift of the map"), &mut direction, &options).changed() {
        seek(actions, direction.map_or(0, PoolingLab::shift_to));
    }
}

/// The number of values that a shift in each direction changes; a click on a direction shifts the map.
fn table_ui(ui: &mut Ui, shown: &PoolingScene<'_>, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let study = shown.study;
    let row = if shown.places.is_wide { 24.0 } else { 18.0 };
    let size = if shown.places.is_wide { size::BODY } else { size::SMALL };
    let width = ui.available_width();
    // The first column holds the directions, the others the counts.
    let first = (width * 0.3).min(140.0);
    let other = (width - first) / 3.0;
    ui.spacing_mut().item_spacing.y = 0.0;
    let cell = |line: Rect, column: usize| {
        let right = line.left() + first + other * (column + 1) as f32;
        Rect::from_min_max(pos2(right - other, line.top()), pos2(right - space::XS, line.bottom()))
    };
    let (names, _) = ui.allocate_exact_size(vec2(width, row), Sense::hover());
    let (totals, _) = ui.allocate_exact_size(vec2(width, row), Sense::hover());
    let paint = |place: Rect, text: &str| {
        ui.painter().text(place.right_center(), Align2::RIGHT_CENTER, text, fonts::words(size), t.second);
    };
    ui.painter().text(
        names.left_center(),
        Align2::LEFT_CENTER,
        tr("values changed"),
        fonts::words(size),
        t.second,
    );
    let one = tr("by a shift");
    ui.painter().text(totals.left_center(), Align2::LEFT_CENTER, one, fonts::words(size), t.second);
    let (cells, outputs) = (study.max.input().len(), study.max.len());
    let means = study.average.as_ref().map(Pooling::len);
    for (column, (name, total)) in
        [(tr("map"), Some(cells)), (tr("max"), Some(outputs)), (tr("average"), means)].into_iter().enumerate()
    {
        paint(cell(names, column), name);
        let total = total
            .map_or(tr("off").to_owned(), |total| fill(tr("of {total}"), &[("total", &total.to_string())]));
        paint(cell(totals, column), &total);
    }
    for shift in &study.shifts {
        let (line, _) = ui.allocate_exact_size(vec2(width, row), Sense::hover());
        let is_chosen = shown.direction == Some(shift.direction);
        let ground = if is_chosen { t.accent_ground } else { Color32::TRANSPARENT };
        ui.painter().rect_filled(line, radius::S, ground);
        let name = direction_name(shift.direction);
        let place = line.with_max_x(line.left() + first);
        let response = ui.interact(place, ui.scope_id().with(("direction", name)), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_chosen, name));
        if response.has_focus() {
            ui.painter().rect_stroke(place, radius::S, t.focus_stroke(), StrokeKind::Inside);
        }
        let color = if is_chosen || response.hovered() { t.text } else { t.second };
        let text = format!("{} {name}", arrow(shift.direction));
        let at = place.left_center() + vec2(space::XS, 0.0);
        ui.painter().text(at, Align2::LEFT_CENTER, text, fonts::words(size), color);
        if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
            seek(actions, if is_chosen { 0 } else { PoolingLab::shift_to(shift.direction) });
        }
        let ShiftEffect { input, max, average, .. } = shift;
        for (column, (what, shift)) in
            [(tr("map"), Some(input)), (tr("max"), Some(max)), (tr("average"), average.as_ref())]
                .into_iter()
                .enumerate()
        {
            if let Some(shift) = shift {
                count_ui(ui, shift, (what, name), cell(line, column), size);
            }
        }
    }
}

/// The number of values that a shift changes, with the mean change as a tooltip.
fn count_ui(ui: &mut Ui, shift: &Shift, (what, direction): (&str, &str), place: Rect, size: f32) {
    let t = Tokens::of(ui);
    let count = shift.count().to_string();
    let response = ui.interact(place, ui.scope_id().with((direction, what)), Sense::hover());
    response.widget_info(|| {
        let label = tr("{what} changed by a shift {direction}");
        let label = fill(label, &[("what", what), ("direction", direction)]);
        let mut info = WidgetInfo::labeled(Role::Cell, true, label);
        let total = shift.changed.len().to_string();
        info.current_text_value =
            Some(fill(tr("{count} of {total}"), &[("count", &count), ("total", &total)]));
        info
    });
    ui.painter().text(place.right_center(), Align2::RIGHT_CENTER, &count, fonts::mono(size), t.text);
    let mean = words::division(&shift.expression().equation(shift.mean_change));
    response.on_hover_text(fill(tr("mean change: {equation}"), &[("equation", &mean)]));
}
