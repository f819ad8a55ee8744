//! A patch, a kernel and their products as linked matrices; a pooling window with its largest value.

use super::{lines, pointed::Pointed};
use crate::{
    explain::cell::{ChannelTerms, Term, WindowCell},
    text::{fill, tr, written::Expression},
    ui::style::{
        colormap::ColorMapLut,
        fonts,
        tokens::{Tokens, contrast, radius, size},
    },
};
use egui::{Align2, Pos2, Rect, RichText, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

/// Between two matrices, in points.
const GAP: f32 = 14.0;

/// The largest side of a cell, in points.
const CELL: f32 = 24.0;

/// The least width of a cell with digits, in points.
const DIGITS: f32 = 40.0;

/// A matrix to be painted.
struct Matrix {
    name: &'static str,
    /// (row, column, value, whether it is padding)
    cells: Vec<(usize, usize, f32, bool)>,
}

impl Matrix {
    fn of(part: &ChannelTerms, name: &'static str, value: fn(&Term) -> f32) -> Self {
        let cell = |term: &Term| (term.kernel.0, term.kernel.1, value(term), !term.seen.inside);
        Self { name, cells: part.terms.iter().map(cell).collect() }
    }

    fn size(&self) -> (usize, usize) {
        self.cells
            .iter()
            .fold((1, 1), |(rows, columns), cell| (rows.max(cell.0 + 1), columns.max(cell.1 + 1)))
    }
}

/// The patch under the window, the kernel, and their products. The pointer on one of them marks the place in all three;
/// returns the cell of the input there.
pub fn matrices_ui(ui: &mut Ui, part: &ChannelTerms) -> Option<Pointed> {
    let matrices = [
        Matrix::of(part, tr("patch"), |term| term.seen.x),
        Matrix::of(part, tr("kernel"), |term| term.weight),
        Matrix::of(part, tr("products"), Term::product),
    ];
    let (rows, columns) = matrices[1].size();
    let side = ((ui.available_width() - 2.0 * GAP) / 3.0 / columns as f32).min(CELL);
    let mut lit = None;
    let mut rects = Vec::new();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        for matrix in &matrices {
            ui.vertical(|ui| {
                let t = Tokens::of(ui);
                ui.label(RichText::new(matrix.name).font(fonts::words(size::SMALL)).color(t.second));
                let (rect, pointed) = matrix_ui(ui, matrix, (rows, columns), side);
                rects.push(rect);
                lit = lit.or(pointed);
            });
        }
    });
    let strongest = || {
        let largest = part.terms.iter().max_by(|a, b| a.product().abs().total_cmp(&b.product().abs()));
        largest.map(|term| term.kernel)
    };
    let term = lit.or_else(strongest).and_then(|at| part.terms.iter().find(|term| term.kernel == at))?;
    let t = Tokens::of(ui);
    for rect in rects {
        let corner = rect.min + vec2(term.kernel.1 as f32, term.kernel.0 as f32) * side;
        let cell = Rect::from_min_size(corner, vec2(side, side));
        ui.painter().rect_stroke(cell, radius::S / 2, t.highlight_stroke(), StrokeKind::Inside);
    }
    let place = if term.seen.inside {
        format!("({}, {})", term.seen.row, term.seen.column)
    } else if let Some((row, column)) = term.seen.from {
        let values = [("row", &*row.to_string()), ("column", &*column.to_string())];
        fill(tr("padding, a copy of ({row}, {column})"), &values)
    } else {
        tr("padding").to_owned()
    };
    let product = Expression::product(term.seen.x, term.weight).equation(term.exact_product());
    let line = format!(
        "{place}  {} · {} {} {}",
        product.numbers[0].bracketed(),
        product.numbers[1].bracketed(),
        product.relation.sign(),
        product.result.text()
    );
    let exact = [term.seen.x, term.weight, term.product()].map(lines::exact);
    let hover = fill(
        tr("exactly {x} · {weight} = {product}"),
        &[("x", &exact[0]), ("weight", &exact[1]), ("product", &exact[2])],
    );
    ui.label(RichText::new(line).font(fonts::mono(size::MONO)).color(t.second)).on_hover_text(hover);
    lit.and_then(|_| Pointed::at(part.channel, &term.seen))
}

/// Paints a matrix; returns its place and the cell under the pointer.
fn matrix_ui(
    ui: &mut Ui,
    matrix: &Matrix,
    (rows, columns): (usize, usize),
    side: f32,
) -> (Rect, Option<(usize, usize)>) {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(columns as f32, rows as f32) * side, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, matrix.name));
    let limit = matrix.cells.iter().fold(f32::MIN_POSITIVE, |limit, cell| limit.max(cell.2.abs()));
    let colors = ColorMapLut::diverging(ui.theme());
    let at = |row: usize, column: usize| {
        let corner = rect.min + vec2(column as f32, row as f32) * side;
        Rect::from_min_size(corner, vec2(side, side)).shrink(0.5)
    };
    for &(row, column, value, is_padding) in &matrix.cells {
        ui.painter().rect_filled(at(row, column), 1, colors.color(value, limit));
        if is_padding {
            ui.painter().rect_stroke(at(row, column).shrink(1.0), 1, (1.0, t.faint), StrokeKind::Inside);
        }
    }
    let under = |pos: Pos2| {
        let at = (pos - rect.min) / side;
        let cell = ((at.y as usize).min(rows - 1), (at.x as usize).min(columns - 1));
        matrix.cells.iter().any(|c| (c.0, c.1) == cell).then_some(cell)
    };
    (rect, response.hover_pos().and_then(under))
}

/// The window of a pooling layer on `channel`. `lit` are the cells with the largest value, `texts` the numbers of all cells
/// where there is room for them. Returns the cell under the pointer.
pub fn window_ui(
    ui: &mut Ui,
    channel: usize,
    window: &[WindowCell],
    lit: &[usize],
    texts: &[String],
) -> Option<Pointed> {
    let t = Tokens::of(ui);
    let (first, last) = (window.first()?, window.last()?);
    let columns = window.iter().filter(|seen| seen.row == first.row).count().max(1);
    let rows = window.len().div_ceil(columns);
    let wide = (ui.available_width() / columns as f32).min(64.0);
    let tall = wide.min(36.0);
    let (rect, response) =
        ui.allocate_exact_size(vec2(columns as f32 * wide, rows as f32 * tall), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Image, true, tr("window"));
        info.current_text_value = Some(texts.join("  "));
        info
    });
    let limit = window.iter().fold(f32::MIN_POSITIVE, |limit, seen| limit.max(seen.x.abs()));
    let colors = ColorMapLut::diverging(ui.theme());
    for (i, seen) in window.iter().enumerate() {
        let corner = rect.min + vec2((i % columns) as f32 * wide, (i / columns) as f32 * tall);
        let cell = Rect::from_min_size(corner, vec2(wide, tall)).shrink(1.0);
        let fill = colors.color(seen.x, limit);
        ui.painter().rect_filled(cell, radius::S, fill);
        if let Some(text) = texts.get(i).filter(|_| wide >= DIGITS) {
            let ink = if contrast(fill, t.text) >= contrast(fill, t.ground) { t.text } else { t.ground };
            ui.painter().text(cell.center(), Align2::CENTER_CENTER, text, fonts::mono(12.0), ink);
        }
        if lit.contains(&i) {
            ui.painter().rect_stroke(cell, radius::S, t.highlight_stroke(), StrokeKind::Inside);
        }
    }
    let places = format!("({}, {}) – ({}, {})", first.row, first.column, last.row, last.column);
    ui.label(RichText::new(places).font(fonts::mono(size::MONO)).color(t.second));
    let at = (response.hover_pos()? - rect.min) / vec2(wide, tall);
    let under = (at.y as usize).min(rows - 1) * columns + (at.x as usize).min(columns - 1);
    let seen = window.get(under)?;
    response.on_hover_text_at_pointer(lines::hover(seen.x.into()));
    Pointed::at(channel, seen)
}
