//! The layout for variants that are too large for digits: all maps as small pictures, with the inputs of the current
//! output, its kernels and its products, as many as are legible.

use super::stage::Stage;
use crate::{
    text::{fill, indices, tr},
    ui::{
        model::convolution::{KernelGrid, act::ConvolutionAct},
        style::{
            colormap::ColorMapLut,
            icons,
            tokens::{Tokens, space},
        },
        views::convolution::{
            sizes::{GAP, LEGIBLE, TITLE, WIDEST, limit, titled},
            stand::{Stand, TABS},
        },
        widgets::{GridCell, NumberGrid, icon_button, segmented},
    },
};
use egui::{Align, Label, Layout, Rect, RichText, Ui, UiBuilder, Vec2, pos2, vec2};

/// The largest cell, in points.
const LARGEST: f32 = 46.0;
/// The gap between two columns of pictures, in points.
pub const BETWEEN: f32 = 14.0;
/// The least width of a column of pictures, in points.
const LEAST: f32 = 44.0;
/// The largest fraction of the width for the pictures.
const SHARE: f32 = 0.42;

/// A kernel of the current output, with its inputs.
pub struct Unit {
    /// Its channel or slice; empty if there is only one kernel.
    pub name: String,
    /// For each element of the kernel: its input, that input's place if it can be edited, and whether it has a
    /// product.
    pub seen: Vec<Option<(f32, Option<usize>)>>,
    /// The kernel's values.
    pub kernel: Vec<f32>,
    /// The place of its first value: tensor and element.
    pub at: (usize, usize),
}

/// The layout of the kernels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plan {
    stand: Stand,
    /// The number of kernels that are shown, and of those in a row.
    count: usize,
    across: usize,
    cell: Vec2,
}

impl Plan {
    fn with(room: Vec2, kernel: (usize, usize), units: usize, stand: Stand, cell: Vec2) -> Self {
        let unit = stand.size(kernel, cell);
        let fit = |room: f32, unit: f32, gap: f32| (((room + gap) / (unit + gap)).max(0.0)) as usize;
        let across = fit(room.x, unit.x, GAP).min(units);
        let count = (across * fit(room.y, unit.y, space::S)).min(units);
        Self { stand, count, across, cell }
    }

    /// The layout that shows most kernels with legible numbers, then that with the larger cells.
    fn new(room: Vec2, kernel: (usize, usize), units: usize) -> Self {
        let legible = vec2(WIDEST, LEGIBLE);
        let whole = [Stand::Below, Stand::Beside, Stand::Corner];
        let plans = whole.map(|stand| Self::with(room, kernel, units, stand, legible));
        let best =
            plans.into_iter().reduce(|best, other| if other.count > best.count { other } else { best });
        let mut found = best.filter(|plan| plan.count > 0).unwrap_or_else(|| {
            let room = vec2(room.x, room.y - TABS);
            let one = Self::with(room, kernel, units, Stand::One, legible);
            // A kernel that is never legible fills the room.
            let cell = vec2(room.x / kernel.1 as f32, (room.y - TITLE) / kernel.0 as f32);
            let cell = cell.min(legible).max(Vec2::splat(2.0));
            if one.count > 0 { one } else { Self { count: 1, across: 1, cell, ..one } }
        });
        let room = if found.stand == Stand::One { vec2(room.x, room.y - TABS) } else { room };
        let mut cell = found.cell;
        while cell.y < LARGEST && cell.x >= WIDEST {
            cell += Vec2::splat(1.0);
            let larger = Self::with(room, kernel, units, found.stand, cell);
            if larger.count < found.count {
                break;
            }
            found = Self { count: found.count, ..larger };
        }
        found
    }
}

/// Shows a matrix in a room.
pub type MatrixUi<'a> = &'a mut dyn FnMut(&mut Ui, Rect);

/// The kernels of the current output in `room`, or the matrix, if there is one and it is chosen.
pub fn near_ui(
    ui: &mut Ui,
    kernel: (usize, usize),
    units: &[Unit],
    room: Rect,
    matrix: Option<MatrixUi<'_>>,
    stage: &mut Stage<'_>,
) {
    let mut below = room.with_min_y(room.top() + TABS);
    let whole = Plan::new(room.size(), kernel, units.len());
    let has_bar = matrix.is_some() || whole.count < units.len() || whole.stand == Stand::One;
    let plan = if has_bar && whole.stand != Stand::One {
        Plan::new(below.size(), kernel, units.len())
    } else {
        whole
    };
    if !has_bar {
        below = room;
    }
    let is_one = plan.stand == Stand::One;
    let is_matrix = matrix.is_some() && stage.lab.is_matrix;
    let grid = stage.lab.family_grid;
    let last = units.len().saturating_sub(plan.count);
    let first = stage.lab.first_kernel.min(last);
    if has_bar {
        let bar = room.with_max_y(room.top() + TABS - space::S);
        let mut bar =
            ui.new_child(UiBuilder::new().max_rect(bar).layout(Layout::left_to_right(Align::Center)));
        bar.spacing_mut().item_spacing.x = space::XS;
        let mut options: Vec<(Option<KernelGrid>, &str)> = Vec::new();
        if is_one {
            options.extend(KernelGrid::ALL.map(|grid| (Some(grid), grid.title())));
        } else if matrix.is_some() {
            options.push((Some(grid), tr("Products")));
        }
        if matrix.is_some() {
            options.push((None, tr("Matrix")));
        }
        if !options.is_empty() {
            let mut shown = if is_matrix { None } else { Some(grid) };
            if segmented(&mut bar, tr("Grid"), &mut shown, &options).changed() {
                stage.send(ConvolutionAct::ShowFamilyGrid(shown));
            }
        }
        if plan.count < units.len() && !is_matrix {
            pager_ui(&mut bar, units, (first, plan.count), stage);
        }
    }
    if is_matrix && let Some(matrix) = matrix {
        matrix(ui, below);
        return;
    }
    let values = |value: &dyn Fn(&Unit) -> Vec<f32>| limit(&units.iter().flat_map(value).collect::<Vec<_>>());
    let limits = [
        values(&|unit| unit.seen.iter().flatten().map(|seen| seen.0).collect()),
        values(&|unit| unit.kernel.clone()),
        values(&products),
    ];
    let unit_size = plan.stand.size(kernel, plan.cell);
    for (number, unit) in units.iter().enumerate().skip(first).take(plan.count) {
        let number = number - first;
        let (column, row) = (number % plan.across.max(1), number / plan.across.max(1));
        let corner =
            below.min + vec2(column as f32 * (unit_size.x + GAP), row as f32 * (unit_size.y + space::S));
        for (i, piece) in KernelGrid::ALL.into_iter().enumerate() {
            if is_one && piece != grid {
                continue;
            }
            let place = plan.stand.place(i, corner, kernel, plan.cell);
            unit_ui(ui, unit, (piece, limits[i]), kernel, (place, plan.cell), stage);
        }
    }
}

/// The products of a kernel with its inputs.
pub fn products(unit: &Unit) -> Vec<f32> {
    let pairs = unit.seen.iter().zip(&unit.kernel);
    pairs.filter_map(|(seen, weight)| seen.map(|(x, _)| x * weight)).collect()
}

/// Which kernels are shown, with buttons to the others.
fn pager_ui(ui: &mut Ui, units: &[Unit], (first, count): (usize, usize), stage: &mut Stage<'_>) {
    let t = Tokens::of(ui);
    let end = (first + count).min(units.len());
    let before =
        ui.add_enabled_ui(first > 0, |ui| icon_button(ui, icons::CHEVRON_LEFT, tr("Previous kernels")));
    if before.inner.clicked() {
        stage.send(ConvolutionAct::ShowKernels(first.saturating_sub(count)));
    }
    let text = fill(
        tr("{range} of {count}"),
        &[("range", &indices(first + 1, end)), ("count", &units.len().to_string())],
    );
    ui.add(Label::new(RichText::new(text).color(t.second)).truncate());
    let after =
        ui.add_enabled_ui(end < units.len(), |ui| icon_button(ui, icons::CHEVRON_RIGHT, tr("Next kernels")));
    if after.inner.clicked() {
        stage.send(ConvolutionAct::ShowKernels(end.min(units.len().saturating_sub(count))));
    }
}

/// One grid of a kernel: its inputs, its values or its products.
pub fn unit_ui(
    ui: &mut Ui,
    unit: &Unit,
    (piece, scale): (KernelGrid, f32),
    kernel: (usize, usize),
    (place, cell): (Rect, Vec2),
    stage: &mut Stage<'_>,
) {
    let seen = |row: usize, column: usize| unit.seen.get(row * kernel.1 + column).copied().flatten();
    let weight = |row: usize, column: usize| unit.kernel.get(row * kernel.1 + column).copied();
    let content = |row: usize, column: usize| match piece {
        KernelGrid::Patch => GridCell {
            value: seen(row, column).map(|(x, _)| x),
            is_padding: seen(row, column).is_some_and(|(_, at)| at.is_none()),
            ..GridCell::default()
        },
        KernelGrid::Kernel => GridCell {
            value: weight(row, column),
            // Only some weights of a transposed kernel reach this output.
            is_faint: seen(row, column).is_none(),
            ..GridCell::default()
        },
        KernelGrid::Products => GridCell {
            value: seen(row, column).zip(weight(row, column)).map(|((x, _), weight)| x * weight),
            ..GridCell::default()
        },
    };
    let suffix = if unit.name.is_empty() { String::new() } else { format!(" {}", unit.name) };
    let colors = ColorMapLut::diverging(ui.theme());
    let name = format!("{}{suffix}", piece.name());
    let shown = titled(ui, place, &format!("{}{suffix}", piece.title()), "", |ui| {
        let grid = NumberGrid::new(&name, kernel, cell.y, colors, scale, &content).cell(cell);
        grid.editable(stage.is_editable && piece == KernelGrid::Kernel).ui(ui)
    });
    if let Some(((row, column), value)) = shown.edited {
        let (tensor, first) = unit.at;
        stage.send(ConvolutionAct::SetFamilyWeight(tensor, first + row * kernel.1 + column, value));
    }
    stage.take(shown.refused);
}

/// Maps as small pictures: the (maps, height, width) of each column, and the places of its maps.
pub struct Pictures {
    /// The side of a cell, in points.
    pub side: f32,
    /// Maps side by side, in each column.
    across: Vec<usize>,
    columns: Vec<(usize, usize, usize)>,
}

impl Pictures {
    /// The largest that fit into a fraction of the width.
    pub fn new(room: Vec2, columns: &[(usize, usize, usize)]) -> Self {
        let wide = room.x * SHARE;
        let mut side = 20.0_f32;
        loop {
            let pictures =
                Self { side, across: Self::across(room.y, columns, side), columns: columns.to_vec() };
            if side <= 1.0 || pictures.across.iter().all(|&n| n > 0) && pictures.width() <= wide {
                return pictures;
            }
            side -= 0.5;
        }
    }

    fn across(tall: f32, columns: &[(usize, usize, usize)], side: f32) -> Vec<usize> {
        let across = |&(maps, height, _): &(usize, usize, usize)| {
            let below = ((tall - TITLE + space::XS) / (height as f32 * side + space::XS)).floor() as usize;
            if below == 0 { 0 } else { maps.div_ceil(below) }
        };
        columns.iter().map(across).collect()
    }

    fn column_width(&self, number: usize) -> f32 {
        let (_, _, width) = self.columns[number];
        let across = self.across[number].max(1) as f32;
        (across * (width as f32 * self.side + space::XS) - space::XS).max(LEAST)
    }

    /// All of them, side by side.
    pub fn width(&self) -> f32 {
        let wide = (0..self.columns.len()).map(|number| self.column_width(number) + BETWEEN);
        wide.sum::<f32>() - BETWEEN
    }

    /// The place of a column, with its title.
    pub fn column(&self, number: usize, room: Rect) -> Rect {
        let before = (0..number).map(|number| self.column_width(number) + BETWEEN);
        let left = room.left() + before.sum::<f32>();
        Rect::from_min_max(pos2(left, room.top()), pos2(left + self.column_width(number), room.bottom()))
    }

    /// The place of a map in its column's room below the title.
    pub fn map(&self, number: usize, map: usize, room: Rect) -> Rect {
        let (maps, height, width) = self.columns[number];
        let below = maps.div_ceil(self.across[number].max(1)).max(1);
        let (column, row) = ((map / below) as f32, (map % below) as f32);
        let size = vec2(width as f32, height as f32) * self.side;
        let corner = room.min + vec2(column * (size.x + space::XS), row * (size.y + space::XS));
        Rect::from_min_size(corner, size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_legible_in_the_least_window_there_is() {
        // The room beside the pictures in a window of 900×600 points, with a bar above.
        for room in [vec2(250.0, 280.0), vec2(600.0, 560.0)] {
            for units in [1, 2, 4, 8] {
                for kernel in [(1, 1), (3, 3), (5, 5), (7, 7), (1, 7), (7, 1)] {
                    let plan = Plan::new(room, kernel, units);
                    let Plan { stand, count, across, cell } = plan;
                    let what = format!("{room:?} {units} {kernel:?}: {plan:?}");
                    assert!(cell.x >= WIDEST && cell.y >= LEGIBLE, "{what}");
                    assert!((1..=units).contains(&count), "{what}");
                    let (unit, rows) = (stand.size(kernel, cell), count.div_ceil(across));
                    let tabs = if stand == Stand::One { TABS } else { 0.0 };
                    assert!(across as f32 * (unit.x + GAP) - GAP <= room.x + 0.5, "{what}");
                    assert!(rows as f32 * (unit.y + space::S) - space::S + tabs <= room.y + 0.5, "{what}");
                }
            }
        }
    }

    #[test]
    fn pictures_keep_to_their_share() {
        for room in [vec2(456.0, 290.0), vec2(1000.0, 600.0)] {
            for columns in [vec![(1, 2, 2), (1, 4, 4)], vec![(8, 10, 10); 3], vec![(8, 10, 10); 5]] {
                let pictures = Pictures::new(room, &columns);
                let area = Rect::from_min_size(pos2(0.0, 0.0), room);
                for (number, &(maps, ..)) in columns.iter().enumerate() {
                    let column = pictures.column(number, area);
                    let below = column.with_min_y(column.top() + TITLE);
                    for map in 0..maps {
                        assert!(area.contains_rect(pictures.map(number, map, below)), "{room:?} {columns:?}");
                    }
                }
            }
        }
    }
}
