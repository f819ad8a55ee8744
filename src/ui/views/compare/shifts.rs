//! The drawing in every place, and the test images moved.

use super::{marks, palette::color};
use crate::{
    nn::loss::argmax,
    text::{fill, tr},
    train::shifted::MOST_SHIFT,
    ui::{
        action::{Action, Actions},
        model::{
            compare::{CompareAct, NAMES, SHIFTS},
            image::ImageSource,
        },
        state::AppState,
        style::{
            colormap::ColorMapLut,
            icons,
            tokens::{Tokens, size, space},
        },
        widgets::{
            GridCell, Legend, NumberGrid, icon_button_with_shortcut, key_value, numbers, section_with_detail,
        },
    },
};
use egui::{RichText, Role, Ui, WidgetInfo, vec2};
use egui_plot::{Line, MarkerShape, Plot, PlotPoints, Points};

/// The largest side of a cell, in points.
const CELL: f32 = 16.0;

/// In a panel narrower than this, in points, headings have no detail.
const NARROW: f32 = 300.0;

/// The height of the plot, in points.
const PLOT: f32 = 130.0;

/// The class that the drawing shows: its label, or the answer of the network that is surer of the drawing.
fn wanted_class(state: &AppState) -> usize {
    if let ImageSource::Sample { label, .. } = &state.image.source {
        return usize::from(*label);
    }
    let Some(answers) = &state.compare.answers else { return argmax(&state.probabilities()) };
    let [a, b] = [0, 1].map(|run| answers.probabilities(run, [0, 0]));
    let most = |of: &[f32]| of.iter().copied().filter(|p| p.is_finite()).fold(0.0, f32::max);
    argmax(if most(b) > most(a) { b } else { a })
}

/// How sure both are of the drawing in every place; a click moves it.
pub fn places_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let how = if ui.available_width() < NARROW { "" } else { tr("by dragging, a click or keys") };
    section_with_detail(ui, tr("Move the drawing"), how);
    ui.add_space(space::XS);
    let [down, right] = state.compare.moved;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let steps = [
            (icons::CHEVRON_LEFT, tr("Move left"), "←", [down, right - 1]),
            (icons::CHEVRON_RIGHT, tr("Move right"), "→", [down, right + 1]),
            (icons::CHEVRON_UP, tr("Move up"), "↑", [down - 1, right]),
            (icons::CHEVRON_DOWN, tr("Move down"), "↓", [down + 1, right]),
            (icons::ROTATE_CCW, tr("Move back"), "", [0, 0]),
        ];
        for (icon, name, key, place) in steps {
            if icon_button_with_shortcut(ui, icon, name, key).clicked() {
                actions.send(Action::Compare(CompareAct::MoveTo(place)));
            }
        }
    });
    ui.add_space(space::XS);
    let wanted = wanted_class(state);
    let class = wanted.to_string();
    let most = MOST_SHIFT as isize;
    let side = ((ui.available_width() - space::L) / 2.0 / SHIFTS as f32).floor().clamp(4.0, CELL);
    let colors = ColorMapLut::sequential(ui.theme());
    let answers = state.compare.answers.as_ref();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        for run in 0..2 {
            ui.vertical(|ui| {
                ui.set_width(side * SHIFTS as f32);
                let count =
                    answers.map_or_else(|| "–".to_owned(), |a| a.places_read_as(run, wanted).to_string());
                let all = (SHIFTS * SHIFTS).to_string();
                let values = [("run", NAMES[run]), ("class", &class), ("count", &count), ("all", &all)];
                let text = fill(tr("{run} reads {class}: {count}/{all}"), &values);
                let label = RichText::new(text).size(size::SMALL).color(color(&t, run));
                ui.add(egui::Label::new(label).truncate())
                    .on_hover_text(tr("In how many of all places it is sure of this class: at least 65 %."));
                let content = |row: usize, column: usize| {
                    let place = [row, column].map(|at| at as isize - most);
                    let share = answers.and_then(|a| a.probabilities(run, place).get(wanted).copied());
                    GridCell { value: share, is_lit: place == state.compare.moved, ..GridCell::default() }
                };
                let name = fill(tr("Places of {run}"), &[("run", NAMES[run])]);
                let grid = NumberGrid::new(&name, (SHIFTS, SHIFTS), side, colors, 1.0, &content)
                    .origin((-most, -most))
                    .without_digits()
                    .clickable()
                    .ui(ui);
                if let Some((row, column)) = grid.clicked {
                    let place = [row, column].map(|at| at as isize - most);
                    actions.send(Action::Compare(CompareAct::MoveTo(place)));
                }
            });
        }
    });
    ui.add_space(space::XS);
    Legend::with_words(colors, "0 %", "100 %").ui(ui);
    let text = fill(
        tr("How sure it is a {class}. Across and down: −4 to +4 px; below 65 % a network is not sure."),
        &[("class", &class)],
    );
    ui.label(RichText::new(text).size(size::SMALL).color(t.second));
}

/// The accuracy of both over the shift.
pub fn accuracy_ui(ui: &mut Ui, state: &AppState) {
    let t = Tokens::of(ui);
    let what = if ui.available_width() < NARROW { "" } else { tr("fraction classified correctly") };
    section_with_detail(ui, tr("Test images moved"), what);
    let shown = state.compare.shown.as_deref();
    let found = |run: usize| shown.map_or(&[][..], |shown| &shown.runs[run].accuracy_by_shift);
    let plot = Plot::new("accuracy by shift")
        .height(PLOT)
        .width(ui.available_width())
        .include_x(-0.1)
        .include_x(MOST_SHIFT as f64 + 0.1)
        .include_y(0.0)
        .include_y(1.0)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .show_background(false)
        .show_x(false)
        .show_y(false)
        .grid_color(t.line_strong)
        .x_grid_spacer(|input| marks::pixels(&input))
        .y_grid_spacer(|input| marks::shares(&input))
        .x_axis_formatter(|mark, _| {
            if mark.value.fract() == 0.0 { format!("{} px", mark.value) } else { String::new() }
        })
        .y_axis_formatter(|mark, _| format!("{} %", (mark.value * 100.0).round()))
        .y_axis_min_width(48.0);
    let drawn = plot.show(ui, |plot| {
        for run in 0..2 {
            let points: Vec<[f64; 2]> = found(run).iter().enumerate().map(|(i, y)| [i as f64, *y]).collect();
            let ink = color(&t, run);
            plot.line(Line::new("", PlotPoints::from(points.clone())).color(ink).width(2.0));
            let dots = Points::new("", PlotPoints::from(points)).color(ink).radius(3.5);
            plot.points(dots.shape(MarkerShape::Circle).filled(true));
        }
    });
    drawn.response.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr("Accuracy over the shift")));
    let written = |run: usize, shift: usize| {
        found(run).get(shift).map_or_else(|| "–".to_owned(), |share| numbers::percent_to(*share, 1))
    };
    for shift in 0..=MOST_SHIFT {
        let label = fill(tr("Moved by {n} px"), &[("n", &shift.to_string())]);
        let values = [0, 1].map(|run| format!("{} {}", NAMES[run], written(run, shift)));
        key_value(ui, &label, &values.join("   "));
    }
    let images = shown.map_or(0, |shown| shown.moved_images);
    let text = if images == 0 {
        tr("Measured when both are trained.").to_owned()
    } else {
        fill(
            tr("The first {images} test images; the mean over up, right, down and left."),
            &[("images", &numbers::count(images as u64))],
        )
    };
    ui.label(RichText::new(text).size(size::SMALL).color(t.second));
    ui.add_space(vec2(0.0, space::S).y);
}
