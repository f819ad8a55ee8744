//! The grids of the view: the map with its padding and its window, what comes of it, and what a window sees.

use crate::{
    explain::pooling::{Pooling, Step},
    nn::Pair,
    ui::{
        colormap::ColorMapLut,
        fonts,
        pooling::Study,
        tokens::{Tokens, radius, size},
        widgets::{GridCell, GridLayout, GridResponse, NumberGrid, side_for},
    },
};
use egui::{Align2, Rect, RichText, Stroke, StrokeKind, Theme, Ui, UiBuilder};
use std::ops::Range;

/// The largest side of a cell, in points.
const LARGEST: f32 = 96.0;

/// Colours and the number at full colour: what is compared shares them.
#[derive(Clone, Copy)]
pub struct Scale {
    /// The colours.
    pub colors: &'static ColorMapLut,
    /// The number at full colour.
    pub limit: f32,
}

impl Scale {
    /// That of a map and of what comes of it.
    pub fn of(study: &Study, theme: Theme) -> Self {
        let colors =
            if study.is_picture() { ColorMapLut::grey(theme) } else { ColorMapLut::diverging(theme) };
        Self { colors, limit: study.limit() }
    }
}

/// The cells of the map and around it that windows see: rows and columns, negative before the map.
pub struct Extent {
    rows: Range<isize>,
    columns: Range<isize>,
}

impl Extent {
    /// That of all windows, and of the whole map.
    pub fn of(pooling: &Pooling) -> Self {
        let (height, width) = pooling.input_size();
        let (mut rows, mut columns) = (0..height as isize, 0..width as isize);
        for step in [pooling.step(0), pooling.step(pooling.len() - 1)] {
            for seen in &step.window {
                rows = rows.start.min(seen.row)..rows.end.max(seen.row + 1);
                columns = columns.start.min(seen.column)..columns.end.max(seen.column + 1);
            }
        }
        Self { rows, columns }
    }

    fn of_map(pooling: &Pooling) -> Self {
        let (height, width) = pooling.input_size();
        Self { rows: 0..height as isize, columns: 0..width as isize }
    }

    fn size(&self) -> (usize, usize) {
        (self.rows.len(), self.columns.len())
    }

    /// The cell of the map that stands at a place of the grid.
    fn inside(&self, (row, column): (usize, usize), pooling: &Pooling) -> Option<(usize, usize)> {
        let (height, width) = pooling.input_size();
        let at = |from: isize, by: usize| usize::try_from(from + by as isize).ok();
        let (row, column) = (at(self.rows.start, row)?, at(self.columns.start, column)?);
        (row < height && column < width).then_some((row, column))
    }

    /// The rows and columns of the grid that a window takes; of one that stands partly beyond the grid, the part in it.
    fn outline(&self, step: &Step) -> Option<(Range<usize>, Range<usize>)> {
        let (first, last) = (step.window.first()?, step.window.last()?);
        let range = |from: isize, to: isize, of: &Range<isize>| {
            let at = |place: isize| (place.clamp(of.start, of.end) - of.start) as usize;
            Some(at(from)..at(to + 1)).filter(|range| !range.is_empty())
        };
        let rows = range(first.row, last.row, &self.rows)?;
        Some((rows, range(first.column, last.column, &self.columns)?))
    }
}

/// How the map is shown.
pub struct MapGrid<'a> {
    /// What tests and screen readers call it.
    pub name: &'a str,
    /// The layer over the map.
    pub pooling: &'a Pooling,
    /// How far around the map is shown.
    pub extent: Extent,
    /// Its colours.
    pub scale: Scale,
    /// The window that is outlined.
    pub window: Option<&'a Step>,
    /// The rows and columns of the map that are outlined in place of a window.
    pub outline: Option<(Range<usize>, Range<usize>)>,
    /// The cells that are marked.
    pub lit: &'a [(usize, usize)],
    /// Up to which step what is blown up is shown.
    pub until: Option<usize>,
    /// Whether rows and columns that no window sees are hatched.
    pub shows_unseen: bool,
    /// Whether its numbers can be changed.
    pub is_editable: bool,
}

impl<'a> MapGrid<'a> {
    /// The map alone, without a window and without a mark.
    pub fn plain(name: &'a str, pooling: &'a Pooling, scale: Scale) -> Self {
        let extent = Extent::of_map(pooling);
        Self {
            name,
            pooling,
            extent,
            scale,
            window: None,
            outline: None,
            lit: &[],
            until: None,
            shows_unseen: false,
            is_editable: false,
        }
    }

    /// Shows `values`, one a cell of the map, in the upper left of `room`; places in the response are the map's.
    pub fn ui(self, ui: &mut Ui, room: Rect, values: &[f32]) -> GridResponse {
        let Self { name, pooling, extent, scale, window, outline, lit, until, shows_unseen, is_editable } =
            self;
        let (_, width) = pooling.input_size();
        let (rows, columns) = if shows_unseen { pooling.unseen() } else { Default::default() };
        let content = |row: usize, column: usize| match extent.inside((row, column), pooling) {
            Some((y, x)) => GridCell {
                is_hatched: rows.contains(&y) || columns.contains(&x),
                is_lit: lit.contains(&(y, x)),
                value: values
                    .get(y * width + x)
                    .copied()
                    .filter(|_| until.is_none_or(|until| pooling.step_at(y, x) <= until)),
                ..GridCell::default()
            },
            None => GridCell { is_padding: true, ..GridCell::default() },
        };
        let side = side_for(room.size(), extent.size(), LARGEST);
        let mut shown = inside(ui, room, |ui| {
            NumberGrid::new(name, extent.size(), side, scale.colors, scale.limit, &content)
                .origin((extent.rows.start, extent.columns.start))
                .outline(outline.or_else(|| window.and_then(|step| extent.outline(step))))
                .editable(is_editable)
                .clickable()
                .ui(ui)
        });
        if let Some(step) = window.filter(|_| pooling.dilation() != Pair::square(1)) {
            taps_ui(ui, &shown.layout, &extent, step);
        }
        let of_map = |at: (usize, usize)| extent.inside(at, pooling);
        shown.hovered = shown.hovered.and_then(of_map);
        shown.clicked = shown.clicked.and_then(of_map);
        shown.edited = shown.edited.and_then(|(at, value)| Some((of_map(at)?, value)));
        shown
    }
}

/// Outlines the cells that a window with gaps sees.
fn taps_ui(ui: &Ui, layout: &GridLayout, extent: &Extent, step: &Step) {
    let stroke = Stroke { width: 1.0, ..Tokens::of(ui).highlight_stroke() };
    for seen in &step.window {
        let at = |place: isize, from: isize| usize::try_from(place - from).ok();
        if let Some(cell) = at(seen.row, extent.rows.start).zip(at(seen.column, extent.columns.start)) {
            let place = layout.cell_rect(cell).shrink(1.0);
            ui.painter().rect_stroke(place, radius::S, stroke, StrokeKind::Inside);
        }
    }
}

/// Shows one value a window.
pub fn output_ui(
    ui: &mut Ui,
    room: Rect,
    name: &str,
    size: (usize, usize),
    scale: Scale,
    content: &dyn Fn(usize) -> GridCell,
) -> GridResponse {
    let side = side_for(room.size(), size, LARGEST);
    let content = |row: usize, column: usize| content(row * size.1 + column);
    inside(ui, room, |ui| {
        NumberGrid::new(name, size, side, scale.colors, scale.limit, &content).clickable().ui(ui)
    })
}

/// Shows what a window sees, with its winners marked; padding that does not count is empty. Its cells stand `spacing` apart
/// in the map.
pub fn window_ui(
    ui: &mut Ui,
    room: Rect,
    name: &str,
    step: &Step,
    scale: Scale,
    (counts_padding, spacing): (bool, Pair),
) {
    let columns = step.window_columns().max(1);
    let rows = step.window.len() / columns;
    let winners = step.winners();
    let content = |row: usize, column: usize| {
        let Some(seen) = step.window.get(row * columns + column) else { return GridCell::default() };
        let is_lit = seen.inside && winners.contains(&(seen.row as usize, seen.column as usize));
        let value = (seen.inside || counts_padding).then_some(seen.x);
        GridCell { value, is_padding: !seen.inside, is_lit, ..GridCell::default() }
    };
    let origin = step.window.first().map_or((0, 0), |seen| (seen.row, seen.column));
    let side = side_for(room.size(), (rows, columns), LARGEST);
    inside(ui, room, |ui| {
        NumberGrid::new(name, (rows, columns), side, scale.colors, scale.limit, &content)
            .origin(origin)
            .spacing((spacing.h, spacing.w))
            .ui(ui)
    });
}

/// A title and what stands beside it in the face of numbers.
pub fn title_ui(ui: &mut Ui, place: Rect, title: &str, detail: &str) {
    let t = Tokens::of(ui);
    inside(ui, place, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.spacing_mut().interact_size.y = 18.0;
            ui.label(RichText::new(title).font(fonts::semibold(size::BODY)).color(t.text));
            let detail = RichText::new(detail).font(fonts::mono(size::MONO)).color(t.second);
            ui.add(egui::Label::new(detail).truncate());
        });
    });
}

/// Adds widgets in a place of their own.
pub fn inside<R>(ui: &mut Ui, place: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.scope_builder(UiBuilder::new().max_rect(place), add).inner
}

/// The place in the middle of `room` where nothing is to be seen but a sentence.
pub fn sentence_ui(ui: &mut Ui, room: Rect, text: &str) {
    let t = Tokens::of(ui);
    ui.painter().text(room.center(), Align2::CENTER_CENTER, text, fonts::words(size::BODY), t.second);
}
