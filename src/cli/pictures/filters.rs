//! A picture of the first layer's filters before and after training, with one colour scale.

use super::{Area, TITLE, WORDS, ink, px, render, style, unpainted, write};
use crate::{explain::Filters, nn::Network};
use anyhow::Result;
use image::RgbImage;
use plotters::{
    prelude::Rectangle,
    style::{
        Color, RGBColor,
        text_anchor::{HPos, Pos, VPos},
    },
};

/// The most filters to show.
const MAX_FILTERS: usize = 64;
/// The side of a panel, and the space around and between panels.
const PANEL: u32 = 400;
const MARGIN: u32 = 44;
const GAP: u32 = 64;
const TOP: u32 = 128;
const LEGEND: u32 = 92;

/// Draws the filters side by side; `after` is the caption on the right. `None` if the first weights do not form images.
pub(in crate::cli) fn filters(before: &Network, now: &Network, after: &str) -> Result<Option<RgbImage>> {
    let (Some(left), Some(right)) = (Filters::first_layer(before), Filters::first_layer(now)) else {
        return Ok(None);
    };
    let limit = left.limit().max(right.limit());
    let map = ink::Diverging::new(limit)?;
    let grid = Grid::of(&left);
    let (width, height) = (2 * (MARGIN + PANEL) + GAP, TOP + grid.height() + LEGEND);
    let picture = render(width, height, |area| {
        let (name, count) = (&now.spec().name, left.len());
        let share = if shown(&left) < count { format!("{} of ", shown(&left)) } else { String::new() };
        let is_whole = left.height * left.width == now.input().len();
        let kind = if is_whole { "units, with their weights as images" } else { "filters" };
        let title = format!("First layer of {name}: {share}{count} {kind}");
        write(area, &title, (MARGIN, 34), style(TITLE, 22, ink::TEXT))?;
        for (filters, label, x) in [(&left, "before training", MARGIN), (&right, after, MARGIN + PANEL + GAP)]
        {
            write(area, label, (x, 80), style(WORDS, 17, ink::SECOND))?;
            for number in 0..shown(filters) {
                tile(area, &map, filters, number, grid.place(number, x), grid.pixel)?;
            }
        }
        legend(area, &map, limit, width, height - LEGEND + 40)
    });
    picture.map(Some)
}

/// The number of filters to show.
fn shown(filters: &Filters<'_>) -> usize {
    filters.len().min(MAX_FILTERS)
}

/// The layout of a panel's tiles.
struct Grid {
    columns: u32,
    rows: u32,
    /// The side of a weight's square, and the distances between tiles.
    pixel: u32,
    step_x: u32,
    step_y: u32,
    gap: u32,
}

impl Grid {
    fn of(filters: &Filters<'_>) -> Self {
        let shown = shown(filters).max(1) as u32;
        let columns = (f64::from(shown) * 1.3).sqrt().ceil() as u32;
        let gap = if columns > 5 { 8 } else { 14 };
        let room = (PANEL - (columns - 1) * gap) / columns;
        let pixel = (room / filters.width.max(filters.height) as u32).max(1);
        let side = |cells: usize| cells as u32 * pixel + gap;
        let (step_x, step_y) = (side(filters.width), side(filters.height));
        Self { columns, rows: shown.div_ceil(columns), pixel, step_x, step_y, gap }
    }

    fn height(&self) -> u32 {
        self.rows * self.step_y - self.gap
    }

    fn place(&self, number: usize, left: u32) -> (u32, u32) {
        let number = number as u32;
        (left + number % self.columns * self.step_x, TOP + number / self.columns * self.step_y)
    }
}

fn tile(
    area: &Area<'_>,
    map: &ink::Diverging,
    filters: &Filters<'_>,
    number: usize,
    (left, top): (u32, u32),
    pixel: u32,
) -> Result<()> {
    for (i, &value) in filters.values(number).iter().enumerate() {
        let (x, y) = (left + (i % filters.width) as u32 * pixel, top + (i / filters.width) as u32 * pixel);
        fill(area, (x, y), (x + pixel, y + pixel), map.color(value))?;
    }
    Ok(())
}

fn legend(area: &Area<'_>, map: &ink::Diverging, limit: f32, width: u32, top: u32) -> Result<()> {
    const STEPS: u32 = 260;
    let left = (width - STEPS) / 2;
    for step in 0..STEPS {
        let value = (step as f32 + 0.5) / STEPS as f32 * 2.0 * limit - limit;
        fill(area, (left + step, top), (left + step + 1, top + 12), map.color(value))?;
    }
    for (value, x) in [(-limit, left), (0.0, left + STEPS / 2), (limit, left + STEPS)] {
        let style = style(WORDS, 14, ink::SECOND).pos(Pos::new(HPos::Center, VPos::Top));
        let label = if value == 0.0 { "0".into() } else { format!("{value:+.2}").replace('-', "−") };
        write(area, &label, (x, top + 18), style)?;
    }
    Ok(())
}

fn fill(area: &Area<'_>, from: (u32, u32), to: (u32, u32), color: RGBColor) -> Result<()> {
    let corners = [(px(from.0), px(from.1)), (px(to.0), px(to.1))];
    area.draw(&Rectangle::new(corners, color.filled())).map_err(unpainted)
}
