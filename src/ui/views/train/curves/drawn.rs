//! What a plot draws of a run: colour is the run, thickness is the set of images.

use super::quantity::Quantity;
use crate::train::{History, Point, smoothed};
use egui::Color32;
use egui_plot::{Line, MarkerShape, PlotPoints, PlotUi, Points};

/// Up to this many evaluations, each has a dot.
const MOST_DOTS: usize = 60;

/// The most points of the training curve of a run that is not the current one.
const MOST_POINTS: usize = 512;

/// How much of the raw curve is seen behind the smoothed one.
const FAINT: f32 = 0.32;

/// How much is seen of the training curves of the runs that are not the current one.
const BEHIND: f32 = 0.6;

/// The widths of the lines, in points.
pub(super) const THIN: f32 = 1.1;
pub(super) const THICK: f32 = 2.6;

/// The radius of the dot of an evaluation of the whole set, in points.
pub(super) const DOT: f32 = 4.0;

/// A run's curves in the coordinates of a plot.
pub(super) struct Drawn {
    raw: Vec<[f64; 2]>,
    smooth: Vec<[f64; 2]>,
    quick: Vec<[f64; 2]>,
    full: Vec<[f64; 2]>,
    is_current: bool,
}

impl Drawn {
    pub(super) fn new(history: &History, quantity: Quantity, steps: u64, is_current: bool) -> Self {
        let point = |p: &Point| [p.step as f64, quantity.place(p)];
        let smooth = smoothed(history, steps);
        let is_raw = smooth.steps <= history.steps_per_point();
        let every = if is_current { 1 } else { smooth.points.len().div_ceil(MOST_POINTS).max(1) };
        // The last point counts, however few of the others are drawn.
        let skipped = smooth.points.len().saturating_sub(1) % every;
        Self {
            raw: if is_raw || !is_current {
                Vec::new()
            } else {
                history.training().map(|p| point(&p)).collect()
            },
            smooth: smooth.points.iter().skip(skipped).step_by(every).map(point).collect(),
            quick: history.quick.iter().map(point).collect(),
            full: history.full.iter().map(point).collect(),
            is_current,
        }
    }

    /// The last place of the thick line, or of the thin one before the first evaluation.
    pub(super) fn end(&self) -> Option<[f64; 2]> {
        let ends = [self.quick.last(), self.full.last()].into_iter().flatten();
        ends.max_by(|a, b| a[0].total_cmp(&b[0])).or(self.smooth.last()).copied()
    }

    pub(super) fn show(self, plot: &mut PlotUi<'_>, color: Color32) {
        let Self { raw, smooth, quick, full, is_current } = self;
        let dots = |points: Vec<[f64; 2]>, radius| {
            let dots = Points::new("", PlotPoints::from(points)).color(color).radius(radius);
            dots.shape(MarkerShape::Circle).filled(true)
        };
        // One point makes no line.
        if smooth.len() == 1 && is_current {
            plot.points(dots(smooth.clone(), 2.5));
        }
        if quick.len() <= MOST_DOTS && is_current {
            plot.points(dots(quick.clone(), 2.5));
        }
        let line = |points: Vec<[f64; 2]>, color: Color32, width| {
            Line::new("", PlotPoints::from(points)).color(color).width(width).allow_hover(false)
        };
        if !raw.is_empty() {
            plot.line(line(raw, color.gamma_multiply(FAINT), 1.0));
        }
        let thin = if is_current { color } else { color.gamma_multiply(BEHIND) };
        plot.line(line(smooth, thin, THIN));
        plot.line(line(quick, color, if is_current { THICK } else { THICK - 0.8 }));
        plot.points(dots(full, if is_current { DOT } else { DOT - 1.0 }));
    }
}
