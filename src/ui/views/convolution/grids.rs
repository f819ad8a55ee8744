//! The grids of a convolution: input, what the window sees, kernel, products, output.

use super::{Back, Scene};
use crate::text::tr;
use crate::{
    explain::{
        cell::{Part, Term},
        convolution::After,
    },
    ui::{
        action::Action,
        colormap::ColorMapLut,
        convolution::{ConvolutionAct, Source, Weights},
        fonts,
        tokens::{Tokens, size},
        widgets::{GridCell, GridResponse, NumberGrid, PlaybackAct, number_grid::legible_side},
    },
};
use egui::{Color32, FontId, Rect, RichText, Theme, Ui, UiBuilder, vec2};

/// The height of a grid's title, in points.
pub const TITLE: f32 = 22.0;

/// In less room than this, in points, no part of a detail beside a title says anything.
const SENTENCE: f32 = 120.0;

/// Below this, in points, cells have no legible digits.
pub const LEGIBLE: f32 = 20.0;
/// The least side of a cell with a number such as −0.52, in points.
pub const WIDEST: f32 = 28.0;

/// The largest size of a value, for a scale that numbers of both signs share.
pub fn limit(values: &[f32]) -> f32 {
    values.iter().copied().filter(|value| value.is_finite()).fold(0.0, |limit, value| value.abs().max(limit))
}

/// The least side of a cell in which inputs, weights, their products and results are legible, in points.
pub fn legible(x: &[f32], weights: &[f32], results: &[f32]) -> f32 {
    // Of hundreds of numbers, those that are shown first stand for all.
    let some = |values: &[f32]| values[..values.len().min(400)].to_vec();
    let product = limit(x) * limit(weights);
    let is_negative = x.iter().chain(weights).any(|value| *value < 0.0);
    let product = if is_negative { -product } else { product };
    let all = some(x).into_iter().chain(some(weights)).chain(some(results)).chain([product]);
    // No number is so long that a cell would have to be wider.
    legible_side(all).clamp(LEGIBLE, WIDEST)
}

/// Shows `add` under a title, in `rect`; a detail beside it is cut only if it is a sentence.
pub fn titled<R>(ui: &mut Ui, rect: Rect, title: &str, detail: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let t = Tokens::of(ui);
    let (top, rest) = rect.split_top_bottom_at_y(rect.top() + TITLE);
    let mut head =
        ui.new_child(UiBuilder::new().max_rect(top).layout(egui::Layout::left_to_right(egui::Align::Min)));
    head.spacing_mut().item_spacing.x = 6.0;
    let heading = RichText::new(title).font(fonts::semibold(size::SECTION)).color(t.text);
    head.add(egui::Label::new(heading).truncate());
    let font = fonts::words(size::SECTION);
    let left = head.available_width();
    if !detail.is_empty() && (left > SENTENCE || left >= text_width(&head, detail, font.clone())) {
        head.add(egui::Label::new(RichText::new(detail).font(font).color(t.second)).truncate());
    }
    add(&mut ui.new_child(UiBuilder::new().max_rect(rest)))
}

/// How wide a line of text is, in points.
pub fn text_width(ui: &Ui, text: &str, font: FontId) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x
}

fn colors(scene: &Scene<'_>, theme: Theme) -> &'static ColorMapLut {
    match scene.lab.setup.source {
        Source::Image | Source::Photo => ColorMapLut::grey(theme),
        Source::Numbers | Source::Layer(_) => ColorMapLut::diverging(theme),
    }
}

/// The input of one channel with its padding, the window, and what no window reaches.
pub fn input_ui(ui: &mut Ui, scene: &Scene<'_>, name: &str, channel: usize, side: f32, back: &mut Back<'_>) {
    let conv = scene.conv;
    let (_, height, width) = conv.input().as_maps();
    let padding = conv.settings().padding;
    let map = conv.map(channel);
    let (rows, columns) = conv.reached();
    // Only a map that the window stands over shows it.
    let sees_it = scene.step.parts.iter().any(|part| part.channel == channel);
    let content = |row: usize, column: usize| {
        let (y, x) = (row.checked_sub(padding.h), column.checked_sub(padding.w));
        let inside = y.zip(x).filter(|&(y, x)| y < height && x < width);
        let place = (row as isize - padding.h as isize, column as isize - padding.w as isize);
        GridCell {
            value: Some(inside.and_then(|(y, x)| map.get(y * width + x)).copied().unwrap_or(0.0)),
            is_padding: inside.is_none(),
            is_hatched: !(rows[row] && columns[column]),
            is_lit: sees_it && is_dilated(scene) && scene.step.sees(place.0, place.1)
                || scene.hover.input.is_some_and(|(_, y, x)| (y, x) == place),
            ..GridCell::default()
        }
    };
    let window = scene.step.window().filter(|_| sees_it).map(|(rows, columns)| {
        let start = |at: isize, padding: usize| (at + padding as isize).max(0) as usize;
        let rows = start(rows.start, padding.h)..start(rows.end, padding.h);
        (rows, start(columns.start, padding.w)..start(columns.end, padding.w))
    });
    let is_numbers = scene.lab.setup.source == Source::Numbers && scene.lab.refusal.is_none();
    let size = (height + 2 * padding.h, width + 2 * padding.w);
    let shown = NumberGrid::new(name, size, side, colors(scene, ui.theme()), limit(conv.x()), &content)
        .origin((-(padding.h as isize), -(padding.w as isize)))
        .outline(window)
        .editable(is_numbers && !scene.lab.playback.is_playing())
        .ui(ui);
    if let Some((row, column)) = shown.hovered {
        let place = (row as isize - padding.h as isize, column as isize - padding.w as isize);
        back.hover.input = Some((channel, place.0, place.1));
    }
    if let Some(((row, column), value)) = shown.edited
        && let (Some(y), Some(x)) = (row.checked_sub(padding.h), column.checked_sub(padding.w))
    {
        let at = (channel * height + y) * width + x;
        back.actions.send(Action::Convolution(ConvolutionAct::SetNumber(at, value)));
        *back.refused = None;
    }
    *back.refused = shown.refused.or(back.refused.take());
}

fn is_dilated(scene: &Scene<'_>) -> bool {
    scene.conv.settings().dilation != crate::nn::Pair::square(1)
}

/// A grid as large as the kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Piece {
    /// What the window sees of a channel.
    #[default]
    Patch,
    /// The kernel of a channel, which can be changed.
    Kernel,
    /// Each cell that the window sees times its weight.
    Products,
}

impl Piece {
    /// All of them, in the order of the arithmetic.
    pub const ALL: [Self; 3] = [Self::Patch, Self::Kernel, Self::Products];

    /// What it is called above its grid.
    pub fn title(self) -> &'static str {
        match self {
            Self::Patch => tr("Patch"),
            Self::Kernel => tr("Kernel"),
            Self::Products => tr("Products"),
        }
    }

    /// What tests and screen readers call its grid.
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => tr("patch"),
            Self::Kernel => tr("kernel"),
            Self::Products => tr("products"),
        }
    }

    fn value(self) -> fn(&Term) -> f32 {
        match self {
            Self::Patch => |term| term.seen.x,
            Self::Kernel => |term| term.weight,
            Self::Products => Term::product,
        }
    }

    /// The number at full colour.
    fn limit(self, scene: &Scene<'_>) -> f32 {
        match self {
            Self::Patch => limit(scene.conv.x()),
            Self::Kernel => limit(scene.conv.weight().values()),
            Self::Products => {
                let products = scene.step.parts.iter().flat_map(|part| &part.terms).map(Term::product);
                limit(&products.collect::<Vec<_>>())
            }
        }
    }
}

/// A grid as large as the kernel, with a number of each term of a channel.
pub fn piece_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    (piece, name): (Piece, &str),
    part: &Part,
    cell: egui::Vec2,
    back: &mut Back<'_>,
) {
    let kernel = scene.conv.settings().kernel_size;
    let pointed = scene.hover.input;
    let is_own = matches!(scene.lab.setup.weights, Weights::Own(_));
    let is_editable =
        piece == Piece::Kernel && is_own && !scene.lab.playback.is_playing() && scene.lab.refusal.is_none();
    let is_asked = piece == Piece::Products && scene.is_hidden(scene.at);
    let value = piece.value();
    let content = |row: usize, column: usize| {
        let Some(term) = part.terms.get(row * kernel.w + column) else { return GridCell::default() };
        GridCell {
            value: Some(value(term)),
            is_asked,
            is_padding: !term.seen.inside && !is_editable && value(term) == 0.0,
            is_lit: pointed.is_some_and(|(_, y, x)| (y, x) == (term.seen.row, term.seen.column)),
            ..GridCell::default()
        }
    };
    let colors = ColorMapLut::diverging(ui.theme());
    let grid = NumberGrid::new(name, (kernel.h, kernel.w), cell.y, colors, piece.limit(scene), &content);
    let shown = grid.cell(cell).editable(is_editable).ui(ui);
    point(part, scene, &shown, back);
    if let Some(((row, column), value)) = shown.edited {
        let channels = scene.step.parts.len();
        let inner = scene.step.parts.iter().position(|other| other.channel == part.channel).unwrap_or(0);
        let at = ((scene.step.place.channel * channels + inner) * kernel.h + row) * kernel.w + column;
        back.actions.send(Action::Convolution(ConvolutionAct::SetWeight(at, value)));
        *back.refused = None;
    }
    *back.refused = shown.refused.or(back.refused.take());
}

/// Pointing at a weight or a product points at the input that it is of.
fn point(part: &Part, scene: &Scene<'_>, shown: &GridResponse, back: &mut Back<'_>) {
    let kernel = scene.conv.settings().kernel_size;
    let term = shown.hovered.and_then(|(row, column)| part.terms.get(row * kernel.w + column));
    if let Some(term) = term {
        back.hover.input = Some((part.channel, term.seen.row, term.seen.column));
    }
}

/// The outputs of one filter, as far as the animation has come.
pub fn output_ui(ui: &mut Ui, scene: &Scene<'_>, name: &str, filter: usize, side: f32, back: &mut Back<'_>) {
    let conv = scene.conv;
    let (_, height, width) = conv.output().as_maps();
    let first = filter * height * width;
    let map = conv.output_map(filter);
    let users = match scene.hover.input {
        Some((_, row, column)) => {
            let place = usize::try_from(row).ok().zip(usize::try_from(column).ok());
            let (_, rows, columns) = conv.input().as_maps();
            let place = place.filter(|&(row, column)| row < rows && column < columns);
            place.map(|(row, column)| conv.users(row, column)).unwrap_or_default()
        }
        None => Vec::new(),
    };
    let is_pointing = scene.hover.input.is_some();
    let content = |row: usize, column: usize| {
        let at = first + row * width + column;
        let is_come = at <= scene.position;
        let is_hidden = scene.is_hidden(at);
        let value = map.get(row * width + column).copied();
        GridCell {
            value: value.filter(|_| (is_come || scene.lab.is_whole) && !is_hidden),
            is_asked: is_hidden && at == scene.position,
            is_lit: if is_pointing { users.contains(&(row, column)) } else { at == scene.at },
            is_faint: !is_come && scene.lab.is_whole && is_small(scene),
            ..GridCell::default()
        }
    };
    let shown = NumberGrid::new(
        name,
        (height, width),
        side,
        ColorMapLut::diverging(ui.theme()),
        limit(conv.y()),
        &content,
    )
    .clickable()
    .ui(ui);
    let step = |(row, column): (usize, usize)| first + row * width + column;
    if let Some(cell) = shown.hovered {
        back.hover.output = Some(step(cell));
    }
    if let Some(cell) = shown.clicked {
        let act = ConvolutionAct::Play(PlaybackAct::Seek(step(cell)));
        back.actions.send(Action::Convolution(act));
    }
}

/// What a layer after the outputs makes of one filter's map, as far as the animation has come.
pub fn after_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    name: &str,
    (after, filter): (&After<'_>, usize),
    side: f32,
    back: &mut Back<'_>,
) {
    let (_, height, width) = after.shape.as_maps();
    let map = after.map(filter);
    let place = scene.step.place;
    let content = |row: usize, column: usize| {
        let needs = after.needs(filter, (row, column), scene.conv.output());
        let is_come = needs <= scene.position;
        GridCell {
            value: map.get(row * width + column).copied().filter(|_| is_come || scene.lab.is_whole),
            is_lit: place.channel == filter && after.cell(place.row, place.column) == (row, column),
            is_faint: !is_come && scene.lab.is_whole && is_small(scene),
            ..GridCell::default()
        }
    };
    let colors = ColorMapLut::diverging(ui.theme());
    let grid = NumberGrid::new(name, (height, width), side, colors, limit(scene.conv.y()), &content);
    if let Some(cell) = grid.clickable().ui(ui).clicked {
        // The last output that it needs completes it.
        let at = after.needs(filter, cell, scene.conv.output());
        back.actions.send(Action::Convolution(ConvolutionAct::Play(PlaybackAct::Seek(at))));
    }
}

/// Whether the outputs are so few that each is a step to watch.
fn is_small(scene: &Scene<'_>) -> bool {
    scene.conv.output().len() <= 256
}

/// A rectangle as large as a grid of this many cells, under its title.
pub fn place(left: f32, top: f32, (rows, columns): (usize, usize), cell: egui::Vec2, room: Rect) -> Rect {
    let size = vec2((columns as f32 * cell.x).max(72.0), rows as f32 * cell.y + TITLE);
    Rect::from_min_size(egui::pos2(left, top), size).intersect(room)
}
