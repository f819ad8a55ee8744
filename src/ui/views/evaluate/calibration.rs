//! The calibration curve: how often a network is right when it is this sure.

use super::plot::Axes;
use crate::{
    text::{Term, fill, tr},
    train::reliability::Bin,
    ui::{
        model::evaluate::Measurement,
        style::{
            fonts,
            tokens::{Tokens, size},
        },
        widgets::{explain, numbers, section_with_detail},
    },
};
use egui::{Align2, Rect, Shape, Ui, Vec2, vec2};

/// The height of the heading, in points.
const HEADING: f32 = 30.0;

/// The height of the highest bar, as a part of the plot.
const BARS: f64 = 0.28;

/// Shows the curve in this room.
pub(super) fn calibration_ui(ui: &mut Ui, measured: &Measurement, room: Vec2) {
    let t = Tokens::of(ui);
    let detail = if room.x > 300.0 { tr("how often is “90 % sure” right?") } else { "" };
    explain(section_with_detail(ui, tr("Calibration"), detail), Term::CalibrationError);
    ui.add_space(2.0);
    let marks = [0.0, 0.5, 1.0].map(|x| (x, format!("{:.0} %", x * 100.0)));
    let axes = Axes::ui(ui, vec2(room.x, room.y - HEADING), &marks, &[tr("how sure the answers are")]);
    let bins = measured.reliability.bins();
    let most = bins.iter().map(|bin| bin.images).max().unwrap_or(0).max(1) as f64;
    let width = 1.0 / bins.len().max(1) as f32;
    for (i, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.images > 0) {
        // On a root, or a thousand sure answers would hide ten that are not.
        let height = BARS * (bin.images as f64 / most).sqrt();
        let left = i as f32 * width;
        let bar =
            Rect::from_two_pos(axes.at(left, height), axes.at(left + width, 0.0)).shrink2(vec2(1.5, 0.0));
        ui.painter().rect_filled(bar, 2, t.accent_ground);
    }
    let diagonal = [axes.at(0.0, 0.0), axes.at(1.0, 1.0)];
    ui.painter().extend(Shape::dashed_line(&diagonal, (1.0, t.second), 4.0, 4.0));
    let word = |x: f32, y: f64, text: &str| {
        ui.painter().text(axes.at(x, y), Align2::CENTER_CENTER, text, fonts::words(size::SMALL), t.second);
    };
    word(0.27, 0.72, tr("too modest"));
    word(0.73, 0.42, tr("too sure"));
    let points: Vec<(f32, f64)> =
        bins.iter().filter_map(|bin| Some((bin.confidence()? as f32, bin.accuracy()?))).collect();
    axes.line(ui, &points, t.accent, false);
    axes.say(tr("Calibration curve"), &points_text(bins));
    let middles = (0..bins.len()).map(|i| (i as f32 + 0.5) * width);
    if let Some(bin) = axes.pointed(middles) {
        let text = bin_text(&bins[bin], bin, bins.len());
        axes.response.on_hover_text_at_pointer(text);
    }
}

fn bin_text(bin: &Bin, i: usize, count: usize) -> String {
    let edge = |i: usize| (100 * i / count.max(1)).to_string();
    let (from, to) = (edge(i), edge(i + 1));
    let images = numbers::count(bin.images as u64);
    let (Some(sure), Some(right)) = (bin.confidence(), bin.accuracy()) else {
        return fill(tr("{from} to {to} % sure: no images"), &[("from", &from), ("to", &to)]);
    };
    fill(
        tr("{from} to {to} % sure: {images} images, on average {sure} sure and {right} right"),
        &[
            ("from", &from),
            ("to", &to),
            ("images", &images),
            ("sure", &numbers::percent_to(sure, 1)),
            ("right", &numbers::percent_to(right, 1)),
        ],
    )
}

fn points_text(bins: &[Bin]) -> String {
    let texts = bins.iter().enumerate().filter(|(_, bin)| bin.images > 0);
    texts.map(|(i, bin)| bin_text(bin, i, bins.len())).collect::<Vec<_>>().join("; ")
}
