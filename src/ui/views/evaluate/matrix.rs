//! The confusion matrix with recall and precision.

use crate::{
    text::{ClassNames, Term, fill, tr},
    train::confusion::{precision, recall},
    ui::{
        action::{Action, Actions},
        model::evaluate::{EvaluateAct, Measurement},
        style::{
            colormap::ColorMapLut,
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{elided, explain, numbers, section_with_detail},
    },
};
use egui::{Align2, Color32, Pos2, Rect, Role, Sense, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

/// The height of the heading, in points.
const HEADING: f32 = 26.0;

/// The room of the classes' numbers at the left and above, in points.
const LABELS: Vec2 = vec2(28.0, 22.0);

/// The most room of a name at the left, in points.
const WIDEST_NAME: f32 = 100.0;

/// The room of the recall at the right and of the precision below, in points.
const SHARES: Vec2 = vec2(72.0, 40.0);

/// The smallest and largest side of a cell, in points.
const CELL: (f32, f32) = (6.0, 40.0);

/// Cells smaller than this, in points, have a colour but no number.
const READABLE: f32 = 17.0;

/// Shows the matrix in this room. Returns its width.
pub(super) fn matrix_ui(
    ui: &mut Ui,
    (measured, names): (&Measurement, &ClassNames),
    selected: Option<(usize, usize)>,
    room: Vec2,
    actions: &mut Actions,
) -> f32 {
    // A matrix of few classes is narrower than the words.
    let wide_enough = measured.result.confusion.len() >= 7;
    let detail = tr("row: what it is · column: what was said");
    section_with_detail(ui, tr("Confusion"), if room.x > 760.0 && wide_enough { detail } else { "" });
    let confusion = &measured.result.confusion;
    let classes = confusion.len().max(1) as f32;
    let labels = labels_room(ui, names);
    let high = (room.y - HEADING - LABELS.y - SHARES.y - space::S) / classes;
    let wide = (room.x * 0.6 - labels.x - SHARES.x) / classes;
    let side = high.min(wide).clamp(CELL.0, CELL.1).floor();
    let cells = Vec2::splat(side * classes);
    let (all, response) = ui.allocate_exact_size(labels + cells + SHARES, Sense::hover());
    let origin = all.min + labels;
    let place = |row: usize, column: usize| {
        Rect::from_min_size(origin + vec2(column as f32, row as f32) * side, Vec2::splat(side)).shrink(1.0)
    };
    let most = confusion.iter().enumerate().flat_map(|(label, row)| {
        row.iter().enumerate().filter(move |(said, _)| *said != label).map(|(_, count)| *count)
    });
    let most = most.max().unwrap_or(0);
    for (label, row) in confusion.iter().enumerate() {
        for (said, &count) in row.iter().enumerate() {
            let rect = place(label, said);
            let cell = ui.interact(rect, response.id.with((label, said)), Sense::click());
            let is_selected = selected == Some((label, said));
            let (l, s) = (names.of(label).into_owned(), names.of(said).into_owned());
            cell.widget_info(|| {
                let name = fill(tr("{label} read as {said}"), &[("label", &l), ("said", &s)]);
                let mut info = WidgetInfo::selected(Role::Button, ui.is_enabled(), is_selected, name);
                info.current_text_value = Some(numbers::count(count as u64));
                info
            });
            if cell.clicked() {
                let show = (!is_selected).then_some((label, said));
                actions.send(Action::Evaluate(EvaluateAct::ShowCell(show)));
            }
            let is_lit = (is_selected, cell.hovered(), cell.has_focus());
            cell_ui(ui, rect, count, (label == said, most), is_lit);
            cell.on_hover_ui_at_pointer(|ui| {
                let all: usize = row.iter().sum();
                let share = numbers::percent_to(count as f64 / all.max(1) as f64, 1);
                let values = [
                    ("count", numbers::count(count as u64)),
                    ("all", numbers::count(all as u64)),
                    ("share", share),
                    ("label", l),
                    ("said", s),
                ];
                let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
                let text = tr("{count} of {all} images that are a {label} are read as {said}: {share}");
                ui.label(fill(text, &values));
            });
        }
    }
    if side >= READABLE * 0.6 {
        names_ui(ui, all, (side, labels), (confusion.len(), names), selected);
    }
    shares_ui(ui, all, (side, response.id, labels), (measured, names));
    all.width()
}

/// One cell: its colour, number and outline.
fn cell_ui(
    ui: &Ui,
    rect: Rect,
    count: usize,
    (is_right, most): (bool, usize),
    (is_selected, is_over, has_focus): (bool, bool, bool),
) {
    let t = Tokens::of(ui);
    let (ground, ink) = colors(&t, count, is_right, most);
    let corners = if rect.width() > READABLE { radius::S } else { 0 };
    ui.painter().rect_filled(rect, corners, ground);
    if count > 0 && rect.width() >= READABLE {
        let digits = count.to_string();
        let fits = rect.width() / (0.64 * digits.len().max(2) as f32);
        let font = if is_right { fonts::mono(fits.min(12.5)) } else { fonts::mono_bold(fits.min(12.5)) };
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, digits, font, ink);
    }
    let stroke = match (is_selected, has_focus, is_over) {
        (true, ..) => t.highlight_stroke(),
        (_, true, _) => t.focus_stroke(),
        (.., true) => t.control_stroke(),
        _ => return,
    };
    ui.painter().rect_stroke(rect, corners, stroke, StrokeKind::Outside);
}

/// Ground and ink: mistakes by their number, on the root of the largest, so that single ones are seen.
fn colors(t: &Tokens, count: usize, is_right: bool, most: usize) -> (Color32, Color32) {
    if is_right {
        return (t.accent_ground, t.text);
    }
    if count == 0 {
        return (t.raised, t.second);
    }
    let part = (count as f32 / most.max(1) as f32).sqrt();
    let ground = ColorMapLut::diverging(t.theme).signed(0.2 + 0.8 * part, 1.0);
    (ground, ColorMapLut::text_on(ground))
}

/// The room of the classes' names at the left and above, in points.
fn labels_room(ui: &Ui, names: &ClassNames) -> Vec2 {
    let measure = |name: &String| {
        let font = fonts::mono(size::MONO);
        ui.painter().layout_no_wrap(name.clone(), font, Tokens::of(ui).text).size().x
    };
    let widest = names.list().iter().map(measure).fold(0.0, f32::max);
    vec2(LABELS.x.max((widest + space::M).min(WIDEST_NAME)), LABELS.y)
}

/// The classes at the left and above.
fn names_ui(
    ui: &Ui,
    all: Rect,
    (side, labels): (f32, Vec2),
    (classes, names): (usize, &ClassNames),
    selected: Option<(usize, usize)>,
) {
    let t = Tokens::of(ui);
    let origin = all.min + labels;
    for class in 0..classes {
        let middle = (class as f32 + 0.5) * side;
        let font = || fonts::mono(size::MONO.min(side * 0.8));
        let ink = |is_one: bool| if is_one { t.highlight_text } else { t.text };
        let (row, column) = (selected.map(|(label, _)| label), selected.map(|(_, said)| said));
        let name = names.of(class);
        let put = |at: Pos2, align: Align2, is_one: bool, room: f32| {
            let galley = elided(ui, &name, font(), ink(is_one), room);
            ui.painter().galley(align.anchor_size(at, galley.size()).min, galley, ink(is_one));
        };
        let left = pos2(all.left() + labels.x - space::S, origin.y + middle);
        put(left, Align2::RIGHT_CENTER, row == Some(class), labels.x - space::S);
        let above = pos2(origin.x + middle, origin.y - 3.0);
        put(above, Align2::CENTER_BOTTOM, column == Some(class), side.max(14.0));
    }
}

/// Recall at the right, precision below; the lowest of each is marked.
fn shares_ui(
    ui: &Ui,
    all: Rect,
    (side, id, labels): (f32, egui::Id, Vec2),
    (measured, names): (&Measurement, &ClassNames),
) {
    let t = Tokens::of(ui);
    let confusion = &measured.result.confusion;
    let origin = all.min + labels;
    let end = origin + Vec2::splat(side * confusion.len() as f32);
    let small = || fonts::words(size::SMALL);
    for (i, (term, shares)) in
        [(Term::Recall, recall(confusion)), (Term::Precision, precision(confusion))].into_iter().enumerate()
    {
        let is_recall = i == 0;
        let lowest = shares.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        let heading = if is_recall {
            Rect::from_min_max(pos2(end.x + space::XS, all.top()), pos2(all.right(), origin.y))
        } else {
            Rect::from_min_max(pos2(end.x + space::XS, end.y), pos2(all.right(), end.y + 20.0))
        };
        let name = ui.interact(heading, id.with(("heading", i)), Sense::hover());
        ui.painter().text(
            heading.left_center() + vec2(space::XS, 0.0),
            Align2::LEFT_CENTER,
            term.label(),
            small(),
            t.second,
        );
        explain(name, term);
        for (class, share) in shares.into_iter().enumerate() {
            let at = class as f32 * side;
            let rect = if is_recall {
                Rect::from_min_size(pos2(end.x + space::XS, origin.y + at), vec2(SHARES.x - space::XS, side))
            } else {
                Rect::from_min_size(pos2(origin.x + at, end.y), vec2(side, SHARES.y))
            };
            let text = share.map_or_else(|| "–".to_owned(), |share| numbers::percent_to(share, 1));
            let cell = ui.interact(rect, id.with((i, class, "share")), Sense::hover());
            cell.widget_info(|| {
                let name = format!("{} {}", term.label(), names.of(class));
                let mut info = WidgetInfo::labeled(Role::Cell, true, name);
                info.current_text_value = Some(text.clone());
                info
            });
            let ink = if share == Some(lowest) { t.warn } else { t.text };
            if is_recall {
                let font = fonts::mono(size::MONO.min(side * 0.8));
                let place = pos2(rect.left() + space::XS, rect.center().y);
                ui.painter().text(place, Align2::LEFT_CENTER, text, font, ink);
            } else if side >= READABLE {
                // Without the unit and at most four characters, so that it fits below a cell.
                let short = text.trim_end_matches(" %").to_owned();
                let font = fonts::mono((side / (0.7 * short.len().max(4) as f32)).min(12.0));
                let place = pos2(rect.center().x, rect.top() + 10.0);
                ui.painter().text(place, Align2::CENTER_CENTER, short, font, ink);
            }
        }
    }
}
