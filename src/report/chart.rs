//! Line charts as SVG, whose colours the page's style sets.

use super::html::text;
use std::fmt::Write as _;

const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 280.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 40.0;

/// A line of a chart.
pub(super) struct Line {
    /// Its class in the style sheet.
    pub(super) class: &'static str,
    /// Its name in the legend; none if empty.
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
    /// Whether each point is a dot.
    pub(super) has_dots: bool,
}

/// An axis.
pub(super) struct Axis {
    pub(super) name: String,
    pub(super) range: (f64, f64),
    /// Whether its numbers are percentages.
    pub(super) is_share: bool,
}

impl Axis {
    /// Round numbers along the axis: about five.
    fn ticks(&self) -> Vec<f64> {
        let (from, to) = self.range;
        let rough = (to - from) / 5.0;
        if !(rough.is_finite() && rough > 0.0) {
            return vec![from];
        }
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|m| m * power >= rough).unwrap_or(10.0) * power;
        let first = (from / step - 1e-9).ceil() as i64;
        (first..).map(|i| i as f64 * step).take_while(|tick| *tick <= to + step * 1e-9).take(20).collect()
    }

    fn written(&self, tick: f64) -> String {
        if self.is_share {
            let share = (tick * 1000.0).round() / 10.0;
            return format!("{share}\u{202f}%");
        }
        let rounded = (tick * 1e6).round() / 1e6;
        format!("{rounded}")
    }

    fn share(&self, value: f64) -> f64 {
        let (from, to) = self.range;
        ((value - from) / (to - from).max(f64::MIN_POSITIVE)).clamp(-0.5, 1.5)
    }
}

/// A chart with its legend. `name` is what a screen reader says; `number` is not used by any other chart of the page.
pub(super) fn chart(number: usize, name: &str, x: &Axis, y: &Axis, lines: &[Line]) -> String {
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    let px = |value: f64| LEFT + x.share(value) * (right - LEFT);
    let py = |value: f64| bottom - y.share(value) * (bottom - TOP);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">\n<defs><clipPath id=\"c{number}\"><rect x=\"{LEFT}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath></defs>\n",
        text(name),
        TOP - 4.0,
        right - LEFT + 4.0,
        bottom - TOP + 8.0,
    );
    for tick in x.ticks() {
        let at = px(tick);
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{at:.1}\" y1=\"{TOP}\" x2=\"{at:.1}\" y2=\"{bottom}\"/><text class=\"tick mid\" x=\"{at:.1}\" y=\"{}\">{}</text>",
            bottom + 15.0,
            text(x.written(tick))
        );
    }
    for tick in y.ticks() {
        let at = py(tick);
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{right}\" y2=\"{at:.1}\"/><text class=\"tick end\" x=\"{}\" y=\"{:.1}\">{}</text>",
            LEFT - 6.0,
            at + 4.0,
            text(y.written(tick))
        );
    }
    let _ = writeln!(
        svg,
        "<text class=\"axis mid\" x=\"{}\" y=\"{}\">{}</text>",
        f64::midpoint(LEFT, right),
        HEIGHT - 6.0,
        text(&x.name)
    );
    let _ = writeln!(svg, "<g clip-path=\"url(#c{number})\">");
    for line in lines {
        let points: Vec<(f64, f64)> = line.points.iter().map(|&(a, b)| (px(a), py(b))).collect();
        let path: Vec<String> = points.iter().map(|(a, b)| format!("{a:.1},{b:.1}")).collect();
        let _ = writeln!(svg, "<polyline class=\"line {}\" points=\"{}\"/>", line.class, path.join(" "));
        if line.has_dots {
            for (a, b) in points {
                let _ = writeln!(
                    svg,
                    "<circle class=\"dot {}\" cx=\"{a:.1}\" cy=\"{b:.1}\" r=\"3\"/>",
                    line.class
                );
            }
        }
    }
    svg.push_str("</g></svg>\n");
    let entry = |line: &Line| format!("<span><i class=\"{}\"></i>{}</span>", line.class, text(&line.name));
    let legend: String = lines.iter().filter(|line| !line.name.is_empty()).map(entry).collect();
    format!(
        "<figure>\n<figcaption>{}</figcaption>\n{svg}<div class=\"legend\">{legend}</div></figure>\n",
        text(name)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        let axis = |from, to| Axis { name: String::new(), range: (from, to), is_share: false };
        let written = |axis: Axis| axis.ticks().into_iter().map(|t| axis.written(t)).collect::<Vec<_>>();
        assert_eq!(written(axis(0.0, 1.0)), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(written(axis(0.93, 1.0)), ["0.94", "0.96", "0.98", "1"]);
        assert_eq!(written(axis(0.0, 4690.0)), ["0", "1000", "2000", "3000", "4000"]);
        assert_eq!(written(axis(2.0, 2.0)), ["2"]);
    }
}
