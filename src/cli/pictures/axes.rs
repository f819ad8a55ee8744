//! The axes of a chart.

use super::{Area, WORDS, ink, px, style, unpainted};
use anyhow::Result;
use plotters::{
    chart::ChartContext,
    coord::{cartesian::Cartesian2d, types::RangedCoordf64},
    prelude::{BitMapBackend, ChartBuilder},
    style::ShapeStyle,
};
use std::ops::Range;

/// A chart with axes, to draw lines in.
pub(super) type Chart<'a> = ChartContext<'a, BitMapBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// The ranges and labels of a chart's axes.
pub(super) struct Axes<'a> {
    pub(super) x: Range<f64>,
    pub(super) x_title: &'a str,
    pub(super) x_marks: usize,
    pub(super) x_label: &'a dyn Fn(&f64) -> String,
    /// The upper end of the y axis, which starts at 0.
    pub(super) top: f64,
    pub(super) y_label: &'a dyn Fn(&f64) -> String,
    /// The width of the y axis's labels, in pixels.
    pub(super) y_room: u32,
}

impl Axes<'_> {
    /// Draws the axes, and leaves room for a title above.
    pub(super) fn draw<'a>(self, area: &Area<'a>) -> Result<Chart<'a>> {
        let thin = |color| ShapeStyle::from(color).stroke_width(px(1) as u32);
        let mut chart = ChartBuilder::on(area)
            .margin_left(px(28))
            .margin_right(px(36))
            .margin_bottom(px(18))
            .margin_top(px(36))
            .x_label_area_size(px(48))
            .y_label_area_size(px(self.y_room))
            .build_cartesian_2d(self.x, 0.0..self.top)
            .map_err(unpainted)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(ink::GROUND)
            .bold_line_style(thin(ink::LINE))
            .axis_style(thin(ink::LINE))
            .x_desc(self.x_title)
            .axis_desc_style(style(WORDS, 14, ink::SECOND))
            .label_style(style(WORDS, 13, ink::SECOND))
            .x_labels(self.x_marks)
            .y_labels(6)
            .x_label_formatter(&self.x_label)
            .y_label_formatter(&self.y_label)
            .draw()
            .map_err(unpainted)?;
        Ok(chart)
    }
}
