//! The two slopes of every checked weight as a point: on the diagonal, they agree.

use super::words;
use crate::{
    text::{fill, tr},
    ui::{
        model::gradcheck::{CheckResult, CheckRow},
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::numbers,
    },
};
use egui::{Color32, RichText, Role, Sense, Ui, Vec2, WidgetInfo, vec2};
use egui_plot::{GridInput, GridMark, Line, MarkerShape, Plot, PlotPoint, PlotPoints, Points};

/// The height of the legend, in points.
const LEGEND: f32 = 26.0;

/// The room of the vertical axis, in points.
const AXIS: f32 = 70.0;

/// How near the pointer has to be to a point, in points.
const NEAR: f32 = 12.0;

/// Beyond the largest slope, as a part of it.
const MARGIN: f64 = 1.08;

/// The plot in this room, with its legend above.
pub(super) fn scatter_ui(ui: &mut Ui, found: Option<&CheckResult>, room: Vec2) {
    let t = Tokens::of(ui);
    ui.allocate_ui(room, |ui| {
        ui.vertical(|ui| {
            ui.set_width(room.x);
            ui.spacing_mut().item_spacing.y = 0.0;
            legend_ui(ui, found, room.x);
            let finite = |row: &&CheckRow| row.check.difference().is_finite();
            let rows = || found.into_iter().flat_map(|found| &found.rows).filter(finite);
            let most = rows().fold(0.0_f64, |most, row| {
                most.max(row.check.numerical.abs()).max(row.check.backpropagated.abs())
            });
            let end = if most > 0.0 { most * MARGIN } else { 1.0 };
            let plot = Plot::new("slopes")
                .height((room.y - LEGEND).min(room.x).max(120.0))
                .width(room.x.min((room.y - LEGEND).max(120.0) + AXIS))
                .include_x(-end)
                .include_x(end)
                .include_y(-end)
                .include_y(end)
                .allow_scroll(false)
                .allow_zoom(false)
                .allow_drag(false)
                .allow_boxed_zoom(false)
                .allow_double_click_reset(false)
                .set_margin_fraction(Vec2::ZERO)
                .show_background(false)
                .show_x(false)
                .show_y(false)
                .grid_color(t.line_strong)
                .x_axis_label(RichText::new(tr("computed backwards")).size(size::SMALL).color(t.second))
                .y_axis_label(RichText::new(tr("measured by nudging")).size(size::SMALL).color(t.second))
                .x_grid_spacer(|input| marks(&input))
                .y_grid_spacer(|input| marks(&input))
                .x_axis_formatter(|mark, _| numbers::plain(mark.value as f32))
                .y_axis_formatter(|mark, _| numbers::plain(mark.value as f32))
                .y_axis_min_width(56.0)
                .reset();
            let shown = plot.show(ui, |plot| {
                let diagonal = PlotPoints::from(vec![[-end, -end], [end, end]]);
                plot.line(Line::new("", diagonal).color(t.second).width(1.0));
                for kind in Kind::ALL {
                    let points: Vec<[f64; 2]> = rows()
                        .filter(|row| Kind::of(row) == kind)
                        .map(|row| [row.check.backpropagated, row.check.numerical])
                        .collect();
                    let dots = Points::new("", PlotPoints::from(points)).color(kind.color(&t));
                    plot.points(dots.radius(3.5).shape(MarkerShape::Circle).filled(true));
                }
            });
            let said = found.map(said).unwrap_or_default();
            shown.response.widget_info(|| {
                let mut info = WidgetInfo::labeled(Role::Image, true, tr("Measured against computed slopes"));
                info.current_text_value = Some(said.clone());
                info
            });
            let (Some(pointer), Some(found)) = (shown.response.hover_pos(), found) else { return };
            let place = |row: &CheckRow| {
                let point = PlotPoint::new(row.check.backpropagated, row.check.numerical);
                shown.transform.position_from_point(&point)
            };
            let near = rows().map(|row| (place(row).distance(pointer), row));
            let Some((_, row)) = near.filter(|(far, _)| *far < NEAR).min_by(|(a, _), (b, _)| a.total_cmp(b))
            else {
                return;
            };
            let frame = *shown.transform.frame();
            ui.painter_at(frame).circle_stroke(place(row), 6.0, t.focus_stroke());
            let text = row_text(found, row);
            shown.response.on_hover_text_at_pointer(text);
        });
    });
}

/// How the two slopes of a weight compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Agrees,
    Corner,
    Differs,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Agrees, Self::Corner, Self::Differs];

    pub(super) fn of(row: &CheckRow) -> Self {
        match (row.agrees(), row.check.corner) {
            (true, _) => Self::Agrees,
            (false, Some(_)) => Self::Corner,
            (false, None) => Self::Differs,
        }
    }

    pub(super) fn color(self, t: &Tokens) -> Color32 {
        match self {
            Self::Agrees => t.accent,
            Self::Corner => t.highlight,
            Self::Differs => t.bad,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Agrees => tr("agree"),
            Self::Corner => tr("differ at a corner"),
            Self::Differs => tr("differ"),
        }
    }
}

/// Grid lines at 0 and at one, two or four steps of 1, 2 or 5 times a power of ten on either side.
fn marks(input: &GridInput) -> Vec<GridMark> {
    let most = input.bounds.1.abs().max(input.bounds.0.abs());
    if !most.is_normal() {
        return Vec::new();
    }
    let power = 10.0_f64.powf((most / 2.0).log10().floor());
    let step = [5.0, 2.0, 1.0].into_iter().map(|of| of * power).find(|step| *step <= most / 2.0);
    let step = step.unwrap_or(power);
    let places = (-4..=4).map(|i| f64::from(i) * step).filter(|at| at.abs() <= most);
    places.map(|value| GridMark { value, step_size: step }).collect()
}

fn legend_ui(ui: &mut Ui, found: Option<&CheckResult>, width: f32) {
    let t = Tokens::of(ui);
    ui.allocate_ui(vec2(width, LEGEND), |ui| {
        ui.horizontal(|ui| {
            ui.set_height(LEGEND);
            ui.spacing_mut().item_spacing.x = space::XS;
            for kind in Kind::ALL {
                let (rect, _) = ui.allocate_exact_size(vec2(12.0, 12.0), Sense::hover());
                ui.painter().circle_filled(rect.center(), 4.0, kind.color(&t));
                let text = match found {
                    Some(found) => {
                        let count = found.rows.iter().filter(|row| Kind::of(row) == kind).count();
                        format!("{} {}", numbers::count(count as u64), kind.name())
                    }
                    None => kind.name().to_owned(),
                };
                ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.second));
                ui.add_space(space::S);
            }
        });
    });
}

/// The plot in words.
fn said(found: &CheckResult) -> String {
    let (agree, corners, others) = found.counts();
    let counts = [agree, corners, others].map(|count| numbers::count(count as u64));
    let text = tr("{agree} agree, {corners} differ at a corner, {others} differ");
    fill(text, &[("agree", &counts[0]), ("corners", &counts[1]), ("others", &counts[2])])
}

/// A weight with both slopes.
pub(super) fn row_text(found: &CheckResult, row: &CheckRow) -> String {
    let network = &found.of.network;
    let name = words::tensor_name(network, row.check.layer, &row.check.name);
    let index = words::index(network, row);
    let measured = words::slope(row.check.numerical);
    let computed = words::slope(row.check.backpropagated);
    let share = words::share(row.relative);
    let values = [
        ("name", name.as_str()),
        ("index", &index),
        ("measured", &measured),
        ("computed", &computed),
        ("share", &share),
    ];
    let mut text =
        fill(tr("{name} [{index}]: measured {measured}, computed {computed}, difference {share}"), &values);
    if let Some(corner) = row.check.corner {
        let layer = network.spec().layer_name(corner);
        text.push('\n');
        text.push_str(&fill(
            tr("{layer} switches within the nudge: a corner of the loss."),
            &[("layer", &layer)],
        ));
    }
    text
}
