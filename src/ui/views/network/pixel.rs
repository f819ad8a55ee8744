//! How one value came about: the window, the kernel, their products and the sum, all out of `explain`.

use crate::{
    explain::{
        Cell,
        cell::{Part, Place, Seen, Term},
    },
    nn::LayerSpec,
    ui::{
        colormap::ColorMapLut,
        fonts,
        tokens::{Tokens, contrast, radius, size, space},
        tr::{fill, tr},
        widgets::{KeyValue, key_value, numbers, section_with_detail},
    },
};
use egui::{Align2, CursorIcon, Pos2, Rect, RichText, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

/// Lines for single products or channels; the rest is one line.
const LINES: usize = 9;

/// Between two matrices, in points.
const GAP: f32 = 14.0;

/// The largest side of a matrix' cell, in points.
const CELL: f32 = 24.0;

/// Shows how `value`, an output of `layer`, came about; `chosen` is the input channel that is looked at, the strongest
/// one if it is none.
pub fn cell_ui(ui: &mut Ui, layer: &LayerSpec, cell: &Cell, value: f32, chosen: &mut Option<usize>) {
    match cell {
        Cell::Sum { bias, .. } if matches!(layer, LayerSpec::Linear(_)) => contributions_ui(ui, cell, *bias),
        Cell::Sum { parts, bias } => sum_ui(ui, parts, *bias, chosen),
        Cell::Largest { window, winners, .. } => {
            heading(ui, tr("the largest under the window"));
            window_ui(ui, window, winners);
            if winners.len() > 1 {
                let sentence = tr("{count} cells are as large; the gradient goes back to the first of them.");
                explain_ui(ui, &fill(sentence, &[("count", &winners.len().to_string())]));
            }
        }
        Cell::Mean { window, divisor, .. } => {
            heading(ui, tr("the mean under the window"));
            window_ui(ui, window, &[]);
            let sum: f32 = window.iter().map(|seen| seen.x).sum();
            key_value(ui, tr("sum"), &numbers::precise(sum));
            key_value(ui, tr("divided by"), &numbers::plain(*divisor));
        }
        Cell::Function { x, .. } => {
            heading(ui, &formula(layer));
            key_value(ui, tr("x"), &numbers::precise(*x));
        }
        Cell::Same { from, x } => {
            heading(ui, tr("a value as it was"));
            let Place { channel, row, column } = *from;
            key_value(ui, tr("from channel, row, column"), &format!("{channel}, {row}, {column}"));
            key_value(ui, tr("x"), &numbers::precise(*x));
        }
        Cell::ResponseNorm { settings, x, neighbours } => {
            heading(ui, tr("x / sᵝ"));
            key_value(ui, tr("x"), &numbers::precise(*x));
            for (channel, x) in neighbours {
                let name = fill(tr("channel {number}"), &[("number", &channel.to_string())]);
                key_value(ui, &name, &format!("{}²", numbers::precise(*x)));
            }
            let s = format!("s = {} + {}/{} · Σ", settings.k, settings.alpha, settings.size);
            key_value(ui, &s, &cell.response().map_or_else(String::new, numbers::precise));
            key_value(ui, tr("β"), &numbers::plain(settings.beta));
        }
        Cell::BatchNorm { x, mean, variance, eps, weight, bias } => {
            heading(ui, tr("(x − mean) / √(variance + ε) · weight + bias"));
            let lines = [
                ("x", x),
                ("mean", mean),
                ("variance", variance),
                ("ε", eps),
                ("weight", weight),
                ("bias", bias),
            ];
            for (name, value) in lines {
                key_value(ui, tr(name), &numbers::precise(*value));
            }
        }
    }
    KeyValue::new(tr("value"), &numbers::precise(value)).strong().ruled().ui(ui);
}

fn heading(ui: &mut Ui, detail: &str) {
    section_with_detail(ui, tr("This value"), detail);
}

fn explain_ui(ui: &mut Ui, text: &str) {
    let t = Tokens::of(ui);
    ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.second));
}

/// What an activation does, as one reads it.
fn formula(layer: &LayerSpec) -> String {
    match layer {
        LayerSpec::Relu(_) => "max(0, x)".to_owned(),
        LayerSpec::LeakyRelu(leaky) => {
            fill(tr("x, or {slope} · x below 0"), &[("slope", &numbers::plain(leaky.negative_slope))])
        }
        LayerSpec::Sigmoid(_) => "1 / (1 + e⁻ˣ)".to_owned(),
        other => format!("{}(x)", other.type_name()),
    }
}

/// A sum over a window: the three matrices of one channel, and a line a channel.
fn sum_ui(ui: &mut Ui, parts: &[Part], bias: Option<f32>, chosen: &mut Option<usize>) {
    let detail = fill(
        tr("a sum of {count} products"),
        &[("count", &numbers::count(parts.iter().map(|part| part.terms.len()).sum::<usize>() as u64))],
    );
    heading(ui, &detail);
    let mut order: Vec<&Part> = parts.iter().collect();
    order.sort_by(|a, b| b.subtotal().abs().total_cmp(&a.subtotal().abs()));
    let shown = parts.iter().find(|part| *chosen == Some(part.channel)).or(order.first().copied());
    let Some(part) = shown else { return };
    matrices_ui(ui, part);
    ui.add_space(space::S);
    // The strongest, in the order of the channels: lines that stay where they are while numbers change.
    let (lines, others) = order.split_at_mut(parts.len().min(LINES));
    lines.sort_by_key(|part| part.channel);
    for line in lines {
        if channel_ui(ui, line, line.channel == part.channel && parts.len() > 1) {
            *chosen = Some(line.channel);
        }
    }
    if !others.is_empty() {
        let name = fill(tr("{count} others"), &[("count", &others.len().to_string())]);
        let sum: f32 = others.iter().map(|part| part.subtotal()).sum();
        key_value(ui, &name, &numbers::precise(sum));
    }
    if let Some(bias) = bias {
        key_value(ui, tr("bias"), &numbers::precise(bias));
    }
}

/// What one input channel gave; whether it was clicked.
fn channel_ui(ui: &mut Ui, part: &Part, is_shown: bool) -> bool {
    let t = Tokens::of(ui);
    let name = fill(tr("channel {number}"), &[("number", &part.channel.to_string())]);
    let color = if is_shown { t.highlight_text } else { t.text };
    let line = KeyValue::new(&name, &numbers::precise(part.subtotal())).color(color).ui(ui);
    let line = line.interact(Sense::click());
    if line.has_focus() {
        ui.painter().rect_stroke(line.rect, radius::S, t.focus_stroke(), StrokeKind::Inside);
    }
    line.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(tr("Show its patch and kernel")).clicked()
}

/// The inputs that weigh most in a fully connected layer.
fn contributions_ui(ui: &mut Ui, cell: &Cell, bias: Option<f32>) {
    let Some((strongest, others)) = cell.strongest(LINES) else { return };
    heading(ui, tr("input · weight, the strongest"));
    for (_, Term { seen, weight, .. }) in &strongest {
        let name = format!("[{}]  {} · {}", seen.column, numbers::precise(seen.x), numbers::precise(*weight));
        key_value(ui, &name, &numbers::precise(seen.x * weight));
    }
    key_value(ui, tr("all others"), &numbers::precise(others));
    if let Some(bias) = bias {
        key_value(ui, tr("bias"), &numbers::precise(bias));
    }
}

/// A matrix by its rows and columns.
struct Matrix {
    name: &'static str,
    /// (row, column, value, whether it is padding)
    cells: Vec<(usize, usize, f32, bool)>,
}

impl Matrix {
    fn of(part: &Part, name: &'static str, value: fn(&Term) -> f32) -> Self {
        let cell = |term: &Term| (term.kernel.0, term.kernel.1, value(term), !term.seen.inside);
        Self { name, cells: part.terms.iter().map(cell).collect() }
    }

    fn size(&self) -> (usize, usize) {
        self.cells
            .iter()
            .fold((1, 1), |(rows, columns), cell| (rows.max(cell.0 + 1), columns.max(cell.1 + 1)))
    }
}

/// What the window sees, the kernel, and their products; the pointer over one lights all three.
fn matrices_ui(ui: &mut Ui, part: &Part) {
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
                explain_ui(ui, matrix.name);
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
    let Some(term) = lit.or_else(strongest).and_then(|at| part.terms.iter().find(|term| term.kernel == at))
    else {
        return;
    };
    let t = Tokens::of(ui);
    for rect in rects {
        let corner = rect.min + vec2(term.kernel.1 as f32, term.kernel.0 as f32) * side;
        let cell = Rect::from_min_size(corner, vec2(side, side));
        ui.painter().rect_stroke(cell, radius::S / 2, t.highlight_stroke(), StrokeKind::Inside);
    }
    let place = if term.seen.inside {
        format!("({}, {})", term.seen.row, term.seen.column)
    } else {
        tr("padding").to_owned()
    };
    let line = format!(
        "{place}  {} · {} = {}",
        numbers::precise(term.seen.x),
        numbers::precise(term.weight),
        numbers::precise(term.product())
    );
    ui.label(RichText::new(line).font(fonts::mono(size::MONO)).color(t.second));
}

/// Paints a matrix; where it is, and the cell under the pointer.
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
            // A cell that the input does not have.
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

/// The window of a pooling layer with its numbers; `lit` cells won.
fn window_ui(ui: &mut Ui, window: &[Seen], lit: &[usize]) {
    let t = Tokens::of(ui);
    let (Some(first), Some(last)) = (window.first(), window.last()) else { return };
    let columns = window.iter().filter(|seen| seen.row == first.row).count().max(1);
    let rows = window.len().div_ceil(columns);
    let wide = (ui.available_width() / columns as f32).min(64.0);
    let tall = wide.min(36.0);
    let (rect, response) =
        ui.allocate_exact_size(vec2(columns as f32 * wide, rows as f32 * tall), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr("window")));
    let limit = window.iter().fold(f32::MIN_POSITIVE, |limit, seen| limit.max(seen.x.abs()));
    let colors = ColorMapLut::diverging(ui.theme());
    for (i, seen) in window.iter().enumerate() {
        let corner = rect.min + vec2((i % columns) as f32 * wide, (i / columns) as f32 * tall);
        let cell = Rect::from_min_size(corner, vec2(wide, tall)).shrink(1.0);
        let fill = colors.color(seen.x, limit);
        ui.painter().rect_filled(cell, radius::S, fill);
        if wide >= 40.0 {
            let text = match seen.inside {
                true if wide >= 56.0 => numbers::precise(seen.x),
                true => numbers::plain(seen.x),
                false => "–".to_owned(),
            };
            let ink = if contrast(fill, t.text) >= contrast(fill, t.ground) { t.text } else { t.ground };
            ui.painter().text(cell.center(), Align2::CENTER_CENTER, text, fonts::mono(12.0), ink);
        }
        if lit.contains(&i) {
            ui.painter().rect_stroke(cell, radius::S, t.highlight_stroke(), StrokeKind::Inside);
        }
    }
    let places = format!("({}, {}) – ({}, {})", first.row, first.column, last.row, last.column);
    ui.label(RichText::new(places).font(fonts::mono(size::MONO)).color(t.second));
}
