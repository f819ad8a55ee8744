//! The accuracy on images that are moved, rotated, noisy, or drawn thinner or thicker, of this network and of those measured before.

use super::plot::Axes;
use crate::{
    text::{fill, tr},
    train::sweep::ChangeKind,
    ui::{
        action::{Action, Actions},
        model::evaluate::{ChangeCurve, EvaluateAct, Measurement},
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::{numbers, section_with_detail, segmented},
    },
};
use egui::{Align, Align2, Color32, Layout, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

/// The height of the heading, in points.
const HEADING: f32 = 34.0;

/// In less room than this, in points, the choice of the change stands alone.
const HEADED: f32 = 390.0;

/// The widths of the table's columns, in points.
const COLUMNS: (f32, f32) = (52.0, 92.0);

/// The height of a line of the table, in points.
const LINE: f32 = 21.0;

/// The narrowest plot beside a table, in points.
const PLOT: f32 = 240.0;

/// Shows the curves in this room.
pub(super) fn changes_ui(
    ui: &mut Ui,
    state: &AppState,
    measured: &Measurement,
    room: Vec2,
    actions: &mut Actions,
) {
    let t = Tokens::of(ui);
    let evaluate = &state.evaluate;
    ui.horizontal(|ui| {
        ui.set_height(HEADING - space::XS);
        if room.x > HEADED {
            section_with_detail(ui, tr("Accuracy under change"), "");
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().interact_size.y = 26.0;
            let mut kind = evaluate.kind;
            let options = ChangeKind::ALL.map(|kind| (kind, name(kind)));
            if segmented(ui, tr("Change of the images"), &mut kind, &options).changed() {
                actions.send(Action::Evaluate(EvaluateAct::ShowChanges(kind)));
            }
        });
    });
    let kind = evaluate.kind;
    let curves: Vec<&ChangeCurve> = evaluate.shown_curves(&measured.of.data).collect();
    // The newest in the accent, the others told apart by brightness and dashes.
    let inks = [t.accent, t.highlight_text, t.good, t.second];
    let table = COLUMNS.0 + COLUMNS.1 * curves.len() as f32;
    let with_table = !curves.is_empty() && room.x - table > PLOT;
    let rest = room.y - HEADING;
    let width = if with_table { room.x - table - space::M } else { room.x };
    let marks: Vec<(f32, String)> = kind.levels().iter().map(|level| (*level, mark(kind, *level))).collect();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let below = below(kind, curves.first().map(|curve| curve.images));
        let below: Vec<&str> = below.iter().map(String::as_str).collect();
        let axes = Axes::ui(ui, vec2(width, rest), &marks, &below);
        for (number, (curve, ink)) in curves.iter().zip(inks).enumerate().rev() {
            axes.line(ui, &curve.points, ink, number > 0);
        }
        axes.say(tr("Accuracy under change, curves"), &said(&curves, kind));
        if let Some(level) = axes.pointed(kind.levels().iter().copied()) {
            let text = at_level(&curves, kind, kind.levels()[level]);
            if !text.is_empty() {
                axes.response.on_hover_text_at_pointer(text);
            }
        }
        if with_table {
            table_ui(ui, &curves, &inks, vec2(table, rest), kind);
        }
    });
}

fn name(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Shift => tr("Shift"),
        ChangeKind::Rotation => tr("Rotation"),
        ChangeKind::Noise => tr("Noise"),
        ChangeKind::Thickness => tr("Thickness"),
    }
}

fn mark(kind: ChangeKind, level: f32) -> String {
    match kind {
        ChangeKind::Shift => format!("{level} px"),
        ChangeKind::Rotation => format!("{level}°"),
        ChangeKind::Noise => format!("σ {}", numbers::decimal(level.into())),
        ChangeKind::Thickness => {
            let sign = if level > 0.0 { "+" } else { "" };
            format!("{sign}{} px", numbers::decimal(level.into()))
        }
    }
}

/// What the horizontal axis is, and on how many images it was measured: in one line, and shorter ones.
fn below(kind: ChangeKind, images: Option<usize>) -> Vec<String> {
    let text = match kind {
        ChangeKind::Shift => tr("moved by so much: mean of the four directions"),
        ChangeKind::Rotation => tr("rotated by so much: mean of both directions"),
        ChangeKind::Noise => tr("Gaussian noise, where full ink is 1"),
        ChangeKind::Thickness => tr("strokes thinner (−) or thicker (+) by so much on each side"),
    };
    let images = images.map(|images| {
        let count = numbers::count(images as u64);
        fill(tr("the first {count} images"), &[("count", &count)])
    });
    let both = images.as_ref().map(|images| format!("{text}; {images}"));
    [both, images, Some(text.to_owned())].into_iter().flatten().collect()
}

fn accuracy(curve: &ChangeCurve, level: f32) -> Option<f64> {
    curve.points.iter().find(|(at, _)| *at == level).map(|(_, accuracy)| *accuracy)
}

/// All curves at one level.
fn at_level(curves: &[&ChangeCurve], kind: ChangeKind, level: f32) -> String {
    let lines = curves.iter().filter_map(|curve| {
        let share = numbers::percent_to(accuracy(curve, level)?, 1);
        Some(format!("{}, {}: {share}", curve_name(curve), mark(kind, level)))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn curve_name(curve: &ChangeCurve) -> String {
    match curve.step {
        Some(step) => {
            fill(tr("{name} at step {step}"), &[("name", &curve.name), ("step", &numbers::count(step))])
        }
        None => curve.name.clone(),
    }
}

fn said(curves: &[&ChangeCurve], kind: ChangeKind) -> String {
    let levels = kind.levels().iter();
    levels.map(|level| at_level(curves, kind, *level)).collect::<Vec<_>>().join("; ").replace('\n', "; ")
}

/// The accuracies as numbers, a column for each network.
fn table_ui(ui: &mut Ui, curves: &[&ChangeCurve], inks: &[Color32], room: Vec2, kind: ChangeKind) {
    let t = Tokens::of(ui);
    let (all, response) = ui.allocate_exact_size(room, Sense::hover());
    let right = |column: usize| all.left() + COLUMNS.0 + COLUMNS.1 * (column + 1) as f32;
    for (column, (curve, ink)) in curves.iter().zip(inks).enumerate() {
        let font = fonts::semibold(size::SMALL);
        let mut short = curve.name.clone();
        let wide = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), font.clone(), *ink).size().x;
        while wide(&short) > COLUMNS.1 - space::S && short.chars().count() > 4 {
            short.truncate(short.trim_end_matches('…').len());
            short.pop();
            short.push('…');
        }
        ui.painter().text(pos2(right(column), all.top()), Align2::RIGHT_TOP, short, font, *ink);
    }
    for (row, &level) in kind.levels().iter().enumerate() {
        let y = all.top() + LINE * (row as f32 + 1.2);
        let label = pos2(all.left() + COLUMNS.0 - space::S, y);
        ui.painter().text(label, Align2::RIGHT_TOP, mark(kind, level), fonts::mono(size::MONO), t.second);
        for (column, curve) in curves.iter().enumerate() {
            let text = accuracy(curve, level).map_or_else(|| "–".into(), |a| numbers::percent_to(a, 1));
            let place = pos2(right(column), y);
            let rect = ui.painter().text(place, Align2::RIGHT_TOP, &text, fonts::mono(size::MONO), t.text);
            let cell = ui.interact(rect, response.id.with((row, column)), Sense::hover());
            cell.widget_info(|| {
                let name = format!("{}, {}", curve.name, mark(kind, level));
                let mut info = WidgetInfo::labeled(Role::Cell, true, name);
                info.current_text_value = Some(text.clone());
                info
            });
        }
    }
}
