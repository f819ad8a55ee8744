//! The grids of the view: the map with its padding and its window, what comes of it, and what a window sees.

use crate::{
    explain::pooling::{Pooling, PoolingRule, PoolingStep},
    nn::Pair,
    ui::{
        model::pooling::Study,
        style::{
            colormap::ColorMapLut,
            fonts,
            picture::PictureGround,
            tokens::{Tokens, radius, size},
        },
        widgets::{GridCell, GridLayout, GridResponse, NumberGrid, number_grid::FEW_LIT, side_for},
    },
};
use egui::{Align2, Rect, RichText, Stroke, StrokeKind, Theme, Ui, UiBuilder};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    ops::Range,
};

/// The largest side of a cell, in points.
const LARGEST: f32 = 96.0;

/// More cells than this are a picture, unless each has room for a number.
const MANY: usize = 100;

/// That room, in points, whatever the number is: so the pictures of both layers are alike.
const LEGIBLE: f32 = 28.0;

/// Of a window with gaps, at most this many cells are outlined, one by one.
const MOST_TAPS: usize = 400;

/// And none that is smaller, in points.
const SMALLEST_TAP: f32 = 4.0;

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
    pub fn of(study: &Study, ground: PictureGround, theme: Theme) -> Self {
        let colors = if study.is_picture { ground.colors(theme) } else { ColorMapLut::diverging(theme) };
        Self { colors, limit: study.limit }
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
        let ((height, width), (rows, columns)) = (pooling.input_size(), pooling.extent());
        let union = |seen: Range<isize>, n: usize| seen.start.min(0)..seen.end.max(n as isize);
        Self { rows: union(rows, height), columns: union(columns, width) }
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
    fn outline(&self, step: &PoolingStep) -> Option<(Range<usize>, Range<usize>)> {
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
    pub window: Option<&'a PoolingStep>,
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

    /// Shows `values`, one a cell of the map, in the upper left of `room`; `key` is another for other values. Places in the
    /// response are the map's.
    pub fn ui(self, ui: &mut Ui, room: Rect, values: &[f32], key: impl Hash) -> GridResponse {
        let Self { name, pooling, extent, scale, window, outline, lit, until, shows_unseen, is_editable } =
            self;
        let (height, width) = pooling.input_size();
        let (rows, columns) = if shows_unseen { pooling.uncovered() } else { Default::default() };
        let (is_row_unseen, is_column_unseen) = (mask(&rows, height), mask(&columns, width));
        let is_lit = mask(&lit.iter().map(|(y, x)| y * width + x).collect::<Vec<_>>(), height * width);
        let content = |row: usize, column: usize| match extent.inside((row, column), pooling) {
            Some((y, x)) => GridCell {
                is_hatched: is_row_unseen[y] || is_column_unseen[x],
                is_lit: is_lit[y * width + x],
                value: values
                    .get(y * width + x)
                    .copied()
                    .filter(|_| until.is_none_or(|until| pooling.step_at(y, x) <= until)),
                ..GridCell::default()
            },
            None => GridCell { is_padding: true, ..GridCell::default() },
        };
        let side = side_for(room.size(), extent.size(), LARGEST);
        let of_grid = |(y, x): &(usize, usize)| {
            ((*y as isize - extent.rows.start) as usize, (*x as isize - extent.columns.start) as usize)
        };
        let marks: Vec<(usize, usize)> = lit.iter().map(of_grid).collect();
        let key = key_of((key, until, shows_unseen, many(&marks)));
        let mut shown = inside(ui, room, |ui| {
            let grid = if is_editable {
                NumberGrid::new(name, extent.size(), side, scale.colors, scale.limit, &content)
            } else {
                grid_of(name, extent.size(), side, scale, &content)
            };
            grid.origin((extent.rows.start, extent.columns.start))
                .outline(outline.or_else(|| window.and_then(|step| extent.outline(step))))
                .picture_of(key, &marks)
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

/// A grid with digits, unless it is a picture.
fn grid_of<'a>(
    name: &'a str,
    size: (usize, usize),
    side: f32,
    scale: Scale,
    content: &'a dyn Fn(usize, usize) -> GridCell,
) -> NumberGrid<'a> {
    let grid = NumberGrid::new(name, size, side, scale.colors, scale.limit, content);
    if size.0 * size.1 > MANY && side < LEGIBLE { grid.without_digits() } else { grid }
}

/// Which of `n` places are among these.
fn mask(places: &[usize], n: usize) -> Vec<bool> {
    let mut mask = vec![false; n];
    for &place in places {
        if let Some(is_among) = mask.get_mut(place) {
            *is_among = true;
        }
    }
    mask
}

fn key_of(parts: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// Marks that are part of a picture; few are painted over it.
fn many(marks: &[(usize, usize)]) -> Option<&[(usize, usize)]> {
    (marks.len() > FEW_LIT).then_some(marks)
}

/// Outlines the cells that a window with gaps sees.
fn taps_ui(ui: &Ui, layout: &GridLayout, extent: &Extent, step: &PoolingStep) {
    if step.window.len() > MOST_TAPS || layout.cell.min_elem() < SMALLEST_TAP {
        return;
    }
    let stroke = Stroke { width: 1.0, ..Tokens::of(ui).highlight_stroke() };
    for seen in &step.window {
        let at = |place: isize, from: isize| usize::try_from(place - from).ok();
        if let Some(cell) = at(seen.row, extent.rows.start).zip(at(seen.column, extent.columns.start)) {
            let place = layout.cell_rect(cell).shrink(1.0);
            ui.painter().rect_stroke(place, radius::S, stroke, StrokeKind::Inside);
        }
    }
}

/// One value a window.
pub struct OutputGrid<'a> {
    /// What tests and screen readers call it.
    pub name: &'a str,
    /// (Rows, columns).
    pub size: (usize, usize),
    /// Its colours.
    pub scale: Scale,
    /// The windows whose values are marked.
    pub lit: &'a [usize],
    /// What else there is of each.
    pub content: &'a dyn Fn(usize) -> GridCell,
}

impl OutputGrid<'_> {
    /// Shows it in the upper left of `room`; `key` is another for other contents.
    pub fn ui(self, ui: &mut Ui, room: Rect, key: impl Hash) -> GridResponse {
        let Self { name, size, scale, lit, content } = self;
        let side = side_for(room.size(), size, LARGEST);
        let is_lit = mask(lit, size.0 * size.1);
        let content = |row: usize, column: usize| {
            let window = row * size.1 + column;
            GridCell { is_lit: is_lit[window], ..content(window) }
        };
        let marks: Vec<(usize, usize)> =
            lit.iter().map(|window| (window / size.1.max(1), window % size.1.max(1))).collect();
        let key = key_of((key, many(&marks)));
        inside(ui, room, |ui| {
            grid_of(name, size, side, scale, &content).picture_of(key, &marks).clickable().ui(ui)
        })
    }
}

/// What a window sees.
pub struct WindowGrid<'a> {
    /// What tests and screen readers call it.
    pub name: &'a str,
    /// The window.
    pub step: &'a PoolingStep,
    /// Its colours.
    pub scale: Scale,
    /// Whether padding counts; what does not is empty.
    pub counts_padding: bool,
    /// How far apart its cells stand in the map.
    pub spacing: Pair,
}

impl WindowGrid<'_> {
    /// Shows it with its winners marked; `key` is another for other windows.
    pub fn ui(self, ui: &mut Ui, room: Rect, key: impl Hash) {
        let Self { name, step, scale, counts_padding, spacing } = self;
        let columns = step.window_columns().max(1);
        let rows = step.window.len() / columns;
        let winners: &[usize] = if let PoolingRule::Largest { winners } = &step.rule { winners } else { &[] };
        let is_winner = mask(winners, step.window.len());
        let content = |row: usize, column: usize| {
            let at = row * columns + column;
            let Some(seen) = step.window.get(at) else { return GridCell::default() };
            let value = (seen.inside || counts_padding).then_some(seen.x);
            GridCell { value, is_padding: !seen.inside, is_lit: is_winner[at], ..GridCell::default() }
        };
        let origin = step.window.first().map_or((0, 0), |seen| (seen.row, seen.column));
        let side = side_for(room.size(), (rows, columns), LARGEST);
        let marks: Vec<(usize, usize)> = winners.iter().map(|at| (at / columns, at % columns)).collect();
        let key = key_of((key, counts_padding, many(&marks)));
        inside(ui, room, |ui| {
            NumberGrid::new(name, (rows, columns), side, scale.colors, scale.limit, &content)
                .origin(origin)
                .spacing((spacing.h, spacing.w))
                .picture_of(key, &marks)
                .ui(ui)
        });
    }
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
