//! The grids of the view: the map with padding and window, the output, and the cells of a window.

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
use egui::{Color32, Rect, RichText, Stroke, StrokeKind, Theme, Ui, UiBuilder};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    ops::Range,
};

/// The largest side of a cell, in points.
const LARGEST: f32 = 128.0;

/// Grids with more cells are painted without digits, unless each cell has room for a number.
const MANY: usize = 100;

/// The side of such a cell in points, for any number, so that both layers are painted alike.
const LEGIBLE: f32 = 28.0;

/// The most cells of a dilated window that are outlined one by one.
const MOST_TAPS: usize = 400;

/// The smallest cell that is outlined, in points.
const SMALLEST_TAP: f32 = 4.0;

/// Colours and the number at full colour, the same for all grids that are compared.
#[derive(Clone, Copy)]
pub struct Scale {
    /// The colours.
    pub colors: &'static ColorMapLut,
    /// The number at full colour.
    pub limit: f32,
}

impl Scale {
    /// The scale of a map and its outputs.
    pub fn of(study: &Study, ground: PictureGround, theme: Theme) -> Self {
        let colors = if study.is_picture { ground.colors(theme) } else { ColorMapLut::diverging(theme) };
        Self { colors, limit: study.limit }
    }
}

/// The rows and columns that are shown: the map and all cells that windows cover; negative before the map.
pub struct Extent {
    rows: Range<isize>,
    columns: Range<isize>,
}

impl Extent {
    /// All windows and the whole map.
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

    /// The cell of the map at a position of the grid.
    fn inside(&self, (row, column): (usize, usize), pooling: &Pooling) -> Option<(usize, usize)> {
        let (height, width) = pooling.input_size();
        let at = |from: isize, by: usize| usize::try_from(from + by as isize).ok();
        let (row, column) = (at(self.rows.start, row)?, at(self.columns.start, column)?);
        (row < height && column < width).then_some((row, column))
    }

    /// The rows and columns of the grid that a window covers, without those outside the grid.
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

/// The map, or values of its size.
pub struct MapGrid<'a> {
    /// The name for screen readers and tests.
    pub name: &'a str,
    /// The layer applied to the map.
    pub pooling: &'a Pooling,
    /// The rows and columns that are shown.
    pub extent: Extent,
    /// The colours.
    pub scale: Scale,
    /// The window that is outlined.
    pub window: Option<&'a PoolingStep>,
    /// The rows and columns of the map that are outlined instead of a window.
    pub outline: Option<(Range<usize>, Range<usize>)>,
    /// The highlighted cells.
    pub lit: &'a [(usize, usize)],
    /// The last step whose cells are filled, if not all are.
    pub until: Option<usize>,
    /// Whether rows and columns that no window covers are hatched.
    pub shows_unseen: bool,
    /// Whether the numbers can be edited.
    pub is_editable: bool,
}

impl<'a> MapGrid<'a> {
    /// The map without window, highlights and padding.
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

    /// Shows `values`, one for each cell of the map, at the top left of `room`; `key` changes with the values. Positions in
    /// the response are those of the map.
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

/// A grid, with digits if they are legible.
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

/// Whether each of `n` positions is among `places`.
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

/// The highlights, if there are so many that they are part of the texture.
fn many(marks: &[(usize, usize)]) -> Option<&[(usize, usize)]> {
    (marks.len() > FEW_LIT).then_some(marks)
}

/// Outlines the cells of a dilated window.
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

/// The output, one value for each window.
pub struct OutputGrid<'a> {
    /// The name for screen readers and tests.
    pub name: &'a str,
    /// (Rows, columns).
    pub size: (usize, usize),
    /// The colours.
    pub scale: Scale,
    /// The highlighted windows.
    pub lit: &'a [usize],
    /// The content of the cell of a window.
    pub content: &'a dyn Fn(usize) -> GridCell,
}

impl OutputGrid<'_> {
    /// Shows the grid at the top left of `room`; `key` changes with the contents.
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

/// The cells of a window.
pub struct WindowGrid<'a> {
    /// The name for screen readers and tests.
    pub name: &'a str,
    /// The window.
    pub step: &'a PoolingStep,
    /// The colours.
    pub scale: Scale,
    /// Whether padding counts; cells that do not count are empty.
    pub counts_padding: bool,
    /// The distance between its cells in the map.
    pub spacing: Pair,
}

impl WindowGrid<'_> {
    /// Shows the window with its largest cells highlighted; `key` changes with the window.
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

/// A title with a detail in the number font.
pub fn title_ui(ui: &mut Ui, place: Rect, title: &str, detail: &str) {
    colored_title_ui(ui, place, title, detail, Tokens::of(ui).second);
}

/// [`title_ui`] with a colour for the detail.
pub fn colored_title_ui(ui: &mut Ui, place: Rect, title: &str, detail: &str, color: Color32) {
    let t = Tokens::of(ui);
    inside(ui, place, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.spacing_mut().interact_size.y = 18.0;
            ui.label(RichText::new(title).font(fonts::semibold(size::BODY)).color(t.text));
            let detail = RichText::new(detail).font(fonts::mono(size::MONO)).color(color);
            ui.add(egui::Label::new(detail).truncate());
        });
    });
}

/// Adds widgets in a given rectangle.
pub fn inside<R>(ui: &mut Ui, place: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.scope_builder(UiBuilder::new().max_rect(place), add).inner
}

/// A line of words, cut where the room ends.
pub fn line_ui(ui: &mut Ui, text: &str) {
    let t = Tokens::of(ui);
    let text = RichText::new(text).font(fonts::semibold(size::SMALL)).color(t.text);
    ui.add(egui::Label::new(text).truncate());
}

/// A sentence in the middle of `room`.
pub fn sentence_ui(ui: &mut Ui, room: Rect, text: &str) {
    let t = Tokens::of(ui);
    ui.new_child(UiBuilder::new().max_rect(room)).centered_and_justified(|ui| {
        ui.label(RichText::new(text).color(t.second));
    });
}
