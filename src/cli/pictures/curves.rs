//! A picture of loss and accuracy over the steps of a run.

use super::{Area, TITLE, WORDS, axes::Axes, ink, px, render, style, unpainted, write};
use crate::train::{History, Point};
use anyhow::Result;
use image::RgbImage;
use plotters::{
    prelude::{Circle, LineSeries, PathElement},
    style::{
        Color, RGBColor, ShapeStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

const WIDTH: u32 = 1200;
const HEIGHT: u32 = 560;
const TOP: u32 = 108;
/// The width of the y axis's labels.
const AXIS: u32 = 56;

/// The most points of the training curve to average for the smoothed curve.
const SMOOTH: usize = 25;

/// One of the two charts.
struct Chart<'a> {
    title: &'a str,
    value: fn(&Point) -> f64,
    top: f64,
    label: fn(&f64) -> String,
}

/// Draws the curves of `history`. Evaluations are labelled as test images.
pub(in crate::cli) fn curves(history: &History, title: &str, batch: usize) -> Result<RgbImage> {
    let training: Vec<Point> = history.training().collect();
    let mut test: Vec<Point> = history.quick.iter().chain(&history.full).copied().collect();
    test.sort_by_key(|point| (point.step, point.images));
    let loss = Chart {
        title: "Loss (cross-entropy in nats)",
        value: |point| point.loss,
        top: loss_top(&smoothed(&training), &test),
        label: |value| format!("{value:.1}"),
    };
    let accuracy = Chart {
        title: "Accuracy (fraction of images classified correctly)",
        value: |point| point.accuracy * 100.0,
        top: 100.0,
        label: |value| format!("{value:.0} %"),
    };
    render(WIDTH, HEIGHT, |area| {
        write(area, title, (44, 32), style(TITLE, 22, ink::TEXT))?;
        let (_, charts) = area.split_vertically(px(TOP));
        let (left, right) = charts.split_horizontally(px(WIDTH / 2));
        chart(&left, &loss, &training, &test, batch)?;
        chart(&right, &accuracy, &training, &test, batch)?;
        legend(area)
    })
}

/// The upper end of the loss axis: high enough for both curves, but not for outlying batches.
fn loss_top(smooth: &[Point], test: &[Point]) -> f64 {
    let highest = smooth.iter().chain(test).map(|point| point.loss).fold(0.0, f64::max);
    (highest * 1.05).clamp(0.1, 1e6)
}

fn chart(area: &Area<'_>, chart: &Chart<'_>, training: &[Point], test: &[Point], batch: usize) -> Result<()> {
    let last = training.last().map_or(1, |point| point.step) as f64;
    write(area, chart.title, (28 + AXIS, 0), style(WORDS, 16, ink::TEXT))?;
    let axes = Axes {
        x: 0.0..last,
        x_title: &format!("step (one batch of {batch} images)"),
        x_marks: 6,
        x_label: &|value| format!("{value:.0}"),
        top: chart.top,
        y_label: &chart.label,
        y_room: AXIS,
    };
    let mut context = axes.draw(area)?;
    let at = |point: &Point| (point.step as f64, (chart.value)(point).min(chart.top));
    let line = |color: RGBColor, width| ShapeStyle::from(color).stroke_width(px(width) as u32);
    let batches = LineSeries::new(training.iter().map(at), line(ink::ACCENT_FAINT, 1));
    context.draw_series(batches).map_err(unpainted)?;
    let smooth = smoothed(training);
    context.draw_series(LineSeries::new(smooth.iter().map(at), line(ink::ACCENT, 2))).map_err(unpainted)?;
    context.draw_series(LineSeries::new(test.iter().map(at), line(ink::HIGHLIGHT, 2))).map_err(unpainted)?;
    let dots = test.iter().map(|point| Circle::new(at(point), px(4), ink::HIGHLIGHT.filled()));
    context.draw_series(dots).map_err(unpainted)?;
    Ok(())
}

/// A centred moving average. Its window shrinks towards the ends, so that the curve keeps its ends.
fn smoothed(points: &[Point]) -> Vec<Point> {
    let reach = |i: usize| (points.len() / 20).min(SMOOTH / 2).min(i).min(points.len() - 1 - i);
    let around = |i: usize| &points[i - reach(i)..=i + reach(i)];
    let mean = |points: &[Point], value: fn(&Point) -> f64| {
        points.iter().map(value).sum::<f64>() / points.len() as f64
    };
    let smooth = |(i, point): (usize, &Point)| Point {
        loss: mean(around(i), |p| p.loss),
        accuracy: mean(around(i), |p| p.accuracy),
        ..*point
    };
    points.iter().enumerate().map(smooth).collect()
}

fn legend(area: &Area<'_>) -> Result<()> {
    const Y: u32 = 76;
    let entries = [
        (ink::ACCENT, "training images, mean of several batches", 44, false),
        (ink::ACCENT_FAINT, "each batch", 420, false),
        (ink::HIGHLIGHT, "test images", 550, true),
    ];
    let y = px(Y);
    for (color, text, x, has_dot) in entries {
        let stroke = ShapeStyle::from(color).stroke_width(px(2) as u32);
        area.draw(&PathElement::new([(px(x), y), (px(x + 26), y)], stroke)).map_err(unpainted)?;
        if has_dot {
            area.draw(&Circle::new((px(x + 13), y), px(4), color.filled())).map_err(unpainted)?;
        }
        let style = style(WORDS, 14, ink::SECOND).pos(Pos::new(HPos::Left, VPos::Center));
        write(area, text, (x + 34, Y), style)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smoothing_keeps_a_straight_line_and_every_step() {
        let points: Vec<Point> =
            (0..200).map(|i| Point { step: i, loss: i as f64, accuracy: 0.5, images: 1 }).collect();
        let smooth = smoothed(&points);
        assert_eq!(smooth.len(), 200);
        assert!((smooth[100].loss - 100.0).abs() < 1e-9 && smooth[7].step == 7 && smooth[0].loss == 0.0);
        assert!(smoothed(&[]).is_empty());
    }

    #[test]
    fn a_run_of_one_step_and_an_empty_one_can_be_drawn() {
        let mut history = History::default();
        curves(&history, "none", 64).unwrap();
        history.push(Point { step: 1, loss: 2.3, accuracy: 0.1, images: 64 });
        let picture = curves(&history, "one", 64).unwrap();
        assert_eq!(picture.dimensions(), (WIDTH, HEIGHT));
    }
}
