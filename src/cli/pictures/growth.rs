//! A picture of the training speed by batch size, image size and threads.

use super::{Area, TITLE, WORDS, axes::Axes, ink, px, render, style, unpainted, write};
use anyhow::Result;
use image::RgbImage;
use plotters::{
    prelude::{Circle, LineSeries, Text},
    style::{
        Color, RGBColor, ShapeStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

const WIDTH: u32 = 1500;
const HEIGHT: u32 = 520;
const TOP: u32 = 92;
const AXIS: u32 = 64;

/// The measurements: points of (parameter, speed).
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Growth {
    /// The network of the chart of batches.
    pub(in crate::cli) network: String,
    /// The machine's threads.
    pub(in crate::cli) threads: usize,
    /// (batch size, images per second) on one thread.
    pub(in crate::cli) batches_on_one: Vec<(f64, f64)>,
    /// The same on all threads.
    pub(in crate::cli) batches: Vec<(f64, f64)>,
    /// (image side, pixels per second) on all threads.
    pub(in crate::cli) sides: Vec<(f64, f64)>,
    /// For some networks: (threads, images per second).
    pub(in crate::cli) by_threads: Vec<(String, Vec<(f64, f64)>)>,
}

/// One of the charts.
struct Chart<'a> {
    title: String,
    axis: &'a str,
    lines: Vec<Line>,
    /// The divisor of the values, and its symbol.
    unit: (f64, &'a str),
    /// Whether each mark on the x axis is twice the one before.
    doubling: bool,
}

struct Line {
    name: String,
    color: RGBColor,
    points: Vec<(f64, f64)>,
}

/// Draws the three charts.
pub(in crate::cli) fn growth(growth: &Growth) -> Result<RgbImage> {
    let line = |name: String, color, points: &[(f64, f64)]| Line { name, color, points: points.to_vec() };
    let Growth { network, threads, .. } = growth;
    let batches = Chart {
        title: format!("{network}: images per second"),
        axis: "batch size",
        lines: vec![
            line(format!("{threads} threads"), ink::ACCENT, &growth.batches),
            line("1 thread".to_owned(), ink::HIGHLIGHT, &growth.batches_on_one),
        ],
        unit: (1e3, "k"),
        doubling: true,
    };
    let sides = Chart {
        title: format!("three convolutions, {threads} threads: pixels per second"),
        axis: "image side in pixels",
        lines: vec![line(String::new(), ink::ACCENT, &growth.sides)],
        unit: (1e6, "M"),
        doubling: true,
    };
    // Relative to one thread, because networks differ more than thread counts.
    let relative = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
        let one = points.first().map_or(1.0, |point| point.1);
        points.iter().map(|&(threads, rate)| (threads, rate / one)).collect()
    };
    let colors = [ink::ACCENT, ink::HIGHLIGHT, ink::SECOND];
    let networks = growth.by_threads.iter().zip(colors);
    let by_threads = Chart {
        title: "speed relative to one thread".to_owned(),
        axis: "threads",
        lines: networks.map(|((name, points), color)| line(name.clone(), color, &relative(points))).collect(),
        unit: (1.0, "×"),
        doubling: false,
    };
    render(WIDTH, HEIGHT, |area| {
        write(
            area,
            "Training speed by batch size, image size and threads",
            (44, 32),
            style(TITLE, 22, ink::TEXT),
        )?;
        let (_, charts) = area.split_vertically(px(TOP));
        for (area, chart) in charts.split_evenly((1, 3)).iter().zip([batches, sides, by_threads]) {
            draw(area, &chart)?;
        }
        Ok(())
    })
}

fn draw(area: &Area<'_>, chart: &Chart<'_>) -> Result<()> {
    let words = |size, color| style(WORDS, size, color);
    write(area, &chart.title, (28 + AXIS, 0), words(16, ink::TEXT))?;
    let points = || chart.lines.iter().flat_map(|line| &line.points);
    let least = points().map(|point| point.0).fold(f64::MAX, f64::min);
    let x = |value: f64| if chart.doubling { (value / least).log2() } else { value };
    let (first, last) = points().fold((f64::MAX, f64::MIN), |(a, b), p| (a.min(x(p.0)), b.max(x(p.0))));
    let (first, last) = if first < last { (first, last) } else { (0.0, 1.0) };
    let top = points().map(|point| point.1).fold(0.0, f64::max).max(f64::MIN_POSITIVE) * 1.15;
    let (unit, name) = chart.unit;
    let places = usize::from(top / unit < 10.0);
    let axes = Axes {
        x: first..last,
        x_title: chart.axis,
        x_marks: (last - first) as usize + 1,
        x_label: &|value| {
            // Plotters may ask for a mark between two measurements.
            if (value - value.round()).abs() > 1e-6 {
                return String::new();
            }
            format!("{:.0}", if chart.doubling { least * value.exp2() } else { *value })
        },
        top,
        y_label: &|value| format!("{:.places$} {name}", value / unit),
        y_room: AXIS,
    };
    let mut context = axes.draw(area)?;
    for Line { color, points, .. } in &chart.lines {
        let at = |point: &(f64, f64)| (x(point.0), point.1);
        let stroke = ShapeStyle::from(*color).stroke_width(px(2) as u32);
        context.draw_series(LineSeries::new(points.iter().map(at), stroke)).map_err(unpainted)?;
        let dots = points.iter().map(|point| Circle::new(at(point), px(4), color.filled()));
        context.draw_series(dots).map_err(unpainted)?;
    }
    // The legend is at the top left, where the lines are lowest.
    for (i, line) in chart.lines.iter().filter(|line| !line.name.is_empty()).enumerate() {
        let y = px(52 + 22 * i as u32);
        area.draw(&Circle::new((px(28 + AXIS + 16), y), px(4), line.color.filled())).map_err(unpainted)?;
        let style = words(14, ink::SECOND).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw(&Text::new(line.name.clone(), (px(28 + AXIS + 28), y), style)).map_err(unpainted)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_without_measurements_can_be_drawn() {
        let picture = growth(&Growth::default()).unwrap();
        assert_eq!(picture.dimensions(), (WIDTH, HEIGHT));
        let one =
            Growth { batches: vec![(1.0, 10.0)], sides: vec![(28.0, 1e6), (56.0, 2e6)], ..Growth::default() };
        assert_ne!(growth(&one).unwrap(), picture);
    }
}
