//! A grid of numbers with heat colours: an input, a kernel, its products, an output.
//!
//! It fits the room that it gets. Cells that are too small for digits are colours only; if they
//! are too small for shapes, or too many, the whole grid is one texture.

mod cell;
mod picture;
#[cfg(test)]
mod tests;
mod text;

use crate::text::{fill, tr};
use crate::ui::style::{
    colormap::ColorMapLut,
    tokens::{Tokens, radius},
};
use cell::cell_ui;
use egui::{
    Align2, Color32, Painter, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui, UiBuilder, Vec2,
    WidgetInfo, pos2, vec2,
};
pub use picture::FEW_LIT;
use std::ops::Range;
use text::Digits;
pub use text::{exact, legible_side, short};

/// Cells smaller than this have no gaps, dashes or hatches: the grid is a picture.
const SMALLEST_SHAPE: f32 = 9.0;
/// More cells than this without digits, such as an image, are a picture: gaps would be a lattice over it.
const MANY: usize = 100;
/// In cells smaller than this, padding is shown by its colour alone.
const SMALLEST_OUTLINE: f32 = 18.0;
/// Cells that are lit have a second outline from this side on.
const SMALLEST_RING: f32 = 12.0;
/// The same where digits need the room.
const SMALLEST_RING_OF_DIGITS: f32 = 28.0;
/// In larger grids, screen readers read the lit cells only.
const NAMED: usize = 400;

/// A cell: its number and its marks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "marks that a cell can have in any combination")]
pub struct GridCell {
    /// Its number; `None` is a cell that is still empty.
    pub value: Option<f32>,
    /// Outside the input: dashed.
    pub is_padding: bool,
    /// Reached by no window: hatched.
    pub is_hatched: bool,
    /// Selected: outlined in the highlight colour.
    pub is_lit: bool,
    /// Pale: not part of the current step.
    pub is_faint: bool,
    /// A question mark in place of a number that is hidden.
    pub is_asked: bool,
}

impl GridCell {
    /// A cell with a number and no mark.
    pub fn of(value: f32) -> Self {
        Self { value: Some(value), ..Self::default() }
    }
}

/// What happened to a grid; cells are (row, column) from its upper left.
#[derive(Debug)]
pub struct GridResponse {
    /// The grid as a widget.
    pub response: Response,
    /// The places of its cells.
    pub layout: GridLayout,
    /// The cell under the pointer.
    pub hovered: Option<(usize, usize)>,
    /// The cell that was clicked.
    pub clicked: Option<(usize, usize)>,
    /// The cell that was edited, and its new number.
    pub edited: Option<((usize, usize), f32)>,
    /// A sentence about typed text that is not a number.
    pub refused: Option<String>,
}

/// The places of cells.
#[derive(Clone, Copy, Debug)]
pub struct GridLayout {
    /// The size of the whole grid.
    pub rect: Rect,
    /// The size of a cell with its share of the gaps.
    pub cell: Vec2,
}

impl GridLayout {
    /// The place of a cell.
    pub fn cell_rect(&self, (row, column): (usize, usize)) -> Rect {
        let corner = self.rect.min + vec2(column as f32, row as f32) * self.cell;
        Rect::from_min_size(corner, self.cell)
    }
}

/// The largest side of square cells, such that `rows` × `columns` of them fit into `room`, at most `most`.
pub fn side_for(room: Vec2, (rows, columns): (usize, usize), most: f32) -> f32 {
    let side = (room.x / columns.max(1) as f32).min(room.y / rows.max(1) as f32).clamp(0.5, most);
    // Whole points keep the cells equal, if there is room for them.
    if side >= 6.0 { side.floor() } else { side }
}

/// A grid; see [`NumberGrid::ui`].
#[must_use = "show it with `ui`"]
pub struct NumberGrid<'a> {
    name: &'a str,
    size: (usize, usize),
    cell: Vec2,
    content: &'a dyn Fn(usize, usize) -> GridCell,
    colors: &'a ColorMapLut,
    limit: f32,
    origin: (isize, isize),
    spacing: (usize, usize),
    outline: Option<(Range<usize>, Range<usize>)>,
    kept: Option<(u64, &'a [(usize, usize)])>,
    is_editable: bool,
    is_clickable: bool,
    has_digits: bool,
}

impl<'a> NumberGrid<'a> {
    /// `rows` × `columns` cells with sides of `side` points; `name` is what tests and screen readers call it, and its
    /// cells are called `name row, column`. `limit` is the number at full colour.
    pub fn new(
        name: &'a str,
        size: (usize, usize),
        side: f32,
        colors: &'a ColorMapLut,
        limit: f32,
        content: &'a dyn Fn(usize, usize) -> GridCell,
    ) -> Self {
        Self {
            name,
            size,
            cell: Vec2::splat(side),
            content,
            colors,
            limit: if limit > 0.0 { limit } else { 1.0 },
            origin: (0, 0),
            spacing: (1, 1),
            outline: None,
            kept: None,
            is_editable: false,
            is_clickable: false,
            has_digits: true,
        }
    }

    /// Cells that are wider than high, or higher than wide.
    pub fn cell(mut self, cell: Vec2) -> Self {
        self.cell = cell;
        self
    }

    /// The (row, column) of the cell at the upper left; negative in padding.
    pub fn origin(mut self, origin: (isize, isize)) -> Self {
        self.origin = origin;
        self
    }

    /// The distance of neighbouring cells in rows and columns, for their names.
    pub fn spacing(mut self, spacing: (usize, usize)) -> Self {
        self.spacing = spacing;
        self
    }

    /// Outlines rows and columns in the highlight: the window.
    pub fn outline(mut self, outline: Option<(Range<usize>, Range<usize>)>) -> Self {
        self.outline = outline;
        self
    }

    /// Cells with a number, except padding, can be dragged and typed into.
    pub fn editable(mut self, is_editable: bool) -> Self {
        self.is_editable = is_editable;
        self
    }

    /// Cells can be clicked.
    pub fn clickable(mut self) -> Self {
        self.is_clickable = true;
        self
    }

    /// If the cells are so small that the grid is a picture, it is painted again only when `key` changes. `lit` are its lit
    /// cells. Without this, every frame asks for every cell.
    pub fn picture_of(mut self, key: u64, lit: &'a [(usize, usize)]) -> Self {
        self.kept = Some((key, lit));
        self
    }

    /// Never shows digits.
    pub fn without_digits(mut self) -> Self {
        self.has_digits = false;
        self
    }

    /// Shows the grid.
    pub fn ui(self, ui: &mut Ui) -> GridResponse {
        let (rows, columns) = self.size;
        let size = vec2(columns as f32, rows as f32) * self.cell;
        let sense = if self.is_clickable { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(size, sense);
        let name = self.name.to_owned();
        response.widget_info(move || WidgetInfo::labeled(Role::Grid, true, &name));
        let layout = GridLayout { rect, cell: self.cell };
        let hovered = ui.rect_contains_pointer(rect).then(|| ui.input(|i| i.pointer.hover_pos())).flatten();
        let at = |pos: egui::Pos2| {
            let at = (pos - rect.min) / self.cell;
            let cell = ((at.y.max(0.0) as usize).min(rows - 1), (at.x.max(0.0) as usize).min(columns - 1));
            (rows > 0 && columns > 0).then_some(cell)
        };
        let hovered = if rows * columns > 0 { hovered.and_then(at) } else { None };
        let clicked = response.interact_pointer_pos().filter(|_| response.clicked() && rows * columns > 0);
        let mut shown = GridResponse {
            hovered,
            clicked: clicked.and_then(at),
            layout,
            response,
            edited: None,
            refused: None,
        };
        if rows * columns == 0 || !ui.is_rect_visible(rect) {
            return shown;
        }
        let digits = self.digits();
        let is_many = rows * columns > MANY && digits.is_none();
        if self.cell.min_elem() < SMALLEST_SHAPE || is_many {
            self.picture_ui(ui, rect);
            self.marks_ui(ui, &layout);
            self.tell_picture_ui(ui, &layout);
        } else {
            self.cells_ui(ui, &mut shown, digits.as_ref());
        }
        if let Some((rows, columns)) = &self.outline {
            let t = Tokens::of(ui);
            let first = layout.cell_rect((rows.start, columns.start));
            let last = layout.cell_rect((rows.end.max(1) - 1, columns.end.max(1) - 1));
            let window = first.union(last);
            if self.cell.min_elem() >= SMALLEST_RING {
                let ring = Stroke { width: t.highlight_stroke().width + 2.0, color: t.ground };
                ui.painter().rect_stroke(window, radius::S, ring, StrokeKind::Middle);
            }
            ui.painter().rect_stroke(window, radius::S, t.highlight_stroke(), StrokeKind::Middle);
        }
        shown
    }

    /// All places, row by row.
    fn places(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (rows, columns) = self.size;
        (0..rows * columns).map(move |i| (i / columns, i % columns))
    }

    fn ground(&self, t: &Tokens, cell: GridCell) -> Color32 {
        let Some(value) = cell.value else { return t.track };
        if cell.is_asked {
            return t.ground;
        }
        if cell.is_padding && value == 0.0 {
            return if self.cell.min_elem() < SMALLEST_OUTLINE { t.track } else { t.ground };
        }
        let color = self.colors.color(value, self.limit);
        if cell.is_faint || cell.is_hatched { color.lerp_to_gamma(t.ground, 0.65) } else { color }
    }

    fn cells_ui(&self, ui: &mut Ui, shown: &mut GridResponse, digits: Option<&Digits>) {
        let t = Tokens::of(ui);
        let layout = shown.layout;
        let ui = &mut self.cells_child(ui, &layout);
        let painter = ui.painter().clone();
        let is_told = is_read(ui);
        for at in self.places() {
            let cell = (self.content)(at.0, at.1);
            let gap = if self.cell.min_elem() >= 22.0 { 1.5 } else { 0.5 };
            let rect = layout.cell_rect(at).shrink(gap);
            let ground = self.ground(&t, cell);
            self.ground_ui(&painter, &t, rect, cell, ground);
            if cell.is_lit {
                let least = if digits.is_some() { SMALLEST_RING_OF_DIGITS } else { SMALLEST_RING };
                self.lit_ui(&painter, &t, rect, self.cell.min_elem() >= least);
            }
            let ink = if cell.is_padding || cell.is_hatched || cell.is_faint {
                if ground == t.ground { t.second } else { ColorMapLut::text_on(ground) }
            } else {
                ColorMapLut::text_on(ground)
            };
            let is_edited = self.is_editable && !cell.is_padding && cell.value.is_some();
            match (digits, cell.value) {
                _ if cell.is_asked => {
                    let font = Digits::sign(self.cell);
                    painter.text(rect.center(), Align2::CENTER_CENTER, "?", font, t.highlight_text);
                }
                (Some(style), Some(value)) if is_edited => {
                    let label = self.label(at);
                    let typed = cell_ui(ui, rect, &label, value, style, ink);
                    shown.edited = shown.edited.or(typed.value.map(|value| (at, value)));
                    shown.refused = shown.refused.take().or(typed.refused);
                }
                (Some(style), Some(value)) => {
                    let text = (style.write)(value);
                    painter.text(rect.center(), Align2::CENTER_CENTER, text, style.font.clone(), ink);
                }
                _ => {}
            }
            if is_told && !is_edited {
                self.tell_ui(ui, at, rect, cell);
            }
        }
    }

    /// The outline of a selected cell, with an inner line of the background colour, so that it is visible on any colour.
    fn lit_ui(&self, painter: &Painter, t: &Tokens, rect: Rect, has_ring: bool) {
        let stroke = t.highlight_stroke();
        if has_ring {
            let width = if self.cell.min_elem() >= 60.0 { 2.0 } else { 1.0 };
            let inner = rect.shrink(stroke.width);
            painter.rect_stroke(inner, radius::S / 2, Stroke::new(width, t.ground), StrokeKind::Inside);
        }
        painter.rect_stroke(rect, radius::S, stroke, StrokeKind::Inside);
    }

    /// If cells are widgets.
    fn cells_child(&self, ui: &mut Ui, layout: &GridLayout) -> Ui {
        ui.new_child(UiBuilder::new().max_rect(layout.rect).id_salt(("cells of", self.name)))
    }

    /// Reports a cell to screen readers.
    fn tell_ui(&self, ui: &Ui, at: (usize, usize), rect: Rect, cell: GridCell) {
        if self.size.0 * self.size.1 > NAMED && !cell.is_lit {
            return;
        }
        let response = ui.interact(rect, ui.scope_id().with(at), Sense::hover());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Cell, true, self.label(at));
            let text = if cell.is_asked { Some("?".to_owned()) } else { cell.value.map(exact) };
            info.current_text_value = Some(text.unwrap_or_default());
            info
        });
    }

    fn label(&self, (row, column): (usize, usize)) -> String {
        let at = |i: usize, spacing: usize, origin: isize| (i * spacing) as isize + origin;
        let (row, column) =
            (at(row, self.spacing.0, self.origin.0), at(column, self.spacing.1, self.origin.1));
        let [row, column] = [row, column].map(|n| n.to_string());
        fill(tr("{grid} {row}, {column}"), &[("grid", self.name), ("row", &row), ("column", &column)])
    }

    fn ground_ui(&self, painter: &Painter, t: &Tokens, rect: Rect, cell: GridCell, ground: Color32) {
        let corner = if self.cell.min_elem() >= 16.0 { radius::S } else { 1 };
        painter.rect_filled(rect, corner, ground);
        if cell.is_hatched {
            let (step, stroke) = (6.0, Stroke::new(1.0, t.faint));
            let lines = ((rect.width() + rect.height()) / step) as usize;
            let clipped = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
            for i in 0..=lines {
                let x = rect.left() + i as f32 * step;
                clipped.line_segment([pos2(x - rect.height(), rect.bottom()), pos2(x, rect.top())], stroke);
            }
        }
        if cell.is_padding && self.cell.min_elem() >= 12.0 {
            let inner = rect.shrink(0.5);
            let corners = [
                inner.left_top(),
                inner.right_top(),
                inner.right_bottom(),
                inner.left_bottom(),
                inner.left_top(),
            ];
            painter.extend(Shape::dashed_line(&corners, Stroke::new(1.0, t.faint), 3.0, 3.0));
        } else if cell.is_padding || ground == t.ground || matches!(cell.value, None | Some(0.0)) {
            painter.rect_stroke(rect, corner, t.line_stroke(), StrokeKind::Inside);
        }
    }

    /// How digits are written so that each number fits its cell; `None` where none would be legible.
    fn digits(&self) -> Option<Digits> {
        let values = || self.places().filter_map(|at| (self.content)(at.0, at.1).value);
        // A sample is enough for very many numbers.
        if self.has_digits { Digits::fitting(self.cell, || values().take(NAMED)) } else { None }
    }
}

/// Whether a screen reader is active: only then do cells have accessibility nodes.
fn is_read(ui: &Ui) -> bool {
    ui.ctx().has_accesskit_node(egui::accesskit_root_id())
}
