//! A chain of layers: a column of maps for each, and the inputs, kernels and products of the current output.

use super::{
    layout::{Cells, LARGEST, Plan},
    near::{BETWEEN, MatrixUi, Pictures, Unit, near_ui, products, unit_ui},
    stage::Stage,
};
use crate::{
    explain::{
        Cell,
        cell::{ChannelTerms, Place, WindowCell},
        variants::{Chain, ChainStep, kernel_size},
    },
    nn::lab::SparseMatrix,
    text::{fill, indices, tr},
    ui::{
        model::convolution::{KernelGrid, act::ConvolutionAct},
        style::{
            colormap::ColorMapLut,
            fonts,
            tokens::{Tokens, size, space},
        },
        views::convolution::sizes::{LEGIBLE, TITLE, legible, limit, text_width, titled},
        widgets::{GridCell, NumberGrid},
    },
};
use egui::{Align2, Rect, Ui, UiBuilder, Vec2, pos2, vec2};

/// The most columns of small pictures.
const MOST_COLUMNS: usize = 3;

/// The whole picture.
pub fn chain_ui(ui: &mut Ui, chain: &Chain, stage: &mut Stage<'_>) {
    let Some(step) = chain.step(stage.position) else { return };
    let room = ui.available_rect_before_wrap();
    let matrix = chain.matrix();
    let columns: Vec<(usize, usize, usize)> =
        (0..=chain.layers().len()).map(|number| chain.shape(number).as_maps()).collect();
    // The kernels of the current output, in cells. A layer without kernels takes the same room, so that nothing moves.
    let kernel =
        chain.layers().iter().filter_map(kernel_size).fold((1, 1), |(h, w), k| (h.max(k.h), w.max(k.w)));
    let parts = (0..chain.layers().len()).map(|layer| chain.inputs(layer)).max();
    let parts = parts.unwrap_or(1);
    let across = matrix.as_ref().map_or(0, |matrix| matrix.columns);
    let plan = Plan::new(room.size(), &Cells { columns: &columns, kernel, parts, matrix: across });
    let units = units(chain, &step);
    let size = chain.layers().get(step.layer).and_then(kernel_size).map_or((1, 1), |k| (k.h, k.w));
    let Plan { side, gap, is_below, .. } = plan;
    let numbers: Vec<f32> = (0..columns.len()).flat_map(|number| chain.values(number)).copied().collect();
    let weights: Vec<f32> = units.iter().flat_map(|unit| unit.kernel.iter().copied()).collect();
    if side < legible(&numbers, &weights, &[]) {
        // If there are many columns, those around the current layer.
        let first = step.layer.min(columns.len().saturating_sub(MOST_COLUMNS));
        let near = &columns[first..columns.len().min(first + MOST_COLUMNS)];
        let pictures = Pictures::new(room.size(), near);
        for at in 0..near.len() {
            let place = |map: usize, room: Rect| pictures.map(at, map, room);
            let column = pictures.column(at, room);
            let titled = column.with_max_x(column.right() + BETWEEN - space::XS);
            column_ui(ui, chain, &step, first + at, (titled, pictures.side), &place, stage);
        }
        let rest = room.with_min_x(room.left() + pictures.width() + space::XL);
        let mut show = matrix.map(|matrix| {
            let step = &step;
            move |ui: &mut Ui, room: Rect| matrix_ui(ui, &matrix, chain, step, room)
        });
        let show = show.as_mut().map(|show| show as MatrixUi<'_>);
        if !units.is_empty() || show.is_some() {
            near_ui(ui, size, &units, rest, show, stage);
        }
        return;
    }
    let mut left = room.left();
    let mut bottom = room.top();
    for (number, column) in columns.iter().enumerate() {
        let size = plan.column(*column);
        let map = vec2(column.2 as f32, column.1 as f32) * side;
        let across = plan.across.min(column.0);
        let place = |number: usize, room: Rect| {
            let at = vec2((number % across) as f32, (number / across) as f32);
            Rect::from_min_size(room.min + at * (map + Vec2::splat(space::S)), map)
        };
        let column = Rect::from_min_size(pos2(left, room.top()), vec2(size.x, room.height()));
        // A title may use the gap as well.
        let titled = column.with_max_x((column.right() + gap - space::M).min(room.right()));
        column_ui(ui, chain, &step, number, (titled, side), &place, stage);
        left = column.right() + gap;
        bottom = bottom.max(room.top() + size.y);
        if number < chain.layers().len() {
            arrow_ui(ui, column.right() + gap / 2.0, room.top() + TITLE + side, "→");
        }
    }
    if !units.is_empty() {
        let corner = if is_below { pos2(room.left(), bottom) } else { pos2(left, room.top()) };
        left = parts_ui(ui, &units, size, Rect::from_min_max(corner, room.max), plan, stage) + gap;
    }
    if let Some(matrix) = matrix {
        matrix_ui(ui, &matrix, chain, &step, Rect::from_min_max(pos2(left, room.top()), room.max));
    }
}

/// The kernels of the current output, with their inputs.
fn units(chain: &Chain, step: &ChainStep) -> Vec<Unit> {
    let Cell::Sum { parts, .. } = &step.cell else { return Vec::new() };
    let Some(size) = chain.layers().get(step.layer).and_then(kernel_size) else { return Vec::new() };
    let element = step.place.index(chain.shape(step.layer + 1));
    let unit = |part: &ChannelTerms| {
        let mut seen = vec![None; size.area()];
        for term in &part.terms {
            let WindowCell { row, column, inside, x, .. } = term.seen;
            let place =
                Place { channel: part.channel, row: row.max(0) as usize, column: column.max(0) as usize };
            let at = inside.then(|| place.index(chain.shape(step.layer)));
            seen[term.kernel.0 * size.w + term.kernel.1] = Some((x, at));
        }
        Some(Unit {
            name: if parts.len() > 1 { part.channel.to_string() } else { String::new() },
            seen,
            kernel: chain.kernel(step.layer, element, part.channel)?.to_vec(),
            at: chain.kernel_at(step.layer, element, part.channel)?,
        })
    };
    parts.iter().filter_map(unit).collect()
}

fn arrow_ui(ui: &Ui, x: f32, y: f32, sign: &str) {
    let t = Tokens::of(ui);
    let font = fonts::words(size::HEADING);
    ui.painter().text(pos2(x, y), Align2::CENTER_CENTER, sign, font, t.second);
}

/// The cells of column `number` that the current output depends on.
fn sources(step: &ChainStep, number: usize) -> Vec<Place> {
    if step.layer != number {
        return Vec::new();
    }
    match &step.cell {
        Cell::Sum { parts, .. } => {
            let places = parts.iter().flat_map(|part| {
                part.terms.iter().filter(|term| term.seen.inside).map(|term| Place {
                    channel: part.channel,
                    row: term.seen.row.max(0) as usize,
                    column: term.seen.column.max(0) as usize,
                })
            });
            places.collect()
        }
        Cell::Same { from, .. } => vec![*from],
        _ => Vec::new(),
    }
}

/// The name of a layer that fits this width: with its settings, without them, or one word.
fn caption(ui: &Ui, summary: String, room: f32) -> String {
    let is_name = |word: &&str| !word.contains(|letter: char| letter.is_ascii_digit());
    let name = summary.split(' ').take_while(is_name).collect::<Vec<_>>().join(" ");
    let word = name.split(' ').next().unwrap_or_default().to_owned();
    let fits = |text: &String| text_width(ui, text, fonts::semibold(size::SECTION)) <= room;
    [summary, name].into_iter().find(fits).unwrap_or(word)
}

/// One column of maps.
fn column_ui(
    ui: &mut Ui,
    chain: &Chain,
    step: &ChainStep,
    number: usize,
    (room, side): (Rect, f32),
    place: &dyn Fn(usize, Rect) -> Rect,
    stage: &mut Stage<'_>,
) {
    let Stage { position, is_whole, is_editable, .. } = *stage;
    let (maps, height, width) = chain.shape(number).as_maps();
    let values = chain.values(number);
    let scale = limit(values);
    let sources = sources(step, number);
    let title = match number.checked_sub(1) {
        None => tr("Input").to_owned(),
        Some(layer) => caption(ui, chain.layers()[layer].summary(), room.width()),
    };
    // The receptive field of the current output.
    let field = chain.fields().get(step.layer).filter(|_| number == 0 && step.layer > 0).copied();
    titled(ui, room, &title, &chain.shape(number).to_string(), |ui| {
        let below = ui.max_rect();
        for map in 0..maps {
            let name = match number {
                0 => fill(tr("{grid} {number}"), &[("grid", tr("input")), ("number", &map.to_string())]),
                _ => fill(
                    tr("layer {number} map {map}"),
                    &[("number", &number.to_string()), ("map", &map.to_string())],
                ),
            };
            let content = |row: usize, column: usize| {
                let element = (map * height + row) * width + column;
                let is_come = number == 0 || chain.step_of(number - 1, element) <= position;
                let here = Place { channel: map, row, column };
                let is_current = number == step.layer + 1 && here == step.place;
                GridCell {
                    value: values.get(element).copied().filter(|_| is_come || is_whole),
                    is_lit: is_current || sources.contains(&here),
                    ..GridCell::default()
                }
            };
            let colors = ColorMapLut::diverging(ui.theme());
            let outline = field.map(|field| field.region(step.place.row, step.place.column));
            let grid =
                NumberGrid::new(&name, (height, width), side, colors, scale, &content).outline(outline);
            let ui = &mut ui.new_child(UiBuilder::new().max_rect(place(map, below)));
            let shown = if number == 0 { grid.editable(is_editable).ui(ui) } else { grid.clickable().ui(ui) };
            let element = |(row, column): (usize, usize)| (map * height + row) * width + column;
            if let (Some(cell), Some(layer)) = (shown.clicked, number.checked_sub(1)) {
                stage.seek(chain.step_of(layer, element(cell)));
            }
            if let Some((cell, value)) = shown.edited {
                stage.send(ConvolutionAct::SetFamilyNumber(element(cell), value));
            }
            stage.take(shown.refused);
        }
    });
}

/// The kernels of the current output and its products. Returns their right edge.
fn parts_ui(
    ui: &mut Ui,
    units: &[Unit],
    size: (usize, usize),
    room: Rect,
    plan: Plan,
    stage: &mut Stage<'_>,
) -> f32 {
    let Plan { side, gap, is_below, .. } = plan;
    let weights = limit(&units.iter().flat_map(|unit| unit.kernel.iter().copied()).collect::<Vec<_>>());
    let products = limit(&units.iter().flat_map(products).collect::<Vec<_>>());
    let wide = plan.wide(size.1);
    let tall = size.0 as f32 * side + TITLE;
    let mut corner = room.min;
    for unit in units {
        for (i, piece, scale) in [(0.0, KernelGrid::Kernel, weights), (1.0, KernelGrid::Products, products)] {
            let place = Rect::from_min_size(corner + vec2(i * (wide + gap / 2.0), 0.0), vec2(wide, tall));
            unit_ui(ui, unit, (piece, scale), size, (place, Vec2::splat(side)), stage);
        }
        corner += if is_below { vec2(2.0 * wide + 1.5 * gap, 0.0) } else { vec2(0.0, tall + space::XS) };
    }
    room.left() + 2.0 * wide + gap / 2.0
}

/// The sparse matrix whose product with the input is the output, with the row of the current output; if its numbers
/// do not fit, the rows and columns around it.
fn matrix_ui(ui: &mut Ui, matrix: &SparseMatrix, chain: &Chain, step: &ChainStep, room: Rect) {
    let SparseMatrix { rows, columns, entries } = matrix;
    let values: Vec<f32> = entries.iter().map(|entry| entry.3).collect();
    let current = step.place.index(chain.shape(1));
    let mut cells = vec![None; rows * columns];
    for &(row, column, _, value) in entries {
        cells[row * columns + column] = Some(value);
    }
    let tall = ((room.height() - TITLE) / *rows as f32).clamp(LEGIBLE, LARGEST);
    let cell = vec2((room.width() / *columns as f32).clamp(LEGIBLE, LARGEST), tall);
    let fit = |room: f32, cell: f32, all: usize| ((room / cell).floor().max(1.0) as usize).min(all);
    let shown = (fit(room.height() - TITLE, cell.y, *rows), fit(room.width(), cell.x, *columns));
    // The current row, and the columns in which it has weights.
    let own: Vec<usize> = entries.iter().filter(|entry| entry.0 == current).map(|entry| entry.1).collect();
    let middle = own.first().zip(own.last()).map_or(0, |(first, last)| usize::midpoint(*first, *last));
    let from = |middle: usize, shown: usize, all: usize| middle.saturating_sub(shown / 2).min(all - shown);
    let (top, left) = (from(current, shown.0, *rows), from(middle, shown.1, *columns));
    let content = |row: usize, column: usize| GridCell {
        value: cells[(top + row) * columns + left + column],
        is_faint: top + row != current,
        ..GridCell::default()
    };
    let values_of = [("rows", &*rows.to_string()), ("columns", &*columns.to_string())];
    let title = fill(tr("Matrix {rows}×{columns}"), &values_of);
    let detail = if shown == (*rows, *columns) {
        tr("output = matrix · input").to_owned()
    } else {
        fill(tr("rows {rows}"), &[("rows", &indices(top, top + shown.0 - 1))])
    };
    let colors = ColorMapLut::diverging(ui.theme());
    titled(ui, room, &title, &detail, |ui| {
        NumberGrid::new(tr("matrix"), shown, cell.y, colors, limit(&values), &content)
            .cell(cell)
            .origin((top as isize, left as isize))
            .outline(Some((current - top..current - top + 1, 0..shown.1)))
            .ui(ui);
    });
}
