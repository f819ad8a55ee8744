//! A row of the table of runs.

use super::{columns::Columns, menu::menu_ui, wish::Wish};
use crate::{
    text::{Term, fill, harmless, tr},
    train::{Point, written_loss},
    ui::{
        action::{Action, Actions},
        model::runs::{RunRef, RunRow, RunsAct},
        style::{
            fonts, icons,
            tokens::{Tokens, control_corners, size, space},
        },
        widgets::{icon_button, numbers},
    },
};
use egui::{
    Align2, Color32, FontId, Key, Layout, Popup, Rect, Response, Role, Sense, Stroke, TextEdit, Ui,
    UiBuilder, WidgetInfo, pos2,
    text::{LayoutJob, TextWrapping},
    vec2,
};

/// The height of a row, in points.
const ROW: f32 = 42.0;

/// How much of a hidden run is seen.
const HIDDEN: f32 = 0.55;

/// The name that is being typed, and whether its field has had the keyboard.
type Typed<'a> = Option<(&'a mut String, &'a mut bool)>;

/// A run: the eye, its colour and name, its numbers, `value` at a step, its buttons. `current` is the current run.
pub(super) fn row_ui(
    ui: &mut Ui,
    columns: &Columns,
    (row, current, value, is_training): (&RunRow, Option<&RunRow>, Option<Point>, bool),
    typed: Typed<'_>,
    actions: &mut Actions,
) -> Option<Wish> {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let below = below(row, current, is_training);
    let cells = cells(row, value);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Row, true, &row.name);
        info.current_text_value = Some(format!("{below}; {}", cells.join("; ")));
        info
    });
    if row.run == RunRef::Current {
        ui.painter().rect_filled(rect, 4, t.raised);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 4, t.hover.gamma_multiply(0.6));
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    let seen = if row.is_shown { 1.0 } else { HIDDEN };
    let color = t.runs[row.color];
    let swatch = Columns::color(rect).shrink2(vec2(5.0, 0.0));
    let line = rect.top() + 13.0;
    let stroke = if row.is_shown { Stroke::new(3.5, color) } else { Stroke::new(1.5, t.faint) };
    ui.painter().hline(swatch.x_range(), line, stroke);

    let lines = |rect: Rect| (rect.with_max_y(rect.top() + 25.0), rect.with_min_y(rect.top() + 22.0));
    let (name, _) = lines(columns.name(rect));
    let wish = if let Some((text, is_open)) = typed {
        name_ui(ui, name, text, is_open)
    } else {
        let shown = harmless(&row.name);
        text_ui(ui, name, shown, fonts::semibold(size::BODY), t.text.gamma_multiply(seen));
        None
    };
    let (_, second) = lines(columns.below(rect));
    text_ui(ui, second, below.clone(), fonts::words(size::SMALL - 1.0), t.second.gamma_multiply(seen));
    for (i, (end, text)) in columns.number_ends(rect).into_iter().zip(&cells).enumerate() {
        let Some(end) = end else { continue };
        let ink = if i >= 4 { color } else { t.text };
        let galley = ui.painter().layout_no_wrap(text.clone(), fonts::mono(size::MONO), ink);
        let place = Align2::RIGHT_CENTER.anchor_size(pos2(end, line), galley.size());
        ui.painter().galley_with_override_text_color(place.min, galley, ink.gamma_multiply(seen));
    }
    buttons_ui(ui, rect, row, actions).or_else(|| own_ui(response, row, &below, &cells, actions)).or(wish)
}

/// The row itself: its tooltip, its menu, and opening it by a double click.
fn own_ui(
    response: Response,
    row: &RunRow,
    below: &str,
    cells: &[String; 6],
    actions: &mut Actions,
) -> Option<Wish> {
    let menu = Popup::context_menu(&response).show(|ui| menu_ui(ui, row, actions));
    let wish = menu.and_then(|menu| menu.inner);
    if let RunRef::Kept(id) = row.run
        && response.double_clicked()
    {
        actions.send(Action::OpenRun(id));
    }
    response.on_hover_ui(|ui| {
        ui.label(format!("{}: {below}", harmless(&row.name)));
        let term = |term: Term| term.label().to_lowercase();
        let best = if row.config.validation > 0.0 { Term::ValidationAccuracy } else { Term::TestAccuracy };
        ui.weak(format!(
            "{} {}, {} s, {} {}, {} {}",
            cells[0],
            term(Term::Parameters),
            cells[1],
            fill(tr("best {what}"), &[("what", &term(best))]),
            cells[2],
            term(Term::Seed),
            cells[3]
        ));
        if row.run != RunRef::Current {
            ui.weak(tr("Double click: goes on with this run."));
        }
    });
    wish
}

/// The buttons of a row: the eye, opening, everything else.
fn buttons_ui(ui: &mut Ui, rect: Rect, row: &RunRow, actions: &mut Actions) -> Option<Wish> {
    let name = harmless(&row.name);
    let of = |text: &str| fill(text, &[("name", &name)]);
    let (icon, text) = if row.is_shown {
        (icons::EYE, of(tr("Hide the curves of {name}")))
    } else {
        (icons::EYE_OFF, of(tr("Show the curves of {name}")))
    };
    if button_ui(ui, (row.run, "eye"), Columns::eye(rect), icon, &text).clicked() {
        actions.send(Action::Runs(RunsAct::Show(row.run, !row.is_shown)));
    }
    let [open, more] = Columns::ends(rect);
    if let RunRef::Kept(id) = row.run
        && button_ui(ui, (row.run, "open"), open, icons::FOLDER_OPEN, &of(tr("Open {name}"))).clicked()
    {
        actions.send(Action::OpenRun(id));
    }
    let more = more_ui(ui, row.run, more, &of(tr("More about {name}")));
    Popup::menu(&more).show(|ui| menu_ui(ui, row, actions)).and_then(|shown| shown.inner)
}

fn button_ui(ui: &mut Ui, (run, what): (RunRef, &str), place: Rect, icon: &str, name: &str) -> Response {
    let place = Rect::from_center_size(place.center(), vec2(24.0, 24.0));
    let layout = Layout::centered_and_justified(egui::Direction::LeftToRight);
    // Two runs can have one name.
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(layout).id_salt((run, what)));
    child.spacing_mut().interact_size.y = 24.0;
    icon_button(&mut child, icon, name)
}

/// The button with three dots.
fn more_ui(ui: &mut Ui, run: RunRef, place: Rect, name: &str) -> Response {
    let t = Tokens::of(ui);
    let place = Rect::from_center_size(place.center(), vec2(24.0, 24.0));
    let response = ui.interact(place, ui.scope_id().with(("more", run)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let is_lit = response.hovered() || response.has_focus();
    if is_lit {
        ui.painter().rect_filled(place, control_corners(), t.hover);
    }
    let ink = if is_lit { t.text } else { t.second };
    for x in [-5.0, 0.0, 5.0] {
        ui.painter().circle_filled(place.center() + vec2(x, 0.0), 1.6, ink);
    }
    if response.has_focus() {
        ui.painter().rect_stroke(place, control_corners(), t.focus_stroke(), egui::StrokeKind::Inside);
    }
    response.on_hover_text(name)
}

/// A text that is cut where there is no more room.
fn text_ui(ui: &Ui, place: Rect, text: String, font: FontId, ink: Color32) {
    let mut job = LayoutJob::simple_singleline(text, font, ink);
    job.wrap = TextWrapping::truncate_at_width(place.width() - space::XS);
    let galley = ui.painter().layout_job(job);
    let place = Align2::LEFT_CENTER.anchor_size(place.left_center(), galley.size());
    ui.painter().galley(place.min, galley, ink);
}

/// The field of the name: Enter or a click elsewhere keeps what was typed, Escape does not.
fn name_ui(ui: &mut Ui, place: Rect, text: &mut String, is_open: &mut bool) -> Option<Wish> {
    let mut child = ui.new_child(UiBuilder::new().max_rect(place.shrink2(vec2(0.0, 1.0))));
    let edit = TextEdit::singleline(text)
        .font(fonts::words(size::BODY))
        .desired_width(place.width() - space::S)
        .char_limit(crate::ui::model::runs::MAX_NAME);
    let field = child.add(edit);
    field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr("Name of the run")));
    if !std::mem::replace(is_open, true) {
        field.request_focus();
        return None;
    }
    let is_dropped = ui.input(|i| i.key_pressed(Key::Escape));
    match field.lost_focus() {
        true if is_dropped => Some(Wish::Drop),
        true => Some(Wish::Keep),
        false => None,
    }
}

/// The line below the name.
fn below(row: &RunRow, current: Option<&RunRow>, is_training: bool) -> String {
    let steps = match row.step {
        1 => tr("1 step").to_owned(),
        step => fill(tr("{steps} steps"), &[("steps", &numbers::count(step))]),
    };
    match current {
        _ if row.run == RunRef::Current => {
            let status = if is_training { tr("training") } else { tr("current run") };
            format!("{status}: {}, {steps}", row.spec.name)
        }
        Some(current) => {
            // The name says it already.
            let mut differences = row.differences(current);
            differences.retain(|part| *part != row.name);
            if differences.is_empty() {
                fill(tr("{steps}; the settings of the current run"), &[("steps", &steps)])
            } else {
                format!("{steps}; {}", differences.join(", "))
            }
        }
        None => format!("{}, {steps}", row.spec.name),
    }
}

/// The numbers: parameters, seconds, best accuracy, seed, loss, accuracy.
fn cells(row: &RunRow, value: Option<Point>) -> [String; 6] {
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let seconds = row.seconds.filter(|_| row.step > 0);
    let percent = |share: f64| numbers::percent_to(share, 2);
    [
        numbers::count(row.parameters),
        or_none(
            seconds.map(|s| if s < 100.0 { format!("{s:.1}") } else { numbers::count(s.round() as u64) }),
        ),
        or_none(row.history.best_accuracy().map(percent)),
        row.config.seed.to_string(),
        or_none(value.map(|point| written_loss(point.loss))),
        or_none(value.map(|point| percent(point.accuracy))),
    ]
}
